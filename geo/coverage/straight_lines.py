"""The k nearest where no network is loaded: straight lines, a third longer because streets are."""

import numpy as np
import numpy.typing as npt
from pyproj import Geod
from scipy.spatial import KDTree

from geo.coverage.nearest import Nearest
from geo.coverage.network import Floats, Positions
from geo.coverage.straight import DETOUR

WGS84 = Geod(ellps="WGS84")
NONE = -1

Places = tuple[Floats, Floats]
"""Longitudes and latitudes in degrees (EPSG:4326); NaN where the position is not known."""


def k_nearest_straight(origins: Places, targets: Places, k: int, *, limit_m: float = np.inf) -> Nearest:
    """Return for each origin its k nearest targets, (origins, k), by straight line x 1.3 on the ellipsoid.

    >>> street = np.array([115.98, 115.99]), np.array([36.45, 36.45])
    >>> k_nearest_straight(street, street, 2).metres.round().tolist()
    [[0.0, 1165.0], [0.0, 1165.0]]
    """
    there = np.flatnonzero(_known(targets))
    metres = np.full((len(origins[0]), k), np.inf)
    target = np.full(metres.shape, NONE, dtype=np.int32)
    here = np.flatnonzero(_known(origins))
    found = min(k, len(there))
    if not (found and len(here)):
        return Nearest(target, metres)
    tree = KDTree(_in_space(targets, there))
    _chord, near = tree.query(_in_space(origins, here), found)
    near = there[near.reshape(len(here), found)]
    walks_m = _walks_m(origins, np.repeat(here, found), targets, near.ravel()).reshape(near.shape)
    order = np.argsort(walks_m, axis=1, kind="stable")
    near, walks_m = np.take_along_axis(near, order, 1), np.take_along_axis(walks_m, order, 1)
    within_limit = walks_m <= limit_m
    metres[here, :found] = np.where(within_limit, walks_m, np.inf)
    target[here, :found] = np.where(within_limit, near, NONE)
    return Nearest(target, metres)


def _known(places: Places) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(places[0]) & np.isfinite(places[1]))


def _walks_m(origins: Places, origin: npt.NDArray[np.int64], targets: Places, target: Positions) -> Floats:
    line_m = WGS84.inv(origins[0][origin], origins[1][origin], targets[0][target], targets[1][target])[2]
    return np.asarray(line_m, dtype=np.float64) * DETOUR


def _in_space(places: Places, chosen: npt.NDArray[np.int64]) -> Floats:
    """Return x, y, z in metres from the middle of the earth: lines through it are never longer than over it."""
    lon, lat = np.radians(places[0][chosen]), np.radians(places[1][chosen])
    across = WGS84.a / np.sqrt(1 - WGS84.es * np.sin(lat) ** 2)
    x, y = across * np.cos(lat) * np.cos(lon), across * np.cos(lat) * np.sin(lon)
    return np.column_stack((x, y, across * (1 - WGS84.es) * np.sin(lat)))
