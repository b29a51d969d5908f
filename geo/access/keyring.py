"""Which of the keys that are here fit the database, and which one seals."""

from collections.abc import Sequence
from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.access import keys
from geo.access.keys import Key, Keyring
from geo.errors import StoreUnavailable
from geo.i18n import N_
from geo.store.checks import Problem


class KnownKey(NamedTuple):
    """What the database knows of a key: its name, what tells it from a wrong one, whether it was given up."""

    id: str
    check: bytes
    retired: bool


def known_keys(connection: Connection | Session) -> list[KnownKey]:
    """Return the keys the database knows, oldest first."""
    rows = connection.execute(text("SELECT id, check_value, retired FROM personal.known_keys()"))
    return [KnownKey(row.id, bytes(row.check_value), row.retired) for row in rows]


def keyring(connection: Connection | Session) -> Keyring:
    """Return the keys of this database; on first use one is made, for the private database, and made known.

    Raises StoreUnavailable when there is no key, or none that fits.
    """
    known = known_keys(connection)
    here = keys.read()
    if not known:
        here = here or _first()
        newest = {"id": here[-1].id, "check": here[-1].check}
        connection.execute(text("SELECT personal.know_first_key(:id, :check)"), newest)
        known = known_keys(connection)
    return fitting(known, here)


def _first() -> tuple[Key, ...]:
    if not keys.may_be_made():
        raise _none_yet()
    return keys.make_first()


def _none_yet() -> StoreUnavailable:
    return StoreUnavailable(N_("There is no key yet that seals personal data. Make one: yizhan keys make"))


def fitting(known: Sequence[KnownKey], here: tuple[Key, ...]) -> Keyring:
    """Return the keys that are here; the newest the database knows seals. StoreUnavailable when it knows none of them.

    >>> old, new = Key(bytes(32)), Key(bytes(31) + b"!")
    >>> fitting([KnownKey(old.id, old.check, False)], (old, new)).sealing == old
    True
    """
    if not known:
        raise _none_yet()
    fit = [key for key in here if _is_known(key, known)]
    if not fit:
        raise wrong_key([one.id for one in known if not one.retired])
    return Keyring(here, fit[-1])


def _is_known(key: Key, known: Sequence[KnownKey]) -> bool:
    return any(one.id == key.id and not one.retired and compare_digest(one.check, key.check) for one in known)


def wrong_key(names: Sequence[str]) -> StoreUnavailable:
    """Return the error of a database whose keys are not here."""
    problem = _missing(names)
    return StoreUnavailable(problem.message, **problem.values)


def _missing(names: Sequence[str]) -> Problem:
    return Problem(
        "key_missing",
        N_(
            "Personal data was sealed with the key {keys}, which is not here, so it cannot be opened. "
            "Put the key back into {file}, or set YIZHAN_KEYS. If it is lost: yizhan keys make --lost"
        ),
        {"keys": ", ".join(names), "file": keys.key_file()},
    )


def key_problems(connection: Connection) -> list[Problem]:
    """Return what is wrong with the keys, in the order it should be put right; empty when all is well."""
    try:
        here = keys.read()
    except StoreUnavailable as error:
        return [Problem("key_unusable", error.message, error.values)]
    known = [one for one in known_keys(connection) if not one.retired]
    missing = [one.id for one in known if not any(_is_known(key, [one]) for key in here)]
    return [_missing(missing)] if missing else []
