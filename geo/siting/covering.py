"""Coverage on a plane for very many demands: those with the same sites in reach are counted together at once.

Two independent 64-bit sums stand for a set of sites: that two different sets among a million agree in both has a
chance below 1 in 10^26.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.siting.neighbours import Floats, Ints, Lists
from geo.siting.plane import Grid, Plane, cells_around, distance, grid_of, pairs_within

Marks = NDArray[np.uint64]


@njit(cache=True)
def _mark(plane: Plane, grid: Grid, i: int, reach: float, salt: Marks) -> tuple[np.uint64, np.uint64]:
    one, other = np.uint64(0), np.uint64(0)
    wide = reach + 1.0 if plane.floor else reach
    left, right, low, high = cells_around(grid, plane.demand_x[i], plane.demand_y[i], wide)
    for row in range(low, high + 1):
        first, last = grid.start[row * grid.columns + left], grid.start[row * grid.columns + right + 1]
        for k in range(first, last):
            if distance(plane, i, grid.site[k]) <= reach:
                one += salt[grid.site[k], 0]
                other += salt[grid.site[k], 1]
    return one, other


@njit(cache=True)
def _gathered(plane: Plane, grid: Grid, weight: Floats, reach: float, salt: Marks) -> tuple[Ints, Floats]:
    """Return the first demand of each different set of sites in reach, and the weight of all with that set."""
    n = weight.size
    size = 1024
    while size < 2 * n:
        size *= 2
    table = np.full(size, -1, np.int32)
    keys = np.empty((n, 2), np.uint64)
    first, total = np.empty(n, np.int64), np.zeros(n)
    groups = 0
    for i in range(n):
        one, other = _mark(plane, grid, i, reach, salt)
        if weight[i] <= 0 or (one == 0 and other == 0):
            continue
        at = np.int64((one ^ (one >> np.uint64(32))) & np.uint64(size - 1))
        while table[at] >= 0 and not (keys[table[at], 0] == one and keys[table[at], 1] == other):
            at = (at + 1) & (size - 1)
        if table[at] < 0:
            table[at] = groups
            keys[groups, 0], keys[groups, 1] = one, other
            first[groups] = i
            groups += 1
        total[table[at]] += weight[i]
    return first[:groups].copy(), total[:groups].copy()


def gathered(plane: Plane, weight: Floats, reach: float) -> Lists:
    """Return coverage lists (cost 0, outside 1) with one demand for each different set of sites in reach.

    Demands without weight or without any site in reach are left out.

    >>> plane = Plane(np.array([0.0, 1.0, 9.0]), np.zeros(3), np.array([0.5]), np.zeros(1), False)
    >>> lists = gathered(plane, np.array([2.0, 3.0, 4.0]), 1.0)
    >>> lists.weight.tolist(), lists.site.tolist()
    ([5.0], [0])
    """
    salt = np.random.default_rng(11).integers(1, 2**63, (plane.site_x.size, 2), dtype=np.uint64)
    first, total = _gathered(plane, grid_of(plane, reach), weight, float(reach), salt)
    part = plane._replace(demand_x=plane.demand_x[first], demand_y=plane.demand_y[first])
    if not first.size:
        return Lists(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0))
    lists = pairs_within(part, np.full(first.size, float(reach)), total)
    return lists._replace(cost=np.zeros(lists.site.size), far=np.ones(first.size))
