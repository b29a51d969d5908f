"""Requests from the desk on: who may record one where, what is promised, once however often it is handed in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.access.requesters import (
    erase_requester,
    purge_requesters,
    requesters_due,
    requesters_kept,
    reveal_requester,
)
from geo.access.rotation import rotate
from geo.errors import BadInput, NotAllowed, NotFound
from geo.requests.draft import RequestDraft
from geo.requests.rules import StepInput
from geo.requests.step_writes import move_request
from geo.requests.writes import Recorded, record_request
from geo.store import versions
from geo.store.audit import history
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import HEAD, LEADER, SOUTH, STAFF
from tests.store.small_city import NORTH_ORGANISER as NORTH
from tests.store.small_city import SmallCity

pytestmark = pytest.mark.usefixtures("clean_store")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def city() -> SmallCity:
    """The small city with one user per role."""
    return helped.build().city


def taken(actor: Actor = NORTH, **given: Any) -> Recorded:
    """Record a request of the north as an actor."""
    values = {"channel": "station_desk", "category_code": "water", "received_at": NOW} | given
    with writing(actor) as session:
        return record_request(session, RequestDraft(**values), now=NOW)


def row_of(recorded: Recorded) -> Any:
    with owner_engine().connect() as owner:
        return owner.execute(
            text("SELECT *, ST_X(geom) AS lon FROM request WHERE id = :id"), {"id": recorded.request_id}
        ).one()


def test_a_request_gets_a_number_its_place_its_hours_and_a_first_event(city: SmallCity) -> None:
    made = taken(unit_id=city["north-u1"], summary="No water since noon")
    found = row_of(made)
    assert made.number == f"261120-{made.request_id}" == found.number
    assert (found.placed_by, found.building_id, found.community_id) == ("unit", city["north-b2"], city["north"])
    assert (found.respond_h, found.solve_h, found.class_code, found.status) == (2, 24, "utilities", "received")
    assert found.lon is not None
    with reading(NORTH) as connection:
        assert versions.current(connection)["requests"] == 1
        entry = history(connection, "request", made.request_id)[0]
        events = connection.execute(text("SELECT kind, to_status, happened_at FROM request_event")).all()
    assert (entry.action, entry.after and entry.after["number"]) == ("record_request", made.number)
    assert "No water" not in str(entry)
    assert [tuple(event) for event in events] == [("status", "received", NOW)]


def test_a_point_belongs_to_the_community_around_it_and_a_point_in_none_is_refused(city: SmallCity) -> None:
    found = row_of(taken(lon=115.925, lat=36.43))
    assert (found.placed_by, found.community_id, found.building_id) == ("point", city["north"], None)
    assert row_of(taken(community_id=city["north"])).placed_by == "community"
    with pytest.raises(BadInput, match="Place: this point lies in none of your communities"):
        taken(lon=110.0, lat=36.43)
    with pytest.raises(NotFound, match="Place"):
        taken(building_id=city["south-b1"])


def test_the_hours_of_a_category_go_before_those_of_its_class(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE request_category SET respond_h = 0.5, solve_h = 6 WHERE code = 'gas'"))
        owner.execute(text("INSERT INTO parameter (name, value, changed_by) VALUES ('solve_normal_h', '100', 'x')"))
    gas = row_of(taken(category_code="gas", building_id=city["north-b1"]))
    noise = row_of(taken(category_code="noise", building_id=city["north-b1"]))
    assert (gas.respond_h, gas.solve_h, noise.respond_h, noise.solve_h) == (0.5, 6, 24, 100)


def test_handed_in_again_from_the_same_system_it_is_the_same_request(city: SmallCity) -> None:
    first = taken(building_id=city["north-b1"], external_system="12345", external_id="A-7")
    again = taken(building_id=city["north-b1"], external_system="12345", external_id="A-7")
    assert (again.request_id, again.number, again.again) == (first.request_id, first.number, True)


def test_a_head_records_for_own_doors_only_and_a_leader_not_at_all(city: SmallCity) -> None:
    made = taken(HEAD, channel="building_head", unit_id=city["north-u1"])
    assert row_of(made).recorded_by == HEAD.name
    with pytest.raises(NotFound, match="none of your doors"):
        taken(HEAD, channel="building_head", building_id=city["north-b1"])
    with pytest.raises(NotAllowed):
        taken(LEADER, building_id=city["north-b1"])


def test_a_request_is_seen_where_one_works_and_at_own_doors(city: SmallCity) -> None:
    taken(unit_id=city["north-u1"])
    taken(building_id=city["north-b1"])
    seen = {}
    for actor in (NORTH, STAFF, HEAD, SOUTH, LEADER):
        with reading(actor) as connection:
            seen[actor.name] = (
                connection.scalar(text("SELECT count(*) FROM request")),
                connection.scalar(text("SELECT count(*) FROM request_event")),
            )
    assert list(seen.values()) == [(2, 2), (2, 2), (1, 1), (0, 0), (0, 0)]


def test_what_is_wrong_is_named(city: SmallCity) -> None:
    at = {"building_id": city["north-b1"]}
    for given, said in (
        ({"channel": "pigeon"}, "Channel: “pigeon”"),
        ({"category_code": "ghosts"}, "Category: “ghosts”"),
        ({"received_at": NOW + timedelta(days=1)}, "Received: this time lies in the future"),
        ({"received_at": NOW.replace(tzinfo=None)}, "Received: the time has no time zone"),
        ({"summary": "x" * 5000}, "What they say: the text is too long"),
        ({"building_id": None}, "Place: choose the building"),
        ({"external_id": "7"}, "Number in the other system"),
        ({"lon": 115.9}, "Place: a point has a longitude and a latitude"),
    ):
        with pytest.raises(BadInput, match=said):
            taken(**at | given)


def test_who_asked_is_sealed_and_shown_with_a_reason_that_is_logged(city: SmallCity) -> None:
    made = taken(building_id=city["north-b1"], requester_name="赵敏", requester_phone="19911112222")
    with owner_engine().connect() as owner:
        kept = owner.scalar(text("SELECT query_to_xml('TABLE personal.requester', true, true, '')::text"))
        row = owner.scalar(text("SELECT query_to_xml('TABLE request', true, true, '')::text"))
    assert "19911112222" not in kept + row
    with reading(NORTH) as connection:
        assert requesters_kept(connection, [made.request_id])[made.request_id].has_phone
    found = reveal_requester(NORTH, made.request_id, reason="to call back")
    assert (found.name, found.phone, repr(found)) == ("赵敏", "19911112222", "Requester()")
    with reading(NORTH) as connection:
        entry = history(connection, "request", made.request_id)[0]
    assert (entry.action, entry.note) == ("reveal", "to call back")
    with pytest.raises(BadInput):
        reveal_requester(NORTH, made.request_id, reason=" ")
    for actor in (SOUTH, LEADER, HEAD):
        with pytest.raises((NotAllowed, NotFound)):
            reveal_requester(actor, made.request_id, reason="x")


def test_a_name_is_erased_at_a_wish_or_when_its_time_is_over_and_sealed_again_with_a_new_key(city: SmallCity) -> None:
    first = taken(building_id=city["north-b1"], requester_name="赵敏", received_at=NOW - timedelta(days=800))
    second = taken(building_id=city["north-b1"], requester_phone="19911112222")
    rotate(OPERATOR)
    assert reveal_requester(NORTH, first.request_id, reason="x").name == "赵敏"
    with writing(NORTH) as session:
        move_request(session, first.request_id, "out_of_scope", version=1, given=StepInput(note="private"),
                     now=NOW - timedelta(days=700))  # fmt: skip
    with writing(NORTH) as session:
        assert requesters_due(session, on=NOW.date(), keep_days=365) == 1
        assert purge_requesters(session, on=NOW.date(), keep_days=365) == 1
        erase_requester(session, second.request_id, reason="she asked for it")
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT count(*) FROM personal.requester")) == 0
    for actor in (STAFF, LEADER):
        with writing(actor) as session, pytest.raises(NotAllowed):
            erase_requester(session, first.request_id, reason="x")
