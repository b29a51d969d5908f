"""The place of a request as somebody types it: a building with its unit behind, a compound, an address, a community."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.places.reads import PlaceHit, search_places
from geo.places.search_text import cleaned

UNIT = re.compile(r"^(?P<rest>.+?)\s*(?:(?P<zh>[0-9]{1,3})\s*单元|\bunit\s*(?P<en>[0-9]{1,3}))$", re.IGNORECASE)
UNITS = text(
    "SELECT id, building_id FROM unit WHERE building_id = ANY (:buildings) AND number = :number AND closed_on IS NULL"
)
KINDS = ("unit", "building", "compound", "station", "community")
MOST = 6


@dataclass(frozen=True)
class TypedPlace:
    """A place that was typed: its kind and key, what people call it, and a point (EPSG:4326) where it has one."""

    kind: str
    id: int
    name: str
    context: str
    building_id: int | None = None
    lon: float | None = None
    lat: float | None = None


def split_unit(typed: str) -> tuple[str, str | None]:
    """Return a text without the unit at its end, and the unit's number.

    >>> split_unit("金桂花园 3号楼2单元"), split_unit("jgh3 unit 2"), split_unit("金桂花园 3")
    (('金桂花园 3号楼', '2'), ('jgh3', '2'), ('金桂花园 3', None))
    """
    found = UNIT.match(cleaned(typed))
    if found is None:
        return cleaned(typed), None
    return found["rest"], found["zh"] or found["en"]


def typed_places(connection: Connection, typed: str, *, limit: int = MOST) -> list[TypedPlace]:
    """Return the places of a request that a text may mean, the likeliest first; a unit where its number is typed."""
    rest, number = split_unit(typed)
    if not rest:
        return []
    hits = [hit for hit in search_places(connection, rest, limit=5 * limit) if hit.kind in KINDS]
    units = _units(connection, hits, number) if number else {}
    found = [_with_unit(hit, units, number) for hit in hits]
    return sorted(found, key=lambda place: KINDS.index(place.kind) > 1)[:limit]


def _units(connection: Connection, hits: list[PlaceHit], number: str) -> dict[int, int]:
    buildings = [hit.id for hit in hits if hit.kind == "building"]
    rows = connection.execute(UNITS, {"buildings": buildings, "number": number})
    return {row.building_id: row.id for row in rows}


def _with_unit(hit: PlaceHit, units: dict[int, int], number: str | None) -> TypedPlace:
    if hit.kind == "building" and hit.id in units:
        name = f"{hit.name}{number}单元"
        return TypedPlace("unit", units[hit.id], name, hit.context, hit.id, hit.lon, hit.lat)
    building = hit.id if hit.kind == "building" else None
    return TypedPlace(hit.kind, hit.id, hit.name, hit.context, building, hit.lon, hit.lat)
