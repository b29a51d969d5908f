"""Commands on requests to take a post: ask, record the answer, appoint. Each is one step with its log entry."""

from datetime import date

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.people.candidacy_rules import NEXT, checked_answer
from geo.people.seats import Seat, post_of
from geo.people.tables import Candidacy, Person
from geo.people.writes import Appointment, Who, assign
from geo.places import records
from geo.places.search_text import cleaned
from geo.store import audit
from geo.store.versions import bump

MAY_ASK = "ask_candidates"


def ask(session: Session, seat: Seat, person_id: int, *, on: date) -> int:
    """Note that somebody was asked to take a post, and return the id of the request.

    Raises Conflict when they were asked already, NotFound for a person or place the actor does not see.
    """
    require(session, MAY_ASK)
    if session.get(Person, person_id) is None:
        raise NotFound(N_("This person does not exist, or you may not see them. Search for them again."))
    post, is_new = post_of(session, seat)
    if is_new:
        bump(session, "posts")
    asked = Candidacy(
        post_id=post.id,
        person_id=person_id,
        community_id=post.community_id,
        asked_on=on,
        asked_by=str(session.scalar(text("SELECT current_setting('app.user_name')"))),
    )
    session.add(asked)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            N_("They were asked to take this post already. Wait for the answer, or take it back.")
        ) from error
    _record(session, "ask_candidate", asked, None)
    return asked.id


def answer(
    session: Session, candidacy_id: int, status: str, *, on: date, reason: str | None = None, version: int
) -> None:  # fmt: skip
    """Record that somebody accepted or declined, was refused, or that the request was taken back.

    A no needs a reason. Raises BadInput, NotFound, and Conflict when somebody was faster or the state does not follow.
    """
    require(session, MAY_ASK)
    asked = _held(session, candidacy_id, version)
    _decide(session, asked, status, on, cleaned(reason or "") or None)


def refuse(session: Session, seat: Seat, person_id: int, *, on: date, reason: str) -> int:
    """Note that somebody is not to take a post, without asking them; the reason stays with it."""
    asked = session.get_one(Candidacy, ask(session, seat, person_id, on=on))
    _decide(session, asked, "refused", on, cleaned(reason) or None)
    return asked.id


def appoint(session: Session, seat: Seat, person_id: int, appointment: Appointment) -> int:
    """Give a post to a candidate, asked before or not, and return the holding's id; rules and errors as for assign."""
    require(session, MAY_ASK)
    holding_id = assign(session, seat, Who(person_id=person_id), appointment)
    post, _is_new = post_of(session, seat)
    waiting = select(Candidacy).where(
        Candidacy.post_id == post.id, Candidacy.person_id == person_id, Candidacy.status.in_(("asked", "accepted"))
    )
    for asked in session.scalars(waiting.with_for_update()).all():
        before = records.image(session, "candidacy", asked.id)
        asked.status, asked.decided_on = "appointed", appointment.term.from_on
        session.flush()
        _record(session, "appoint_candidate", asked, before)
    return holding_id


def _decide(session: Session, asked: Candidacy, status: str, on: date, reason: str | None) -> None:
    checked_answer(asked.status, status, reason)
    before = records.image(session, "candidacy", asked.id)
    asked.status, asked.decided_on, asked.reason = status, on, reason
    session.flush()
    _record(session, "answer_candidate", asked, before)


def _held(session: Session, candidacy_id: int, version: int) -> Candidacy:
    asked = session.get(Candidacy, candidacy_id, with_for_update=True)
    if asked is None:
        raise NotFound(N_("This request does not exist, or you may not see it. Open the place again."))
    if asked.version != version or not NEXT[asked.status]:
        raise Outdated(N_("Somebody else recorded an answer meanwhile. Look at the new state, then decide again."))
    return asked


def _record(session: Session, action: str, asked: Candidacy, before: records.Image | None) -> None:
    after = records.image(session, "candidacy", asked.id)
    change = audit.Change(
        before=records.single("candidacy", asked.id, before) if before else None,
        after=records.single("candidacy", asked.id, after),
        community_id=asked.community_id,
        note=asked.reason,
    )
    audit.record(session, action, "candidacy", asked.id, change)
