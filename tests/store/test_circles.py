from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.errors import BadInput, Conflict, NotAllowed, NotFound, Outdated
from geo.people.circle_reads import CircleView, circle, circle_figures, circles, circles_of_need, members_ever
from geo.people.circle_rules import Member
from geo.people.circle_writes import (
    CircleDraft,
    accept_circles,
    change_members,
    move_circle,
    propose_circle,
    propose_circles,
)
from geo.people.need_writes import change_need
from geo.store import audit, versions
from geo.store.cluster import Cluster
from geo.store.session import Actor, reading, writing
from tests.store.access.helped import ADMINISTRATOR, AUDITOR, HEAD, LEADER, PLANNER, SOUTH, STAFF
from tests.store.circle_city import MONDAY, CircleCity, build, circle_at_work
from tests.store.small_city import NORTH_ORGANISER

LATER = MONDAY + timedelta(days=3)


@pytest.fixture
def city(clean_store: Cluster) -> CircleCity:
    return build()


def as_north(command: Callable[[Session], Any]) -> Any:
    with writing(NORTH_ORGANISER) as session:
        return command(session)


def seen(circle_id: int) -> CircleView:
    with reading(NORTH_ORGANISER) as connection:
        found = circle(connection, circle_id)
    assert found is not None
    return found


def proposed(city: CircleCity) -> CircleView:
    draft = CircleDraft(city.helped.need, city.members())
    return seen(as_north(lambda session: propose_circle(session, draft, on=MONDAY)).id)


def test_a_proposal_is_accepted_on_trial_then_active_and_the_log_tells_it(city: CircleCity) -> None:
    first = proposed(city)
    assert (first.status, first.number, [one.role for one in first.members]) == (
        "proposed", city.helped.number, ["primary", "turn", "backup"],
    )  # fmt: skip
    assert [one.name for one in first.members] == ["李明", "张红", "刘洋"]
    as_north(lambda session: accept_circles(session, {first.id: first.version}, on=MONDAY))
    trial = seen(first.id)
    as_north(lambda session: move_circle(session, first.id, "active", on=LATER, version=trial.version))
    assert (trial.status, seen(first.id).status) == ("trial", "active")
    with reading(NORTH_ORGANISER) as connection:
        entries = audit.history(connection, "care_circle", first.id)
        figures = circle_figures(connection, community_id=city.helped.city["north"])
    assert [entry.action for entry in entries] == ["move_circle", "move_circle", "propose_circle"]
    assert (figures.by_status["active"], figures.open_needs, figures.without_circle, figures.volunteers) == (1, 1, 0, 3)
    assert figures.mean_m == pytest.approx(920 / 3)


def test_refusing_and_pausing_take_a_reason_that_is_kept(city: CircleCity) -> None:
    first = proposed(city)
    with pytest.raises(BadInput, match="why"):
        as_north(lambda session: move_circle(session, first.id, "ended", on=MONDAY, version=first.version))
    as_north(
        lambda session: move_circle(
            session, first.id, "ended", on=MONDAY, version=first.version, reason="too far for all of them"
        )
    )
    refused = seen(first.id)
    assert (refused.status, refused.reason, refused.members) == ("ended", "too far for all of them", ())
    with reading(NORTH_ORGANISER) as connection:
        assert [one.to_on for one in members_ever(connection, first.id)] == [MONDAY] * 3
    with pytest.raises(Conflict, match="cannot become"):
        as_north(lambda session: move_circle(session, first.id, "active", on=MONDAY, version=refused.version))
    again = proposed(city)
    with reading(NORTH_ORGANISER) as connection:
        assert {one.id for one in circles_of_need(connection, city.helped.need)} == {first.id, again.id}


def test_a_need_has_one_circle_and_only_while_it_is_open(city: CircleCity) -> None:
    first = proposed(city)
    with pytest.raises(Conflict, match="already"):
        proposed(city)
    as_north(lambda session: move_circle(session, first.id, "ended", on=MONDAY, version=first.version, reason="no"))
    as_north(lambda session: change_need(session, city.helped.need, status="paused", version=1))
    with pytest.raises(Conflict, match="not open"):
        proposed(city)


def test_a_swap_keeps_who_was_there_with_the_last_day_and_the_reason(city: CircleCity) -> None:
    first, second, third = city.volunteers
    circle_id = circle_at_work(city)
    wanted = [Member(first, "primary", ("visit",), (0, 2), 1.0, 120.0), Member(third, "turn", (), (), 1.5, 500.0)]
    as_north(
        lambda session: change_members(
            session, circle_id, wanted, on=LATER, version=seen(circle_id).version, reason="moved away"
        )
    )
    assert [(one.volunteer_id, one.role, one.hours_week) for one in seen(circle_id).members] == [
        (first, "primary", 1.0), (third, "turn", 1.5),
    ]  # fmt: skip
    with reading(NORTH_ORGANISER) as connection:
        past = [one for one in members_ever(connection, circle_id) if one.to_on]
    assert sorted((one.volunteer_id, one.role, one.to_on, one.reason) for one in past) == sorted(
        [(second, "turn", LATER, "moved away"), (third, "backup", LATER, "moved away")]
    )


