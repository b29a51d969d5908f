"""Bad files through the whole way: a clear message, nothing half saved, the next import works."""

import os
import signal
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import BadInput, Conflict, NoRoom
from geo.exchange import failures, tasks, uploads
from geo.jobs import runner
from geo.jobs.context import JobContext, JobStopped, Notes
from geo.jobs.folders import job_folder
from geo.jobs.scheduler import Scheduler
from geo.settings import settings
from geo.store.disk import MB, require_free_space
from geo.store.session import owner_engine
from tests.store.exchanging import asked, bring, changed, csv_file, snapshot, square

pytestmark = pytest.mark.usefixtures("clean_store")

GOOD = [(f"b{n}", n + 1, square(0.001 * n, 0.001)) for n in range(8)]


def good(path: Path) -> Path:
    return csv_file(path / "good.csv", "code,number,wkt", GOOD)


@pytest.fixture(autouse=True)
def nothing_half_saved(tmp_path: Path, clean_store: object) -> Iterator[None]:
    """After every bad file the registry is as before, and a good file comes in."""
    before = snapshot()
    yield
    assert snapshot() == before or asked("SELECT count(*) FROM import_run WHERE status = 'accepted'")[0] > 0
    assert sum(changed(bring(good(tmp_path), "buildings"))) == len(GOOD)


def as_job(path: Path, **choices: object) -> runner.JobView:
    params = {"path": str(path), "kind": "buildings", "datum": "wgs84", **choices}
    return runner.run_now(ADMINISTRATOR, "import_file", params)


def message(call: Callable[[], object]) -> str:
    with pytest.raises(BadInput) as caught:
        call()
    return str(caught.value)


def test_an_unknown_datum_is_refused_with_the_choices(tmp_path: Path) -> None:
    said = message(lambda: bring(good(tmp_path), "buildings", "beijing54"))
    assert "beijing54" in said
    assert "wgs84, cgcs2000, gcj02, bd09" in said


def test_swapped_axes_are_put_in_order_and_noted(tmp_path: Path) -> None:
    rows = [(code, number, 36.45 + 0.001 * n, 115.98) for n, (code, number, _wkt) in enumerate(GOOD)]
    path = csv_file(tmp_path / "swapped.csv", "code,name,lon,lat", rows)
    bring(good(tmp_path), "buildings")
    done = bring(path, "stations")
    assert done.counts["repaired"] == len(rows)
    assert asked("SELECT bool_and(ST_X(geom) > 100) FROM station") == [True]


def test_points_far_outside_the_city_are_refused_row_by_row(tmp_path: Path) -> None:
    bring(good(tmp_path), "buildings")
    path = csv_file(
        tmp_path / "far.csv", "code,name,lon,lat", [("s1", "near", 115.98, 36.45), ("s2", "far", 116.98, 38.45)]
    )
    done = bring(path, "stations")
    assert (done.counts["new"], done.counts["refused"]) == (1, 1)
    [(row, detail)] = asked("SELECT \"row\", detail FROM import_finding WHERE code = 'far_outside'")
    assert row == 3
    assert detail["distance_km"] > 200


@pytest.mark.parametrize("number", ["nan", "1e308", "inf"])
def test_coordinates_that_are_no_numbers_refuse_their_row(tmp_path: Path, number: str) -> None:
    path = csv_file(
        tmp_path / "wild.csv", "code,name,lon,lat", [("s1", "wild", number, 36.45), ("s2", "good", 115.98, 36.45)]
    )
    done = bring(path, "stations")
    assert (done.counts["new"], done.counts["refused"]) == (1, 1)
    assert asked("SELECT code FROM station") == ["s2"]


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    assert "empty.csv" in message(lambda: bring(path, "buildings"))


def test_a_wrong_ending_is_refused_by_the_server_before_anything_is_stored(tmp_path: Path) -> None:
    said = message(lambda: uploads.keep_upload(BytesIO(b"MZ"), "setup.exe", 2))
    assert "setup.exe" in said
    assert ".gpkg" in said
    picture = tmp_path / "picture.gpkg"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "picture.gpkg" in message(lambda: bring(picture, "buildings"))


def test_a_too_large_upload_is_refused_with_both_sizes() -> None:
    said = message(lambda: uploads.keep_upload(BytesIO(b""), "huge.csv", (settings().max_upload_mb + 1) * MB))
    assert "501" in said
    assert "500" in said


