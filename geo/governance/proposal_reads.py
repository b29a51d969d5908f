"""Queries on proposals: which were raised and not withdrawn."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

LISTED = text(
    "SELECT p.id, p.community_id, a.name AS community, p.name, p.note, p.source, p.link, p.status, p.raised_by, "
    "p.raised_at::date AS raised_on, p.version FROM proposal p JOIN area a ON a.id = p.community_id "
    "WHERE p.status = 'raised' ORDER BY p.raised_at DESC, p.id DESC LIMIT 200"
)


@dataclass(frozen=True)
class ProposalView:
    """A proposal that was raised and not withdrawn."""

    id: int
    community_id: int
    community: str
    name: str
    note: str | None
    source: str
    link: dict[str, Any]
    status: str
    raised_by: str
    raised_on: date
    version: int


def proposals(connection: Connection) -> list[ProposalView]:
    """Return the proposals the actor may see, the latest first."""
    return [ProposalView(*row) for row in connection.execute(LISTED)]
