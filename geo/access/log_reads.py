"""Questions to the log: who did and who saw what, a page at a time, as far as the asking actor may read it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from geo.access.actor import shown_name
from geo.access.log_filter import SEEING, LogFilter, Position
from geo.access.reads import may
from geo.settings import settings
from geo.store.statements import statement

ENTRIES_A_PAGE = 50
CONDITIONS = {
    "view": "e.action = ANY (:seeing)",
    "from_on": "e.at >= :from_at",
    "until_on": "e.at < :until_at",
    "who": "e.actor = :who",
    "action": "e.action = :action",
    "entity": "e.entity = :entity",
    "entity_id": "e.entity_id = :entity_id",
    "community_id": "e.community_id = :community_id",
    "words": "strpos(lower(e.note), lower(:words)) > 0",
}


@dataclass(frozen=True)
class LogEntry:
    """One entry of the log as it was written."""

    id: int
    at: datetime
    actor: str
    who: str
    action: str
    entity: str
    entity_id: int | None
    community_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    note: str | None
    job_id: int | None

    @property
    def position(self) -> Position:
        """Where a page that goes on after this entry begins."""
        return self.at, self.id


def log_entries(
    connection: Connection, wanted: LogFilter, *, after: Position | None = None, limit: int = ENTRIES_A_PAGE
) -> list[LogEntry]:
    """Return entries, newest first; after: the last entry of the page before. One more than shown tells of a next."""
    parts, values = _conditions(wanted)
    if after is not None:
        parts.append("(e.at, e.id) < (:after_at, :after_id)")
        values |= {"after_at": after[0], "after_id": after[1]}
    query = statement("access", "log_entries").replace("{wanted}", " AND ".join(parts) or "true")
    rows = connection.execute(text(query), values | {"most": limit})
    return [
        LogEntry(
            **{name: value for name, value in row._mapping.items() if name != "shown_name"},  # noqa: SLF001
            who=row.shown_name or shown_name(row.actor),
        )
        for row in rows
    ]


def log_people(connection: Connection) -> dict[str, str]:
    """Return everybody in the log as far as the actor may read it: the name of the user and the name people read."""
    if may(connection, "read_log"):
        rows = connection.execute(text(statement("access", "log_people")))
    else:
        here = {"communities": list(log_communities(connection))}
        rows = connection.execute(text(statement("access", "log_people_here")), here)
    return {row.name: row.shown_name or shown_name(row.name) for row in rows}


def log_communities(connection: Connection) -> dict[int, str]:
    """Return the names of the communities whose entries the actor may read, auditors included."""
    rows = connection.execute(text("SELECT id, name FROM app_log_communities() ORDER BY name, id"))
    return {row.id: row.name for row in rows}


def _conditions(wanted: LogFilter) -> tuple[list[str], dict[str, Any]]:
    parts = [CONDITIONS[name] for name in CONDITIONS if name != "view" and getattr(wanted, name) not in (None, "")]
    if wanted.view == "saw":
        parts.append(CONDITIONS["view"])
    here = ZoneInfo(settings().time_zone)
    values = {
        "seeing": sorted(SEEING),
        "from_at": datetime.combine(wanted.from_on, time.min, here) if wanted.from_on else None,
        "until_at": datetime.combine(wanted.until_on + timedelta(days=1), time.min, here) if wanted.until_on else None,
        "who": wanted.who,
        "action": wanted.action,
        "entity": wanted.entity,
        "entity_id": wanted.entity_id,
        "community_id": wanted.community_id,
        "words": wanted.words,
    }
    used = {name: value for name, value in values.items() if any(f":{name}" in part for part in parts)}
    return parts, used