def test_an_upload_is_kept_under_a_name_of_our_own() -> None:
    kept = uploads.keep_upload(BytesIO(b"code"), "../../etc/passwd.csv", 4)
    assert kept.parent == settings().state_dir / "uploads"
    assert "passwd" not in kept.name
    assert kept.read_bytes() == b"code"
    assert uploads.throw_away_old(kept.parent, time.time() + uploads.KEEP_S + 60) >= 1


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("roads.shp", bytes(400 * MB))
    started = time.monotonic()
    assert "bomb.zip" in message(lambda: bring(bomb, "roads"))
    assert time.monotonic() - started < 5


def test_a_vrt_that_calls_itself_a_geopackage_opens_no_other_file(tmp_path: Path) -> None:
    secret = csv_file(tmp_path / "secret.csv", "code,wkt", [("x", square(0, 0))])
    trap = tmp_path / "trap.gpkg"
    trap.write_text(f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{secret}</SrcDataSource>"
                    "</OGRVRTLayer></OGRVRTDataSource>")  # fmt: skip
    assert "trap.gpkg" in message(lambda: bring(trap, "buildings"))


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    whole = tmp_path / "whole.gpkg"
    gpd.GeoDataFrame({"code": ["b1"]}, geometry=[shapely.from_wkt(square(0, 0))], crs=4326).to_file(whole)
    half = tmp_path / "half.gpkg"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "half.gpkg" in message(lambda: bring(half, "buildings"))


def test_a_geopackage_another_program_is_writing_is_refused_in_words(tmp_path: Path) -> None:
    import geopandas as gpd
    import shapely

    path = tmp_path / "locked.gpkg"
    gpd.GeoDataFrame({"code": ["b1"]}, geometry=[shapely.from_wkt(square(0, 0))], crs=4326).to_file(path)
    with closing(sqlite3.connect(path)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert "locked.gpkg is open in another program" in message(lambda: bring(path, "buildings"))


def test_records_somebody_else_has_locked_give_up_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "LOCK_PATIENCE_S", 1)
    with owner_engine().connect() as other, other.begin():
        other.execute(text("LOCK TABLE building IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(Conflict, match="somebody else is changing"):
            bring(good(tmp_path), "buildings")


def test_no_room_on_the_disk_stops_before_reading(tmp_path: Path) -> None:
    with pytest.raises(NoRoom, match="Free some space"):
        require_free_space(tmp_path, 10**18)
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(2**43)
    context = JobContext(7_001, ADMINISTRATOR, job_folder(7_001), Notes())
    with pytest.raises(NoRoom, match="Free some space"):
        tasks.import_file(context, path=str(huge), kind="buildings", datum="wgs84")


def test_a_cancelled_import_writes_nothing(tmp_path: Path) -> None:
    notes = Notes()
    notes.ask_to_stop("cancelled")
    context = JobContext(7_002, ADMINISTRATOR, job_folder(7_002), notes)
    with pytest.raises(JobStopped):
        tasks.import_file(context, path=str(good(tmp_path)), kind="buildings", datum="wgs84")
    assert asked("SELECT count(*) FROM import_run") == [0]


def test_a_killed_importer_leaves_nothing_half_saved(tmp_path: Path) -> None:
    params = {"path": str(good(tmp_path)), "kind": "buildings", "datum": "wgs84"}
    with owner_engine().connect() as other, other.begin():
        other.execute(text("LOCK TABLE building IN SHARE MODE"))
        job_id = runner.submit(ADMINISTRATOR, "import_file", params)
        scheduler = Scheduler(only=job_id)
        pid = _writing(scheduler, job_id)
        os.kill(pid, signal.SIGKILL)
        _until(lambda: (scheduler.tick(), runner.status(ADMINISTRATOR, job_id).finished)[1])
    assert runner.status(ADMINISTRATOR, job_id).status == "lost"
    assert "not saved" in runner.status(ADMINISTRATOR, job_id).error_text()
    assert snapshot()["building"] == snapshot()["city"] == 0
    assert asked("SELECT count(*) FROM import_run") == [0]


def _writing(scheduler: Scheduler, job_id: int) -> int:
    """Wait until the job's process waits for the locked table; return its id."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'building'::regclass"

    def blocked() -> bool:
        scheduler.tick()
        with owner_engine().connect() as connection:
            return bool(connection.scalar(text(waits)))

    _until(blocked)
    return int(asked("SELECT pid FROM job WHERE id = :id", id=job_id)[0])


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "waited for a minute"
        time.sleep(0.1)


def test_a_bad_file_handed_in_as_a_job_fails_with_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")
    view = as_job(path)
    assert view.status == "failed"
    assert "empty.csv" in view.error_text()
