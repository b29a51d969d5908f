"""The history of a place: who changed what when, field by field, from the audit trail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import Connection, text

from geo.access.actor import shown_name
from geo.i18n import _, number
from geo.places.records import Image, differing
from geo.places.rules import ACTION_LABELS, CODE_LABELS, CODED_FIELDS, FIELD_LABELS, table_of
from geo.store import audit

PLACE_ACTIONS = frozenset({"draw", "move", "correct", "close", "undo", "status"})
HOLDING_ACTIONS = frozenset({"assign_head", "end_holding", "undo_holding"})
HIDDEN_FIELDS = frozenset({"id", "version", "changed_at", "source", "import_id", "pinyin", "placeholder", "level"})
NAMED_BY = {
    "person_id": "person",
    "compound_id": "compound",
    "building_id": "building",
    "parent_id": "area",
    "community_id": "area",
}
NAME_QUERIES = {
    "person": "SELECT id, name FROM person WHERE id = ANY (:ids)",
    "compound": "SELECT id, name FROM compound WHERE id = ANY (:ids) AND NOT placeholder",
    "building": "SELECT id, coalesce(name, number, address, code) AS name FROM building WHERE id = ANY (:ids)",
    "area": "SELECT id, name FROM area WHERE id = ANY (:ids) AND NOT placeholder",
}

Names = dict[tuple[str, int], str]


class Imaged(Protocol):
    """An entry of the audit trail, as far as its images go."""

    @property
    def before(self) -> dict[str, Any] | None:
        """The records before."""

    @property
    def after(self) -> dict[str, Any] | None:
        """The records afterwards."""


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
    names = names_of(connection, entries)
    return [
        HistoryRow(
            id=entry.id,
            at=entry.at,
            who=shown_name(entry.actor),
            action=_(ACTION_LABELS[entry.action]) if entry.action in ACTION_LABELS else entry.action,
            changes=tuple(changes_of(kind, entry, names)),
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
    if isinstance(value, int | float) and not field.endswith(("_id", "year")):
        return number(value, 0 if isinstance(value, int) else 1)
    return str(value)


def _images(images: dict[str, Any] | None, table: str) -> dict[str, Image | None]:
    found = (images or {}).get(table)
    return found if isinstance(found, dict) else {}


def names_of(connection: Connection, entries: Iterable[Imaged]) -> Names:
    """Return the names of the places and persons that entries speak of, as far as the actor may see them."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for image in _all_images(entry):
            for field, table in NAMED_BY.items():
                if image.get(field) is not None:
                    wanted.setdefault(table, set()).add(image[field])
    names: Names = {}
    for table, ids in wanted.items():
        rows = connection.execute(text(NAME_QUERIES[table]), {"ids": sorted(ids)})
        names |= {(table, row.id): row.name for row in rows}
    return names


def _all_images(entry: Imaged) -> Iterator[Image]:
    for side in (entry.before, entry.after):
        for table in side or {}:
            yield from (image for image in _images(side, table).values() if image)


def changes_of(kind: str, entry: Imaged, names: Names) -> Iterator[FieldChange]:
    """Return what an entry about a place changed, field by field, in words."""
    befores, afters = _images(entry.before, table_of(kind)), _images(entry.after, table_of(kind))
    for key, after in afters.items():
        yield from _field_changes(befores.get(key) or {}, after or {}, names)
    befores, afters = _images(entry.before, "holding"), _images(entry.after, "holding")
    for key, after in afters.items():
        yield FieldChange(_("Head"), _term(befores.get(key), names), _term(after, names))


def _field_changes(before: Image, after: Image, names: Names) -> Iterator[FieldChange]:
    fields = [name for name in differing(before, after) if name not in HIDDEN_FIELDS] if after else list(before)
    belongs = [name for name in fields if name in NAMED_BY]
    for field in fields:
        old, new = before.get(field), after.get(field)
        told_by_parent = field == "community_id" and belongs != ["community_id"]
        if field in HIDDEN_FIELDS or told_by_parent or old == new:
            continue
        label = _(FIELD_LABELS.get(field, field))
        if field == "geom":
            yield FieldChange(label, _("the shape before") if old else "", _("a new shape") if new else "")
        else:
            yield FieldChange(label, _side(field, old, before, names), _side(field, new, after, names))


def _side(field: str, value: Any, image: Image, names: Names) -> str:
    if not image:
        return ""
    if field in NAMED_BY and value is not None:
        return names.get((NAMED_BY[field], value)) or _("not assigned yet")
    return value_text(field, value)


def _term(holding: Image | None, names: Names) -> str:
    if holding is None:
        return ""
    name = names.get(("person", holding["person_id"])) or _("somebody")
    if holding["to_on"] is None:
        return _("{name} from {from_on}", name=name, from_on=holding["from_on"])
    return _("{name} from {from_on} until {to_on}", name=name, from_on=holding["from_on"], to_on=holding["to_on"])
