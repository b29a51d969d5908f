"""Straight lines where no walking network is loaded: shortest lines over the ellipsoid, lengthened for the streets."""

import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer
from scipy.spatial import cKDTree

from geo.coverage.nearest import Within

Floats = npt.NDArray[np.float64]
DETOUR = 1.3
"""Ways in a town over straight lines: the value this product uses wherever no network is loaded."""
SLACK = 1.001
"""A chord through the earth is shorter than the line along its surface: by 1 part in 10,000 over 300 km."""


def within_straight(
    sources: tuple[Floats, Floats], targets: tuple[Floats, Floats], limit_m: float, *, detour: float = DETOUR
) -> Within:
    """Return for each source all targets whose straight line times `detour` is at most `limit_m` metres.

    sources, targets: lon and lat in degrees (EPSG:4326, measured on WGS 84); a place that is not finite reaches nobody.
    Pairs are found on a tree and never laid out as a full table.

    >>> here = np.array([115.98]), np.array([36.45])
    >>> there = np.array([115.98, 115.98]), np.array([36.455, 36.47])
    >>> found = within_straight(here, there, 1000)
    >>> found.target.tolist(), found.metres.round(1).tolist()
    ([0], [721.3])
    """
    first, second = _found(sources, targets, limit_m / detour * SLACK)
    _out, _back, straight_m = Geod(ellps="WGS84").inv(
        sources[0][first], sources[1][first], targets[0][second], targets[1][second]
    )
    metres = np.asarray(straight_m, dtype=np.float64) * detour
    kept = metres <= limit_m
    order = np.lexsort((metres[kept], first[kept]))
    counts = np.bincount(first[kept], minlength=len(sources[0]))
    indptr = np.append(0, np.cumsum(counts)).astype(np.int64)
    return Within(indptr, second[kept][order].astype(np.int32), metres[kept][order])


def _found(
    sources: tuple[Floats, Floats], targets: tuple[Floats, Floats], radius_m: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pairs that are closer than a radius, as positions in both lists."""
    into_space = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    trees, numbers = [], []
    for lon, lat in (sources, targets):
        placed = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        points = into_space.transform(lon[placed], lat[placed], np.zeros(len(placed)))
        trees.append(cKDTree(np.column_stack(points)))
        numbers.append(placed)
    near = trees[0].sparse_distance_matrix(trees[1], max(radius_m, 0.0), output_type="ndarray")
    return numbers[0][near["i"]], numbers[1][near["j"]]
