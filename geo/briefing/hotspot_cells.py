"""Hotspots on the map: cells with class and words, and in tables: rows with the name of the nearest compound."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree
from sqlalchemy import text

from geo.briefing.hotspot_findings import (
    Growth,
    Spots,
    Unheard,
    ground_of,
    month_codes,
    pattern_name,
    requests_told,
)
from geo.briefing.overview import Stand
from geo.hotspots.asked import Asked
from geo.hotspots.cells import Floats, Integers, outlines
from geo.hotspots.tallies import Tallied
from geo.i18n import N_, _, number
from geo.maps.cells import Cell, Cells, Ring
from geo.maps.hotspot_legend import GROWTH_STYLES, SILENCE_STYLES, UNHEARD, WHERE_STYLES
from geo.store.session import reading

COMPOUNDS = text("SELECT id, name FROM compound WHERE closed_on IS NULL AND NOT placeholder")
OUTLINES = {
    "compound": text(
        "SELECT id, ST_AsBinary(ST_SimplifyPreserveTopology(geom, 0.00002)) AS shape FROM compound "
        "WHERE id = ANY (:ids) AND geom IS NOT NULL"
    ),
    "building": text("SELECT id, ST_AsBinary(geom) AS shape FROM building WHERE id = ANY (:ids) AND geom IS NOT NULL"),
}
ADDRESSES = text("SELECT id, coalesce(address, number) AS name FROM building WHERE id = ANY (:ids)")
MOST_SILENT = 500
KINDS = {"hexagons": "", "compounds": "compound", "buildings": "building"}


@dataclass(frozen=True)
class SpotRow:
    """A place in the table: its number on the map, where it is, how many requests and households, and its class."""

    id: int
    near: str
    requests: str
    count: float
    households: float
    code: int
    pattern: str
    z: float
    p: float
    months: tuple[float, ...]


@dataclass(frozen=True)
class SilentRow:
    """A building nobody hears of: its name, households, requests in words as exactly as may be told, those expected,
    and visits counted and expected.
    """

    building_id: int
    name: str
    households: float
    requests: str
    expected_requests: float
    visits: float
    expected_visits: float


@lru_cache(maxsize=20)
def compound_names(stand: Stand) -> dict[int, str]:
    """Return the names of compounds by id."""
    with reading(stand.reader) as connection:
        return {row.id: row.name for row in connection.execute(COMPOUNDS)}


def near_names(stand: Stand, x_m: Floats, y_m: Floats) -> list[str]:
    """Return the name of the compound next to each place (metres of the city's CRS), empty where there is none."""
    ground, names = ground_of(stand), compound_names(stand)
    homes = np.flatnonzero((ground.home_compound > 0) & np.isfinite(ground.home_x_m))
    if not len(homes):
        return [""] * len(x_m)
    tree = cKDTree(np.column_stack((ground.home_x_m[homes], ground.home_y_m[homes])))
    nearest = tree.query(np.column_stack((x_m, y_m)))[1]
    return [names.get(int(one), "") for one in ground.home_compound[homes[nearest]]]


def spot_cells(stand: Stand, asked: Asked, found: Spots) -> Cells:
    """Return where it clusters as cells of the map; the number of a cell is its position plus one."""
    words = [_spot_words(found, at) for at in range(len(found.codes))]
    title = N_("Requests per household against chance")
    return Cells(title, WHERE_STYLES, *_drawn(stand, KINDS[asked.places], found.places, found.codes, words))


def growth_cells(stand: Stand, asked: Asked, found: Growth) -> Cells:
    """Return where it grows as cells of the map; the number of a cell is its position plus one."""
    names = {pattern: pattern_name(pattern) for pattern in set(found.found.pattern.tolist())}
    words = [
        "" if found.shown.hidden[at] else f"{names[pattern]}\n{found.shown.words(at)}"
        for at, pattern in enumerate(found.found.pattern.tolist())
    ]
    title = N_("Requests month by month")
    return Cells(title, GROWTH_STYLES, *_drawn(stand, KINDS[asked.places], found.places, found.codes, words))


def month_cells(stand: Stand, asked: Asked, found: Growth, month: int) -> Cells:
    """Return one month (a position) as cells of the map; the number of a cell is its position plus one."""
    exact = found.shown.exact
    words = [requests_told(count, exact=True) if exact else "" for count in found.counts[:, month].tolist()]
    codes = month_codes(found, month)
    title = N_("Requests per household in this month")
    return Cells(title, WHERE_STYLES, *_drawn(stand, KINDS[asked.places], found.places, codes, words))


def _spot_words(found: Spots, at: int) -> str:
    if found.shown.hidden[at]:
        return _("Too few requests to be shown")
    households = found.places.households[at]
    lived = _("{count} households", count=number(households)) if households > 0 else _("households unknown")
    return f"{found.shown.words(at)}\n{lived}"


def _drawn(
    stand: Stand, kind: str, places: Tallied, codes: Integers, words: list[str]
) -> tuple[tuple[Cell, ...], Ring]:
    """Return the cells of places in degrees, and the corners of their hexagon; of buildings only unusual ones."""
    back = Transformer.from_crs(ground_of(stand).srid, 4326, always_xy=True)
    lon, lat = back.transform(places.x_m, places.y_m)
    rings = {} if places.size else _rings(stand, kind, places.key if kind == "compound" else places.key[codes != 0])
    cells = tuple(
        Cell(at + 1, int(codes[at]), float(lon[at]), float(lat[at]), words[at], rings.get(int(places.key[at]), ()))
        for at in range(len(codes))
        if places.size is not None or int(places.key[at]) in rings
    )
    if places.size is None or not len(codes):
        return cells, ()
    middle = len(codes) // 2
    corners = outlines(places.key[middle : middle + 1], places.size.cell_m)[0, :-1]
    corner_lon, corner_lat = back.transform(corners[:, 0], corners[:, 1])
    offsets = zip(corner_lon - lon[middle], corner_lat - lat[middle], strict=True)
    return cells, tuple((float(east), float(north)) for east, north in offsets)


def _rings(stand: Stand, kind: str, keys: Integers) -> dict[int, tuple[Ring, ...]]:
    with reading(stand.reader) as connection:
        rows = connection.execute(OUTLINES[kind], {"ids": [int(key) for key in keys]}).all()
    return {row.id: rings_of(shapely.from_wkb(row.shape)) for row in rows}


def rings_of(shape: shapely.Geometry) -> tuple[Ring, ...]:
    """Return the outer rings of a polygon or several.

    >>> len(rings_of(shapely.box(0, 0, 1, 1))[0])
    5
    """
    return tuple(
        tuple((float(lon), float(lat)) for lon, lat in part.exterior.coords) for part in shapely.get_parts(shape)
    )


def silence_cells(stand: Stand, found: Unheard) -> Cells:
    """Return the unheard buildings as cells of the map; the number of a cell is that of its building."""
    places = np.flatnonzero(found.quiet)
    rings = _rings(stand, "building", found.building[places])
    cells = []
    for at in places.tolist():
        outline = rings.get(int(found.building[at]))
        if outline:
            lon, lat = outline[0][0]
            words = _("{count} households", count=number(found.households[at]))
            cells.append(Cell(int(found.building[at]), UNHEARD, lon, lat, words, outline))
    return Cells(N_("Buildings nobody hears of"), SILENCE_STYLES, tuple(cells))


def spot_rows(stand: Stand, found: Spots) -> list[SpotRow]:
    """Return the places that are more than chance, the surest first; who may not see requests is told bounds only."""
    order = np.flatnonzero((found.codes >= 1) & (found.codes <= 3))
    order = order[np.argsort(-found.found.z[order])]
    return _rows(stand, found, order, found.found.z, found.found.p)


def growth_rows(stand: Stand, found: Growth) -> list[SpotRow]:
    """Return the places with a pattern over time, new and growing ones first."""
    order = np.flatnonzero((found.codes >= 1) & (found.codes <= 6))
    whole = found.found.whole
    order = order[np.lexsort((-np.nan_to_num(whole.z[order]), found.codes[order]))]
    return _rows(stand, found, order, whole.z, whole.p)


def row_of(stand: Stand, found: Spots | Growth, cell: int | None) -> SpotRow | None:
    """Return the place of a cell of the map, striking or not; None for none and for one that is not told of."""
    if cell is None or not 0 < cell <= len(found.codes) or found.shown.hidden[cell - 1]:
        return None
    whole = found.found.whole if isinstance(found, Growth) else found.found
    return _rows(stand, found, np.array([cell - 1]), whole.z, whole.p)[0]


def _rows(stand: Stand, found: Spots | Growth, order: Integers, z: Floats, p: Floats) -> list[SpotRow]:
    places, shown = found.places, found.shown
    near = near_names(stand, places.x_m[order], places.y_m[order])
    return [
        SpotRow(
            int(at) + 1, name, shown.words(int(at)), float(shown.counts[at]), float(places.households[at]),
            int(found.codes[at]), pattern_name(int(found.found.pattern[at])) if isinstance(found, Growth) else "",
            float(z[at]), float(p[at]),
            tuple(found.counts[at].tolist()) if isinstance(found, Growth) and shown.exact else (),
        )
        for at, name in zip(order.tolist(), near, strict=True)
    ]  # fmt: skip


def silent_rows(stand: Stand, found: Unheard) -> list[SilentRow]:
    """Return the unheard buildings, those with most households first."""
    order = np.flatnonzero(found.quiet)
    order = order[np.argsort(-found.households[order])][:MOST_SILENT]
    with reading(stand.reader) as connection:
        rows = connection.execute(ADDRESSES, {"ids": [int(found.building[at]) for at in order]}).all()
    names = {row.id: row.name for row in rows}
    return [
        SilentRow(
            int(found.building[at]), names.get(int(found.building[at]), ""), float(found.households[at]),
            requests_told(float(found.requests[at]), exact=found.exact), float(found.found.expected_requests[at]),
            float(found.visits[at]),
            float(found.found.expected_visits[at]),
        )
        for at in order.tolist()
    ]  # fmt: skip
