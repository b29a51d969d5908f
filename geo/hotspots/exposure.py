"""What cases are counted against: the area a point lies in, people of areas shared out among hexagons, ground."""

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.hotspots.cells import Floats, Integers, Positions, keys_of, outlines
from geo.i18n import N_

Shapes = NDArray[np.object_]

MOST_CELLS = 2_000_000
TOO_FINE = N_("Cells of {cell} m would be {count}. Choose wider ones, or smaller areas.")


def area_of(x_m: Floats, y_m: Floats, areas: Shapes) -> Positions:
    """Return the position (n,) int32 of the area each point lies in, -1 for none; the smaller of two that overlap.

    >>> yards = np.array([shapely.box(0, 0, 4, 4), shapely.box(0, 0, 2, 2)])
    >>> area_of(np.array([1.0, 9.0]), np.array([1.0, 1.0]), yards)
    array([ 1, -1], dtype=int32)
    """
    found = np.full(len(x_m), -1, np.int32)
    placed = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
    point, area = shapely.STRtree(areas).query(shapely.points(x_m[placed], y_m[placed]), predicate="intersects")
    order = np.argsort(-shapely.area(areas)[area], kind="stable")
    found[placed[point[order]]] = area[order]
    return found


def hexagons_over(areas: Shapes, cell_m: float) -> Integers:
    """Return the keys (c,) of all hexagons that share ground with the areas, ascending.

    Raises BadInput for more than two million cells.

    >>> len(hexagons_over(np.array([shapely.box(-10, -10, 10, 10)]), 100.0))
    1
    """
    west, south, east, north = shapely.total_bounds(areas)
    high = cell_m * np.sqrt(3) / 2
    rows = np.arange(np.floor(south / high) - 1, np.ceil(north / high) + 2)
    wide = int(np.ceil((east - west) / cell_m)) + 3
    if rows.size * wide > MOST_CELLS:
        raise BadInput(TOO_FINE, cell=f"{cell_m:g}", count=f"{rows.size * wide:,}")
    first = np.floor(west / cell_m - 0.5 * rows) - 1
    q = (first[:, None] + np.arange(wide)).astype(np.int64).ravel()
    key = keys_of(q, np.repeat(rows.astype(np.int64), wide))
    cells = shapely.polygons(outlines(key, cell_m))
    _area, cell = shapely.STRtree(cells).query(areas, predicate="intersects")
    return np.unique(key[np.unique(cell)])


def shared_out(key: Integers, cell_m: float, areas: Shapes, people: Floats) -> Floats:
    """Return how many people (c,) each hexagon has when those of an area (NaN: unknown) live evenly all over it.

    NaN for a hexagon of which half or more lies in areas whose people are unknown; ground outside all areas has nobody.

    >>> yard = np.array([shapely.box(0, -500, 500, 500)])
    >>> shared_out(np.array([0]), 100.0, yard, np.array([1000.0])).round(2).tolist()
    [8.66]
    """
    cells = shapely.polygons(outlines(key, cell_m))
    area, cell = shapely.STRtree(cells).query(areas, predicate="intersects")
    ground = shapely.area(shapely.intersection(cells[cell], areas[area]))
    known = np.isfinite(people[area])
    share = np.where(known, ground / np.maximum(shapely.area(areas)[area], 1e-9) * np.nan_to_num(people[area]), 0.0)
    unknown = np.bincount(cell, np.where(known, 0.0, ground), len(key))
    whole = np.bincount(cell, share, len(key))
    return np.where(unknown >= 0.5 * shapely.area(cells), np.nan, whole)


def ground_km2(key: Integers, cell_m: float, ground: shapely.Geometry) -> Floats:
    """Return how many km² (c,) of each hexagon belong to the ground, such as the convex hull of all points.

    >>> ground_km2(np.array([0]), 1000.0, shapely.box(0, -5000, 5000, 5000)).round(3).tolist()
    [0.433]
    """
    cells = shapely.polygons(outlines(key, cell_m))
    shapely.prepare(ground)
    inside = shapely.contains_properly(ground, cells)
    part = shapely.area(cells)
    part[~inside] = shapely.area(shapely.intersection(cells[~inside], ground))
    return part / 1e6
