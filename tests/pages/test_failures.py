"""A page that cannot go on says what happened and what to do, in the reader's language, and never a trace."""

import logging

import pytest
from streamlit.testing.v1 import AppTest


def _page_without_database() -> None:
    from geo.errors import StoreUnavailable
    from geo.i18n import use_language
    from pages.parts.failures import telling

    use_language("zh_CN")
    with telling():
        message = "The database does not answer ({reason}). Start it with `yizhan db start`, then try again."
        raise StoreUnavailable(message, reason="gone")


def _broken_page() -> None:
    from pages.parts.failures import telling

    with telling():
        raise RuntimeError("a secret of the inside")


def test_a_known_error_is_told_in_the_language_of_the_reader() -> None:
    page = AppTest.from_function(_page_without_database).run()
    assert "数据库没有应答" in page.error[0].value
    assert not page.exception


def test_an_unknown_error_shows_a_reference_and_logs_the_details(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="pages.parts.failures"):
        page = AppTest.from_function(_broken_page).run()
    shown = page.error[0].value
    assert "a secret of the inside" not in shown
    assert not page.exception
    reference = caplog.records[-1].getMessage().rsplit(maxsplit=1)[-1]
    assert reference in shown
    assert "a secret of the inside" in caplog.text
