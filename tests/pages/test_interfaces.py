"""The page of interfaces: a key is shown once, acts for its user, and can be taken back."""

import pytest
from streamlit.testing.v1 import AppTest

from geo.requests.api_key_reads import visitor_of_key
from geo.settings import ROOT
from tests.pages.conftest import SignIn
from tests.store.exchanging import asked
from tests.store.small_city import NORTH_ORGANISER, SmallCity, build

PAGE = ROOT / "pages" / "interfaces.py"


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def opened() -> AppTest:
    return AppTest.from_file(PAGE, default_timeout=60).run()


def test_a_key_is_made_shown_once_and_taken_back(city: SmallCity, sign_in: SignIn) -> None:
    sign_in("administrator")
    page = opened()
    assert "No other system has a key yet" in page.info[0].value
    page.text_input[0].set_value("市12345平台")
    page.selectbox[0].set_value(NORTH_ORGANISER.name)
    page.button[0].click().run()
    key = page.code[0].value
    visitor = visitor_of_key(key)
    assert visitor is not None
    assert visitor.actor == NORTH_ORGANISER
    page.run()
    assert [block.value for block in page.code if block.value == key] == []
    assert "市12345平台" in "".join(text.value for text in page.markdown)
    [key_id] = asked("SELECT id FROM api_key")
    page.button(key=f"revoke_{key_id}").click().run()
    assert visitor_of_key(key) is None
    assert any("Taken back" in text.value for text in page.caption)
    assert city


def test_without_a_name_or_a_user_no_key_is_made(city: SmallCity, sign_in: SignIn) -> None:
    sign_in("administrator")
    page = opened()
    page.text_input[0].set_value("x")
    page.button[0].click().run()
    assert "Choose one of the list" in page.error[0].value
    assert asked("SELECT count(*) FROM api_key") == [0]
    assert city
