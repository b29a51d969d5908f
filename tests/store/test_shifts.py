from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.errors import BadInput, Conflict, NotAllowed, NotFound, Outdated
from geo.people.circle_reads import circle
from geo.people.circle_rules import Member
from geo.people.circle_writes import change_members, move_circle
from geo.planning.shift_reads import ShiftView, candidates, shift, shifts_of_circle, week_loads, week_shifts
from geo.planning.shift_rules import Turn
from geo.planning.shift_writes import (
    ShiftDraft,
    add_shift,
    hand_over,
    move_shift,
    plan_week,
    send_stand_in,
    swap_shifts,
)
from geo.store.cluster import Cluster
from geo.store.session import Actor, reading, writing
from tests.store.access.helped import HEAD, LEADER, PLANNER, SOUTH, STAFF
from tests.store.circle_city import MONDAY, SUNDAY, CircleCity, build, circle_at_work
from tests.store.small_city import NORTH_ORGANISER

NINE = Turn(MONDAY, 540, 600)
WEDNESDAY = Turn(MONDAY + timedelta(days=2), 540, 600)


@pytest.fixture
def city(clean_store: Cluster) -> CircleCity:
    return build()


def as_north(command: Callable[[Session], Any]) -> Any:
    with writing(NORTH_ORGANISER) as session:
        return command(session)


def seen(shift_id: int) -> ShiftView:
    with reading(NORTH_ORGANISER) as connection:
        found = shift(connection, shift_id)
    assert found is not None
    return found


def offered(city: CircleCity, turn: Turn = NINE) -> ShiftView:
    circle_id = circle_at_work(city)
    draft = ShiftDraft(circle_id, city.volunteers[0], turn, "visit")
    return seen(as_north(lambda session: add_shift(session, draft)).id)


def moved(found: ShiftView, *statuses: str, reason: str | None = None) -> ShiftView:
    for status in statuses:
        version = seen(found.id).version
        as_north(
            lambda session, to=status, at=version: move_shift(
                session, found.id, to, version=at, on=SUNDAY, reason=reason
            )
        )
    return seen(found.id)


def test_a_shift_that_is_done_adds_hours_that_wait_to_be_confirmed(city: CircleCity) -> None:
    done = moved(offered(city), "accepted", "done")
    assert (done.status, done.volunteer, done.number) == ("done", "李明", city.helped.number)
    with reading(NORTH_ORGANISER) as connection:
        row = connection.execute(text("SELECT * FROM hours_given")).one()
        loads = {one.volunteer_id: one for one in week_loads(connection, MONDAY)}
    assert (row.volunteer_id, row.given_on, row.minutes, row.recorded_by, row.confirmed_by) == (
        city.volunteers[0], MONDAY, 60, NORTH_ORGANISER.name, None,
    )  # fmt: skip
    assert (loads[city.volunteers[0]].done_hours, loads[city.volunteers[0]].offered_hours) == (1.0, 3.0)
    assert {one.planned_hours for key, one in loads.items() if key != city.volunteers[0]} == {0.0}


def test_a_missed_shift_offers_who_steps_in_first_and_is_replaced_in_one_step(city: CircleCity) -> None:
    missed = moved(offered(city), "accepted", "missed", reason="ill")
    with reading(NORTH_ORGANISER) as connection:
        offers = candidates(connection, missed)
    assert [(one.name, one.role, one.objections) for one in offers] == [("刘洋", "backup", ()), ("张红", "turn", ())]
    made = as_north(lambda session: send_stand_in(session, missed.id, offers[0].volunteer_id, version=missed.version))
    assert (seen(missed.id).status, seen(missed.id).stand_in) == ("replaced", "刘洋")
    assert (seen(made.id).replaces_id, seen(made.id).status, seen(made.id).turn) == (missed.id, "offered", NINE)
    with pytest.raises(Conflict, match="cannot become"):
        as_north(
            lambda session: send_stand_in(session, missed.id, offers[1].volunteer_id, version=seen(missed.id).version)
        )


