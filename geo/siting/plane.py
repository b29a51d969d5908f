"""Pairs of places on a plane within a reach of their own, found on a grid of the sites, never as a full table."""

from typing import NamedTuple

import numpy as np
from numba import njit

from geo.siting.neighbours import Floats, Ints, Lists, Sites


class Plane(NamedTuple):
    """Where demands and sites are, in metres or any unit; floor: distances are cut to whole numbers."""

    demand_x: Floats
    demand_y: Floats
    site_x: Floats
    site_y: Floats
    floor: bool


class Grid(NamedTuple):
    """Square cells over the sites, and the sites of each cell as compressed rows."""

    west: float
    south: float
    cell: float
    columns: int
    rows: int
    start: Ints
    site: Sites


def grid_of(plane: Plane, reach: float) -> Grid:
    """Return cells of the sites that suit a reach."""
    x, y = plane.site_x, plane.site_y
    west, south = float(x.min()), float(y.min())
    wide, high = float(x.max()) - west, float(y.max()) - south
    least = max(wide, high, 1e-9) / max(2.0 * np.sqrt(x.size), 1.0)
    cell = max(least, min(reach / 2, max(wide, high, 1e-9)))
    columns, rows = int(wide / cell) + 1, int(high / cell) + 1
    number = np.minimum(((y - south) / cell).astype(np.int64), rows - 1) * columns
    number += np.minimum(((x - west) / cell).astype(np.int64), columns - 1)
    order = np.argsort(number, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(number, minlength=rows * columns)))).astype(np.int64)
    return Grid(west, south, cell, columns, rows, start, order.astype(np.int32))


@njit(cache=True)
def distance(plane: Plane, i: int, j: int) -> float:
    """Return how far a site is from a demand."""
    dx, dy = plane.demand_x[i] - plane.site_x[j], plane.demand_y[i] - plane.site_y[j]
    far = np.sqrt(dx * dx + dy * dy)
    return np.floor(far) if plane.floor else far


@njit(cache=True)
def cells_around(grid: Grid, x: float, y: float, reach: float) -> tuple[int, int, int, int]:
    """Return the first and last column and the first and last row of the cells that a circle touches."""
    left = min(max(int(np.floor((x - reach - grid.west) / grid.cell)), 0), grid.columns)
    right = min(max(int(np.floor((x + reach - grid.west) / grid.cell)), -1), grid.columns - 1)
    low = min(max(int(np.floor((y - reach - grid.south) / grid.cell)), 0), grid.rows)
    high = min(max(int(np.floor((y + reach - grid.south) / grid.cell)), -1), grid.rows - 1)
    return left, right, low, high


@njit(cache=True)
def _collect(plane: Plane, grid: Grid, i: int, reach: float, into: tuple[Sites, Floats]) -> int:
    """Write the sites within reach of a demand to the front of the two arrays; return how many."""
    wide = reach + 1.0 if plane.floor else reach
    left, right, low, high = cells_around(grid, plane.demand_x[i], plane.demand_y[i], wide)
    found = 0
    for row in range(low, high + 1):
        first, last = grid.start[row * grid.columns + left], grid.start[row * grid.columns + right + 1]
        for k in range(first, last):
            far = distance(plane, i, grid.site[k])
            if far <= reach:
                into[0][found], into[1][found] = grid.site[k], far
                found += 1
    return found


@njit(cache=True)
def _filled(plane: Plane, grid: Grid, reach: Floats) -> tuple[Ints, Sites, Floats]:
    n, m = plane.demand_x.size, plane.site_x.size
    start = np.zeros(n + 1, np.int64)
    site, cost = np.empty(16 * n + 64, np.int32), np.empty(16 * n + 64)
    spare = (np.empty(m, np.int32), np.empty(m))
    for i in range(n):
        found = _collect(plane, grid, i, reach[i], spare)
        end = start[i] + found
        if end > site.size:
            size = max(2 * site.size, end)
            wider_site, wider_cost = np.empty(size, np.int32), np.empty(size)
            wider_site[: start[i]], wider_cost[: start[i]] = site[: start[i]], cost[: start[i]]
            site, cost = wider_site, wider_cost
        order = np.argsort(spare[1][:found])
        for k in range(found):
            site[start[i] + k], cost[start[i] + k] = spare[0][order[k]], spare[1][order[k]]
        start[i + 1] = end
    return start, site[: start[n]].copy(), cost[: start[n]].copy()


def pairs_within(plane: Plane, reach: Floats, weight: Floats) -> Lists:
    """Return for each demand the sites within its own reach (n,), the nearest first; far is the reach.

    >>> plane = Plane(np.zeros(1), np.zeros(1), np.array([3.0, 9.0]), np.array([4.0, 0.0]), False)
    >>> pairs_within(plane, np.full(1, 6.0), np.ones(1)).cost.tolist()
    [5.0]
    """
    spread = float(np.hypot(np.ptp(plane.site_x), np.ptp(plane.site_y)))
    away = float(np.hypot(np.ptp(plane.demand_x), np.ptp(plane.demand_y)))
    capped = np.minimum(reach, 4 * (spread + away + 1.0) + np.abs(plane.demand_x.mean() - plane.site_x.mean())
                        + np.abs(plane.demand_y.mean() - plane.site_y.mean()))  # fmt: skip
    start, site, cost = _filled(plane, grid_of(plane, float(np.median(capped))), capped)
    return Lists(start, site, cost, weight.astype(np.float64), reach.astype(np.float64))


@njit(cache=True)
def nearest_three(plane: Plane, chosen: Ints) -> tuple[Sites, Floats]:
    """Return for each demand its nearest chosen site and the distances (n, 3) to the nearest three, inf for none."""
    n = plane.demand_x.size
    site, cost = np.full(n, -1, np.int32), np.full((n, 3), np.inf)
    for i in range(n):
        for at in range(chosen.size):
            far = distance(plane, i, chosen[at])
            if far < cost[i, 0]:
                cost[i, 2], cost[i, 1], cost[i, 0] = cost[i, 1], cost[i, 0], far
                site[i] = chosen[at]
            elif far < cost[i, 1]:
                cost[i, 2], cost[i, 1] = cost[i, 1], far
            elif far < cost[i, 2]:
                cost[i, 2] = far
    return site, cost
