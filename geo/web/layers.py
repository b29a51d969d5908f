"""The layers of the map's vector tiles: from which zoom, which rows, which columns, and the query for one tile."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.errors import BadInput
from geo.i18n import N_

TEMPLATE = (Path(__file__).parent / "sql" / "tile.sql").read_text()
MARGIN_SHARE = 1 / 64
FINE_STEPS, COARSE_STEPS = 4096, 1024
DEEPEST = 22
LINEAR_FROM = 11
"""From here latitude is linear within a tile to less than one of its 4,096 steps: no geometry needs reprojecting."""
BUILDINGS_FROM = 14
FROM_AFAR = 11

WEB_FRAME = "ST_TileEnvelope(%(z)s, %(x)s, %(y)s)"
LONLAT_FRAME = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"
LONLAT_BOX = "ST_MakeEnvelope(%(box_west)s, %(box_south)s, %(box_east)s, %(box_north)s, 4326)"


@dataclass(frozen=True)
class Layer:
    """One layer: its table, rows, columns (expression and name) with the zoom they come from."""

    table: str
    from_zoom: int
    topic: str = "places"
    kept: str = "p.closed_on IS NULL"
    columns: tuple[tuple[int, str], ...] = ()
    as_point: bool = False
    to_zoom: int = DEEPEST

    def column_list(self, zoom: int) -> str:
        """Return the columns of this zoom, each followed by a comma."""
        return "".join(f"{column}, " for start, column in self.columns if zoom >= start)


NAMED = (0, "p.name")
LAYERS: dict[str, Layer] = {
    "ground": Layer("ground", 0, "base", "true", ((0, "p.kind"), (13, "p.name"))),
    "walk_edge": Layer(
        "walk_edge",
        11,
        "base",
        "(p.kind = 'road' OR (%(z)s >= 13 AND p.kind = 'street') OR %(z)s >= 14)",
        ((0, "p.kind"), (14, "p.name")),
    ),
    "district": Layer(
        "area",
        0,
        kept="p.closed_on IS NULL AND p.level IN ('district', 'street_office')",
        columns=((0, "p.level"),),
        to_zoom=12,
    ),
    "community": Layer("area", 5, kept="p.closed_on IS NULL AND p.level = 'community'"),
    "compound": Layer("compound", 11),
    "building": Layer("building", BUILDINGS_FROM, columns=((16, "p.number"),)),
    "unit": Layer("unit", 16, columns=((0, "p.number"),)),
    "gate": Layer("gate", 15, columns=((0, "p.kind"),)),
    "candidate_site": Layer("candidate_site", 13, columns=(NAMED,)),
    "station": Layer("station", 11, columns=(NAMED, (0, "p.status"))),
    "district_name": Layer(
        "area", 5, kept="p.closed_on IS NULL AND p.level = 'district'", columns=(NAMED,), as_point=True, to_zoom=10
    ),
    "community_name": Layer(
        "area", 11, kept="p.closed_on IS NULL AND p.level = 'community'", columns=(NAMED,), as_point=True, to_zoom=13
    ),
    "compound_name": Layer(
        "compound", 13, kept="p.closed_on IS NULL AND NOT p.placeholder", columns=(NAMED,), as_point=True
    ),
}


@dataclass(frozen=True)
class Address:
    """Where a tile is in the usual pyramid of Web Mercator tiles."""

    z: int
    x: int
    y: int

    def check(self) -> None:
        """Raise BadInput unless the tile exists."""
        if not (0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z):
            raise BadInput(N_("There is no map tile {z}/{x}/{y}"), z=self.z, x=self.x, y=self.y)

    def box(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Return west, south, east, north in degrees, widened by a share of the tile.

        >>> [round(degrees, 4) for degrees in Address(1, 1, 0).box()]
        [0.0, 0.0, 180.0, 85.0511]
        """
        tiles = 2**self.z

        def lat(row: float) -> float:
            return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / tiles))))

        west, east = ((self.x + step) / tiles * 360 - 180 for step in (-margin, 1 + margin))
        return west, lat(self.y + 1 + margin), east, lat(self.y - margin)

    def values(self) -> dict[str, float]:
        """Return the values the tile query is asked with."""
        frame = zip(("west", "south", "east", "north"), self.box(), strict=True)
        wide = zip(("box_west", "box_south", "box_east", "box_north"), self.box(MARGIN_SHARE), strict=True)
        return {"z": self.z, "x": self.x, "y": self.y, **dict(frame), **dict(wide)}


@cache
def query(names: tuple[str, ...], zoom: int, *, by_index: bool) -> str:
    """Return the query for a tile of some layers, one after the other: asked at once, planned once.

    >>> query(("unit", "gate"), 16, by_index=True).count("ST_AsMVT(")
    2
    """
    each = (f"coalesce((\n{_layer_query(name, zoom, by_index=by_index)}), '')" for name in names)
    return "SELECT " + " || ".join(each)


def _layer_query(name: str, zoom: int, *, by_index: bool) -> str:
    """Return the query for a tile of a layer; without a leak-proof overlap operator (by_index false) the ids in the
    box come from app_within, which filters by the caller's communities itself, and row security then holds as ever.
    """
    layer = LAYERS[name]
    drawn = "ST_PointOnSurface(p.geom)" if layer.as_point else "p.geom"
    linear = zoom >= LINEAR_FROM
    within = f"p.id IN (SELECT app_within('{layer.table}', {LONLAT_BOX}))"
    steps = FINE_STEPS if linear else COARSE_STEPS
    return TEMPLATE.format(
        steps=steps,
        layer=f"'{name}'",
        columns=layer.column_list(zoom),
        drawn=drawn if linear else f"ST_Transform({drawn}, 3857)",
        frame=LONLAT_FRAME if linear else WEB_FRAME,
        margin=0 if layer.as_point else int(steps * MARGIN_SHARE),
        table=layer.table,
        near=f"p.geom && {LONLAT_BOX}" if by_index else within,
        kept=layer.kept,
    )


def is_due(name: str, zoom: int, *, from_afar: bool) -> bool:
    """Tell whether a layer belongs into the tiles of a zoom; from_afar: buildings are drawn early.

    >>> is_due("building", 12, from_afar=True), is_due("building", 12, from_afar=False)
    (True, False)
    """
    layer = LAYERS[name]
    start = FROM_AFAR if name == "building" and from_afar else layer.from_zoom
    return start <= zoom <= layer.to_zoom


def parse_names(text: str) -> tuple[str, ...]:
    """Return the layers of a tile's address, several joined by "+"; BadInput for unknown ones.

    >>> parse_names("ground+walk_edge")
    ('ground', 'walk_edge')
    """
    names = tuple(text.split("+"))
    unknown = [name for name in names if name not in LAYERS]
    if unknown or len(set(names)) != len(names):
        raise BadInput(N_("There is no map layer {name}"), name=", ".join(unknown or names))
    return names
