"""Requests of two American cities: every row counted, councils as the city itself says, doubts by cause."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from geo.exchange.load import Accepted
from geo.settings import settings
from geo.store.session import owner_engine
from tests.store.exchanging import asked, bring, changed

LEAST_SHARE = 0.99
COUNCILS = {"code": "nc_id", "name": "name", "level": "=community", "parent_code": ""}
LOS_ANGELES = "America/Los_Angeles"
JOINED = """SELECT r.external_id, a.code AS here, i.details ->> 'community' AS official
FROM request r JOIN area a ON a.id = r.community_id
JOIN request_event i ON i.request_id = r.id AND i.kind = 'imported'
WHERE r.placed_by = 'point' AND ST_Intersects(a.geom, r.geom)"""


@pytest.fixture(scope="module")
def folder(real_data: Path, clean_store_for_module: object) -> Iterator[Path]:
    """The files of Los Angeles, their councils imported, its time in force."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("YIZHAN_TIME_ZONE", LOS_ANGELES)
        settings.cache_clear()
        assert (
            changed(bring(real_data / "la311" / "nc-boundary-2019-modified.json", "areas", mapping=COUNCILS))[0] == 99
        )
        yield real_data / "la311"
    settings.cache_clear()


def by_cause(done: Accepted) -> dict[str, int]:
    query = 'SELECT code, count(*)::int FROM import_finding WHERE import_run_id = :run AND "row" > 0 GROUP BY 1'
    return dict(asked(query, run=done.run_id))


def share_agreed(done: Accepted) -> tuple[int, float]:
    """Return how many rows have a council and lie in one, and how many of them lie in the very one."""
    rows = pd.DataFrame(asked(JOINED + " AND r.import_id = :run", run=done.run_id), columns=["id", "here", "official"])
    told = rows[rows["official"].notna()]
    return len(told), float((told["here"] == told["official"]).mean())


@pytest.mark.parametrize(
    ("file", "rows", "without_point", "turned"),
    [("requests_seed.csv", 10_000, 11, 0), ("myla311_2017_subset.csv", 9_999, 1_753, 12)],
)
def test_the_join_agrees_with_the_official_council_and_the_rest_is_told_by_cause(
    file: str, rows: int, without_point: int, turned: int, folder: Path
) -> None:
    done = bring(folder / file, "requests", mapping={"community_code": "nc" if file[0] == "r" else "NC"})
    found = by_cause(done)
    assert done.counts["read"] == rows
    assert done.counts["new"] + done.counts["refused"] == rows
    assert found.get("request_no_point", 0) + found.get("request_no_place", 0) == without_point
    joined, share = share_agreed(done)
    assert joined > 0.8 * (rows - without_point)
    assert share >= LEAST_SHARE
    assert found["request_in_two"] >= 15
    assert found["request_outside"] > 0
    assert found.get("moment_before_received", 0) == turned
    assert (
        changed(bring(folder / file, "requests", mapping={"community_code": "nc" if file[0] == "r" else "NC"}))[0] == 0
    )


def test_normalised_rows_are_joined_by_their_place_alone(folder: Path) -> None:
    done = bring(folder / "service_requests_2020.csv", "requests")
    found = by_cause(done)
    assert done.counts["read"] == 9_989
    assert found == {"request_outside_all": done.counts["refused"], "request_in_two": found["request_in_two"]}
    places = asked("SELECT DISTINCT placed_by FROM request WHERE import_id = :run", run=done.run_id)
    assert places == ["point"]
    ids = asked("SELECT count(*) FROM request WHERE import_id = :run AND external_id LIKE '1-%'", run=done.run_id)
    assert ids == [done.counts["new"]]


def test_the_answers_of_chicago_bring_their_history(real_data: Path, folder: Path) -> None:
    chicago = "POLYGON ((-88 41.6, -87.5 41.6, -87.5 42.1, -88 42.1, -88 41.6))"
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE city SET extent = ST_GeomFromText(:here, 4326)"), {"here": chicago})
        owner.execute(
            text(
                "INSERT INTO area (level, code, name, pinyin, geom, parent_id) SELECT 'community', 'chicago', "
                "'Chicago', 'c', ST_Multi(ST_GeomFromText(:here, 4326)), parent_id FROM area "
                "WHERE level = 'community' LIMIT 1"
            ),
            {"here": chicago},
        )
    done = bring(real_data / "open311_samples" / "chicago_open311_requests.json", "requests")
    assert (changed(done), done.counts["refused"]) == ((50, 0, 0), 0)
    query = (
        "SELECT e.happened_at, e.kind, e.to_status, e.note FROM request_event e JOIN request r ON r.id = e.request_id "
        "WHERE r.external_id = '14-00684314' ORDER BY e.happened_at, e.id"
    )
    steps = asked(query)
    assert [step[1] for step in steps].count("note") == 7
    assert steps[0][1:3] == ("imported", "received")
    assert steps[0][0] == datetime(2014, 5, 10, 0, 2, 21, tzinfo=UTC)
    assert steps[-1][2] == "closed" or "closed" in steps[-1][3].lower()
    notes = asked(
        "SELECT count(*) FROM request_event e JOIN request r ON r.id = e.request_id "
        "WHERE e.kind = 'note' AND r.import_id = :run",
        run=done.run_id,
    )
    assert notes == [276]
    statuses = asked("SELECT status, count(*) FROM request WHERE import_id = :run GROUP BY 1", run=done.run_id)
    assert dict(statuses) == {"closed": 49, "received": 1}
    assert asked("SELECT DISTINCT channel FROM request WHERE import_id = :run", run=done.run_id)
