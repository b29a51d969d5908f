"""Requests on their way: every step leaves one event and one log entry, the clocks stand where they should."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo.errors import BadInput, Conflict, NotAllowed, NotFound, Outdated
from geo.requests.assign_writes import add_note, assign, bulk_assign, correct_category, correct_place
from geo.requests.category_writes import add_category, change_category
from geo.requests.draft import RequestDraft
from geo.requests.incident_ending import resolve_joined
from geo.requests.incident_writes import (
    IncidentDraft,
    change_incident,
    end_incident,
    join_requests,
    leave_incident,
    record_incident,
)
from geo.requests.rules import Answers, StepInput
from geo.requests.step_writes import call_back, merge_requests, move_request
from geo.requests.tables import Incident, Request
from geo.requests.writes import record_request
from geo.store.audit import history
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, HEAD, SOUTH, STAFF
from tests.store.small_city import NORTH_ORGANISER as NORTH
from tests.store.small_city import SmallCity

pytestmark = pytest.mark.usefixtures("clean_store_for_module")
CAME = datetime(2026, 11, 20, 9, tzinfo=UTC)
HAPPY, UNHAPPY = Answers(True, True, True, "yes"), Answers(True, True, False, "no")


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    """The small city with one user per role."""
    return helped.build().city


@pytest.fixture
def at(city: SmallCity) -> dict[str, Any]:
    """Where the requests of these tests are."""
    return {"building_id": city["north-b1"]}


def taken(at: dict[str, Any], actor: Actor = NORTH, **given: Any) -> int:
    values = {"channel": "station_desk", "category_code": "water", "received_at": CAME} | at | given
    with writing(actor) as session:
        return record_request(session, RequestDraft(**values), now=CAME).request_id


def row(request_id: int) -> Any:
    with owner_engine().connect() as owner:
        return owner.execute(text("SELECT * FROM request WHERE id = :id"), {"id": request_id}).one()


def moved(request_id: int, step: str, hour: float = 1, actor: Actor = NORTH, **given: Any) -> Any:
    with writing(actor) as session:
        move_request(
            session, request_id, step, version=row(request_id).version, given=StepInput(**given),
            now=CAME + timedelta(hours=hour),
        )  # fmt: skip
    return row(request_id)


def test_from_received_to_closed_with_one_event_and_one_entry_a_step(at: dict[str, Any]) -> None:
    made = taken(at)
    moved(made, "accept", 1)
    moved(made, "dispatch", 2, owner=STAFF.name)
    moved(made, "start", 3)
    moved(made, "resolve", 4)
    moved(made, "call_back", 5, answers=HAPPY)
    found = moved(made, "close", 6)
    assert (found.status, found.owner, found.version) == ("closed", STAFF.name, 7)
    assert (found.accepted_at, found.resolved_at, found.closed_at) == tuple(
        CAME + timedelta(hours=hour) for hour in (1, 4, 6)
    )
    with reading(NORTH) as connection:
        events = connection.execute(
            text("SELECT from_status, to_status, recorded_by FROM request_event WHERE request_id = :id ORDER BY id"),
            {"id": made},
        ).all()
        entries = history(connection, "request", made)
    assert [event.to_status for event in events] == [
        "received", "accepted", "dispatched", "in_progress", "resolved", "called_back", "closed",
    ]  # fmt: skip
    assert [event.from_status for event in events[1:]] == [event.to_status for event in events[:-1]]
    assert len(entries) == len(events)
    with pytest.raises(Conflict, match="cannot take this step"):
        moved(made, "accept")


def test_waiting_stops_the_clock_and_reopening_takes_out_the_time_it_was_solved(at: dict[str, Any]) -> None:
    made = taken(at)
    moved(made, "accept", 1)
    limit = today() + timedelta(days=3)
    found = moved(made, "wait", 2, note="parts ordered", limit=limit)
    assert (found.status, found.paused_from) == ("waiting", CAME + timedelta(hours=2))
    found = moved(made, "resume", 5)
    assert (found.paused_s, found.paused_from, found.waiting_until) == (3 * 3600, None, None)
    moved(made, "resolve", 6)
    moved(made, "call_back", 7, answers=UNHAPPY)
    found = moved(made, "reopen", 8, note="still no water")
    assert (found.status, found.resolved_at, found.paused_s, found.reopened_times) == ("reopened", None, 5 * 3600, 1)
    with pytest.raises(BadInput, match="Until"):
        moved(taken_and_accepted(at), "wait", 2, note="x", limit=date(2020, 1, 1))


def taken_and_accepted(at: dict[str, Any]) -> int:
    made = taken(at)
    moved(made, "accept", 1)
    return made


def test_it_is_sent_back_once_and_escalated_twice(at: dict[str, Any]) -> None:
    made = taken_and_accepted(at)
    moved(made, "dispatch", owner=STAFF.name)
    assert moved(made, "return", note="not ours").returned_times == 1
    moved(made, "dispatch", owner=STAFF.name)
    with pytest.raises(Conflict, match="sent back once already"):
        moved(made, "return", note="again")
    assert moved(made, "escalate", note="beyond us").escalated_to == "street_office"
    assert moved(made, "escalate", note="beyond them").escalated_to == "department"
    with pytest.raises(Conflict, match="nobody above"):
        moved(made, "escalate", note="up")


def test_a_duplicate_names_the_first_and_out_of_scope_says_why(at: dict[str, Any]) -> None:
    first, second, third = taken(at), taken(at), taken(at)
    with writing(NORTH) as session:
        assert merge_requests(session, first, [(second, 1), (third, 1)]) == 2
    assert (row(second).status, row(second).duplicate_of, row(second).closed_at is not None) == (
        "duplicate",
        first,
        True,
    )
    for wrong, error in ((second, BadInput), (10**9, NotFound)):
        with pytest.raises(error, match="Duplicate of"):
            moved(first, "duplicate", first_id=wrong)
    with pytest.raises(BadInput, match="Reason"):
        moved(first, "out_of_scope")
    assert moved(first, "out_of_scope", note="a private matter").status == "out_of_scope"


def test_nobody_reached_is_a_try_and_who_was_slower_changes_nothing(at: dict[str, Any]) -> None:
    made = taken_and_accepted(at)
    seen = row(made).version
    moved(made, "resolve", 2)
    with writing(NORTH) as session, pytest.raises(Outdated):
        move_request(session, made, "start", version=seen)
    with writing(NORTH) as session:
        assert call_back(session, made, Answers(False), version=row(made).version, note="no answer") == "resolved"
    with pytest.raises(BadInput, match="Reason"):
        moved(made, "close")
    assert moved(made, "close", 3, note="called three times").status == "closed"


def test_only_who_works_there_moves_a_request(city: SmallCity) -> None:
    made = taken({"unit_id": city["north-u1"]}, HEAD, channel="building_head")
    with pytest.raises(NotAllowed):
        moved(made, "accept", actor=HEAD)
    with pytest.raises(NotFound):
        moved(made, "accept", actor=SOUTH)
    with writing(HEAD) as session:
        add_note(session, made, "they rang again")
    assert moved(made, "accept", actor=STAFF).status == "accepted"


def test_requests_are_given_to_colleagues_of_their_community_one_or_many(at: dict[str, Any]) -> None:
    first, second = taken(at), taken(at)
    with writing(NORTH) as session:
        assign(session, first, StepInput(owner=STAFF.name), version=1)
        assert bulk_assign(session, [first, second], StepInput(owner=NORTH.name)) == 2
    assert {row(first).owner, row(second).owner} == {NORTH.name}
    for wrong in (StepInput(owner=SOUTH.name), StepInput(organisation_id=10**9), StepInput(person_id=10**9)):
        with writing(NORTH) as session, pytest.raises(NotFound, match="To whom"):
            assign(session, second, wrong, version=row(second).version)
    with writing(NORTH) as session, pytest.raises(BadInput):
        bulk_assign(session, [], StepInput(owner=STAFF.name))


def test_place_and_category_are_corrected_with_the_hours_of_the_new_one(city: SmallCity, at: dict[str, Any]) -> None:
    made = taken(at)
    with writing(NORTH) as session:
        correct_category(session, made, "noise", version=1)
    with writing(NORTH) as session:
        place = RequestDraft("station_desk", "noise", CAME, unit_id=city["north-u2"])
        correct_place(session, made, place, version=2)
    found = row(made)
    assert (found.class_code, found.solve_h, found.unit_id, found.placed_by) == (
        "normal",
        168,
        city["north-u2"],
        "unit",
    )
    assert (found.building_id, found.version) == (city["north-b2"], 3)
    with writing(NORTH) as session, pytest.raises(NotFound, match="Place"):
        correct_place(session, made, RequestDraft("visit", "x", CAME, building_id=city["south-b1"]), version=3)


def incident(city: SmallCity, *doors: tuple[str, str | None], name: str = "Burst pipe") -> IncidentDraft:
    places = tuple((city[building], city[unit] if unit else None) for building, unit in doors)
    return IncidentDraft("water", name, CAME, places)


def test_an_incident_has_its_doors_its_requests_and_its_end(city: SmallCity, at: dict[str, Any]) -> None:
    made = taken(at)
    with writing(NORTH) as session:
        found = record_incident(session, incident(city, ("north-b1", None), ("north-b2", "north-u1")))
        assert join_requests(session, found, [made]) == 1
        assert join_requests(session, found, [made]) == 0
    assert row(made).incident_id == found
    with writing(NORTH) as session:
        change_incident(session, found, incident(city, ("north-b3", None), name="Burst main"), version=1)
    with owner_engine().connect() as owner:
        doors = owner.scalars(
            text("SELECT building_id FROM incident_door WHERE incident_id = :id"), {"id": found}
        ).all()
    assert doors == [city["north-b3"]]
    with writing(NORTH) as session, pytest.raises(BadInput, match="Over since"):
        end_incident(session, found, at=CAME - timedelta(hours=1), version=2)
    with writing(NORTH) as session:
        held = session.get(Incident, found)
        assert held is not None
        end_incident(session, found, at=CAME + timedelta(hours=5), version=held.version)
        request = session.get(Request, made)
        assert request is not None
        leave_incident(session, made, version=request.version)
    assert row(made).incident_id is None


def test_what_joined_an_incident_is_solved_in_one_go_and_what_cannot_be_is_named(
    city: SmallCity, at: dict[str, Any]
) -> None:
    ready, untouched, elsewhere = taken(at), taken(at), taken(at)
    moved(ready, "accept")
    with writing(NORTH) as session:
        found = record_incident(session, incident(city, ("north-b1", None)))
        join_requests(session, found, [ready, untouched])
    seen = [(one, row(one).version) for one in (ready, untouched)]
    with writing(NORTH) as session:
        assert resolve_joined(session, found, seen) == (row(untouched).number,)
    assert (row(ready).status, row(untouched).status) == ("resolved", "received")
    with reading(NORTH) as connection:
        entries = [entry.action for entry in history(connection, "request", ready)]
    assert entries.count("move_request") == 2
    for stranger, error in (((elsewhere, row(elsewhere).version), BadInput), ((untouched, 99), Outdated)):
        with pytest.raises(error), writing(NORTH) as session:
            resolve_joined(session, found, [stranger])


def test_an_incident_lies_in_one_community_and_says_what_happened(city: SmallCity) -> None:
    for draft, actor, error in (
        (incident(city, ("north-b1", None), ("south-b1", None)), ADMINISTRATOR, BadInput),
        (incident(city, ("south-b1", None)), NORTH, NotFound),
        (incident(city), NORTH, BadInput),
        (incident(city, ("north-b1", None), name=" "), NORTH, BadInput),
        (incident(city, ("north-b1", "north-u1")), NORTH, NotFound),
    ):
        with writing(actor) as session, pytest.raises(error):
            record_incident(session, draft)


def test_categories_are_added_changed_and_retired(at: dict[str, Any]) -> None:
    words = {"name": "Mosquitoes", "name_zh": "灭蚊", "class_code": "normal"}
    with writing(ADMINISTRATOR) as session:
        made = add_category(session, "mosquitoes", words | {"solve_h": 12.0})
        with pytest.raises(Conflict, match="already"):
            add_category(session, "mosquitoes", words)
    request = taken(at, category_code="mosquitoes")
    assert (row(request).solve_h, row(request).respond_h) == (12, 24)
    with writing(ADMINISTRATOR) as session:
        change_category(session, made, {"active": False}, version=1)
    with pytest.raises(BadInput, match="not used any more"):
        taken(at, category_code="mosquitoes")
    for wrong in ({"name": " "}, {"class_code": "x"}, {"solve_h": 0}, {"position": -1}, {"colour": 1}):
        with writing(ADMINISTRATOR) as session, pytest.raises(BadInput):
            change_category(session, made, wrong, version=2)
