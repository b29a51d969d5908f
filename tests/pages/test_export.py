"""The export page: layers with their counts, formats, and the file that is handed out."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.i18n import use_language
from geo.jobs import runner
from geo.settings import ROOT


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


def opened(language: str = "en", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = language
    page.run()
    page.switch_page("export.py")
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


@pytest.mark.usefixtures("clean_store", "administrator")
def test_an_empty_registry_leads_to_the_import() -> None:
    page = opened()
    assert "nothing to export" in page.info[0].value


@pytest.mark.usefixtures("demo_store", "administrator")
def test_chosen_layers_are_written_by_a_job_and_handed_out() -> None:
    page = opened()
    page.multiselect("export_layers").set_value(["areas", "compounds"]).run()
    page.selectbox("export_format").set_value("geojson").run()
    page.button("export_write").click().run()
    assert not page.exception
    view = runner.run_now(ADMINISTRATOR, "export", {"layers": ["areas", "compounds"], "fmt": "geojson"})
    done = opened(job=str(view.id))
    assert "The file is ready" in done.success[0].value
    assert [button.key for button in done.get("download_button")] == ["export_file"]
    assert view.file() is not None
    assert view.file().suffix == ".zip"  # type: ignore[union-attr]


@pytest.mark.usefixtures("demo_store", "administrator")
def test_a_job_that_is_not_there_is_said_so() -> None:
    assert "There is no job" in opened(job="999999").warning[0].value.replace("\\", "")
