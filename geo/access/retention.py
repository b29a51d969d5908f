"""How long persons are kept: what is due, the purge, and erasing one person at their wish."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.access.asking import call, reasoned
from geo.access.reads import require


class Due(NamedTuple):
    """A person whose time is over: kept until that day, no need open."""

    person_id: int
    community_id: int
    retain_until: date


def due(session: Connection | Session, *, on: date) -> list[Due]:
    """Return the persons whose time is over on a day, in the actor's communities, the longest over first."""
    return [Due._make(row) for row in call(session, "due", on_day=on)]


def purge(session: Session, *, on: date) -> int:
    """Erase everybody whose time is over on a day and return how many; one log entry a community, with the count only.

    Raises NotAllowed.
    """
    require(session, "erase_person")
    return int(call(session, "purge", on_day=on).scalar_one())


def erase(session: Session, person_id: int, *, reason: str) -> None:
    """Erase one person: sealed fields, codes and consents are gone, their needs ended and without a door.

    The log keeps that it happened and why, not who it was. Raises BadInput without a reason, NotAllowed, NotFound.
    """
    require(session, "erase_person")
    call(session, "erase", wanted=person_id, why=reasoned(reason))
