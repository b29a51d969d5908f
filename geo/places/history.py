"""The history of a place: who changed what when, field by field, from the audit trail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, text

from geo.access.actor import shown_name
from geo.i18n import _, number
from geo.places.records import Image, differing
from geo.places.rules import ACTION_LABELS, CODE_LABELS, CODED_FIELDS, FIELD_LABELS, table_of
from geo.store import audit

PLACE_ACTIONS = frozenset({"draw", "move", "correct", "close", "undo", "status"})
HOLDING_ACTIONS = frozenset({"assign_head", "end_holding", "undo_holding"})
HIDDEN_FIELDS = frozenset({"id", "source", "import_id", "pinyin", "placeholder", "level"})


class FieldChange(NamedTuple):
    """A field with its value before and after, in words of the reader's language."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class HistoryRow:
    """One change of a place; undo says which room's undo puts it back (None: it cannot be undone one by one)."""

    id: int
    at: datetime
    who: str
    action: str
    changes: tuple[FieldChange, ...]
    note: str | None
    undo: Literal["place", "holding"] | None


def place_history(connection: Connection, kind: str, place_id: int, *, limit: int = 50) -> list[HistoryRow]:
    """Return the latest changes of a place and of who holds its posts, newest first."""
    entries = audit.history(connection, kind, place_id, limit=limit)
    names = _names(connection, entries)
    return [
        HistoryRow(
            id=entry.id,
            at=entry.at,
            who=shown_name(entry.actor),
            action=_(ACTION_LABELS[entry.action]) if entry.action in ACTION_LABELS else entry.action,
            changes=tuple(_changes(kind, entry, names)),
            note=entry.note,
            undo="place" if entry.action in PLACE_ACTIONS else "holding" if entry.action in HOLDING_ACTIONS else None,
        )
        for entry in entries
    ]


def value_text(field: str, value: Any) -> str:
    """Return a stored value as a reader sees it; None reads unknown."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field in CODED_FIELDS:
        return _(CODE_LABELS.get(value, str(value)))
    if field == "geom":
        return _("another shape")
    if isinstance(value, int | float) and not field.endswith(("_id", "year")):
        return number(value, 0 if isinstance(value, int) else 1)
    return str(value)


def _images(images: dict[str, Any] | None, table: str) -> dict[str, Image | None]:
    found = (images or {}).get(table)
    return found if isinstance(found, dict) else {}


def _names(connection: Connection, entries: Iterable[audit.Entry]) -> dict[int, str]:
    wanted = {
        row["person_id"]
        for entry in entries
        for side in (entry.before, entry.after)
        for row in _images(side, "holding").values()
        if row
    }
    if not wanted:
        return {}
    rows = connection.execute(text("SELECT id, name FROM person WHERE id = ANY (:ids)"), {"ids": sorted(wanted)})
    return {row.id: row.name for row in rows}


def _changes(kind: str, entry: audit.Entry, names: dict[int, str]) -> Iterator[FieldChange]:
    befores, afters = _images(entry.before, table_of(kind)), _images(entry.after, table_of(kind))
    for key, after in afters.items():
        before = befores.get(key)
        for field in differing(before or {}, after) if after else differing(after or {}, before or {}):
            if field not in HIDDEN_FIELDS and ((before or {}).get(field), (after or {}).get(field)) != (None, None):
                label = _(FIELD_LABELS.get(field, field))
                yield FieldChange(label, _side(field, before), _side(field, after))
    befores, afters = _images(entry.before, "holding"), _images(entry.after, "holding")
    for key, after in afters.items():
        yield FieldChange(_("Head"), _term(befores.get(key), names), _term(after, names))


def _side(field: str, image: Image | None) -> str:
    return value_text(field, image.get(field)) if image else ""


def _term(holding: Image | None, names: dict[int, str]) -> str:
    if holding is None:
        return ""
    name = names.get(holding["person_id"], _("somebody"))
    if holding["to_on"] is None:
        return _("{name} from {from_on}", name=name, from_on=holding["from_on"])
    return _("{name} from {from_on} until {to_on}", name=name, from_on=holding["from_on"], to_on=holding["to_on"])
