"""Commands on posts: assign, end, undo. Each is one step in the caller's transaction with one audit entry."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.people import rules
from geo.people.known_persons import Who, person_for
from geo.people.rules import Term
from geo.people.seats import PLACE_OF_POST, Seat, flushed, post_of
from geo.people.tables import Holding, Person, Post
from geo.places import records
from geo.places.search_text import cleaned
from geo.store import audit
from geo.store.clock import today
from geo.store.versions import bump

__all__ = [
    "ASSIGN",
    "END",
    "MAY_ASSIGN",
    "PLACE_OF_POST",
    "UNDO",
    "UNDOABLE",
    "Appointment",
    "Seat",
    "Who",
    "assign",
    "assign_head",
    "end_holding",
    "undo_holding_change",
]

MAY_ASSIGN = "assign_heads"
ASSIGN = "assign_head"
END = "end_holding"
UNDO = "undo_holding"
UNDOABLE = frozenset({ASSIGN, END, UNDO})


class Appointment(NamedTuple):
    """The term somebody is to hold a post, how they came to it, why, and the holding seen before: version and id.

    seen is None for no check and 0 when the post was seen vacant; seen_id is None when only the version is compared.
    """

    term: Term
    how: str
    reason: str | None = None
    seen: int | None = None
    seen_id: int | None = None


def assign_head(  # noqa: PLR0913
    session: Session,
    *,
    building_id: int | None = None,
    unit_id: int | None = None,
    person_id: int | None = None,
    name: str | None = None,
    phone: str | None = None,
    from_on: date,
    to_on: date | None = None,
    how: str = "elected",
    reason: str | None = None,
    version: int | None = None,
    holding_id: int | None = None,
) -> int:
    """Make somebody head of a building or of a unit and return the id of the new holding.

    Give building_id or unit_id; person_id, or name and phone. from_on: the first day; to_on: the first day without
    (None: open-ended, until an arranged successor begins). Whoever holds the post on from_on ends that day, for which
    a reason is needed. version and holding_id: of the holding the user saw (version 0: vacant). Raises BadInput,
    NotFound, Conflict.
    """
    require(session, MAY_ASSIGN)
    if (building_id is None) == (unit_id is None):
        raise BadInput(N_("Choose either a building or a unit for the new head."))
    seat = Seat("unit_head", unit_id) if unit_id is not None else Seat("building_head", building_id or 0)
    appointment = Appointment(rules.checked_term(from_on, to_on, how), how, _worded(reason), version, holding_id)
    return assign(session, seat, Who(person_id, name, phone), appointment)


def assign(session: Session, seat: Seat, who: Who, appointment: Appointment) -> int:
    """Give any post of a place to somebody; the rules are those of assign_head. Returns the holding's id."""
    require(session, MAY_ASSIGN)
    post, post_is_new = post_of(session, seat)
    person, person_is_new = person_for(session, who, post.community_id)
    single = rules.is_single_seat(seat.kind)
    arranged = _holdings(session, post.id)
    ended = [h for h in arranged if _covers(h, appointment.term.from_on)] if single else []
    _expect(session, seat, appointment, ended)
    _refuse_twice(person, arranged, appointment.term.from_on)
    if ended and appointment.reason is None:
        raise BadInput(N_("This post is held. Write down why it changes hands, so that the history can be read."))
    term = appointment.term
    if single:
        term = rules.fitted_term(term, [Term(h.from_on, h.to_on) for h in arranged])
    before = _seat_images(session, post.id if not post_is_new else None, [h.id for h in ended])
    for holding in ended:
        holding.to_on, holding.end_reason = term.from_on, appointment.reason
    session.flush()
    holding = Holding(
        post_id=post.id,
        person_id=person.id,
        community_id=post.community_id,
        from_on=term.from_on,
        to_on=term.to_on,
        how=appointment.how,
        single_seat=single,
    )
    session.add(holding)
    flushed(session)
    after = _seat_images(session, post.id if post_is_new else None, [*(h.id for h in ended), holding.id])
    if person_is_new:
        after["person"] = {str(person.id): records.image(session, "person", person.id)}
    _record(session, ASSIGN, seat, _Entry(before, after, post.community_id, appointment.reason))
    return holding.id


