"""The tasks of import, undo and export as jobs run them, from file to registry and back."""

from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import BadInput, Conflict, NotFound
from geo.exchange import tasks
from geo.jobs import runner
from geo.jobs.context import JobContext, Notes
from geo.jobs.folders import job_folder
from geo.store import session

pytestmark = pytest.mark.usefixtures("clean_store")

ROWS = 40


@pytest.fixture
def footprints(tmp_path: Path) -> Path:
    lines = ["code,number,floors,wkt"]
    for n in range(ROWS):
        west = 115.98 + n * 0.0005
        ring = ", ".join(
            f"{west + dx:.6f} {36.45 + dy:.6f}" for dx, dy in ((0, 0), (3e-4, 0), (3e-4, 2e-4), (0, 2e-4), (0, 0))
        )
        lines.append(f'b-{n},{n + 1},{3 + n % 15},"POLYGON (({ring}))"')
    lines[5] = lines[5].replace("POLYGON ((", "POLYGON ((999 99, ")
    path = tmp_path / "footprints.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def context(job_id: int) -> JobContext:
    return JobContext(job_id, ADMINISTRATOR, job_folder(job_id), Notes())


def buildings() -> int:
    with session.reading(ADMINISTRATOR) as connection:
        return connection.scalar(text("SELECT count(*) FROM building")) or 0


def test_a_prepared_file_waits_in_its_jobs_folder_until_it_is_accepted(footprints: Path) -> None:
    found = tasks.prepare_import(
        context(9_001), path=str(footprints), kind="buildings", datum="wgs84", file_name="楼栋.csv"
    )
    assert (found["file_name"], found["counts"]["read"]) == ("楼栋.csv", ROWS)
    assert buildings() == 0
    done = tasks.accept_import(context(9_002), run_id=found["run_id"], prepared_by=9_001)
    assert done["counts"]["new"] == buildings() == ROWS - found["counts"]["refused"]
    with pytest.raises(Conflict):
        tasks.accept_import(context(9_003), run_id=found["run_id"], prepared_by=9_001)


def test_prepared_rows_that_were_thrown_away_are_asked_for_again(footprints: Path) -> None:
    found = tasks.prepare_import(context(9_004), path=str(footprints), kind="buildings", datum="wgs84")
    with pytest.raises(NotFound, match="Read the file again"):
        tasks.accept_import(context(9_006), run_id=found["run_id"], prepared_by=9_005)


def test_a_dry_run_finds_the_same_and_writes_nothing(footprints: Path) -> None:
    params = {"path": str(footprints), "kind": "buildings", "datum": "wgs84"}
    dry = tasks.import_file(context(9_007), **params, dry_run=True)
    assert "run_id" not in dry
    assert buildings() == 0
    with session.reading(ADMINISTRATOR) as connection:
        assert connection.scalar(text("SELECT count(*) FROM import_run")) == 0
    wet = tasks.import_file(context(9_008), **params)
    assert wet["by_code"] == dry["by_code"]
    assert wet["counts"]["new"] == buildings() > 0


def test_a_row_refused_while_writing_is_told_with_its_reason(tmp_path: Path) -> None:
    unit = tmp_path / "units.csv"
    unit.write_text("code,number,lon,lat\nu1,1,115.98,36.45\n", encoding="utf-8")
    done = tasks.import_file(context(9_009), path=str(unit), kind="units", datum="wgs84")
    assert done["counts"]["refused"] == 1
    assert [(found["row"], found["code"]) for found in done["findings"] if found["outcome"] == "refused"] == [
        (2, "parent_missing")
    ]


def test_an_import_that_never_was_cannot_be_undone() -> None:
    with pytest.raises(NotFound, match="There is no import 99"):
        tasks.undo_import(context(9_010), run_id=99)


def test_an_import_export_and_undo_run_as_jobs_in_their_own_processes(footprints: Path, tmp_path: Path) -> None:
    params = {"path": str(footprints), "kind": "buildings", "datum": "wgs84"}
    imported = runner.must_have_worked(runner.run_now(ADMINISTRATOR, "import_file", params))
    again = runner.must_have_worked(runner.run_now(ADMINISTRATOR, "import_file", params))
    assert (again["counts"]["new"], again["counts"]["changed"]) == (0, 0)
    view = runner.run_now(ADMINISTRATOR, "export", {"layers": ["buildings"], "fmt": "gpkg"})
    assert view.file() is not None
    assert runner.must_have_worked(view)["rows"] == {"buildings": imported["counts"]["new"]}
    for run_id in (again["run_id"], imported["run_id"]):
        runner.must_have_worked(runner.run_now(ADMINISTRATOR, "import_undo", {"run_id": run_id}))
    assert buildings() == 0


def test_what_a_file_is_refused_for_reaches_the_one_who_asked(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    view = runner.run_now(ADMINISTRATOR, "import_file", {"path": str(empty), "kind": "areas", "datum": "wgs84"})
    assert view.status == "failed"
    with pytest.raises(BadInput, match=r"empty\.csv"):
        runner.must_have_worked(view)
