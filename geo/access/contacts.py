"""Telephone numbers of who holds a post: sealed, found by a keyed mark, looked at with a reason like helped persons."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.access import keys, sealing
from geo.access.asking import call, reasoned
from geo.access.keyring import keyring, known_keys
from geo.access.keys import Key
from geo.access.reads import require
from geo.access.sealing import Spot
from geo.errors import BadInput, StoreUnavailable
from geo.i18n import N_
from geo.store.session import Actor, writing

TABLE = "personal.contact"
PURPOSES = {
    "look": N_("one call"),
    "export": N_("a list of posts with telephone numbers"),
    "calls": N_("a round of telephone calls"),
    "emergency": N_("an emergency"),
}
END = 4
LONG_ENOUGH = 8
MOST_AT_ONCE = 20_000


def phone_end(phone: str | None) -> str | None:
    """Return what may be shown of a number: its last four signs, none of one so short that they would give it away.

    >>> phone_end("19900001234"), phone_end("5551234"), phone_end(None)
    ('1234', '', None)
    """
    if phone is None:
        return None
    return phone[-END:] if len(phone) >= LONG_ENOUGH else ""


def sealed_contact(key: Key, person_id: int, phone: str) -> tuple[bytes | None, bytes]:
    """Return a number sealed for the person it belongs to, and its mark; the number as rules.plain_phone writes it."""
    return sealing.seal(key, Spot(TABLE, "phone", person_id), phone), sealing.mark(key, phone)


def keep_contacts(session: Connection | Session, phones: Mapping[int, str]) -> None:
    """Keep the numbers of persons, by person; a number that was there is replaced.

    Raises NotFound for a person of another community, StoreUnavailable without a key.
    """
    if not phones:
        return
    key = keyring(session).sealing
    made = [sealed_contact(key, person_id, phone) for person_id, phone in phones.items()]
    ids, sealed, marks = list(phones), [one[0] for one in made], [one[1] for one in made]
    call(session, "keep_contacts", wanted=ids, sealed=sealed, marks=marks)


def phone_marks(connection: Connection | Session, phone: str) -> list[bytes]:
    """Return the marks a number may have in the database: one for each key that is here and known to it."""
    known = {one.id for one in known_keys(connection) if not one.retired}
    try:
        here = keys.read() if known else ()
    except StoreUnavailable:
        return []
    return [sealing.mark(key, phone) for key in here if key.id in known]


def marks_of(connection: Connection | Session, person_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the mark of the number of each of these persons who has one, where the actor works."""
    rows = call(connection, "contact_marks", wanted=list(person_ids))
    return {row.person_id: bytes(row.phone_mark) for row in rows}


def reveal_phones(actor: Actor, person_ids: Sequence[int], *, purpose: str, reason: str) -> dict[int, str]:
    """Return the numbers of persons who have one, with one log entry a person kept first; purpose: one of PURPOSES.

    Raises BadInput without a reason, NotAllowed, NotFound for somebody of another community, StoreUnavailable.
    """
    worded, ids = reasoned(reason), sorted(set(person_ids))
    if purpose not in PURPOSES:
        raise BadInput(N_("Choose what the telephone numbers are for."))
    if len(ids) > MOST_AT_ONCE:
        raise BadInput(N_("At most {count} telephone numbers at once. Choose one community."), count=MOST_AT_ONCE)
    if not ids:
        return {}
    with writing(actor) as session:
        require(session, "see_holders")
        keyring(session)
        asked = call(session, "ask_contacts", wanted=ids, what_for=purpose, why=worded).scalar_one()
    with writing(actor) as session:
        ring = keyring(session)
        rows = call(session, "take_contacts", asked=asked).all()
    found = {row.person_id: sealing.opened(ring, Spot(TABLE, "phone", row.person_id), row.phone_sealed) for row in rows}
    return {person_id: phone for person_id, phone in found.items() if phone is not None}
