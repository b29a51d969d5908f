"""The page of the city's numbers."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.i18n import use_language
from geo.planning.reads import parameters
from geo.settings import ROOT
from geo.store.session import reading

NAME = "head_alarm_households"
pytestmark = pytest.mark.usefixtures("clean_store", "administrator")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


def _opened(language: str = "en") -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30)
    page.query_params["lang"] = language
    page.run()
    page.switch_page("parameters.py").run()
    assert not page.exception
    return page


def _value() -> float:
    with reading(OPERATOR) as connection:
        return parameters(connection)[NAME]


def _press(page: AppTest, label: str, at: int = 0) -> None:
    [button for button in page.button if button.label == label][at].click()
    page.run()
    assert not page.exception


def _position(page: AppTest) -> int:
    return [field.key for field in page.number_input].index(f"value_{NAME}")


def test_a_number_is_set_for_the_city_and_taken_back(clean_store: object) -> None:
    page = _opened()
    assert "0 of" in page.markdown[0].value
    page.number_input(key=f"value_{NAME}").set_value(55)
    _press(page, "Save", _position(page))
    assert _value() == 55
    assert "1 of" in page.markdown[0].value
    assert any("set by the-administrator" in caption.value.replace("\\", "") for caption in page.caption)
    _press(page, "Back to the default")
    assert _value() == 40


def test_a_number_out_of_range_is_said_and_not_saved(clean_store: object) -> None:
    page = _opened()
    page.number_input(key=f"value_{NAME}").set_value(100_000)
    _press(page, "Save", _position(page))
    assert "from 1 to 1000" in page.error[0].value
    assert _value() == 40


def test_the_page_speaks_chinese(clean_store: object) -> None:
    assert not _opened("zh_CN").exception
