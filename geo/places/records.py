"""Images of records for the audit trail, the check that nobody was faster, and putting an image back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.access.actor import shown_name
from geo.errors import Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.places.rules import AREA_KINDS, table_of
from geo.store import audit
from geo.store.metadata import all_tables
from geo.store.tables import AuditEntry

Image = dict[str, Any]
Images = dict[str, dict[str, Image | None]]
NOT_COMPARED = frozenset({"version", "changed_at"})
SHAPE = "geom"
UNLOGGED = frozenset({("person", "phone_end")})
"""Columns that never stand in the audit trail: a person who comes back by undoing an undo has no telephone number."""


@cache
def _table(name: str) -> Table:
    return all_tables().tables[name]


def image(session: Session, table: str, record_id: int, *, with_shape: bool = False) -> Image | None:
    """Return a record as plain values (None: not there); with_shape adds its geometry as hex EWKB, exact."""
    columns = [column.name for column in _table(table).columns if column.name != SHAPE]
    names = [name for name in columns if (table, name) not in UNLOGGED]
    shape = ", encode(ST_AsEWKB(geom), 'hex') AS geom" if with_shape and SHAPE in _table(table).columns else ""
    listed = ", ".join(f'"{name}"' for name in names)
    return session.scalar(
        text(f"SELECT to_jsonb(r) FROM (SELECT {listed}{shape} FROM {table} WHERE id = :id) r"),  # noqa: S608
        {"id": record_id},
    )


def images(session: Session, like: Images) -> Images:
    """Return the present images of the records named in other images, with geometry where those have it."""
    return {
        table: {key: image(session, table, int(key), with_shape=SHAPE in (row or {})) for key, row in rows.items()}
        for table, rows in like.items()
    }


def single(table: str, record_id: int, row: Image | None) -> Images:
    """Return the images that hold one record."""
    return {table: {str(record_id): row}}


def hold(session: Session, kind: str, place_id: int, expected_version: int | None) -> int:
    """Lock a place until the transaction ends and return its version.

    Raises NotFound, or Conflict when expected_version is given and another is there.
    """
    level = " AND level = :kind" if kind in AREA_KINDS else ""
    found = session.execute(
        text(f"SELECT version FROM {table_of(kind)} WHERE id = :id{level} FOR UPDATE"),  # noqa: S608
        {"id": place_id, "kind": kind},
    ).first()
    if found is None:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose another on the map."))
    if expected_version is not None and found.version != expected_version:
        raise changed_meanwhile(session, kind, place_id)
    version: int = found.version
    return version


def changed_meanwhile(session: Session, entity: str, entity_id: int) -> Outdated:
    """Return the error that names who changed a record last and when, by its history."""
    entry = session.execute(
        select(AuditEntry.actor, AuditEntry.at)
        .where(AuditEntry.entity == entity, AuditEntry.entity_id == entity_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    if entry is None:
        return Outdated(
            N_("This was changed while you were looking at it. Look at the new state, then decide again."),
        )
    return Outdated(
        N_("{who} changed this on {when} while you were looking at it. Look at the new state, then decide again."),
        who=shown_name(entry.actor),
        when=f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    )


def undo(session: Session, audit_entry_id: int, actions: frozenset[str]) -> tuple[AuditEntry, Images]:
    """Put back what one entry of the audit trail changed; return the entry and the images now.

    Only the fields that entry changed are written, and only when they still are as it left them. actions: those that
    can be undone here. Raises NotFound, or Conflict when something later depends on the change.
    """
    entry = session.get(AuditEntry, audit_entry_id)
    if entry is None or entry.action not in actions or entry.before is None or entry.after is None:
        raise NotFound(N_("There is no such change that can be undone. Choose one from the history."))
    now = images(session, entry.after)
    for table, key, before, after in _pairs(entry):
        if not _as_left(before, after, now[table][key]):
            raise Conflict(
                N_("Something later depends on this change. Undo the later changes first (see the history), then this.")
            )
    try:
        _put_back(session, entry)
    except IntegrityError as error:
        raise Conflict(
            N_("Other records depend on this change by now. Close or move them first, then undo it.")
        ) from error
    return entry, images(session, entry.after)


def record_undo(session: Session, entry: AuditEntry, restored: Images, action: str) -> int:
    """Append the entry of an undo: what it put back, which can be undone in turn; return its id."""
    return audit.record(
        session,
        action,
        entry.entity,
        entry.entity_id,
        audit.Change(before=entry.after, after=restored, community_id=entry.community_id, note=f"#{entry.id}"),
    )


def _pairs(entry: AuditEntry) -> Iterator[tuple[str, str, Image | None, Image | None]]:
    for table, rows in (entry.after or {}).items():
        for key, after in rows.items():
            yield table, key, (entry.before or {}).get(table, {}).get(key), after


def differing(before: Image, after: Image) -> list[str]:
    """Return the fields in which two images differ, their order kept.

    >>> differing({"name": "A", "floors": 6, "version": 1}, {"name": "B", "floors": 6, "version": 2})
    ['name']
    """
    return [name for name in after if name not in NOT_COMPARED and before.get(name) != after[name]]


def _as_left(before: Image | None, after: Image | None, now: Image | None) -> bool:
    if after is None or now is None:
        return after is None and now is None
    fields = differing(before or {}, after) if before else [name for name in after if name not in NOT_COMPARED]
    return all(now.get(name) == after[name] for name in fields)


def _put_back(session: Session, entry: AuditEntry) -> None:
    order = {table.name: position for position, table in enumerate(all_tables().sorted_tables)}
    pairs = sorted(_pairs(entry), key=lambda pair: order[pair[0]])
    for table, key, before, _after in reversed(pairs):
        if before is None:
            session.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": int(key)})  # noqa: S608
    for table, key, before, after in pairs:
        if before is not None and after is not None:
            overwrite(session, table, int(key), {name: before.get(name) for name in differing(before, after)})
    for table, _key, before, after in pairs:
        if before is not None and after is None:
            insert(session, table, before)


def insert(session: Session, table: str, row: Image) -> int:
    """Write a new record from an image (geometry as hex EWKB) and return its id."""
    listed = ", ".join(f'"{name}"' for name in row)
    return session.execute(
        text(
            f"INSERT INTO {table} ({listed}) SELECT {listed} "  # noqa: S608
            f"FROM jsonb_populate_record(NULL::{table}, CAST(:row AS jsonb)) RETURNING id"
        ),
        {"row": _json(row)},
    ).scalar_one()


def overwrite(session: Session, table: str, record_id: int, fields: Image) -> None:
    """Write some fields of a record from an image; its version rises."""
    if not fields:
        return
    written = ", ".join(f'"{name}" = r."{name}"' for name in fields)
    stamp = ", version = t.version + 1, changed_at = :now" if "version" in _table(table).columns else ""
    session.execute(
        text(
            f"UPDATE {table} t SET {written}{stamp} "  # noqa: S608
            f"FROM jsonb_populate_record(NULL::{table}, CAST(:row AS jsonb)) r WHERE t.id = :id"
        ),
        {"row": _json(fields), "id": record_id, "now": datetime.now(UTC)},
    )


def _json(row: Image) -> str:
    return json.dumps(row, default=str)
