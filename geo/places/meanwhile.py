"""What happened to a place while somebody had it open in a form: how it is now, and who changed which field when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from geo.access.actor import shown_name
from geo.errors import NotFound
from geo.places.editing import Editable, editable
from geo.places.records import Image, differing
from geo.places.rules import table_of
from geo.store import audit

PARENT_COLUMNS = ("compound_id", "building_id", "parent_id", "community_id")
BELONGS, SHAPE = "parent_id", "geom"


class Editor(NamedTuple):
    """Who changed something and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Meanwhile:
    """A place now, beside the version somebody saw; now is None when it was removed.

    by: the last editor of each field since, the shape as "geom", what it belongs to as "parent_id"; a change that was
    not logged field by field, as an import's, has none. last: the last editor of anything.
    """

    now: Editable | None
    by: dict[str, Editor]
    last: Editor | None

    @property
    def closed_on(self) -> date | None:
        """The day it was closed, None while it is open or when it was removed."""
        return self.now.closed_on if self.now else None

    def is_after(self, seen: Editable) -> bool:
        """Tell whether anything changed since a version was seen."""
        return self.now is None or self.now.version != seen.version


def meanwhile(connection: Connection, seen: Editable) -> Meanwhile:
    """Return what became of a place since a form showed it."""
    try:
        now = editable(connection, seen.kind, seen.id)
    except NotFound:
        now = None
    by = editors(connection, seen.kind, seen.id, since=seen.version)
    return Meanwhile(now, by, max(by.values(), key=lambda editor: editor.at, default=None))


def editors(connection: Connection, kind: str, place_id: int, *, since: int) -> dict[str, Editor]:
    """Return who changed each field of a place last after a version of it."""
    by: dict[str, Editor] = {}
    for entry in audit.history(connection, kind, place_id):
        before, after = (_image(side, kind, place_id) for side in (entry.before, entry.after))
        if after is not None and after["version"] <= since:
            break
        for field in differing(before or {}, after or before or {}):
            by.setdefault(BELONGS if field in PARENT_COLUMNS else field, Editor(shown_name(entry.actor), entry.at))
    return by


def as_record(place: Editable) -> dict[str, Any]:
    """Return everything about a place that its forms can change, the shape and what it belongs to included."""
    return {**place.fields, BELONGS: place.parent_id, SHAPE: place.shape}


def _image(images: dict[str, Any] | None, kind: str, place_id: int) -> Image | None:
    rows = (images or {}).get(table_of(kind))
    found: Image | None = rows.get(str(place_id)) if isinstance(rows, dict) else None
    return found
