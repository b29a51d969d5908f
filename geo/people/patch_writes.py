"""The command that makes a plan of patches true: every post of it changes hands in one transaction."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput
from geo.i18n import N_
from geo.people.rules import Term
from geo.people.writes import MAY_ASSIGN, Appointment, Seat, Who, assign, end_holding
from geo.places.search_text import cleaned

NOW = text(
    "SELECT h.id, h.person_id, h.version FROM post p JOIN holding h ON h.post_id = p.id "
    "WHERE p.kind = :kind AND coalesce(p.building_id, p.unit_id) = :place AND p.closed_on IS NULL "
    "AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)"
)


def give_patches(session: Session, seats: Iterable[tuple[Seat, int | None]], *, on: date, reason: str) -> int:
    """Give every seat to its person from a day on, None ends the present term; return how many posts changed.

    Who holds a seat already keeps it. Each post has its own entry in the log and is undone by its history. Raises
    BadInput without a reason, and Conflict as assign does: then nothing is changed at all.
    """
    require(session, MAY_ASSIGN)
    why = cleaned(reason)
    if not why:
        raise BadInput(N_("Write down why the doors are divided anew, so that the history can be read."))
    changed = 0
    for seat, person_id in seats:
        now = _holder(session, seat, on)
        if person_id is None and now is not None:
            end_holding(session, now.id, on=on, reason=why, version=now.version)
        elif person_id is not None and (now is None or now.person_id != person_id):
            assign(session, seat, Who(person_id), Appointment(Term(on, None), "appointed", why))
        else:
            continue
        changed += 1
    return changed


def _holder(session: Session, seat: Seat, on: date) -> Row[Any] | None:
    return session.execute(NOW, {"kind": seat.kind, "place": seat.place_id, "on": on}).first()
