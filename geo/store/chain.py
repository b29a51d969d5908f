"""The chain of hashes over the audit trail: its head to note down, and whether every link still holds.

Each entry is sealed as it is committed: SHA-256 of the hash before it and of the entry's text. Who changes, removes or
slips in an entry breaks the chain there. An end cut off shows only by comparing with a head noted down elsewhere.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.errors import BadInput
from geo.i18n import N_
from geo.store.statements import statement

PROBLEM_LABELS = {
    "changed": N_("the entry is not what was sealed"),
    "removed": N_("the entry was removed"),
    "unsealed": N_("the entry was never sealed"),
    "gap": N_("links before it are missing"),
}
SHOWN = 50
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """The last link: how many there are, its hash in hexadecimal digits, when its entry was made (None: removed)."""

    no: int
    hash: str
    at: datetime | None


@dataclass(frozen=True)
class Broken:
    """A link that does not hold; no is None for an entry without one, problem a key of PROBLEM_LABELS."""

    no: int | None
    entry_id: int
    at: datetime | None
    problem: str


@dataclass(frozen=True)
class Verdict:
    """What came of looking at the whole chain.

    head: None while nothing was ever sealed; broken: the first of them, found: how many there are; noted_no: where the
    head noted down earlier stands, None when none was given or it is not in the chain; cut: one was given and is not.
    """

    head: Head | None
    broken: tuple[Broken, ...]
    found: int
    noted_no: int | None = None
    cut: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.found and not self.cut


def head(connection: Connection) -> Head | None:
    """Return the last link as far as the actor may read the log, None while there is none."""
    row = connection.execute(text(statement("store", "chain_head"))).first()
    return Head(*row) if row else None


def verify(connection: Connection, *, noted: str | None = None) -> Verdict:
    """Look at every entry and every link; noted: the hash of a head noted down earlier, which must still be there.

    The actor must be one who may read the whole log, else entries seem to be missing. BadInput for a hash that is none.
    """
    position = _position(connection, noted) if noted is not None else None
    rows = connection.execute(text(statement("store", "chain_problems")), {"most": SHOWN}).all()
    broken = tuple(Broken(row.no, row.entry_id, row.at, row.problem) for row in rows)
    found = rows[0].found if rows else 0
    return Verdict(head(connection), broken, found, position, cut=noted is not None and position is None)


def _position(connection: Connection, noted: str) -> int | None:
    plain = noted.strip().lower()
    if not HASH.fullmatch(plain):
        raise BadInput(N_("“{hash}” is no hash of the log: it has 64 digits from 0 to f. Copy it whole."), hash=noted)
    position: int | None = connection.scalar(
        text("SELECT no FROM audit_seal WHERE hash = decode(:hash, 'hex')"), {"hash": plain}
    )
    return position
