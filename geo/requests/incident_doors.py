"""Doors to pick for an incident: the buildings of what was typed, with their units."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from geo.places.names import unit_name_of
from geo.places.reads import search_places
from geo.store.statements import statement

MOST = 200
OUTLINES = text("SELECT ST_AsGeoJSON(ST_Union(geom), 7) FROM building WHERE id = ANY (:buildings) HAVING count(*) > 0")


@dataclass(frozen=True)
class Pickable:
    """A building, or one unit of it, that can be picked; key is a name for it in lists."""

    key: str
    building_id: int
    unit_id: int | None
    name: str


def pickable_doors(connection: Connection, typed: str, *, limit: int = MOST) -> list[Pickable]:
    """Return the buildings somebody means, or those of the compounds they mean, each before its units."""
    hits = search_places(connection, typed, limit=20)
    buildings = [hit.id for hit in hits if hit.kind == "building"]
    compounds = [hit.id for hit in hits if hit.kind == "compound"] if not buildings else []
    rows = connection.execute(
        text(statement("requests", "pickable_doors")), {"buildings": buildings, "compounds": compounds, "most": limit}
    )
    return [
        Pickable(f"{row.building_id}-{row.unit_id or 0}", row.building_id, row.unit_id, unit_name_of(row))
        for row in rows
    ]


def pickable_building(connection: Connection, building_id: int) -> Pickable | None:
    """Return a building as it can be picked, None when the actor sees no such building."""
    asked = {"buildings": [building_id], "compounds": [], "most": 1}
    row = connection.execute(text(statement("requests", "pickable_doors")), asked).first()
    return Pickable(f"{row.building_id}-0", row.building_id, None, unit_name_of(row)) if row else None


def door_outlines(connection: Connection, building_ids: Sequence[int]) -> tuple[dict[str, Any], ...]:
    """Return the outline of some buildings as one GeoJSON geometry (EPSG:4326), none for no building."""
    return tuple(json.loads(one) for one in connection.scalars(OUTLINES, {"buildings": list(building_ids)}))
