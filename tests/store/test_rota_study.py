from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo.coverage.proposals_study import RotaFound, latest_rota
from geo.coverage.rota_study import rota_as_job
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.jobs.context import JobContext, JobStopped, Notes
from geo.people.circle_rules import Member
from geo.people.circle_writes import change_members
from geo.planning.shift_reads import week_shifts
from geo.planning.shift_rules import Turn, monday_of
from geo.planning.shift_writes import ShiftDraft, accept_plan, add_shift
from geo.store.clock import today
from geo.store.cluster import Cluster
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access.helped import LEADER, PLANNER, SOUTH, STAFF
from tests.store.circle_city import CircleCity, build, circle_at_work
from tests.store.small_city import NORTH_ORGANISER


@pytest.fixture
def city(clean_store: Cluster) -> CircleCity:
    return build()


def next_monday() -> date:
    return monday_of(today()) + timedelta(weeks=1)


def run(city: CircleCity, actor: Actor = NORTH_ORGANISER, notes: Notes | None = None, on: date | None = None) -> Any:
    context = JobContext(7_301, actor, Path(), notes or Notes())
    return rota_as_job(context, community_id=city.helped.city["north"], monday=(on or next_monday()).isoformat())


def found(city: CircleCity, actor: Actor = NORTH_ORGANISER) -> RotaFound | None:
    with reading(actor) as connection:
        return latest_rota(connection, city.helped.city["north"], next_monday())


def test_the_hours_of_a_need_become_turns_on_days_apart_and_are_kept_as_a_study(city: CircleCity) -> None:
    circle_id = circle_at_work(city)
    assert run(city)["planned"] == 2
    plan = found(city)
    assert plan is not None
    assert {one.circle_id for one in plan.turns} == {circle_id}
    assert {one.task for one in plan.turns} == {"visit", "meal"}
    assert len({one.turn.on_day for one in plan.turns}) == 2
    assert all(one.turn.from_minute >= 540 and one.turn.to_minute <= 720 for one in plan.turns)
    assert (plan.study.figures["open"], plan.study.figures["proven"], plan.study.stale) == (0, True, False)
    assert [one["name"] for one in plan.study.figures["stages"]] == ["open", "fairness", "continuity"]


def test_an_accepted_plan_is_offered_and_another_run_plans_only_what_is_missing(city: CircleCity) -> None:
    circle_at_work(city)
    study_id = run(city)["study_id"]
    with writing(NORTH_ORGANISER) as session:
        assert accept_plan(session, study_id) == 2
    with reading(NORTH_ORGANISER) as connection:
        week = week_shifts(connection, next_monday())
    assert [one.status for one in week] == ["offered", "offered"]
    assert run(city) | {"study_id": 0} == {"study_id": 0, "planned": 0, "open": 0}
    with pytest.raises(Conflict, match="two doors"), writing(NORTH_ORGANISER) as session:
        accept_plan(session, study_id)


def test_what_stands_is_planned_around(city: CircleCity) -> None:
    circle_id = circle_at_work(city)
    with owner_engine().begin() as owner:
        owner.execute(
            text("DELETE FROM availability WHERE weekday > 0 OR volunteer_id <> :id"), {"id": city.volunteers[0]}
        )
        owner.execute(text("UPDATE care_need SET hours_week = 3 WHERE id = :id"), {"id": city.helped.need})
    with writing(NORTH_ORGANISER) as session:
        add_shift(session, ShiftDraft(circle_id, city.volunteers[0], Turn(next_monday(), 600, 660), "visit"))
    run(city)
    plan = found(city)
    assert plan is not None
    times = [(one.turn.from_minute, one.turn.to_minute) for one in plan.turns if one.volunteer_id]
    assert times == [(540, 600), (660, 720)]


def test_a_plan_with_somebody_who_left_meanwhile_is_not_accepted(city: CircleCity) -> None:
    circle_id = circle_at_work(city)
    study_id = run(city)["study_id"]
    with writing(NORTH_ORGANISER) as session:
        change_members(session, circle_id, [Member(city.volunteers[2], "turn")], on=today(), version=2)
    with pytest.raises(Conflict, match="left their circle"), writing(NORTH_ORGANISER) as session:
        accept_plan(session, study_id)


def test_turns_nobody_can_take_are_told_with_the_cause_and_stay_open(city: CircleCity) -> None:
    circle_at_work(city)
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM availability"))
    done = run(city)
    plan = found(city)
    assert plan is not None
    assert {(one.volunteer_id, one.cause) for one in plan.turns} == {(None, "nobody_available")}
    assert plan.study.figures["findings"] == {"no_times": 3}
    with writing(NORTH_ORGANISER) as session:
        assert accept_plan(session, done["study_id"]) == 2
    with reading(NORTH_ORGANISER) as connection:
        assert {one.status for one in week_shifts(connection, next_monday())} == {"open"}


def test_a_week_that_is_over_and_a_community_without_circles_are_refused(city: CircleCity) -> None:
    with pytest.raises(BadInput, match="No circle is at work"):
        run(city)
    circle_at_work(city)
    with pytest.raises(BadInput, match="over"):
        run(city, on=today() - timedelta(weeks=2))


def test_a_run_that_was_cancelled_keeps_no_plan(city: CircleCity) -> None:
    circle_at_work(city)
    notes = Notes()
    notes.ask_to_stop("cancelled")
    with pytest.raises(JobStopped):
        run(city, notes=notes)
    assert found(city) is None


def test_station_staff_plan_and_others_see_no_plan(city: CircleCity) -> None:
    circle_at_work(city)
    assert run(city, STAFF)["planned"] == 2
    for actor in (SOUTH, PLANNER, LEADER):
        assert found(city, actor) is None
        with pytest.raises((NotAllowed, NotFound, BadInput)):
            run(city, actor)
