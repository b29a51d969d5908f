"""What the board, the card, the rates and the runs say of requests, and to whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo.errors import BadInput, NotAllowed
from geo.requests.board import BoardChoice, board, board_counts, matching
from geo.requests.draft import RequestDraft
from geo.requests.incident_reads import (
    doors_of_incident,
    incident,
    incidents,
    likely_requests,
    requests_of_incident,
)
from geo.requests.incident_writes import IncidentDraft, end_incident, join_requests, record_incident
from geo.requests.rate_reads import last_months, rate_table
from geo.requests.request_reads import (
    call_backs,
    categories,
    colleagues,
    matching_categories,
    open_at_buildings,
    possible_duplicates,
    request_by_number,
    standing,
    timeline,
)
from geo.requests.rules import Answers, StepInput
from geo.requests.run_reads import requests_of_run
from geo.requests.step_writes import call_back, move_request
from geo.requests.writes import record_request
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, HEAD, LEADER, PLANNER, SOUTH, STAFF
from tests.store.small_city import NORTH_ORGANISER as NORTH
from tests.store.small_city import SmallCity

pytestmark = pytest.mark.usefixtures("clean_store")
NOW = datetime.now(UTC)


@pytest.fixture
def city() -> SmallCity:
    """The small city with one user per role."""
    return helped.build().city


def taken(actor: Actor = NORTH, **given: Any) -> str:
    values = {"channel": "station_desk", "category_code": "water", "received_at": NOW} | given
    with writing(actor) as session:
        return record_request(session, RequestDraft(**values)).number


def stepped(number: str, step: str, actor: Actor = NORTH, **given: Any) -> None:
    with writing(actor) as session:
        found = request_by_number(session.connection(), number)
        assert found is not None
        move_request(session, found.id, step, version=found.version, given=StepInput(**given))


def listed(view: str, actor: Actor = NORTH, **more: Any) -> list[str]:
    with reading(actor) as connection:
        return [one.number for one in board(connection, BoardChoice(view, **more))]


def test_the_board_lists_what_each_view_says_the_earliest_due_first(city: SmallCity) -> None:
    at = {"building_id": city["north-b1"]}
    fresh = taken(**at)
    late = taken(**at, received_at=NOW - timedelta(hours=30))
    unanswered = taken(**at, category_code="noise", received_at=NOW - timedelta(hours=25), owner=NORTH.name)
    waiting = taken(**at, received_at=NOW - timedelta(hours=30))
    stepped(waiting, "accept")
    with owner_engine().begin() as owner:
        owner.execute(
            text("UPDATE request SET status = 'waiting', waiting_until = now() + interval '1 day', "
                 "paused_from = received_at + interval '1 hour' WHERE number = :number"), {"number": waiting},
        )  # fmt: skip
    gone = taken(**at)
    stepped(gone, "out_of_scope", note="private")
    assert listed("open")[0] in {late, waiting}
    assert set(listed("open")) == {fresh, late, unanswered, waiting}
    assert set(listed("overdue")) == {late, unanswered}
    assert listed("mine") == [unanswered]
    assert listed("others") == [waiting]
    assert set(listed("all")) == {fresh, late, unanswered, waiting, gone}
    with reading(NORTH) as connection:
        counts = board_counts(connection)
        found = board(connection, BoardChoice("open"))
        assert {one.number for one in found if one.is_overdue(datetime.now(UTC))} == set(listed("overdue"))
        assert matching(connection, BoardChoice("all")) == 5
    assert (counts.open, counts.overdue, counts.mine, counts.others, counts.nobodys) == (4, 2, 1, 1, 3)
    assert board_counts_of(SOUTH) == board_counts_of(LEADER) == 0
    assert listed("all", SOUTH) == []


def board_counts_of(actor: Actor) -> int:
    with reading(actor) as connection:
        return board_counts(connection).open


def test_the_board_is_filtered_by_place_category_state_and_day(city: SmallCity) -> None:
    water = taken(building_id=city["north-b1"])
    noise = taken(building_id=city["north-b2"], category_code="noise", received_at=NOW - timedelta(days=40))
    assert listed("all", category="noise") == [noise]
    assert listed("all", community_id=city["south"]) == []
    assert listed("all", status="accepted") == []
    assert listed("all", since=today() - timedelta(days=2), until=today()) == [water]
    assert listed("all", until=today() - timedelta(days=20)) == [noise]


def test_a_card_tells_place_history_and_how_it_stands(city: SmallCity) -> None:
    number = taken(unit_id=city["north-u1"], summary="No water", requester_name="赵敏")
    stepped(number, "accept")
    stepped(number, "resolve")
    with writing(NORTH) as session:
        found = request_by_number(session.connection(), number)
        assert found is not None
        call_back(session, found.id, Answers(True, True, True, "no"), version=found.version, note="too slow")
    with reading(NORTH) as connection:
        shown = request_by_number(connection, f" {number} ")
        assert shown is not None
        assert (shown.place, shown.community, shown.summary) == ("金桂花园2号楼1单元", "金桂社区", "No water")
        assert [event.to_status for event in timeline(connection, shown.id)] == [
            "received", "accepted", "resolved", "called_back",
        ]  # fmt: skip
        assert call_backs(connection, shown.id)[0].note == "too slow"
        assert standing(connection, shown).dissatisfied
        assert request_by_number(connection, "nothing") is None
    with reading(HEAD) as connection:
        assert [one.number for one in open_at_buildings(connection, [city["north-b2"]])] == [number]
    with reading(SOUTH) as connection:
        assert request_by_number(connection, number) is None
        assert open_at_buildings(connection, [city["north-b2"]]) == []


def test_the_same_thing_near_and_of_these_hours_is_suggested(city: SmallCity) -> None:
    first = taken(building_id=city["north-b1"])
    taken(building_id=city["north-b1"], category_code="noise")
    taken(building_id=city["north-b1"], received_at=NOW - timedelta(hours=80))
    taken(building_id=city["north-b3"])
    again = RequestDraft("station_desk", "water", NOW, building_id=city["north-b1"])
    with reading(NORTH) as connection:
        assert [one.number for one in possible_duplicates(connection, again)] == [first]
        with owner_engine().connect() as owner:
            lon, lat = owner.execute(
                text("SELECT ST_X(geom), ST_Y(geom) FROM request WHERE number = :number"), {"number": first}
            ).one()
        near = RequestDraft("web", "water", NOW, lon=lon + 0.0005, lat=lat)
        assert [one.number for one in possible_duplicates(connection, near)] == [first]
        somewhere = RequestDraft("web", "water", NOW, community_id=city["north"])
        assert possible_duplicates(connection, somewhere) == []


def test_categories_are_found_by_a_word_in_either_language_or_pinyin(city: SmallCity) -> None:
    with reading(HEAD) as connection:
        known = categories(connection)
        assert [one.code for one in matching_categories(known, "tingshui")] == ["water"]
        assert [one.code for one in matching_categories(known, "停水")] == ["water"]
        assert [one.code for one in matching_categories(known, "gongshui")] == ["water"]
        assert [one.code for one in matching_categories(known, "gs")] == ["water"]
        assert len(matching_categories(known, "")) == len(known) == 24
        assert colleagues(connection, city["north"]) == {}
    with reading(NORTH) as connection:
        assert set(colleagues(connection, city["north"])) == {NORTH.name, STAFF.name}
        assert colleagues(connection, city["south"]) == {}


def test_an_incident_lists_its_doors_their_heads_and_what_likely_belongs_to_it(city: SmallCity) -> None:
    number = taken(unit_id=city["north-u1"])
    with writing(NORTH) as session:
        doors = ((city["north-b2"], None),)
        made = record_incident(session, IncidentDraft("water", "Burst pipe", NOW - timedelta(hours=2), doors))
    with reading(NORTH) as connection:
        found = incident(connection, made)
        assert found is not None
        assert (found.doors, found.requests, round(found.duration(NOW).total_seconds())) == (1, 0, 7200)
        door = doors_of_incident(connection, made)[0]
        assert (door.place, door.heads) == ("金桂花园2号楼", ("周文华",))
        likely = likely_requests(connection, found)
        assert [one.number for one in likely] == [number]
    with writing(NORTH) as session:
        join_requests(session, made, [likely[0].id])
    with writing(NORTH) as session:
        end_incident(session, made, at=NOW - timedelta(hours=1), version=1)
    with reading(NORTH) as connection:
        assert [one.number for one in requests_of_incident(connection, made)] == [number]
        assert [one.id for one in incidents(connection, running=False)] == [made]
        assert incidents(connection, running=True) == []
    with reading(SOUTH) as connection:
        assert incidents(connection) == []


def heard(city: SmallCity, place: str, count: int, *, incident_id: int | None = None, answer: str = "yes") -> None:
    """Write requests of the middle of last month that were called back, as the owner."""
    _since, until = last_months(today())
    with owner_engine().begin() as owner:
        owner.execute(
            text(
                "WITH made AS (INSERT INTO request (number, channel, category_id, class_code, respond_h, solve_h, "
                "community_id, placed_by, received_at, status, recorded_by, incident_id) "
                "SELECT gen_random_uuid()::text, 'web', (SELECT id FROM request_category WHERE code = 'noise'), "
                "'normal', 1, 1, :community, 'community', :at, 'called_back', 'x', :incident_id "
                "FROM generate_series(1, :count) RETURNING id, community_id, received_at) "
                "INSERT INTO call_back (request_id, community_id, called_at, recorded_by, reached, responded, solved, "
                "satisfied) SELECT id, community_id, received_at, 'x', true, true, true, :answer FROM made"
            ),
            {"community": city[place], "at": datetime(until.year, until.month, 1, tzinfo=UTC) - timedelta(days=15),
             "count": count, "incident_id": incident_id, "answer": answer},
        )  # fmt: skip


def test_rates_count_an_incident_once_and_the_last_call_back_of_a_request(city: SmallCity) -> None:
    with writing(NORTH) as session:
        made = record_incident(
            session, IncidentDraft("water", "Burst pipe", NOW - timedelta(days=60), ((city["north-b1"], None),))
        )
    heard(city, "north", 7, answer="basically")
    heard(city, "north", 30, incident_id=made, answer="no")
    with reading(NORTH) as connection:
        row = rate_table(connection, "community").rows[0]
    assert (row.keys, row.requests) == ((str(city["north"]),), 8)
    assert (row.counts.called, row.counts.solved, row.counts.satisfied, row.counts.basically) == (8, 8, 0, 7)
    with owner_engine().begin() as owner:
        owner.execute(
            text("INSERT INTO call_back (request_id, community_id, called_at, recorded_by, reached, responded, solved, "
                 "satisfied) SELECT request_id, community_id, now(), 'x', true, true, true, 'yes' FROM call_back "
                 "WHERE satisfied = 'basically'")
        )  # fmt: skip
    with reading(NORTH) as connection:
        by_category = rate_table(connection, "category").rows
        assert rate_table(connection, "month", community_id=city["south"]).rows == ()
    assert [(one.keys, one.counts.called, one.counts.satisfied) for one in by_category] == [(("noise",), 8, 7)]


def test_who_sees_no_requests_sees_counts_that_hold_enough_and_nothing_in_another_cut(city: SmallCity) -> None:
    heard(city, "north", 9)
    heard(city, "south", 3)
    with reading(LEADER) as connection:
        merged = rate_table(connection, "community", community_id=city["south"], since=today())
        months = rate_table(connection, "month")
    assert [(set(row.keys), row.requests) for row in merged.rows] == [({str(city["north"]), str(city["south"])}, 12)]
    assert (merged.least, merged.since, months.rows[0].counts.called) == (5, last_months(today())[0], 12)
    heard(city, "south", 2)
    with reading(PLANNER) as connection:
        assert [row.requests for row in rate_table(connection, "community").rows] == [9, 5]
        with pytest.raises(Exception, match="no such count"):
            connection.execute(text("SELECT * FROM app_request_counts('day', 'UTC')"))
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM request"))
    heard(city, "south", 4)
    with reading(LEADER) as connection:
        assert rate_table(connection, "community").rows == ()


def test_a_run_reads_places_and_times_without_words_and_is_logged_once(city: SmallCity) -> None:
    first = taken(building_id=city["north-b1"], summary="secret words", address="湖滨路 8 号")
    taken(SOUTH, building_id=city["south-b1"])
    again = taken(building_id=city["north-b1"])
    with reading(NORTH) as connection:
        kept = request_by_number(connection, first)
        assert kept is not None
    stepped(again, "duplicate", first_id=kept.id)
    found = requests_of_run(PLANNER, "gi on hexagons")
    assert len(found) == 2
    assert {one.community_id for one in requests_of_run(NORTH, "scan")} == {city["north"]}
    assert "secret" not in str(found)
    assert [one.address_hash is None for one in sorted(found, key=lambda one: one.community_id)] == [False, True]
    with reading(ADMINISTRATOR) as connection:
        entries = connection.execute(
            text("SELECT actor, after FROM audit_entry WHERE action = 'run_with_requests' ORDER BY id")
        ).all()
    assert [tuple(entry) for entry in entries] == [
        (PLANNER.name, {"purpose": "gi on hexagons", "requests": 2}), (NORTH.name, {"purpose": "scan", "requests": 1}),
    ]  # fmt: skip
    for actor in (LEADER, STAFF, HEAD):
        with pytest.raises(NotAllowed):
            requests_of_run(actor, "scan")
    with pytest.raises(BadInput):
        requests_of_run(PLANNER, " ")
