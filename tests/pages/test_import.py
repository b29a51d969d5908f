"""The import page: upload, findings, decision, the list of imports with undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.exchange import load, reads, tasks
from geo.i18n import use_language
from geo.jobs import runner
from geo.jobs.context import JobContext, Notes
from geo.jobs.folders import job_folder
from geo.settings import ROOT
from geo.store.session import reading, writing

pytestmark = pytest.mark.usefixtures("clean_store", "administrator")

SQUARE = "POLYGON (({w} 36.45, {e} 36.45, {e} 36.4502, {w} 36.4502, {w} 36.45))"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.fixture
def footprints(tmp_path: Path) -> Path:
    lines = ["code,number,floors,wkt"]
    for n in range(12):
        outline = SQUARE.format(w=round(115.98 + n * 0.001, 4), e=round(115.9803 + n * 0.001, 4))
        lines.append(f'b-{n},{n + 1},{"many" if n == 3 else 6},"{outline}"')
    lines.append('b-far,99,3,"POLYGON ((999 99, 999 98, 998 98, 999 99))"')
    path = tmp_path / "footprints.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def prepared(path: Path, name: str = "footprints.csv") -> int:
    job_id = runner.submit(ADMINISTRATOR, "import_prepare", {"path": str(path)})
    context = JobContext(job_id, ADMINISTRATOR, job_folder(job_id), Notes())
    found = tasks.prepare_import(context, path=str(path), kind="buildings", datum="wgs84", file_name=name)
    runner.cancel(ADMINISTRATOR, job_id)
    return int(found["run_id"])


def accepted(path: Path) -> int:
    run_id = prepared(path)
    with reading(ADMINISTRATOR) as connection:
        job_id = reads.run(connection, run_id).job_id
    assert job_id is not None
    tasks.accept_import(JobContext(0, ADMINISTRATOR, path.parent, Notes()), run_id=run_id, prepared_by=job_id)
    return run_id


def opened(language: str = "en", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = language
    page.run()
    page.switch_page("import_files.py")
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    parts = (*page.title, *page.subheader, *page.caption, *page.markdown, *page.info, *page.error, *page.warning)
    return "\n".join(part.value for part in parts)


def test_an_empty_page_says_which_files_can_be_read_and_that_nothing_was_imported() -> None:
    shown = words(opened())
    assert "GeoPackage, GeoJSON, zipped Shapefile" in shown
    assert "None yet" in shown


def test_an_upload_is_recognised_and_handed_in_with_the_columns_as_chosen(footprints: Path) -> None:
    page = opened()
    page.get("file_uploader")[0].upload("footprints.csv", footprints.read_bytes(), "text/csv").run()
    assert not page.exception
    assert page.selectbox("import_kind").value == "buildings"
    key = next(box.key for box in page.selectbox if str(box.key).endswith("_number"))
    assert page.selectbox(key).value == "number"
    page.selectbox(key).set_value("").run()
    page.button("import_read").click().run()
    assert not page.exception
    job = runner.jobs(ADMINISTRATOR)[0]
    assert job.kind == "import_prepare"
    assert page.button("import_cancel")
    with reading(ADMINISTRATOR) as connection:
        params = connection.scalar(text("SELECT params FROM job WHERE id = :id"), {"id": job.id})
    assert params["mapping"] == {"number": ""}
    assert params["file_name"] == "footprints.csv"
    assert Path(params["path"]).read_bytes() == footprints.read_bytes()


def test_unknown_categories_of_requests_get_a_meaning_before_the_file_is_read() -> None:
    rows = [f"{n},{word},2026-01-05,115.93,36.43" for n, word in enumerate(("Bulky Items", "Graffiti", "bulky-items"))]
    header = "service_request_id,request_type,created_date,longitude,latitude"
    content = "\n".join([header, *rows, "9,rubbish,2026-01-05,115,36"])
    page = opened()
    page.get("file_uploader")[0].upload("service_requests.csv", content.encode(), "text/csv").run()
    assert not page.exception
    means = [box for box in page.selectbox if str(box.key).startswith("import_means")]
    assert [box.label for box in means] == ["Bulky Items", "Graffiti"]
    means[0].set_value("rubbish").run()
    page.button("import_read").click().run()
    assert not page.exception
    with reading(ADMINISTRATOR) as connection:
        [params] = connection.scalars(text("SELECT params FROM job"))
    assert params["mapping"] == {"category:Bulky Items": "rubbish"}


def test_an_upload_of_another_kind_is_refused_by_the_server_too() -> None:
    page = opened()
    page.get("file_uploader")[0].upload("photo.csv", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "text/csv").run()
    assert not page.exception
    assert "photo.csv" in words(page).replace("\\", "")
    assert not [button for button in page.button if button.key == "import_read"]


def test_findings_are_shown_row_by_row_and_can_be_filtered(footprints: Path) -> None:
    page = opened(run=str(prepared(footprints)))
    rows = page.dataframe[0].value
    assert set(rows["Outcome"]) >= {"repaired", "refused"}
    page.selectbox("finding_outcome").set_value("refused").run()
    assert set(page.dataframe[0].value["Outcome"]) == {"refused"}
    assert page.metric[0].value == "13"


def test_accepting_hands_in_the_writing_and_dropping_writes_nothing(footprints: Path) -> None:
    run_id = prepared(footprints)
    page = opened(run=str(run_id))
    page.button("import_accept").click().run()
    assert runner.jobs(ADMINISTRATOR)[0].kind == "import_accept"
    page = opened(run=str(run_id))
    page.button("import_drop").click().run()
    assert not page.exception
    with reading(ADMINISTRATOR) as connection:
        assert reads.run(connection, run_id).status == "dropped"
        assert connection.scalar(text("SELECT count(*) FROM building")) == 0
    assert "dropped" in words(page)


def test_an_accepted_import_can_be_taken_back_from_the_list(footprints: Path) -> None:
    run_id = accepted(footprints)
    page = opened()
    assert "New: 12" in words(page)
    page.button(f"undo_{run_id}").click().run()
    assert not page.exception
    assert runner.jobs(ADMINISTRATOR)[0].kind == "import_undo"


def test_hostile_names_are_shown_as_text(footprints: Path) -> None:
    run_id = prepared(footprints, name="<img src=x onerror=alert(1)>[a](javascript:x).csv")
    page = opened(run=str(run_id))
    assert "<img" not in words(page).replace("\\<", "")
    assert "[a](javascript" not in words(page).replace("\\", "\\ ")


def test_the_page_speaks_chinese(footprints: Path) -> None:
    shown = words(opened("zh_CN", run=str(prepared(footprints))))
    assert "Findings" not in shown
    assert "Imports so far" not in shown


def test_a_decided_import_is_refused_a_second_decision(footprints: Path) -> None:
    run_id = accepted(footprints)
    with pytest.raises(Exception, match="accepted"), writing(ADMINISTRATOR) as session:
        load.drop(session, run_id)
