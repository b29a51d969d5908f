"""The audit trail: append-only; a bulk import writes one entry, a single change writes its before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from geo.store.tables import AuditEntry


@dataclass(frozen=True)
class Change:
    """What happened to a record: its image before and after (None: it was not there)."""

    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    community_id: int | None = None
    note: str | None = None
    job_id: int | None = None


def record(session: Session, action: str, entity: str, entity_id: int | None, change: Change) -> int:
    """Append one entry in the running transaction, in the name of its actor; return its id."""
    actor = session.scalar(text("SELECT current_setting('app.user_name')"))
    entry = AuditEntry(
        actor=actor,
        action=action,
        entity=entity,
        entity_id=entity_id,
        community_id=change.community_id,
        before=change.before,
        after=change.after,
        note=change.note,
        job_id=change.job_id,
    )
    session.add(entry)
    session.flush()
    return entry.id


@dataclass(frozen=True)
class Entry:
    """One line of history."""

    id: int
    at: datetime
    actor: str
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    note: str | None


def history(connection: Connection, entity: str, entity_id: int, *, limit: int = 50) -> list[Entry]:
    """Return the latest entries about one record, newest first."""
    rows = connection.execute(
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.actor,
            AuditEntry.action,
            AuditEntry.before,
            AuditEntry.after,
            AuditEntry.note,
        )
        .where(AuditEntry.entity == entity, AuditEntry.entity_id == entity_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in rows]