def test_a_swap_is_checked_against_times_other_shifts_and_hours(city: CircleCity) -> None:
    first, second, _third = city.volunteers
    mine = offered(city, WEDNESDAY)
    as_north(lambda session: add_shift(session, ShiftDraft(mine.circle_id, second, WEDNESDAY, "meal")))
    with pytest.raises(Conflict, match="another shift"):
        as_north(lambda session: hand_over(session, mine.id, second, version=mine.version))
    evening = as_north(
        lambda session: add_shift(
            session, ShiftDraft(mine.circle_id, first, Turn(MONDAY, 1140, 1200), "visit"), anyway=True
        )
    )
    with pytest.raises(Conflict, match="not said"):
        as_north(lambda session: hand_over(session, evening.id, second, version=evening.version))
    as_north(lambda session: hand_over(session, evening.id, second, version=evening.version, anyway=True))
    assert (seen(evening.id).volunteer_id, seen(evening.id).status) == (second, "offered")
    long = ShiftDraft(mine.circle_id, second, Turn(MONDAY + timedelta(days=1), 540, 680), "visit")
    with pytest.raises(Conflict, match="hours a week"):
        as_north(lambda session: add_shift(session, long))


def test_two_volunteers_take_each_others_shift_when_both_can(city: CircleCity) -> None:
    mine = offered(city)
    same_time, evening = (
        as_north(
            lambda session, turn=turn: add_shift(
                session, ShiftDraft(mine.circle_id, city.volunteers[1], turn, "meal"), anyway=True
            )
        )
        for turn in (NINE, Turn(WEDNESDAY.on_day, 1140, 1200))
    )
    as_north(lambda session: swap_shifts(session, (mine.id, mine.version), (same_time.id, same_time.version)))
    assert (seen(mine.id).volunteer_id, seen(same_time.id).volunteer_id) == (city.volunteers[1], city.volunteers[0])
    first, second = seen(same_time.id), seen(evening.id)
    with pytest.raises(Conflict, match="another shift"):
        as_north(lambda session: swap_shifts(session, (first.id, first.version), (second.id, second.version)))
    assert seen(same_time.id) == first
    with pytest.raises(Conflict, match="of two volunteers"):
        as_north(lambda session: swap_shifts(session, (mine.id, seen(mine.id).version), (second.id, second.version)))


def test_nobody_is_at_two_doors_at_once_not_even_when_somebody_insists(city: CircleCity) -> None:
    mine = offered(city)
    overlapping = ShiftDraft(mine.circle_id, mine.volunteer_id, Turn(MONDAY, 570, 630), "meal")
    with pytest.raises(Conflict, match="two doors"):
        as_north(lambda session: add_shift(session, overlapping, anyway=True))


def test_a_plan_fills_the_week_again_without_touching_what_was_accepted(city: CircleCity) -> None:
    accepted = moved(offered(city), "accepted")
    drafts = [
        ShiftDraft(accepted.circle_id, None, WEDNESDAY, "visit"),
        ShiftDraft(accepted.circle_id, city.volunteers[1], Turn(SUNDAY, 540, 600), "meal"),
    ]
    assert as_north(lambda session: plan_week(session, drafts)) == 2
    assert as_north(lambda session: plan_week(session, drafts[:1])) == 1
    with reading(NORTH_ORGANISER) as connection:
        week = week_shifts(connection, MONDAY, community_id=city.helped.city["north"])
        assert week_shifts(connection, MONDAY + timedelta(days=7)) == []
    assert [(one.on_day, one.status) for one in week] == [
        (MONDAY, "accepted"), (WEDNESDAY.on_day, "open"), (SUNDAY, "offered"),
    ]  # fmt: skip


