from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.consents import consents_of, record_consent, withdraw_consent
from geo.coverage.pairing_study import pairing_as_job
from geo.errors import BadInput, NotAllowed, NotFound
from geo.jobs.context import JobContext, JobStopped, Notes
from geo.people.circle_reads import circles
from geo.people.circle_rules import Member
from geo.people.circle_writes import change_members
from geo.planning.study_reads import studies, study_frame
from geo.store.clock import today
from geo.store.cluster import Cluster
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access.helped import ADMINISTRATOR, HEAD, LEADER, PLANNER, SOUTH, WORDS
from tests.store.circle_city import MONDAY, CircleCity, build, circle_at_work
from tests.store.small_city import NORTH_ORGANISER


@pytest.fixture
def city(clean_store: Cluster) -> CircleCity:
    return build()


def run(city: CircleCity, actor: Actor = NORTH_ORGANISER, notes: Notes | None = None, **asked: Any) -> dict[str, Any]:
    context = JobContext(7_101, actor, Path(), notes or Notes())
    return pairing_as_job(context, community_id=city.helped.city["north"], **asked)


def looks() -> list[Any]:
    with owner_engine().connect() as owner:
        return list(owner.execute(text("SELECT * FROM audit_entry WHERE action = 'run_with_persons'")))


def test_a_run_proposes_a_circle_for_who_agreed_and_is_one_look_in_the_log(city: CircleCity) -> None:
    done = run(city, circle=2)
    assert done["proposed"] == 1
    assert len(looks()) == 1
    with reading(NORTH_ORGANISER) as connection:
        (proposal,) = circles(connection)
        (kept,) = studies(connection, "pairing")
        frame = study_frame(connection, kept.id)
    assert (proposal.status, proposal.number, proposal.study_id) == ("proposed", city.helped.number, kept.id)
    assert [(one.role, one.tasks) for one in proposal.members] == [
        ("primary", ("visit",)), ("primary", ("meal",)), ("backup", ()),
    ]  # fmt: skip
    assert all(one.distance_m is not None for one in proposal.members)
    assert (kept.figures["status"], kept.figures["by_road"], kept.stale) == ("optimal", False, False)
    assert kept.figures["hours_met"] == kept.figures["hours_asked"] == 2.0
    assert not any(word in frame.to_string() + str(kept) for word in (*WORDS, "李明"))


def test_without_consent_nothing_is_proposed_and_the_message_says_whom_to_ask(city: CircleCity) -> None:
    with writing(NORTH_ORGANISER) as session:
        (given,) = consents_of(session, city.helped.person)
        withdraw_consent(session, given.id, on=today())
    with pytest.raises(BadInput, match="agreed"):
        run(city)
    with writing(NORTH_ORGANISER) as session:
        record_consent(session, city.helped.person, "planning", given_on=today(), how="written")
    assert run(city)["proposed"] == 1


def test_a_present_circle_is_kept_and_only_what_it_lacks_is_sought(city: CircleCity) -> None:
    first, second, _third = city.volunteers
    circle_id = circle_at_work(city)
    with writing(NORTH_ORGANISER) as session:
        change_members(session, circle_id, [Member(first, "primary", (), (), 0.5, 120.0)], on=MONDAY, version=2)
    done = run(city, circle=3)
    with reading(NORTH_ORGANISER) as connection:
        frame = study_frame(connection, done["study_id"])
        (now,) = circles(connection)
    assert (done["proposed"], now.status, len(now.members)) == (0, "active", 1)
    assert set(frame.circle_id) == {circle_id}
    assert frame.set_index("volunteer_id").present.to_dict()[first]
    assert frame.set_index("volunteer_id").role.to_dict()[second] == "turn"


def test_asked_to_pair_anew_it_may_change_the_circle_but_ranks_who_is_there_first(city: CircleCity) -> None:
    circle_id = circle_at_work(city)
    done = run(city, circle=2, anew=True)
    with reading(NORTH_ORGANISER) as connection:
        frame = study_frame(connection, done["study_id"])
    assert done["proposed"] == 0
    assert set(frame.circle_id) == {circle_id}
    assert frame.present.all()


def test_hours_nobody_can_give_are_listed_with_their_cause(city: CircleCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_need SET skills = '{nursing}' WHERE id = :id"), {"id": city.helped.need})
    done = run(city)
    with reading(NORTH_ORGANISER) as connection:
        (gap,) = study_frame(connection, done["study_id"]).itertuples()
    assert (done["proposed"], gap.need_id, gap.cause, gap.missing) == (
        0, city.helped.need, "nobody_with_skill", 2.0,
    )  # fmt: skip


def test_a_run_that_was_cancelled_keeps_nothing(city: CircleCity) -> None:
    notes = Notes()
    notes.ask_to_stop("cancelled")
    with pytest.raises(JobStopped):
        run(city, notes=notes)
    with reading(NORTH_ORGANISER) as connection:
        assert circles(connection) == []
        assert studies(connection, "pairing") == []


@pytest.mark.parametrize("actor", [SOUTH, HEAD, LEADER, PLANNER, ADMINISTRATOR], ids=lambda actor: actor.name)
def test_nobody_but_who_works_there_gets_proposals(city: CircleCity, actor: Actor) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        run(city, actor)
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT count(*) FROM care_circle")) == 0
        assert owner.scalar(text("SELECT count(*) FROM study")) == 0
    run(city)
    with reading(actor) as connection:
        assert len(studies(connection, "pairing")) == (1 if actor is ADMINISTRATOR else 0)
