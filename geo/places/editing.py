"""What a form about a place starts from: its fields, its shape and the version the user sees."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.i18n import N_
from geo.places.fields import FIELDS
from geo.places.rules import AREA_KINDS, table_of


@dataclass(frozen=True)
class Editable:
    """A place as a form shows it; shape is GeoJSON in EPSG:4326, None while it is not known."""

    kind: str
    id: int
    version: int
    closed_on: date | None
    fields: dict[str, Any]
    shape: dict[str, Any] | None


def editable(connection: Connection, kind: str, place_id: int) -> Editable:
    """Return a place for its form; raises NotFound when the actor sees no such place or it has no form."""
    names = [field.name for field in FIELDS.get(kind, ())]
    if not names:
        raise NotFound(N_("There is no form for this kind of place. Import it anew instead."))
    level = " AND level = :kind" if kind in AREA_KINDS else ""
    row = connection.execute(
        text(
            f"SELECT version, closed_on, ST_AsGeoJSON(geom) AS shape, {', '.join(names)} "  # noqa: S608
            f"FROM {table_of(kind)} WHERE id = :id{level}"
        ),
        {"id": place_id, "kind": kind},
    ).first()
    if row is None:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose another on the map."))
    fields = {name: getattr(row, name) for name in names}
    return Editable(kind, place_id, row.version, row.closed_on, fields, json.loads(row.shape) if row.shape else None)
