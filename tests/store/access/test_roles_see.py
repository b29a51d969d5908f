"""What each role sees of who holds posts: all see that a post is held, some by whom; figures are the same for all."""

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.briefing.overview import EVERYWHERE, areas_by_need, overview, stand_now, vacant_heads
from geo.governance.reads import stations
from geo.people.reads import building_posts, doors_of, loads, neighbours_of, person_named, persons
from geo.people.rules import Term
from geo.people.writes import Appointment, Seat, Who, assign
from geo.places.reads import place_card, search_places
from geo.store.clock import today
from geo.store.session import reading, writing
from tests.store.access.roles import actor_of, peopled
from tests.store.small_city import SmallCity

NAMELESS = ("leader", "planner")


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    made = peopled()
    with writing(OPERATOR) as session:
        for kind, name in (("stationmaster", "赵敏"), ("deputy_stationmaster", "孙丽")):
            term = Appointment(Term(today(), None), "elected")
            assign(session, Seat(kind, made["station"]), Who(name=name), term)
    return made


@pytest.mark.parametrize("role", NAMELESS)
def test_a_leader_and_a_planner_see_that_a_post_is_held_but_not_by_whom(role: str, city: SmallCity) -> None:
    with reading(actor_of(role)) as connection:
        seats = building_posts(connection, city["north-b1"])
        assert [seat.current is not None for seat in seats] == [True]
        assert seats[0].current is not None
        assert seats[0].current.person_name is None
        assert [(one.held, one.person_name) for one in neighbours_of(connection, city["north-b1"], today())] == [
            (True, None),
            (False, None),
        ]
        station = stations(connection, on=today())[0]
        assert (station.has_stationmaster, station.stationmaster, station.staffed) == (True, None, True)
        assert persons(connection, "王建国") == []
        assert search_places(connection, "王建国") == []
        assert person_named(connection, city["wang"]) is None
        assert place_card(connection, "building", city["north-b1"]).history == []


@pytest.mark.parametrize("role", NAMELESS)
def test_figures_classes_loads_and_vacancies_are_those_of_the_administrator(role: str, city: SmallCity) -> None:
    theirs, mine = actor_of("administrator"), actor_of(role)
    there, here = stand_now(theirs), stand_now(mine)
    assert overview(here, EVERYWHERE) == overview(there, EVERYWHERE)
    assert areas_by_need(here, None) == areas_by_need(there, None)
    assert vacant_heads(here, None) == vacant_heads(there, None)
    with reading(theirs) as all_names, reading(mine) as no_names:
        held = {"on": today(), "person_ids": [city["wang"]]}
        assert loads(no_names, **held) == loads(all_names, **held) == {city["wang"]: 60}
        for code in ("north-b1", "north-b2"):
            pairs = zip(building_posts(no_names, city[code]), building_posts(all_names, city[code]), strict=True)
            for without, named in pairs:
                assert (without.load, without.ending, without.households) == (
                    named.load,
                    named.ending,
                    named.households,
                )


def test_a_building_head_sees_the_neighbours_of_the_own_compound_and_nobody_else(city: SmallCity) -> None:
    with reading(actor_of("building_head")) as connection:
        assert {row.name for row in connection.execute(text("SELECT name FROM person"))} == {"王建国", "张伟"}
        assert [door.name for door in doors_of(connection, city["wang"], today())] == ["金桂花园1号楼", "金桂花园2号楼"]
        assert building_posts(connection, city["south-b1"]) == []


@pytest.mark.parametrize("role", ["organiser", "station_staff"])
def test_who_works_in_a_community_sees_its_holders_and_no_others(role: str, city: SmallCity) -> None:
    with reading(actor_of(role)) as connection:
        assert [one.name for one in persons(connection, "王建国")] == ["王建国"]
        assert persons(connection, "李秀英") == []
        seats = building_posts(connection, city["north-b1"])
    assert [seat.current.person_name for seat in seats if seat.current] == ["王建国"]


def test_an_auditor_sees_no_place_and_nobody(city: SmallCity) -> None:
    with reading(actor_of("auditor")) as connection:
        for table in ("compound", "building", "unit", "household", "person", "post", "holding", "station"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
        assert connection.scalar(text("SELECT count(*) FROM audit_entry"))
