"""Requests of two American cities: every row counted, councils as the city itself says, doubts by cause."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from geo.exchange.load import Accepted
from geo.settings import settings
from tests.store.exchanging import asked, bring, changed

LEAST_SHARE = 0.99
COUNCILS = {"code": "nc_id", "name": "name", "level": "=community", "parent_code": ""}
LOS_ANGELES, CHICAGO = "America/Los_Angeles", "America/Chicago"
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
        assert changed(bring(real_data / "la311" / "nc-boundary-2019-modified.json", "areas", mapping=COUNCILS))[0] == 99
        yield real_data / "la311"
    settings.cache_clear()


def by_cause(done: Accepted) -> dict[str, int]:
    query = "SELECT code, count(*)::int FROM import_finding WHERE import_run_id = :run AND \"row\" > 0 GROUP BY 1"
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
    assert changed(bring(folder / file, "requests", mapping={"community_code": "nc" if file[0] == "r" else "NC"}))[0] == 0
