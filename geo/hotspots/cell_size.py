"""How wide the cells are, chosen by the data, with the reason in words.

Two rules of the literature, of which the wider one holds. Cells narrower than twice the usual distance between
neighbouring places only show where places are (Esri, "How Optimized Hot Spot Analysis works": twice the larger of mean
and median distance to the nearest place). And a count needs some points a cell to be more than chance: Greig-Smith's
quadrats of twice the mean area of a point are the least (Wong & Lee, Statistical Analysis of Geographic Information,
2005), here it is five points a cell on average. Both yield to bounds: at least a hundred cells over the ground of the
points (thirty are the fewest for Gi*), and from 50 m, a large building, to 5 km.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo.hotspots.cells import Floats, width_m
from geo.i18n import N_, _, number

PER_CELL, LEAST_CELLS, LEAST_M, MOST_M = 5, 100, 50.0, 5000.0
ASKED, SEED = 20_000, 1
STEPS = np.array([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8])

REASONS = {
    "apart": N_("Cells are {cell} m wide: twice the {apart} m from a place to the next."),
    "points": N_("Cells are {cell} m wide: about {per_cell} of the {points} points lie in one."),
    "cells": N_("Cells are {cell} m wide: with wider ones there would be fewer than {least} to compare."),
    "least": N_("Cells are {cell} m wide: narrower ones would be single buildings."),
    "most": N_("Cells are {cell} m wide: wider ones would say little about a neighbourhood."),
    "asked": N_("Cells are {cell} m wide, as asked."),
}


@dataclass(frozen=True)
class CellSize:
    """Metres from side to side, the rule it comes from (a key of REASONS), and the numbers behind it.

    apart_m: the larger of mean and median distance from a place to the next; points; ground_km2: of their convex hull.
    """

    cell_m: float
    rule: str
    apart_m: float = 0.0
    points: int = 0
    ground_km2: float = 0.0

    def words(self) -> str:
        """Return the reason in the language of the context.

        >>> CellSize(250.0, "asked").words()
        'Cells are 250 m wide, as asked.'
        """
        values = {
            "cell": number(self.cell_m),
            "apart": number(round(self.apart_m)),
            "points": number(self.points),
            "per_cell": number(PER_CELL),
            "least": number(LEAST_CELLS),
        }
        message = REASONS[self.rule]
        return _(message, **{name: value for name, value in values.items() if f"{{{name}}}" in message})


def ground(x_m: Floats, y_m: Floats) -> shapely.Geometry:
    """Return the convex hull of points in metres, a polygon, line, point or nothing.

    >>> ground(np.array([0.0, 2.0, 0.0]), np.array([0.0, 0.0, 3.0])).area
    3.0
    """
    if len(x_m) < 2:
        return shapely.Point(*zip(x_m, y_m, strict=True))
    return shapely.convex_hull(shapely.linestrings(np.column_stack((x_m, y_m))))


def apart_m(x_m: Floats, y_m: Floats) -> float:
    """Return the larger of mean and median distance from a place to the nearest other place, in metres.

    Points on one spot are one place. Of more than 20,000 places as many are asked, drawn by a fixed seed, but all count
    as the nearest. The hundredth with the farthest neighbour is left out, as outliers are. 0 for fewer than two places.

    >>> apart_m(np.array([0.0, 0.0, 10.0, 30.0]), np.zeros(4))
    13.333333333333334
    """
    points = np.unique(np.asarray(x_m) + 1j * np.asarray(y_m))
    places = np.column_stack((points.real, points.imag))
    if len(places) < 2:
        return 0.0
    asked = places
    if len(places) > ASKED:
        asked = places[np.random.default_rng(SEED).choice(len(places), ASKED, replace=False)]
    distance = np.sort(cKDTree(places).query(asked, k=2)[0][:, 1])
    distance = distance[: len(distance) - len(distance) // 100]
    return float(max(distance.mean(), np.median(distance)))


def rounded_m(cell_m: float) -> float:
    """Return a round number of metres near the given one.

    >>> [rounded_m(wide) for wide in (173.0, 260.0, 980.0)]
    [150.0, 250.0, 1000.0]
    """
    scale = 10.0 ** np.floor(np.log10(cell_m))
    choices = np.append(STEPS, 10.0) * scale
    return float(choices[np.argmin(np.abs(np.log(choices / cell_m)))])


def cell_size(x_m: Floats, y_m: Floats) -> CellSize:
    """Return how wide hexagons over these points (n,), in metres of one metric system, should be, and why.

    >>> east, north = (axis.ravel() * 40.0 for axis in np.meshgrid(np.arange(60), np.arange(60)))
    >>> cell_size(east, north).words()
    'Cells are 100 m wide: about 5 of the 3,600 points lie in one.'
    """
    finite = np.isfinite(x_m) & np.isfinite(y_m)
    x_m, y_m = np.asarray(x_m)[finite], np.asarray(y_m)[finite]
    points, area, apart = len(x_m), ground(x_m, y_m).area / 1e6, apart_m(x_m, y_m)
    wide = {"apart": 2 * apart, "points": width_m(PER_CELL * area / max(points, 1))}
    rule = max(wide, key=lambda name: wide[name])
    cell_m = wide[rule]
    if area > 0 and cell_m > width_m(area / LEAST_CELLS):
        rule, cell_m = "cells", width_m(area / LEAST_CELLS)
    if not LEAST_M <= cell_m <= MOST_M:
        rule, cell_m = ("least", LEAST_M) if cell_m < LEAST_M else ("most", MOST_M)
    return CellSize(rounded_m(cell_m), rule, apart, points, area)
