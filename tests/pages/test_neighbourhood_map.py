"""The map page of an empty city: what to import, in which order."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from geo.i18n import use_language
from geo.settings import ROOT


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.usefixtures("clean_store", "administrator")
def test_an_empty_city_leads_through_areas_compounds_buildings_and_the_roster_to_the_import() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    assert not page.exception
    steps = [button.key for button in page.button if button.key and button.key.startswith("step_")]
    assert steps == ["step_area", "step_compound", "step_building", "step_post"]
    page.button(key="step_area").click().run()
    assert not page.exception
    assert [title.value for title in page.title] == ["Import"]
