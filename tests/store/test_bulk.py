"""Loading very many rows without indexes gives the same records, and every index and key stands afterwards."""

from pathlib import Path

import pytest

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import Conflict, NotAllowed
from geo.exchange import load
from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared
from geo.store import bulk
from geo.store.session import Actor, writing
from tests.store.exchanging import asked, bring, csv_file, snapshot, square, take_back

pytestmark = pytest.mark.usefixtures("clean_store")

SHAPE = """
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE tablename = :table
UNION ALL
SELECT 'constraint', conname, pg_get_constraintdef(oid) || convalidated FROM pg_constraint
WHERE conrelid = CAST(:table AS regclass) OR confrelid = CAST(:table AS regclass)
ORDER BY 1, 2, 3
"""
RECORDS = """
SELECT to_jsonb(b) - ARRAY['id', 'changed_at', 'import_id', 'compound_id', 'community_id'], c.code
FROM building b JOIN compound c ON c.id = b.compound_id ORDER BY b.code
"""


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "WORTH_ROWS", 3)


def offered(path: Path, *, floors: object = 6, count: int = 9) -> Prepared:
    rows = [(f"b{n}", n + 1, f"湖滨路{n}号", floors, square(0.001 * n, 0.001)) for n in range(count)]
    return prepare(csv_file(path / "b.csv", "code,number,address,floors,wkt", rows), "buildings", datum="wgs84")


def loaded(prepared: Prepared, actor: Actor = ADMINISTRATOR) -> load.Accepted:
    with bulk.loading(actor) as session:
        run_id = load.start_run(session, prepared, options={})
        return load.accept(session, run_id, prepared)


def test_the_quick_way_writes_the_same_records_and_rebuilds_everything(tmp_path: Path) -> None:
    shape = asked(SHAPE, table="building")
    quick = loaded(offered(tmp_path))
    records = asked(RECORDS)
    assert (quick.counts["new"], quick.counts["waiting"], len(records)) == (9, 9, 9)
    assert asked(SHAPE, table="building") == shape
    take_back(quick.run_id)
    slow = bring(tmp_path / "b.csv", "buildings")
    assert asked(RECORDS) == records
    assert slow.counts == quick.counts


def test_a_second_bulk_goes_through_the_staging_table(tmp_path: Path) -> None:
    shape = asked(SHAPE, table="building")
    loaded(offered(tmp_path))
    again = loaded(offered(tmp_path, floors=18, count=30))
    assert (again.counts["new"], again.counts["changed"]) == (21, 9)
    assert asked("SELECT DISTINCT floors FROM building") == [18]
    assert asked(SHAPE, table="building") == shape


def test_a_failure_leaves_every_index_where_it_was(tmp_path: Path) -> None:
    shape, before = asked(SHAPE, table="building"), snapshot()
    prepared = offered(tmp_path)
    prepared.rows["code"] = "always the same"
    with pytest.raises(Conflict, match="Nothing was saved"):
        loaded(prepared)
    assert asked(SHAPE, table="building") == shape
    assert snapshot() == before


def test_the_owners_way_asks_what_the_actor_may_do(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        loaded(offered(tmp_path), Actor("nobody"))
    assert asked("SELECT count(*) FROM building") == [0]


def test_the_plain_role_is_never_worth_it() -> None:
    with writing(ADMINISTRATOR) as session:
        assert not bulk.is_worth_it(session.connection(), "building", 10**6)
    with bulk.loading(ADMINISTRATOR) as session:
        assert bulk.is_worth_it(session.connection(), "building", 10**6)
        assert not bulk.is_worth_it(session.connection(), "building", 2)
