"""Visits on a real database: recorded once, next due by class of risk, and shown to who works with the need only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from geo.access.helped_persons import Whereabouts, change_person
from geo.access.log_reads import LogFilter, log_entries
from geo.briefing.log_words import told
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.people.need_writes import change_need, open_need
from geo.people.visit_reads import (
    VisitChoice,
    cadence_counts,
    due_at_buildings,
    due_needs,
    due_of_need,
    visit_figures,
    visitors,
    visits_of_need,
)
from geo.people.visit_rules import VisitDraft, kind_due, week_end
from geo.people.visit_writes import Recorded, record_visit
from geo.planning.reads import parameters
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, AUDITOR, HEAD, LEADER, PLANNER, SOUTH, STAFF, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH

NOW = datetime.now(UTC)


@pytest.fixture
def there(clean_store: object) -> Helped:
    return helped.build()


def draft(need: int, days_ago: float = 0, **fields: Any) -> VisitDraft:
    """A visit that met somebody who was well."""
    met: dict[str, Any] = {"result": "met", "findings": ("all_well",), "minutes": 20}
    return VisitDraft(uuid4(), need, NOW - timedelta(days=days_ago, seconds=5), **met | fields)


def record(actor: Actor, visit: VisitDraft) -> Recorded:
    with writing(actor) as session:
        return record_visit(session, visit)


def due_on(need: int, actor: Actor = NORTH) -> date:
    with reading(actor) as connection:
        found = due_of_need(connection, need)
    assert found is not None
    return found.due_on


def visits() -> int:
    with owner_engine().connect() as owner:
        return int(owner.scalar(text("SELECT count(*) FROM visit")) or 0)


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def set_risk(person: int, risk: str) -> None:
    with writing(NORTH) as session:
        change_person(session, person, {"risk_class": risk})


@pytest.mark.parametrize(("risk", "days"), [("high", 7), ("key", 30), ("general", 90)])
def test_a_visit_makes_the_next_due_by_the_class_of_risk(there: Helped, risk: str, days: int) -> None:
    set_risk(there.person, risk)
    assert due_on(there.need) == helped.DAY
    made = record(NORTH, draft(there.need))
    assert made.next_due_on == due_on(there.need) == in_days(days)
    assert made.number == there.number


def test_a_need_with_a_rhythm_of_its_own_and_a_city_with_numbers_of_its_own_go_by_them(there: Helped) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("INSERT INTO parameter (name, value, changed_by) VALUES ('visit_high_risk_days', '5', 'operator')")
        )
    assert record(NORTH, draft(there.need)).next_due_on == in_days(5)
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_need SET cadence_days = 2 WHERE id = :id"), {"id": there.need})
    assert due_on(there.need) == in_days(2)


def test_the_defaults_of_the_database_are_those_of_the_parameters(there: Helped) -> None:
    with reading(NORTH) as connection:
        numbers = parameters(connection)
    for risk, name in (("high", "visit_high_risk_days"), ("key", "visit_key_days"), ("general", "visit_general_days")):
        set_risk(there.person, risk)
        assert record(NORTH, draft(there.need)).next_due_on == in_days(numbers[name])


def test_only_a_visit_that_met_somebody_counts(there: Helped) -> None:
    record(NORTH, draft(there.need, 6))
    before = due_on(there.need)
    for result in ("absent", "refused"):
        assert record(NORTH, draft(there.need, 1, result=result, findings=())).next_due_on == before == in_days(1)
    with reading(NORTH) as connection:
        seen = due_of_need(connection, there.need)
    assert seen is not None
    assert (seen.last_met_on, seen.last_tried_on, seen.last_result) == (in_days(-6), in_days(-1), "refused")


@pytest.mark.parametrize("finding", ["unwell", "fell"])
def test_a_change_at_high_risk_is_looked_after_within_a_day_until_somebody_did(there: Helped, finding: str) -> None:
    made = record(NORTH, draft(there.need, findings=(finding, "lonely")))
    assert made.next_due_on == in_days(1)
    with reading(NORTH) as connection:
        seen = due_of_need(connection, there.need)
    assert seen is not None
    assert kind_due(seen.state, after_change=seen.after_change) == "after_change"
    answered = replace(draft(there.need, findings=(finding,), kind="after_change"), visited_at=NOW)
    assert record(NORTH, answered).next_due_on == in_days(7)


def test_a_change_at_lower_risk_keeps_the_rhythm(there: Helped) -> None:
    set_risk(there.person, "key")
    assert record(NORTH, draft(there.need, findings=("fell",))).next_due_on == in_days(30)


def test_a_visit_handed_in_late_does_not_move_what_a_later_one_set(there: Helped) -> None:
    record(NORTH, draft(there.need))
    assert record(NORTH, draft(there.need, 5, findings=("fell",))).next_due_on == in_days(7)
    assert due_on(there.need) == in_days(7)


def test_the_same_visit_twice_is_one_and_writes_one_entry(there: Helped) -> None:
    visit = draft(there.need)
    first, second = record(HEAD, visit), record(HEAD, visit)
    assert (first.again, second.again) == (False, True)
    assert replace(second, again=False) == first
    assert visits() == 1
    with owner_engine().connect() as owner:
        entries = owner.execute(
            text("SELECT actor, community_id, after FROM audit_entry WHERE action = 'record_visit'")
        )
        [entry] = entries.all()
    assert (entry.actor, entry.community_id) == (HEAD.name, there.city["north"])
    assert set(entry.after) == {"number", "kind", "result", "visited_on", "minutes", "next_due_on"}


def test_the_log_says_in_words_when_somebody_was_visited_and_never_how_they_were(there: Helped) -> None:
    record(STAFF, draft(there.need, findings=("unwell",), kind="first"))
    with reading(NORTH) as connection:
        [line] = [
            one for one in told(connection, log_entries(connection, LogFilter())) if one.action == "Visit recorded"
        ]
    assert line.what == f"Visit {there.number}"
    assert "Result: Met" in line.changed
    assert "Kind: first visit" in line.changed
    assert "nwell" not in line.changed + str(line.details)


def test_a_visit_sent_by_eight_at_once_is_one(there: Helped) -> None:
    visit = draft(there.need)
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(lambda _turn: record(NORTH, visit), range(8)))
    assert len({one.visit_id for one in made}) == 1
    assert [one.again for one in made].count(False) == 1
    assert visits() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"result": "absent", "findings": ()},
        {"findings": ("fell",)},
        {"minutes": 30},
        {"minutes": None},
        {"kind": "phone"},
        {"visited_at": NOW - timedelta(hours=3)},
    ],
)
def test_another_visit_under_a_key_is_refused(there: Helped, other: dict[str, Any]) -> None:
    visit = draft(there.need)
    record(NORTH, visit)
    with pytest.raises(Conflict, match="Key of the visit"):
        record(NORTH, replace(visit, **other))
    assert visits() == 1


def test_somebody_elses_key_is_refused_and_tells_nothing(there: Helped) -> None:
    visit = draft(there.need)
    record(NORTH, visit)
    with pytest.raises(Conflict, match="Key of the visit"):
        record(STAFF, visit)
    with reading(SOUTH) as connection:
        [foreign] = due_needs(connection)
    with pytest.raises(Conflict, match="Key of the visit"):
        record(SOUTH, replace(visit, care_need_id=foreign.id))
    assert visits() == 1


def test_a_visit_kept_once_is_given_back_even_when_it_has_become_too_old(there: Helped) -> None:
    visit = draft(there.need)
    first = record(NORTH, visit)
    with writing(NORTH) as session:
        again = record_visit(session, visit, now=NOW + timedelta(days=400))
    assert (again.visit_id, again.again) == (first.visit_id, True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"visited_at": NOW + timedelta(hours=1)}, "Time of the visit: it lies in the future"),
        ({"visited_at": NOW - timedelta(days=32)}, "Time of the visit: it is more than 31 days ago"),
        ({"result": "absent"}, "Findings: nobody was met"),
        ({"findings": ("all_well", "fell")}, "Findings: “All well” stands alone"),
        ({"minutes": 0}, "Minutes"),
        ({"minutes": 2000}, "Minutes"),
    ],
)
def test_a_visit_that_cannot_have_been_is_refused_by_its_field(there: Helped, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        record(NORTH, replace(draft(there.need), **wrong))
    assert visits() == 0


def test_a_visit_after_the_end_of_a_need_is_refused_one_before_is_kept(there: Helped) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("UPDATE care_need SET status = 'ended', ended_on = :day, opened_on = :day WHERE id = :id"),
            {"day": in_days(-2), "id": there.need},
        )
    with pytest.raises(BadInput, match="ended on"):
        record(NORTH, draft(there.need))
    assert record(NORTH, draft(there.need, 4)).next_due_on is None


def volunteer(community: int) -> int:
    with owner_engine().begin() as owner:
        query = "INSERT INTO person (name, community_id) VALUES ('志愿者甲', :at) RETURNING id"
        person = owner.scalar(text(query), {"at": community})
        query = "INSERT INTO volunteer (person_id, community_id, hours_week) VALUES (:who, :at, 4) RETURNING id"
        return int(owner.scalar(text(query), {"who": person, "at": community}) or 0)


def test_a_volunteer_who_is_named_is_given_the_minutes_once(there: Helped) -> None:
    visit = draft(there.need, volunteer_id=volunteer(there.city["north"]), minutes=45)
    record(STAFF, visit)
    record(STAFF, visit)
    with owner_engine().connect() as owner:
        given = owner.execute(text("SELECT volunteer_id, given_on, minutes, confirmed_by FROM hours_given")).all()
    assert [tuple(row) for row in given] == [(visit.volunteer_id, today(), 45, None)]


def test_a_volunteer_of_elsewhere_or_unseen_is_not_named(there: Helped) -> None:
    theirs, ours = volunteer(there.city["south"]), volunteer(there.city["north"])
    for actor, one in ((NORTH, theirs), (ADMINISTRATOR, theirs), (HEAD, ours)):
        with pytest.raises(NotFound, match="Volunteer"):
            record(actor, draft(there.need, volunteer_id=one))
    assert visits() == 0


@pytest.mark.parametrize("actor", [SOUTH, Actor("organiser-of-the-north-elsewhere")])
def test_the_need_of_another_community_is_one_that_is_not_there(there: Helped, actor: Actor) -> None:
    with pytest.raises((NotFound, NotAllowed)):
        record(actor, draft(there.need))
    assert visits() == 0


@pytest.mark.parametrize("actor", [LEADER, PLANNER, AUDITOR])
def test_who_does_not_visit_may_not_record_and_sees_nothing(there: Helped, actor: Actor) -> None:
    record(NORTH, draft(there.need))
    with pytest.raises(NotAllowed):
        record(actor, draft(there.need))
    with reading(actor) as connection:
        assert due_needs(connection) == []
        assert visits_of_need(connection, there.need) == []
        assert cadence_counts(connection) == []
        assert visit_figures(connection).needs == 0
        assert (
            connection.scalar(text("SELECT personal.visit_next_due('UTC', :id, now(), false)"), {"id": there.need})
            is None
        )


def test_what_is_due_is_shown_to_exactly_who_sees_the_need(there: Helped) -> None:
    with writing(NORTH) as session:
        for where in (Whereabouts(there.city["north-b1"]), Whereabouts(there.city["north-b2"])):
            open_need(session, where, ["visit"], opened_on=helped.DAY)
    seen: dict[str, int] = {}
    for actor in (NORTH, STAFF, SOUTH, HEAD, ADMINISTRATOR, LEADER, PLANNER, AUDITOR, Actor("nobody")):
        with reading(actor) as connection:
            mine = set(connection.scalars(text("SELECT id FROM care_need WHERE status = 'open'")))
            assert {one.id for one in due_needs(connection)} == mine, actor
            seen[actor.name] = len(mine)
    assert (seen[NORTH.name], seen[HEAD.name], seen[ADMINISTRATOR.name], seen[SOUTH.name]) == (3, 2, 4, 1)


def test_the_app_cannot_ask_for_the_class_of_risk_behind_it(there: Helped) -> None:
    with reading(ADMINISTRATOR) as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text("SELECT * FROM personal.visit_standing('UTC', NULL, NULL)"))


def test_paused_and_ended_needs_are_not_due(there: Helped) -> None:
    with writing(NORTH) as session:
        change_need(session, there.need, status="paused", version=1)
    with reading(NORTH) as connection:
        assert due_of_need(connection, there.need) is None
    assert record(NORTH, draft(there.need)).next_due_on is None


def test_lists_are_filtered_by_place_state_visitor_and_day(there: Helped) -> None:
    def numbers(ask: Callable[[Any], list[Any]]) -> list[str]:
        with reading(NORTH) as connection:
            return [one.number for one in ask(connection)]

    assert numbers(lambda c: due_needs(c, VisitChoice(state="never"))) == [there.number]
    record(STAFF, draft(there.need))
    choices = {"state": "never", "visitor": "nobody", "community_id": there.city["south"], "compound_id": 10**9}
    for name, value in choices.items():
        assert numbers(lambda c, chosen={name: value}: due_needs(c, VisitChoice(**chosen))) == [], name
    chosen = VisitChoice(there.city["north"], there.city["north-c"], STAFF.name, None)
    assert numbers(lambda c: due_needs(c, chosen)) == [there.number]
    assert numbers(lambda c: due_needs(c, until=in_days(6))) == []
    assert numbers(lambda c: due_at_buildings(c, [there.city["north-b2"]], until=in_days(7))) == [there.number]
    assert numbers(lambda c: due_at_buildings(c, [there.city["north-b1"]])) == []
    with reading(NORTH) as connection:
        assert visitors(connection) == [STAFF.name]


def test_figures_count_states_and_results(there: Helped) -> None:
    record(NORTH, draft(there.need, 2))
    record(NORTH, draft(there.need, 1, result="absent", findings=()))
    with reading(NORTH) as connection:
        figures = visit_figures(connection, community_id=there.city["north"])
        elsewhere = visit_figures(connection, compound_id=there.city["south-c"])
    state = "due" if in_days(5) <= week_end(today()) else "kept"
    assert figures.by_state == {"overdue": 0, "never": 0, "due": 0, "kept": 0} | {state: 1}
    assert figures.by_result == {"met": 1, "absent": 1, "refused": 0}
    assert (elsewhere.needs, elsewhere.visits) == (0, 0)


def test_the_history_of_a_need_is_only_added_to(there: Helped) -> None:
    record(NORTH, draft(there.need, 2))
    record(HEAD, draft(there.need, 1, findings=("lonely",)))
    with reading(HEAD) as connection:
        told = visits_of_need(connection, there.need)
    assert [(one.recorded_by, one.findings) for one in told] == [(HEAD.name, ("lonely",)), (NORTH.name, ("all_well",))]
    for change in ("UPDATE visit SET minutes = 1", "DELETE FROM visit"):
        with pytest.raises(Exception, match="permission denied"), writing(ADMINISTRATOR) as session:
            session.execute(text(change))


def test_a_key_that_is_no_number_is_never_made_up(there: Helped) -> None:
    visit = replace(draft(there.need), key=UUID(int=0))
    assert record(NORTH, visit).again is False
