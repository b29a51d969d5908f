"""Search for places: by name, code, address, compound and number, head; in characters or pinyin."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.places.names import building_name_of, unit_name_of
from geo.places.rules import name_and_number
from geo.places.search_text import cleaned, escaped, folded
from geo.store.clock import today
from geo.store.statements import statement

COUNTERS = ("", "号楼", "号", "楼", "栋", "幢", "#")
SHORTEST_WORDS = 2
NOTHING = ""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlaceHit:
    """A place that was found: context says where it is or who its head is; lon, lat and bounds in EPSG:4326.

    bounds are west, south, east, north; all three are None for a place without geometry.
    """

    kind: str
    id: int
    name: str
    context: str
    lon: float | None
    lat: float | None
    bounds: Bounds | None


def search_places(connection: Connection, wanted: str, *, limit: int = 20, on: date | None = None) -> list[PlaceHit]:
    """Return the places a text means, the likeliest first.

    A text is matched with codes, names, compound and number ("金桂花园 3", "jgh3"), addresses and heads of the day on
    (None: today), in characters, full pinyin or initials.
    """
    typed = cleaned(wanted)
    if not typed:
        return []
    params = _params(typed, limit, on or today())
    hits: dict[tuple[str, int], PlaceHit] = {}
    for name, applies in STAGES.items():
        if len(hits) >= limit:
            break
        if applies(params, bool(hits)):
            for hit in map(_hit, connection.execute(text(statement("places", f"search_{name}")), params)):
                hits.setdefault((hit.kind, hit.id), hit)
    return list(hits.values())[:limit]


def _params(typed: str, limit: int, on: date) -> dict[str, Any]:
    key = folded(typed)
    numbered = name_and_number(typed)
    name_key = folded(numbered.name) if numbered else NOTHING
    return {
        "text": typed,
        "anywhere": f"%{escaped(typed)}%",
        "start": f"{escaped(typed)}%",
        "words": "%" + "%".join(escaped(word) for word in typed.split()) + "%",
        "full": f"{key}%" if key else NOTHING,
        "initials": f"% {key}%" if key else NOTHING,
        "named": f"%{escaped(numbered.name)}%" if numbered else NOTHING,
        "named_full": f"{name_key}%" if name_key else NOTHING,
        "named_initials": f"% {name_key}%" if name_key else NOTHING,
        "numbers": [numbered.number + counter for counter in COUNTERS] if numbered else [],
        "most": limit,
        "on": on,
    }


def _always(_params: Mapping[str, Any], _found: bool) -> bool:
    return True


def _with_number(params: Mapping[str, Any], _found: bool) -> bool:
    return bool(params["numbers"])


def _a_name(params: Mapping[str, Any], found: bool) -> bool:
    return len(params["text"]) >= SHORTEST_WORDS and not (found and params["numbers"])


def _nothing_yet(params: Mapping[str, Any], found: bool) -> bool:
    return len(params["text"]) >= SHORTEST_WORDS and not found


STAGES: dict[str, Callable[[Mapping[str, Any], bool], bool]] = {
    "numbered": _with_number,
    "areas": _always,
    "compounds": _always,
    "codes": _always,
    "heads": _a_name,
    "addresses": _nothing_yet,
}


def _hit(row: Row[Any]) -> PlaceHit:
    own = getattr(row, "own_name", None) or (None if hasattr(row, "number") else row.name)
    name = own or (unit_name_of(row) if hasattr(row, "unit_number") else building_name_of(row))
    bounds = None if row.west is None else (row.west, row.south, row.east, row.north)
    return PlaceHit(row.kind, row.id, name, row.context or "", row.lon, row.lat, bounds)
