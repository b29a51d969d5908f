"""What a form about a place starts from: its fields, its shape and the version the user sees."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.errors import NotFound
from geo.i18n import N_
from geo.places.fields import FIELDS
from geo.places.names import building_name_of
from geo.places.rules import AREA_KINDS, table_of
from geo.store.statements import statement

MOST_PARENTS = 2000
PARENT_COLUMN = {
    "community": "parent_id",
    "grid": "community_id",
    "compound": "community_id",
    "building": "compound_id",
    "gate": "compound_id",
    "station": "compound_id",
    "candidate_site": "compound_id",
    "unit": "building_id",
}


@dataclass(frozen=True)
class Editable:
    """A place as a form shows it; shape is GeoJSON in EPSG:4326, None while it is not known.

    parent_id: what it belongs to now; parents: names by id of what it could belong to, the nearby ones.
    """

    kind: str
    id: int
    version: int
    closed_on: date | None
    fields: dict[str, Any]
    shape: dict[str, Any] | None
    parent_id: int | None
    parents: dict[int, str]


def editable(connection: Connection, kind: str, place_id: int) -> Editable:
    """Return a place for its form; raises NotFound when the actor sees no such place or it has no form."""
    names = [field.name for field in FIELDS.get(kind, ())]
    if not names:
        raise NotFound(N_("There is no form for this kind of place. Import it anew instead."))
    level = " AND level = :kind" if kind in AREA_KINDS else ""
    parent = PARENT_COLUMN.get(kind, "NULL::bigint")
    row = connection.execute(
        text(
            f"SELECT version, closed_on, ST_AsGeoJSON(geom) AS shape, ST_AsText(ST_Envelope(geom)) AS box, "  # noqa: S608
            f"{parent} AS parent, {', '.join(names)} "
            f"FROM {table_of(kind)} WHERE id = :id{level}"
        ),
        {"id": place_id, "kind": kind},
    ).first()
    if row is None:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose another on the map."))
    fields = {name: getattr(row, name) for name in names}
    shape = json.loads(row.shape) if row.shape else None
    parents = _parents(connection, kind, row.box) if kind in PARENT_COLUMN else {}
    return Editable(kind, place_id, row.version, row.closed_on, fields, shape, row.parent, parents)


def _parents(connection: Connection, kind: str, box: str | None) -> dict[int, str]:
    rows = connection.execute(
        text(statement("places", "possible_parents")), {"kind": kind, "shape": box, "most": MOST_PARENTS}
    )
    return {row.id: row.own_name or building_name_of(row) for row in rows}
