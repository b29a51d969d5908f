"""Who brought a request: name and telephone sealed in the schema personal, looked at one at a time with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.access import sealing
from geo.access.asking import call, reasoned
from geo.access.keyring import keyring
from geo.access.keys import Key
from geo.access.reads import require
from geo.access.sealing import Spot
from geo.store.session import Actor, writing

TABLE = "personal.requester"
SEALED = ("name", "phone")


@dataclass(frozen=True)
class Requester:
    """Who brought a request; None was not given. It never shows when it is printed."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Kept:
    """What is kept of who brought a request."""

    has_name: bool
    has_phone: bool


def sealed_requester(key: Key, request_id: int, who: Requester) -> tuple[bytes | None, bytes | None]:
    """Return name and telephone sealed for the request they belong to."""
    name, phone = (sealing.seal(key, Spot(TABLE, part, request_id), getattr(who, part)) for part in SEALED)
    return name, phone


def keep_requester(session: Connection | Session, request_id: int, who: Requester) -> None:
    """Keep who brought a request; what was there and is not given again stays.

    Raises NotFound for a request the actor neither recorded nor works on, StoreUnavailable without a key.
    """
    if who.name is None and who.phone is None:
        return
    name, phone = sealed_requester(keyring(session).sealing, request_id, who)
    call(session, "keep_requester", wanted=request_id, name=name, phone=phone)


def requesters_kept(connection: Connection | Session, request_ids: Sequence[int]) -> dict[int, Kept]:
    """Return of which requests somebody is known, for whom works there."""
    rows = call(connection, "requesters_kept", wanted=list(request_ids))
    return {row.request_id: Kept(row.has_name, row.has_phone) for row in rows}


def reveal_requester(actor: Actor, request_id: int, *, reason: str) -> Requester:
    """Return who brought a request, after a log entry with the reason is kept.

    Raises BadInput without a reason, NotAllowed, NotFound where nobody is known or it is another community's,
    StoreUnavailable when the key is not here.
    """
    worded = reasoned(reason)
    with writing(actor) as session:
        require(session, "reveal_persons")
        keyring(session)
        asked = call(session, "ask_requester", wanted=request_id, why=worded).scalar_one()
    with writing(actor) as session:
        ring = keyring(session)
        row = call(session, "take_requester", asked=asked).one()
    name, phone = (
        sealing.opened(ring, Spot(TABLE, part, request_id), getattr(row, f"{part}_sealed")) for part in SEALED
    )
    return Requester(name, phone)


def erase_requester(session: Session, request_id: int, *, reason: str) -> None:
    """Erase who brought a request, at their wish; the log keeps that it happened and why.

    Raises BadInput without a reason, NotAllowed, NotFound.
    """
    require(session, "erase_person")
    call(session, "erase_requester", wanted=request_id, why=reasoned(reason))


def requesters_due(connection: Connection | Session, *, on: date, keep_days: int) -> int:
    """Return how many requests ended more than so many days before a day and still name somebody."""
    return int(call(connection, "requesters_due", on_day=on, keep_days=keep_days).scalar_one())


def purge_requesters(session: Session, *, on: date, keep_days: int) -> int:
    """Erase who brought requests that ended so many days ago; one log entry a community. Raises NotAllowed."""
    require(session, "erase_person")
    return int(call(session, "purge_requesters", on_day=on, keep_days=keep_days).scalar_one())
