"""Imports taken back as a whole."""

from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import Conflict
from geo.places.writes import correct_place, undo_change
from geo.store.session import writing
from tests.store.exchanging import asked, bring, csv_file, snapshot, square, take_back

pytestmark = pytest.mark.usefixtures("clean_store")

BUILDINGS = [(f"b{n}", n + 1, 6, square(0.001 + 0.0005 * n, 0.001)) for n in range(4)]
COMPOUNDS = [("c1", "金桂花园", square(0.0005, 0.0005, 0.0013)), ("c2", "Lakeside", square(0.0018, 0.0005, 0.0013))]
AREAS = [
    ("371502001001", "湖南社区", square(0, 0, 0.02)),
    ("371502001", "古楼街道", None),
    ("371502", "东昌府区", square(-1, -1, 2)),
    ("371500", "聊城市", None),
]


def buildings(path: Path) -> Path:
    return csv_file(path / "buildings.csv", "code,number,floors,wkt", BUILDINGS)


def images(table: str) -> list[object]:
    return asked(f"SELECT to_jsonb(t) - 'version' - 'changed_at' - 'id' - 'import_id' FROM {table} t ORDER BY code")


def test_undoing_the_first_import_leaves_an_empty_city(tmp_path: Path) -> None:
    before = snapshot()
    done = bring(buildings(tmp_path), "buildings")
    undone = take_back(done.run_id)
    assert (undone.removed, undone.restored) == (4, 0)
    assert snapshot() == before
    assert asked("SELECT status FROM import_run") == ["undone"]
    assert asked("SELECT action FROM audit_entry ORDER BY id") == ["import", "undo_import"]


def test_undo_writes_the_former_values_and_outlines_back(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    before = images("building")
    rows = [("b0", 1, 18, square(0.001, 0.0012)), ("b1", "2甲", 7, None), ("b9", 9, 3, square(0.004, 0.001))]
    done = bring(csv_file(tmp_path / "more.csv", "code,number,floors,wkt", rows), "buildings")
    assert images("building") != before
    undone = take_back(done.run_id)
    assert (undone.removed, undone.restored) == (1, 2)
    assert images("building") == before


def test_moved_buildings_go_back_to_where_they_waited(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    parents = (
        "SELECT b.code, c.code, a.code FROM building b JOIN compound c ON c.id = b.compound_id "
        "JOIN area a ON a.id = b.community_id"
    )
    before = asked(parents)
    compounds = bring(csv_file(tmp_path / "c.csv", "code,name,wkt", COMPOUNDS), "compounds")
    areas = bring(csv_file(tmp_path / "a.csv", "code,name,wkt", AREAS), "areas")
    take_back(areas.run_id)
    take_back(compounds.run_id)
    assert sorted(asked(parents)) == sorted(before)
    assert asked("SELECT count(*) FROM area WHERE level <> 'city' AND NOT placeholder") == [0]
    assert asked("SELECT code, placeholder FROM area WHERE level = 'city'") == [("city", True)]


def test_what_later_records_depend_on_stays_and_they_are_named(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    units = csv_file(tmp_path / "units.csv", "code,number,building_code", [("u1", 1, "b0")])
    bring(units, "units")
    before = snapshot()
    with pytest.raises(Conflict, match="unit u1"):
        take_back(done.run_id)
    assert snapshot() == before
    assert asked("SELECT status FROM import_run ORDER BY id") == ["accepted", "accepted"]


def test_compounds_that_later_buildings_were_put_in_cannot_be_undone_first(tmp_path: Path) -> None:
    compounds = bring(csv_file(tmp_path / "c.csv", "code,name,wkt", COMPOUNDS), "compounds")
    later = bring(buildings(tmp_path), "buildings")
    with pytest.raises(Conflict, match="building b0"):
        take_back(compounds.run_id)
    take_back(later.run_id)
    take_back(compounds.run_id)
    assert asked("SELECT count(*) FROM compound") == [0]


def test_a_record_changed_again_is_not_overwritten(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    done = bring(csv_file(tmp_path / "more.csv", "code,floors", [("b0", 18)]), "buildings")
    with writing(ADMINISTRATOR) as session:
        session.execute(text("UPDATE building SET floors = 20, version = version + 1 WHERE code = 'b0'"))
    with pytest.raises(Conflict, match="b0 were changed since"):
        take_back(done.run_id)
    assert asked("SELECT floors FROM building WHERE code = 'b0'") == [20]


def test_what_was_added_and_corrected_since_stays_until_the_correction_is_undone(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    [(building, version)] = asked("SELECT id, version FROM building WHERE code = 'b0'")
    with writing(ADMINISTRATOR) as session:
        correct_place(session, "building", building, {"floors": 20}, expected_version=version)
    with pytest.raises(Conflict, match="b0 were changed since"):
        take_back(done.run_id)
    assert asked("SELECT floors FROM building WHERE code = 'b0'") == [20]
    with writing(ADMINISTRATOR) as session:
        undo_change(session, asked("SELECT max(id) FROM audit_entry WHERE action = 'correct'")[0])
    assert take_back(done.run_id).removed == 4


def test_what_was_added_and_changed_by_a_later_import_stays_until_that_is_undone(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    later = bring(csv_file(tmp_path / "more.csv", "code,floors", [("b0", 18)]), "buildings")
    with pytest.raises(Conflict, match="b0 were changed since"):
        take_back(done.run_id)
    take_back(later.run_id)
    assert take_back(done.run_id).removed == 4


def test_buildings_that_a_later_import_only_put_into_compounds_can_be_undone(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    bring(csv_file(tmp_path / "c.csv", "code,name,wkt", COMPOUNDS), "compounds")
    assert take_back(done.run_id).removed == 4


def test_an_import_is_undone_once(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    take_back(done.run_id)
    with pytest.raises(Conflict, match="undone"):
        take_back(done.run_id)


def test_the_file_can_be_imported_again_after_an_undo(tmp_path: Path) -> None:
    first = bring(buildings(tmp_path), "buildings")
    take_back(first.run_id)
    assert bring(buildings(tmp_path), "buildings").counts["new"] == 4
