"""New keys for old: everything sealed is opened and sealed again in batches, and old keys are given up when unused."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

from geo.access import contacts, keys, requesters, sealing
from geo.access.helped_persons import SEALED, TABLE
from geo.access.keyring import KnownKey, fitting, known_keys
from geo.access.keys import Key, Keyring
from geo.access.sealing import Spot
from geo.errors import BadInput, Conflict
from geo.i18n import N_
from geo.store import audit
from geo.store.bulk import loading
from geo.store.session import Actor
from geo.store.statements import statement

BATCH = 500
LOCK = 0x59697A6B
ADD = text("INSERT INTO personal.sealing_key (id, check_value) VALUES (:id, :check) ON CONFLICT (id) DO NOTHING")


class Kind(NamedTuple):
    """A table with sealed values: the query for the next records, the update, and what it writes for a record."""

    query: str
    update: str
    again: Callable[[Keyring, Row[Any]], dict[str, Any]]


def _person_again(ring: Keyring, row: Row[Any]) -> dict[str, Any]:
    return _fields_again(ring, row, TABLE, SEALED)


def _requester_again(ring: Keyring, row: Row[Any]) -> dict[str, Any]:
    return _fields_again(ring, row, requesters.TABLE, requesters.SEALED)


def _fields_again(ring: Keyring, row: Row[Any], table: str, fields: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {"id": row.id}
    for name in fields:
        spot = Spot(table, name, row.id)
        sealed = getattr(row, f"{name}_sealed")
        openable = sealed is None or ring.named(sealing.key_of(sealed)) is not None
        values[name] = sealing.seal(ring.sealing, spot, sealing.opened(ring, spot, sealed)) if openable else sealed
    return values


def _contact_again(ring: Keyring, row: Row[Any]) -> dict[str, Any]:
    phone = sealing.opened(ring, Spot(contacts.TABLE, "phone", row.id), row.phone_sealed)
    sealed, mark = contacts.sealed_contact(ring.sealing, row.id, str(phone))
    return {"id": row.id, "sealed": sealed, "mark": mark}


KINDS = (
    Kind(
        "persons_before",
        "UPDATE personal.helped_person SET name_sealed = :name, phone_sealed = :phone, notes_sealed = :notes "
        "WHERE id = :id",
        _person_again,
    ),
    Kind(
        "contacts_before",
        "UPDATE personal.contact SET phone_sealed = :sealed, phone_mark = :mark WHERE person_id = :id",
        _contact_again,
    ),
    Kind(
        "requesters_before",
        "UPDATE personal.requester SET name_sealed = :name, phone_sealed = :phone WHERE request_id = :id",
        _requester_again,
    ),
)


class KeyView(NamedTuple):
    """A key: whether it is here, whether it seals, how many values it sealed, whether it was given up."""

    id: str
    here: bool
    seals: bool
    values: int
    retired: bool


def key_list(connection: Connection | Session) -> list[KeyView]:
    """Return every key the database knows, oldest first, then those that are here and unknown to it."""
    known, here = known_keys(connection), keys.read()
    used = _uses(connection)
    ring = fitting(known, here) if any(_is_here(one, here) for one in known) else None
    listed = [
        KeyView(
            one.id,
            _is_here(one, here),
            ring is not None and ring.sealing.id == one.id,
            used.get(one.id, 0),
            one.retired,
        )
        for one in known
    ]
    names = {one.id for one in known}
    return listed + [KeyView(key.id, True, False, 0, False) for key in here if key.id not in names]


def _is_here(known: KnownKey, here: tuple[Key, ...]) -> bool:
    return any(key.id == known.id for key in here)


def _uses(connection: Connection | Session) -> dict[str, int]:
    rows = connection.execute(text(statement("access", "sealed_uses")))
    return {row.key_id: row.values for row in rows}


def make(actor: Actor, *, lost: bool = False) -> Key:
    """Make a key for a database that has none, or, with lost, beside one whose keys are not here any more.

    What was sealed with a lost key stays closed until the key comes back or the value is written anew. Raises Conflict
    when there is a key already, BadInput when the keys come from the environment.
    """
    with loading(actor) as session:
        known, here = [one for one in known_keys(session) if not one.retired], keys.read()
        if any(_is_here(one, here) for one in known):
            raise Conflict(N_("There is a key already. To change it: yizhan keys rotate"))
        if known and not lost:
            raise Conflict(
                N_(
                    "The database was sealed with a key that is not here: {keys}. Put it back. Only if it is lost for "
                    "good: yizhan keys make --lost"
                ),
                keys=", ".join(one.id for one in known),
            )
        key = here[-1] if here else _new_key()
        session.execute(ADD, {"id": key.id, "check": key.check})
        audit.record(session, "make_key", "sealing_key", None, audit.Change(after={"key": key.id}))
    return key


def _new_key() -> Key:
    if keys.from_environment():
        raise _write_it_yourself()
    return keys.add(keys.fresh())[-1]


def _write_it_yourself() -> BadInput:
    return BadInput(
        N_(
            "The keys come from YIZHAN_KEYS. Write a new one at its end (yizhan keys make --print shows one), restart "
            "the server with it, then run this again."
        )
    )


class Rotation(NamedTuple):
    """What a rotation did: the key that seals now, how many records were sealed again, how many values stay closed."""

    key_id: str
    records: int
    closed: int


def rotate(actor: Actor, tell: Callable[[int], None] | None = None) -> Rotation:
    """Seal everything with a new key, a batch a transaction; one that was stopped goes on with the key it made.

    tell is called with the number of records done. The old keys stay until they are retired. Raises StoreUnavailable
    when no key fits, BadInput when YIZHAN_KEYS holds no new one.
    """
    ring = _begun(actor) or _begin(actor)
    done = 0
    for kind in KINDS:
        after = 0
        while rows := _batch(actor, ring, kind, after):
            done, after = done + len(rows), rows[-1]
            if tell is not None:
                tell(done)
    with loading(actor) as session:
        closed = sum(count for key, count in _uses(session).items() if ring.named(key) is None)
        change = audit.Change(after={"key": ring.sealing.id, "records": done, "closed": closed})
        audit.record(session, "rotate_key", "sealing_key", None, change)
    return Rotation(ring.sealing.id, done, closed)


def _batch(actor: Actor, ring: Keyring, kind: Kind, after: int) -> list[int]:
    """Seal the next records after a key again, in a transaction of their own, and return their keys."""
    with loading(actor) as session:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        wanted = {"after": after, "old": _older(ring), "most": BATCH}
        rows = session.execute(text(statement("access", kind.query)), wanted).all()
        if rows:
            session.execute(text(kind.update), [kind.again(ring, row) for row in rows])
        return [row.id for row in rows]


def _older(ring: Keyring) -> list[str]:
    return [key.id for key in ring.keys if key != ring.sealing]


def _begun(actor: Actor) -> Keyring | None:
    """Return the keys of a rotation that was stopped: the newest known key has not sealed everything yet."""
    with loading(actor) as session:
        known, here = known_keys(session), keys.read()
        ring = fitting(known, here)
        newer = keys.from_environment() and here[-1] != ring.sealing
        waiting = set(_older(ring)) & _uses(session).keys()
    return ring if waiting and not newer else None


def _begin(actor: Actor) -> Keyring:
    with loading(actor) as session:
        here = keys.read()
        if keys.from_environment() and fitting(known_keys(session), here).sealing == here[-1]:
            raise _write_it_yourself()
        new = here[-1] if keys.from_environment() else keys.fresh()
        session.execute(ADD, {"id": new.id, "check": new.check})
        if not keys.from_environment():
            here = keys.add(new)
    return Keyring(here, new)


def retire(actor: Actor) -> list[str]:
    """Give up every key but the one that seals, when nothing is sealed with it any more, and return their names.

    Backups made before need these keys. Raises Conflict when something is still sealed with one of them.
    """
    with loading(actor) as session:
        session.execute(text("LOCK TABLE personal.helped_person, personal.contact, personal.requester IN SHARE MODE"))
        known, here = known_keys(session), keys.read()
        ring = fitting(known, here)
        old = [one.id for one in known if not one.retired and one.id != ring.sealing.id]
        used = sorted(set(old) & _uses(session).keys())
        if used:
            raise Conflict(
                N_("Something is still sealed with {keys}. Run first: yizhan keys rotate"), keys=", ".join(used)
            )
        if not old:
            return []
        session.execute(text("UPDATE personal.sealing_key SET retired_at = now() WHERE id = ANY (:old)"), {"old": old})
        audit.record(session, "retire_keys", "sealing_key", None, audit.Change(after={"keys": old}))
    if not keys.from_environment():
        keys.remove(old)
    return old
