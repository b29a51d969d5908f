"""Planar hexagons in a metric system: which one a point lies in, how many lie in each, outlines, middles.

A hexagon stands on a corner and is `cell_m` wide from side to side, which is also the distance to the middles of its
six neighbours; its area is sqrt(3) / 2 · cell_m². It is named by axial coordinates q (to the east) and r (to the north
north-east), counted from the origin of the metric system, and by one number for both:  key = r · 2³² + q. Keys grow
from south to north and in a row from west to east.
Source: A. Patel, Hexagonal Grids (Red Blob Games, 2013): axial coordinates, rounding in cube coordinates.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Positions = NDArray[np.int32]
Flags = NDArray[np.bool_]

ROW = 1 << 32
HALF = 1 << 31
RISE = np.sqrt(3) / 2
ROOM_PER_POINT, ROOM = 4, 1_000_000
OUTSIDE = np.int64(-1) << np.int64(62)
"""The key of a point without finite coordinates."""


class Tally(NamedTuple):
    """Cells with something in them: key (c,) int64 ascending, points (c,) float64, and cell (n,) int32 of each point.

    cell is -1 for a point without coordinates.
    """

    key: Integers
    points: Floats
    cell: Positions


@njit(cache=True)
def _keys(x_m: Floats, y_m: Floats, cell_m: float) -> Integers:
    key = np.empty(x_m.size, np.int64)
    per_row, per_cell = 2.0 / (np.sqrt(3.0) * cell_m), 1.0 / cell_m
    for i in range(x_m.size):
        row = y_m[i] * per_row
        column = x_m[i] * per_cell - 0.5 * row
        if not (abs(row) < 2e9 and abs(column) < 2e9):
            key[i] = OUTSIDE
            continue
        third = -row - column
        r, q, s = np.floor(row + 0.5), np.floor(column + 0.5), np.floor(third + 0.5)
        off_r, off_q, off_s = abs(r - row), abs(q - column), abs(s - third)
        if off_q > off_r and off_q > off_s:
            q = -r - s
        elif off_r > off_s:
            r = -q - s
        key[i] = np.int64(r) * ROW + np.int64(q)
    return key


def hexagons(x_m: Floats, y_m: Floats, cell_m: float) -> Integers:
    """Return the key of the hexagon each point lies in, by a closed formula.

    x_m, y_m (n,): metres in one metric system; cell_m: metres from side to side. Returns keys (n,) int64; OUTSIDE where
    a coordinate is NaN or infinite.

    >>> axial(hexagons(np.array([0.0, 95.0, 55.0]), np.array([0.0, 0.0, 86.0]), 100.0))[0].tolist()
    [0, 1, 0]
    >>> axial(hexagons(np.array([0.0, 95.0, 55.0]), np.array([0.0, 0.0, 86.0]), 100.0))[1].tolist()
    [0, 0, 1]
    """
    east, north = np.ascontiguousarray(x_m, np.float64), np.ascontiguousarray(y_m, np.float64)
    return _keys(east, north, float(cell_m))


def axial(key: Integers) -> tuple[Integers, Integers]:
    """Return q and r (n,) int64 of keys.

    >>> [part.tolist() for part in axial(keys_of(np.array([-3, 2]), np.array([-1, 7])))]
    [[-3, 2], [-1, 7]]
    """
    q = ((key + HALF) & (ROW - 1)) - HALF
    return q, (key - q) >> 32


def keys_of(q: Integers, r: Integers) -> Integers:
    """Return keys of axial coordinates.

    >>> keys_of(np.array([1]), np.array([0])).tolist()
    [1]
    """
    return np.asarray(r, np.int64) * ROW + np.asarray(q, np.int64)


def middles(key: Integers, cell_m: float) -> tuple[Floats, Floats]:
    """Return x_m and y_m (n,) of the middles of hexagons, in metres.

    >>> [axis.round(1).tolist() for axis in middles(keys_of(np.array([2]), np.array([1])), 100.0)]
    [[250.0], [86.6]]
    """
    q, r = axial(key)
    return cell_m * (q + 0.5 * r), cell_m * RISE * r


def outlines(key: Integers, cell_m: float) -> Floats:
    """Return the corners of hexagons, closed and counter-clockwise: (n, 7, 2) of x, y in metres.

    >>> outlines(np.array([0]), 2.0)[0, :3].round(3).tolist()
    [[1.0, -0.577], [1.0, 0.577], [0.0, 1.155]]
    """
    x_m, y_m = middles(key, cell_m)
    angle = np.radians(np.arange(-30, 331, 60))
    radius = cell_m / np.sqrt(3)
    corners = np.empty((len(key), 7, 2))
    corners[:, :, 0] = x_m[:, None] + radius * np.cos(angle)
    corners[:, :, 1] = y_m[:, None] + radius * np.sin(angle)
    corners[:, 6] = corners[:, 0]
    return corners


def area_km2(cell_m: float) -> float:
    """Return the area of a hexagon in km².

    >>> round(area_km2(1000.0), 4)
    0.866
    """
    return float(RISE * (cell_m / 1000) ** 2)


def width_m(cells_km2: float) -> float:
    """Return how wide a hexagon of so many km² is, in metres.

    >>> round(width_m(area_km2(250.0)))
    250
    """
    return float(1000 * np.sqrt(cells_km2 / RISE))


@njit(cache=True)
def _span(key: Integers) -> NDArray[np.int64]:
    """Return least and largest q, least and largest r."""
    low_q = low_r = np.int64(HALF)
    high_q = high_r = np.int64(-HALF)
    for one in key:
        if one != OUTSIDE:
            q = ((one + HALF) & (ROW - 1)) - HALF
            r = (one - q) >> 32
            low_q, high_q = min(low_q, q), max(high_q, q)
            low_r, high_r = min(low_r, r), max(high_r, r)
    return np.array([low_q, high_q, low_r, high_r])


@njit(cache=True)
def _by_table(key: Integers, low_q: int, low_r: int, wide: int, high: int) -> tuple[Integers, Floats, Positions]:
    table = np.zeros(wide * high, np.int64)
    cell = np.empty(key.size, np.int32)
    for i in range(key.size):
        if key[i] == OUTSIDE:
            continue
        q = ((key[i] + HALF) & (ROW - 1)) - HALF
        table[((key[i] - q) // ROW - low_r) * wide + q - low_q] += 1
    many = 0
    for at in range(table.size):
        many += table[at] > 0
    keys, count = np.empty(many, np.int64), np.empty(many, np.float64)
    many = 0
    for at in range(table.size):
        if table[at] > 0:
            keys[many] = (at // wide + low_r) * ROW + at % wide + low_q
            count[many] = table[at]
            table[at] = many
            many += 1
    for i in range(key.size):
        if key[i] == OUTSIDE:
            cell[i] = -1
            continue
        q = ((key[i] + HALF) & (ROW - 1)) - HALF
        cell[i] = table[((key[i] - q) // ROW - low_r) * wide + q - low_q]
    return keys, count, cell


def tally(key: Integers) -> Tally:
    """Return the hexagons that hold points, how many each holds, and the cell of each point.

    >>> counted = tally(np.array([7, 5, 7, OUTSIDE]))
    >>> counted.key.tolist(), counted.points.tolist(), counted.cell.tolist()
    ([5, 7], [1.0, 2.0], [1, 0, 1, -1])
    """
    key = np.ascontiguousarray(key, np.int64)
    low_q, high_q, low_r, high_r = _span(key).tolist()
    if low_q > high_q:
        return Tally(np.empty(0, np.int64), np.empty(0), np.full(key.size, -1, np.int32))
    wide, high = high_q - low_q + 1, high_r - low_r + 1
    if wide * high <= ROOM_PER_POINT * key.size + ROOM:
        return Tally(*_by_table(key, low_q, low_r, wide, high))
    inside = key != OUTSIDE
    cells, index, count = np.unique(key[inside], return_inverse=True, return_counts=True)
    cell = np.full(key.size, -1, np.int32)
    cell[inside] = index
    return Tally(cells, count.astype(np.float64), cell)


def located(known: Integers, key: Integers) -> Positions:
    """Return for each key its position among the known ones, which ascend; -1 where it is not among them.

    >>> located(np.array([5, 7, 9]), np.array([9, 6])).tolist()
    [2, -1]
    """
    at = np.searchsorted(known, key)
    found = at < len(known)
    found[found] = known[at[found]] == key[found]
    return np.where(found, at, -1).astype(np.int32)