def test_what_has_not_come_yet_is_neither_done_nor_missed(city: CircleCity) -> None:
    found = moved(offered(city, WEDNESDAY), "accepted")
    for status in ("done", "missed"):
        with pytest.raises(Conflict, match="still to come"):
            as_north(
                lambda session, to=status: move_shift(
                    session, found.id, to, version=found.version, on=MONDAY, reason="x"
                )
            )


def test_missing_and_cancelling_take_a_reason_and_a_faster_hand_wins(city: CircleCity) -> None:
    found = moved(offered(city), "accepted")
    with pytest.raises(BadInput, match="why"):
        as_north(lambda session: move_shift(session, found.id, "missed", version=found.version, on=SUNDAY))
    with pytest.raises(Outdated, match="meanwhile"):
        as_north(lambda session: move_shift(session, found.id, "done", version=found.version - 1, on=SUNDAY))
    given_back = moved(found, "open")
    assert (given_back.volunteer_id, given_back.status) == (None, "open")
    assert moved(found, "cancelled", reason="in hospital").reason == "in hospital"


def test_who_leaves_the_circle_leaves_their_coming_shifts_open(city: CircleCity) -> None:
    found = offered(city, WEDNESDAY)
    with reading(NORTH_ORGANISER) as connection:
        now = circle(connection, found.circle_id)
    assert now is not None
    rest = [one.member for one in now.members if one.volunteer_id != found.volunteer_id]
    as_north(lambda session: change_members(session, now.id, rest, on=MONDAY, version=now.version))
    assert (seen(found.id).status, seen(found.id).volunteer_id) == ("open", None)
    with pytest.raises(Conflict, match="not in the circle"):
        as_north(lambda session: hand_over(session, found.id, city.volunteers[0], version=seen(found.id).version))


def test_a_circle_that_pauses_or_ends_cancels_what_was_to_come(city: CircleCity) -> None:
    past, coming = offered(city), None
    coming = as_north(
        lambda session: add_shift(session, ShiftDraft(past.circle_id, city.volunteers[1], WEDNESDAY, "meal"))
    )
    as_north(
        lambda session: move_circle(
            session, past.circle_id, "paused", on=WEDNESDAY.on_day, version=2, reason="with the children"
        )
    )
    with reading(NORTH_ORGANISER) as connection:
        found = {one.id: (one.status, one.reason) for one in shifts_of_circle(connection, past.circle_id)}
    assert found == {past.id: ("offered", None), coming.id: ("cancelled", "with the children")}
    with pytest.raises(Conflict, match="not at work"):
        as_north(lambda session: add_shift(session, ShiftDraft(past.circle_id, None, NINE, "visit")))


def test_a_shift_names_somebody_of_the_circle(city: CircleCity) -> None:
    found = offered(city)
    with reading(NORTH_ORGANISER) as connection:
        now = circle(connection, found.circle_id)
    assert now is not None
    alone = [Member(city.volunteers[0], "primary")]
    as_north(lambda session: change_members(session, now.id, alone, on=MONDAY, version=now.version))
    with pytest.raises(Conflict, match="not in the circle"):
        as_north(lambda session: add_shift(session, ShiftDraft(now.id, city.volunteers[1], WEDNESDAY, "visit")))


@pytest.mark.parametrize("actor", [SOUTH, PLANNER, LEADER, HEAD], ids=lambda actor: actor.name)
def test_shifts_are_not_there_for_other_communities_planners_leaders_and_heads(city: CircleCity, actor: Actor) -> None:
    found = offered(city)
    with reading(actor) as connection:
        assert week_shifts(connection, MONDAY) == []
        assert connection.execute(text("SELECT count(*) FROM shift")).scalar_one() == 0
    with pytest.raises((NotFound, NotAllowed)), writing(actor) as session:
        move_shift(session, found.id, "accepted", version=found.version, on=SUNDAY)


def test_station_staff_run_the_rota(city: CircleCity) -> None:
    found = offered(city)
    with writing(STAFF) as session:
        move_shift(session, found.id, "accepted", version=found.version, on=SUNDAY)
    assert seen(found.id).status == "accepted"
