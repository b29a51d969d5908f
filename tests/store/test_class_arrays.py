"""Class arrays follow the registry: whole once, then only the buildings a change of heads touches."""

import numpy as np
import pytest

from geo.access.actor import OPERATOR
from geo.briefing import class_arrays
from geo.briefing.class_arrays import Array, ClassArrays, filtered, inside
from geo.briefing.overview import EVERYWHERE, Choice, areas_by_need, overview, stand_now, vacant_heads
from geo.people.rules import HeadClass
from geo.people.writes import assign_head, end_holding
from geo.planning.writes import set_parameter
from geo.store import versions
from geo.store.clock import today
from geo.store.cluster import Cluster
from geo.store.session import owner_engine, reading, writing
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add, build


@pytest.fixture
def city(clean_store: Cluster) -> SmallCity:
    made = build()
    with owner_engine().begin() as owner:
        for number in (1, 2, 3):
            add(owner, "post", kind="building_head", community_id=made["north"], building_id=made[f"north-b{number}"])
    return made


def assign(city: SmallCity, code: str, name: str) -> int:
    with writing(OPERATOR) as session:
        return assign_head(session, building_id=city[code], name=name, from_on=today(), how="elected", reason="chosen")


def same_as_computed_anew(arrays: ClassArrays, kind: str) -> Array:
    followed = arrays.current(OPERATOR, kind, today())
    anew = ClassArrays().current(OPERATOR, kind, today())
    assert followed.first == anew.first
    assert followed.values.tolist() == anew.values.tolist()
    return followed


@pytest.mark.parametrize("kind", ["building", "compound", "community"])
def test_after_an_assignment_the_array_is_patched_to_what_a_whole_computation_gives(
    city: SmallCity, kind: str
) -> None:
    arrays = ClassArrays()
    before = arrays.current(OPERATOR, kind, today())
    state = before.state
    assign(city, "north-b1", "林舒")
    after = same_as_computed_anew(arrays, kind)
    assert after is before
    changed = after.since(state)
    assert changed is not None
    assert len(changed[0]) >= 1


def test_a_load_that_grows_recolours_every_building_of_the_head(city: SmallCity) -> None:
    arrays = ClassArrays()
    assign(city, "north-b1", "林舒")
    arrays.current(OPERATOR, "building", today())
    assign(city, "north-b2", "林舒")
    found = same_as_computed_anew(arrays, "building")
    at = [found.values[city[code] - found.first] for code in ("north-b1", "north-b2")]
    assert at == [HeadClass.OVERLOADED, HeadClass.OVERLOADED]


def test_an_ended_term_leaves_a_vacancy(city: SmallCity) -> None:
    arrays = ClassArrays()
    holding = assign(city, "north-b1", "林舒")
    arrays.current(OPERATOR, "building", today())
    with writing(OPERATOR) as session:
        end_holding(session, holding, on=today(), reason="moved away")
    found = same_as_computed_anew(arrays, "building")
    assert found.values[city["north-b1"] - found.first] == HeadClass.VACANT


def test_a_change_in_bulk_is_computed_anew(city: SmallCity) -> None:
    arrays = ClassArrays()
    before = arrays.current(OPERATOR, "building", today())
    with writing(OPERATOR) as session:
        session.connection().exec_driver_sql("DELETE FROM post WHERE building_id = %s", (city["north-b3"],))
        from geo.store import audit

        audit.record(session, "import", "import_run", 1, audit.Change())
        versions.bump(session, "posts")
    after = same_as_computed_anew(arrays, "building")
    assert after is not before


def test_an_organiser_gets_the_classes_of_their_community_only(city: SmallCity) -> None:
    arrays = ClassArrays()
    mine = arrays.current(NORTH_ORGANISER, "building", today())
    everybody = arrays.current(OPERATOR, "building", today())
    assert len(mine.values) == 3
    assert len(everybody.values) == 6


def test_a_filter_keeps_the_buildings_of_a_community(city: SmallCity) -> None:
    array = ClassArrays().current(OPERATOR, "building", today())
    with reading(OPERATOR) as connection:
        ids = inside(connection, "building", community_id=city["south"], compound_kind=None)
    shown = np.flatnonzero(filtered(array, ids) < 250) + array.first
    assert shown.tolist() == [city[f"south-b{number}"] for number in (1, 2, 3)]


def test_figures_lists_and_filters_agree_with_the_registry(city: SmallCity) -> None:
    assign(city, "north-b1", "林舒")
    now = stand_now(OPERATOR)
    seen = overview(now, EVERYWHERE)
    assert (seen.buildings, seen.uncounted, seen.households) == (6, 2, 160)
    assert (seen.in_roster, seen.held, seen.heads[HeadClass.VACANT]) == (3, 1, 2)
    north = overview(now, Choice(community_id=city["north"]))
    assert (north.buildings, north.in_roster) == (3, 3)
    assert [row.place_id for row in vacant_heads(now, None)] == [
        city["north-b2"],
        city["north-b3"],
    ]
    first = areas_by_need(now, None)[0]
    assert (first.kind, first.id, first.households_without) == ("community", city["north"], 50)


def test_a_unit_head_relieves_every_building_of_the_head_beside(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_arrays, "LATE_ENTRIES", 0)
    arrays = ClassArrays()
    assign(city, "north-b1", "林舒")
    assign(city, "north-b2", "林舒")
    before = arrays.current(OPERATOR, "building", today())
    assert before.values[city["north-b1"] - before.first] == HeadClass.OVERLOADED
    for code in ("north-u1", "north-u2"):
        with writing(OPERATOR) as session:
            assign_head(session, unit_id=city[code], name=code, from_on=today(), how="elected", reason="chosen")
    after = same_as_computed_anew(arrays, "building")
    assert after.values[city["north-b1"] - after.first] == HeadClass.HAS_HEAD


def test_a_change_whose_entry_an_organiser_may_not_see_still_reaches_their_map(city: SmallCity) -> None:
    arrays = ClassArrays()
    assign(city, "north-b1", "林舒")
    arrays.current(NORTH_ORGANISER, "building", today())
    with writing(OPERATOR) as session:
        set_parameter(session, "head_alarm_households", 25, expected_version=0)
    array = arrays.current(NORTH_ORGANISER, "building", today())
    assert array.values[city["north-b1"] - array.first] == HeadClass.OVERLOADED
