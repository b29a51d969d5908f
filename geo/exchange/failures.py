"""What the database refuses during an import or undo, said in words a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.errors import Conflict, NoRoom, NotAllowed, StoreUnavailable, YizhanError
from geo.i18n import N_

LOCK_PATIENCE_S = 20

LOCKED = N_(
    "{what}: somebody else is changing these records right now. Nothing was saved; wait a moment and try again."
)
CLASH = N_("{what}: the registry refuses this ({reason}). Nothing was saved; correct the file and try again.")
FULL = N_("{what}: the disk of the database is full. Nothing was saved; free some space and try again.")
FORBIDDEN = N_("{what}: this needs a role for the whole city. Ask an administrator.")
LOST = N_("{what}: the database stopped answering ({reason}). Nothing was saved; try again.")

KINDS: tuple[tuple[type[psycopg.Error], type[YizhanError], str], ...] = (
    (psycopg.errors.LockNotAvailable, Conflict, LOCKED),
    (psycopg.errors.DeadlockDetected, Conflict, LOCKED),
    (psycopg.errors.DiskFull, NoRoom, FULL),
    (psycopg.errors.InsufficientPrivilege, NotAllowed, FORBIDDEN),
    (psycopg.errors.IntegrityError, Conflict, CLASH),
    (psycopg.errors.ProgramLimitExceeded, Conflict, CLASH),
    (psycopg.DataError, Conflict, CLASH),
    (psycopg.OperationalError, StoreUnavailable, LOST),
)


def wait_briefly(connection: Connection) -> None:
    """Let statements of this transaction wait for others' locks only so long, then fail as LOCKED."""
    connection.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": f"{LOCK_PATIENCE_S}s"})


@contextmanager
def in_words(what: str) -> Iterator[None]:
    """Turn what the database refuses inside the block into Conflict, NoRoom, NotAllowed or StoreUnavailable.

    what: the file or import the message begins with.
    """
    try:
        yield
    except psycopg.Error as error:
        raise _said(error, what) from error
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.Error):
            raise
        raise _said(error.orig, what) from error


def _said(error: psycopg.Error, what: str) -> YizhanError | psycopg.Error:
    for kind, said_as, message in KINDS:
        if isinstance(error, kind):
            return said_as(message, what=what, reason=_reason(error))
    return error


def _reason(error: psycopg.Error) -> str:
    detail = error.diag.message_detail or error.diag.message_primary or str(error)
    return detail.strip().splitlines()[0]