def test_two_organisers_at_one_circle_never_overwrite_each_other(city: CircleCity) -> None:
    circle_id = circle_at_work(city)
    version = seen(circle_id).version
    as_north(lambda session: change_members(session, circle_id, city.members()[:2], on=LATER, version=version))
    with pytest.raises(Outdated, match="meanwhile"):
        as_north(lambda session: change_members(session, circle_id, city.members()[:1], on=LATER, version=version))
    with pytest.raises(Outdated, match="meanwhile"):
        as_north(lambda session: move_circle(session, circle_id, "ended", on=LATER, version=version, reason="no"))
    assert len(seen(circle_id).members) == 2


@pytest.mark.parametrize("wrong", ["stranger", "unknown", "paused"])
def test_a_volunteer_of_elsewhere_or_who_takes_no_part_joins_no_circle(city: CircleCity, wrong: str) -> None:
    someone = {"stranger": city.stranger, "unknown": 999_999, "paused": city.volunteers[0]}[wrong]
    if wrong == "paused":
        as_north(
            lambda session: session.execute(
                text("UPDATE volunteer SET status = 'paused' WHERE id = :id"), {"id": someone}
            )
        )
    with pytest.raises(Conflict, match="volunteer"):
        as_north(
            lambda session: propose_circle(
                session, CircleDraft(city.helped.need, (Member(someone, "primary"),)), on=MONDAY
            )
        )


def test_a_newer_run_replaces_the_proposals_of_an_older_one_and_leaves_other_circles_alone(city: CircleCity) -> None:
    by_hand = proposed(city)
    draft = CircleDraft(city.helped.need, city.members()[:2])
    assert as_north(lambda session: propose_circles(session, [draft], on=MONDAY, study_id=6)) == 0
    as_north(lambda session: move_circle(session, by_hand.id, "ended", on=MONDAY, version=1, reason="no"))
    assert as_north(lambda session: propose_circles(session, [draft], on=MONDAY, study_id=6)) == 1
    with reading(NORTH_ORGANISER) as connection:
        (first,) = circles(connection)
    assert as_north(lambda session: propose_circles(session, [draft], on=LATER, study_id=7)) == 1
    assert (seen(first.id).status, seen(first.id).reason) == ("ended", "Replaced by a newer proposal")
    with reading(NORTH_ORGANISER) as connection:
        (now,) = circles(connection)
    assert (now.study_id, len(now.members)) == (7, 2)
    as_north(lambda session: accept_circles(session, {now.id: now.version}, on=LATER))
    assert as_north(lambda session: propose_circles(session, [draft], on=LATER, study_id=8)) == 0
    assert seen(now.id).status == "trial"


def test_a_change_raises_the_version_of_the_topic_care(city: CircleCity) -> None:
    with reading(NORTH_ORGANISER) as connection:
        before = versions.current(connection)["care"]
    proposed(city)
    with reading(NORTH_ORGANISER) as connection:
        assert versions.current(connection)["care"] > before


@pytest.mark.parametrize("actor", [SOUTH, PLANNER, LEADER, HEAD, AUDITOR], ids=lambda actor: actor.name)
def test_circles_are_not_there_for_other_communities_planners_leaders_heads_and_auditors(
    city: CircleCity, actor: Actor
) -> None:
    circle_id = circle_at_work(city)
    with reading(actor) as connection:
        assert circles(connection) == []
        assert circle(connection, circle_id) is None
        assert connection.execute(text("SELECT count(*) FROM circle_member")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM care_circle")).scalar_one() == 0
    with pytest.raises((NotFound, NotAllowed)), writing(actor) as session:
        move_circle(session, circle_id, "paused", on=LATER, version=2, reason="no")


@pytest.mark.parametrize("actor", [STAFF, ADMINISTRATOR], ids=lambda actor: actor.name)
def test_staff_and_administrators_see_circles_and_only_who_may_pairs(city: CircleCity, actor: Actor) -> None:
    circle_id = circle_at_work(city)
    version = seen(circle_id).version
    with reading(actor) as connection:
        assert [one.id for one in circles(connection)] == [circle_id]
    if actor is STAFF:
        with pytest.raises(NotAllowed), writing(actor) as session:
            move_circle(session, circle_id, "paused", on=LATER, version=version, reason="no")
        return
    with writing(actor) as session:
        move_circle(session, circle_id, "paused", on=LATER, version=version, reason="holidays")
    assert seen(circle_id).status == "paused"
