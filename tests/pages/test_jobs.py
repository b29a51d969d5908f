"""The page of running work."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.i18n import use_language
from geo.jobs import rows, runner
from geo.jobs.folders import job_folder
from geo.jobs.rules import INTERRUPTED, stored_error
from geo.jobs.tables import Job
from geo.settings import ROOT
from geo.store.session import writing

pytestmark = pytest.mark.usefixtures("clean_store", "administrator")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


def job(kind: str = "demo", **columns: Any) -> int:
    job_id = runner.submit(ADMINISTRATOR, kind, {"size": "small", "seed": 1})
    if columns:
        with writing(rows.RUNNER) as session:
            session.execute(update(Job).where(Job.id == job_id).values(**columns))
    return job_id


def opened(language: str = "en") -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30)
    page.query_params["lang"] = language
    page.run()
    page.switch_page("jobs.py").run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    parts = (*page.title, *page.caption, *page.markdown, *page.info, *page.error)
    return "\n".join(part.value for part in parts)


def test_an_empty_list_says_what_would_be_here_and_where_to_begin() -> None:
    page = opened()
    assert "Nothing is running and nothing has run yet" in words(page)
    assert not page.button


def test_a_running_job_shows_how_far_it_is_and_can_be_cancelled() -> None:
    message = {"msgid": "Writing {count} rows of {table}", "values": {"count": 12, "table": "unit"}}
    running = job(status="running", progress=0.4, message=message)
    page = opened()
    assert "Load the demo city · running" in words(page)
    assert page.get("progress")[0].proto.value == 40
    assert "Writing 12 rows of unit" in page.get("progress")[0].proto.text
    page.button(f"cancel_{running}").click().run()
    assert not page.exception
    assert runner.status(ADMINISTRATOR, running).cancel_asked
    assert "Stopping" in page.get("progress")[0].proto.text
    assert not page.button


def test_a_waiting_job_can_be_cancelled_and_started_again() -> None:
    waiting = job()
    page = opened()
    assert "Starts as soon as one of the others has ended" in words(page)
    page.button(f"cancel_{waiting}").click().run()
    assert "Load the demo city · cancelled" in words(page)
    page.button(f"again_{waiting}").click().run()
    assert [view.status for view in runner.jobs(ADMINISTRATOR)] == ["waiting", "cancelled"]
    assert "Load the demo city · waiting" in words(page)


def test_a_lost_job_says_what_happened_and_what_to_do() -> None:
    job(status="lost", error=stored_error("lost", INTERRUPTED))
    shown = words(opened())
    assert "The server was stopped while this was running" in shown
    assert "Start it again" in shown


def test_what_came_of_a_job_stands_in_its_line() -> None:
    job("import_file", status="done", result={"counts": {"new": 1200, "changed": 3, "refused": 4}})
    assert "1,200 new, 3 changed, 4 refused" in words(opened())


def test_unfinished_work_comes_first() -> None:
    first, second = job(), job(status="failed", error=stored_error("lost", INTERRUPTED))
    page = opened()
    assert [button.key for button in page.button] == [f"cancel_{first}", f"again_{second}"]


def test_the_file_of_an_export_is_handed_out_from_its_own_folder_only(tmp_path: Path) -> None:
    inside, outside = job("export", status="done"), job("export", status="done")
    made = job_folder(inside) / "city.gpkg"
    made.write_bytes(b"gpkg")
    elsewhere = tmp_path / "secret.txt"
    elsewhere.write_text("secret")
    with writing(rows.RUNNER) as session:
        session.execute(update(Job).where(Job.id == inside).values(result={"path": str(made)}))
        session.execute(update(Job).where(Job.id == outside).values(result={"path": str(elsewhere)}))
    page = opened()
    assert [button.key for button in page.get("download_button")] == [f"file_{inside}"]


def test_a_hostile_file_name_is_shown_as_text() -> None:
    message = {"msgid": "Reading {file}", "values": {"file": "<img src=x onerror=alert(1)>[a](javascript:x)"}}
    job(status="running", message=message)
    page = opened()
    assert page.get("progress")[0].proto.text == r"Reading \<img src\=x onerror\=alert\(1\)\>\[a\]\(javascript\:x\)"


def test_a_job_that_ended_meanwhile_says_why_it_cannot_be_started_again() -> None:
    ended = job(status="failed", error=stored_error("lost", INTERRUPTED))
    page = opened()
    with writing(rows.RUNNER) as session:
        session.execute(update(Job).where(Job.id == ended).values(status="done"))
    page.button(f"again_{ended}").click().run()
    assert "nothing to start again" in words(page)


def test_the_page_speaks_chinese() -> None:
    job()
    shown = words(opened("zh_CN"))
    assert "正在" in shown or "任务" in shown or "工作" in shown
    assert "Running work" not in shown