def end_holding(session: Session, holding_id: int, *, on: date, reason: str, version: int | None = None) -> None:
    """End a holding: on is the first day without; an arranged term that has not begun is called off.

    Raises BadInput without a reason or with a day outside the term, NotFound, and Conflict when somebody changed the
    holding after the version the user saw.
    """
    require(session, MAY_ASSIGN)
    worded = _worded(reason)
    if worded is None:
        raise BadInput(N_("Write down why the term ends, so that the history can be read."))
    holding = session.get(Holding, holding_id, with_for_update=True)
    if holding is None:
        raise NotFound(N_("This term does not exist, or you may not see it. Open the building again."))
    post = session.get_one(Post, holding.post_id)
    seat = _seat(post)
    if version is not None and holding.version != version:
        raise records.changed_meanwhile(session, seat.place_kind, seat.place_id)
    if on < holding.from_on <= today():
        raise BadInput(
            N_("This term began on {from_on} and cannot end before. Choose that day or a later one."),
            from_on=holding.from_on,
        )
    last = max(on, holding.from_on)
    if holding.to_on is not None and holding.to_on <= last:
        raise BadInput(
            N_("This term already ends on {to_on}. Choose an earlier day, or leave it as it is."), to_on=holding.to_on
        )
    before = _seat_images(session, None, [holding.id])
    holding.to_on, holding.end_reason = last, worded
    flushed(session)
    after = _seat_images(session, None, [holding.id])
    _record(session, END, seat, _Entry(before, after, holding.community_id, worded))


def undo_holding_change(session: Session, audit_entry_id: int) -> int:
    """Put back exactly what an assignment, an end or an undo of one changed; return the id of the new audit entry.

    Raises NotFound, and Conflict when something later depends on the change.
    """
    require(session, MAY_ASSIGN)
    entry, restored = records.undo(session, audit_entry_id, UNDOABLE)
    bump(session, "posts")
    return records.record_undo(session, entry, restored, UNDO)


class _Entry(NamedTuple):
    before: records.Images
    after: records.Images
    community_id: int
    note: str | None


def _record(session: Session, action: str, seat: Seat, entry: _Entry) -> None:
    before = {table: {key: entry.before.get(table, {}).get(key) for key in rows} for table, rows in entry.after.items()}
    change = audit.Change(before=before, after=entry.after, community_id=entry.community_id, note=entry.note)
    audit.record(session, action, seat.place_kind, seat.place_id, change)
    bump(session, "posts")


def _worded(reason: str | None) -> str | None:
    return cleaned(reason or "") or None


def _seat(post: Post) -> Seat:
    place_id = post.building_id or post.unit_id or post.grid_id or post.station_id
    if place_id is None:
        raise BadInput(N_("Posts of organisations are changed with the organisation."))
    return Seat(post.kind, place_id)


def _holdings(session: Session, post_id: int) -> list[Holding]:
    return list(session.scalars(select(Holding).where(Holding.post_id == post_id).order_by(Holding.from_on)))


def _covers(holding: Holding, on: date) -> bool:
    return rules.is_current(Term(holding.from_on, holding.to_on), on)


def _expect(session: Session, seat: Seat, appointment: Appointment, current: list[Holding]) -> None:
    if appointment.seen is None:
        return
    holding_id, version = (current[0].id, current[0].version) if current else (None, 0)
    if version != appointment.seen or appointment.seen_id not in (None, holding_id):
        raise records.changed_meanwhile(session, seat.place_kind, seat.place_id)


def _refuse_twice(person: Person, arranged: list[Holding], on: date) -> None:
    if any(holding.person_id == person.id and _covers(holding, on) for holding in arranged):
        raise Conflict(N_("{name} already holds this post on {day}. Nothing was changed."), name=person.name, day=on)


def _seat_images(session: Session, post_id: int | None, holding_ids: list[int]) -> records.Images:
    found: records.Images = {"holding": {str(key): records.image(session, "holding", key) for key in holding_ids}}
    if post_id is not None:
        found["post"] = {str(post_id): records.image(session, "post", post_id)}
    return found
