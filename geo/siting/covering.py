"""Coverage on a plane for very many demands: those with the same sites in reach are counted together at once.

A fine grid over the demands knows of each cell which sites hold all of it and which circles only cross it, so that a
demand measures to the latter alone. Two independent 64-bit sums stand for a set of sites: that two different sets among
a million agree in both has a chance below 1 in 10^26.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.siting.neighbours import Floats, Ints, Lists, Sites
from geo.siting.plane import Plane, distance

Marks = NDArray[np.uint64]

CELLS, DEMANDS_A_CELL = 65_536, 4
NEVER, UNSEEN = -1, -2


class Gathered(NamedTuple):
    """Coverage lists with one demand for each different set of sites in reach, and which demands have none in reach."""

    lists: Lists
    unreachable: Ints


class Circles(NamedTuple):
    """A grid over the demands; per cell (CSR) the sites whose circle touches it, or crosses it only.

    whole (cells, 2): the sums of the sites that hold all of a cell.
    """

    west: float
    south: float
    side: float
    columns: int
    start: Ints
    site: Sites
    whole: Marks


@njit(cache=True)
def _touch(plane: Plane, j: int, box: tuple[float, float, float], wide: float) -> int:
    """Return 0 where a circle misses a square (west, south, side), 1 where it crosses it, 2 where it holds it."""
    x, y = plane.site_x[j], plane.site_y[j]
    west, south, side = box
    near_x, near_y = max(west - x, x - west - side, 0.0), max(south - y, y - south - side, 0.0)
    far_x, far_y = max(x - west, west + side - x), max(y - south, south + side - y)
    spare = 1e-9 * (wide + abs(x) + abs(y) + abs(west) + abs(south))
    if near_x * near_x + near_y * near_y > (wide + spare) ** 2:
        return 0
    return 2 if wide > spare and far_x * far_x + far_y * far_y < (wide - spare) ** 2 else 1


@njit(cache=True)
def _drawn(plane: Plane, frame: Floats, shape: Ints, wide: float, salt: Marks) -> tuple[Ints, Sites, Marks]:
    """Return which circles touch each cell of a frame (west, south, side), without those that hold it where salted."""
    west, south, side = frame
    columns, rows = shape
    start = np.zeros(columns * rows + 1, np.int64)
    whole = np.zeros((columns * rows, 2), np.uint64)
    site = np.empty(0, np.int32)
    for filling in range(2):
        for j in range(plane.site_x.size):
            left = max(int((plane.site_x[j] - wide - west) / side) - 1, 0)
            right = min(int((plane.site_x[j] + wide - west) / side) + 1, columns - 1)
            low = max(int((plane.site_y[j] - wide - south) / side) - 1, 0)
            high = min(int((plane.site_y[j] + wide - south) / side) + 1, rows - 1)
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    at = row * columns + column
                    touch = _touch(plane, j, (west + column * side, south + row * side, side), wide)
                    if touch == 2 and salt.size:
                        if filling:
                            whole[at, 0] += salt[j, 0]
                            whole[at, 1] += salt[j, 1]
                    elif touch and filling:
                        site[start[at]] = j
                        start[at] += 1
                    elif touch:
                        start[at + 1] += 1
        if not filling:
            start = np.cumsum(start)
            site = np.empty(start[-1], np.int32)
    start[1:] = start[:-1].copy()
    start[0] = 0
    return start, site, whole


def _circles(plane: Plane, reach: float, salt: Marks) -> Circles:
    """Return the grid of all circles; with salt the sites that hold a whole cell stand in its sums alone."""
    x, y = plane.demand_x, plane.demand_y
    west, south = float(x.min()), float(y.min())
    wide, high = float(x.max()) - west, float(y.max()) - south
    cells = min(max(x.size // DEMANDS_A_CELL, 1), CELLS)
    side = max(np.sqrt(wide * high / cells), max(wide, high) / cells) or 1.0
    columns, rows = int(wide / side) + 1, int(high / side) + 1
    radius = min(float(np.floor(reach)) + 1.0 if plane.floor else reach, 1e300)
    frame, shape = np.array((west, south, side)), np.array((columns, rows))
    return Circles(west, south, side, columns, *_drawn(plane, frame, shape, radius, salt))


@njit(cache=True)
def _cell(circles: Circles, x: float, y: float) -> int:
    return int((y - circles.south) / circles.side) * circles.columns + int((x - circles.west) / circles.side)


@njit(cache=True)
def _wider(table: Sites, keys: Marks, total: Floats, first: Ints) -> tuple[Sites, Marks, Floats, Ints]:
    """Return the table of sets with twice the room."""
    size = 2 * table.size
    wider = np.full(size, -1, np.int32)
    for group in range(keys.shape[0]):
        at = np.int64((keys[group, 0] ^ (keys[group, 0] >> np.uint64(32))) & np.uint64(size - 1))
        while wider[at] >= 0:
            at = (at + 1) & (size - 1)
        wider[at] = group
    return (
        wider,
        np.concatenate((keys, np.zeros_like(keys))),
        np.concatenate((total, np.zeros_like(total))),
        np.concatenate((first, np.zeros_like(first))),
    )


@njit(cache=True)
def _gathered(
    plane: Plane, circles: Circles, weight: Floats, reach: float, salt: Marks
) -> tuple[Ints, Floats, NDArray[np.bool_]]:  # fmt: skip
    """Return the first demand of each set of sites in reach, the weight of all with that set, and who has no site."""
    n, groups = weight.size, 0
    table, keys = np.full(2048, -1, np.int32), np.zeros((1024, 2), np.uint64)
    total, first = np.zeros(1024), np.zeros(1024, np.int64)
    known = np.full(circles.whole.shape[0], UNSEEN, np.int32)
    alone = np.zeros(n, np.bool_)
    for i in range(n):
        cell = _cell(circles, plane.demand_x[i], plane.demand_y[i])
        begin, end = circles.start[cell], circles.start[cell + 1]
        if begin == end and known[cell] >= 0:
            total[known[cell]] += weight[i]
            continue
        one, other = circles.whole[cell, 0], circles.whole[cell, 1]
        for k in range(begin, end):
            if distance(plane, i, circles.site[k]) <= reach:
                one += salt[circles.site[k], 0]
                other += salt[circles.site[k], 1]
        alone[i] = one == 0 and other == 0
        if alone[i] or weight[i] <= 0:
            continue
        at = np.int64((one ^ (one >> np.uint64(32))) & np.uint64(table.size - 1))
        while table[at] >= 0 and not (keys[table[at], 0] == one and keys[table[at], 1] == other):
            at = (at + 1) & (table.size - 1)
        group = table[at]
        if group < 0:
            group = groups
            table[at] = group
            keys[group, 0], keys[group, 1] = one, other
            first[group] = i
            groups += 1
            if groups == keys.shape[0]:
                table, keys, total, first = _wider(table, keys, total, first)
        known[cell] = group
        total[group] += weight[i]
    return first[:groups].copy(), total[:groups].copy(), alone


def gathered(plane: Plane, weight: Floats, reach: float) -> Gathered:
    """Return coverage lists (cost 0, outside 1) with one demand for each different set of sites in reach.

    Demands without weight or without any site in reach are left out of the lists.

    >>> plane = Plane(np.array([0.0, 1.0, 9.0]), np.zeros(3), np.array([0.5]), np.zeros(1), False)
    >>> lists, unreachable = gathered(plane, np.array([2.0, 3.0, 4.0]), 1.0)
    >>> lists.weight.tolist(), lists.site.tolist(), unreachable.tolist()
    ([5.0], [0], [2])
    """
    salt = np.random.default_rng(11).integers(1, 2**63, (plane.site_x.size, 2), dtype=np.uint64)
    first, total, alone = _gathered(plane, _circles(plane, reach, salt), weight, float(reach), salt)
    unreachable = np.flatnonzero(alone)
    if not first.size:
        none = Lists(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0))
        return Gathered(none, unreachable)
    part = plane._replace(demand_x=plane.demand_x[first], demand_y=plane.demand_y[first])
    start, site = _sets(part, _circles(part, reach, np.zeros((0, 2), np.uint64)), float(reach))
    return Gathered(Lists(start, site, np.zeros(site.size), total, np.ones(first.size)), unreachable)


@njit(cache=True)
def _sets(plane: Plane, circles: Circles, reach: float) -> tuple[Ints, Sites]:
    """Return the sites in reach of each demand, in their own order."""
    n = plane.demand_x.size
    start = np.zeros(n + 1, np.int64)
    site = np.empty(0, np.int32)
    for filling in range(2):
        at = 0
        for i in range(n):
            cell = _cell(circles, plane.demand_x[i], plane.demand_y[i])
            for k in range(circles.start[cell], circles.start[cell + 1]):
                if distance(plane, i, circles.site[k]) <= reach:
                    if filling:
                        site[at] = circles.site[k]
                    at += 1
            start[i + 1] = at
        if not filling:
            site = np.empty(at, np.int32)
    return start, site


@njit(cache=True)
def _nearest(plane: Plane, circles: Circles, reach: float) -> tuple[Sites, Floats]:
    n = plane.demand_x.size
    site, cost = np.full(n, -1, np.int32), np.full(n, np.inf)
    for i in range(n):
        cell = _cell(circles, plane.demand_x[i], plane.demand_y[i])
        for k in range(circles.start[cell], circles.start[cell + 1]):
            far = distance(plane, i, circles.site[k])
            if far <= reach and far < cost[i]:
                site[i], cost[i] = circles.site[k], far
    return site, cost


def nearest_within(plane: Plane, chosen: Ints, reach: float) -> tuple[Sites, Floats]:
    """Return for each demand its nearest chosen site within a reach and how far it is (-1 and inf: none).

    >>> plane = Plane(np.array([0.0, 9.0]), np.zeros(2), np.array([7.0, 0.5]), np.zeros(2), False)
    >>> [values.tolist() for values in nearest_within(plane, np.array([1]), 1.0)]
    [[1, -1], [0.5, inf]]
    """
    if not chosen.size:
        return np.full(plane.demand_x.size, -1, np.int32), np.full(plane.demand_x.size, np.inf)
    part = plane._replace(site_x=plane.site_x[chosen], site_y=plane.site_y[chosen])
    site, cost = _nearest(part, _circles(part, reach, np.zeros((0, 2), np.uint64)), float(reach))
    return np.where(site >= 0, chosen[np.maximum(site, 0)], -1).astype(np.int32), cost
