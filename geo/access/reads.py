"""What the roles of the one who asks let them do."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.access.rules import JOB_ACTIONS, allows, refusal
from geo.store.session import Actor, reading


@dataclass(frozen=True)
class HeldRole:
    """A role somebody holds today, with its place, and the first day without it (None: no end)."""

    role: str
    community_id: int | None
    station_id: int | None
    person_id: int | None
    to_on: date | None


def roles_of(connection: Connection | Session) -> tuple[HeldRole, ...]:
    """Return the roles the actor of a transaction holds today."""
    rows = connection.execute(
        text("SELECT role, community_id, station_id, person_id, to_on FROM held_role ORDER BY role, id")
    )
    return tuple(HeldRole(*row) for row in rows)


def may(connection: Connection | Session, action: str) -> bool:
    """Tell whether the actor of a transaction may do an action of geo.access.rules."""
    return allows((held.role for held in roles_of(connection)), action)


def require_for_work(actor: Actor, kind: str) -> None:
    """Raise NotAllowed unless an actor may do long work of a kind; every task asks before it begins."""
    with reading(actor) as connection:
        require(connection, JOB_ACTIONS[kind])


def require(connection: Connection | Session, action: str) -> None:
    """Raise NotAllowed unless the actor of a transaction may do an action of geo.access.rules."""
    if not may(connection, action):
        raise refusal(action)
