"""The lists every model works on: per demand the sites that can serve it, the cheapest first."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Sites = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Lists(NamedTuple):
    """Per demand the sites within reach by rising cost (CSR), its weight, and what it costs to be served by none.

    start (n + 1,) int64; site (k,) int32; cost (k,) float64 per unit of weight; weight (n,) float64; far (n,)
    float64: the cost of standing outside, or where a list is cut short the first cost that was left out.
    """

    start: Ints
    site: Sites
    cost: Floats
    weight: Floats
    far: Floats


class Columns(NamedTuple):
    """The same pairs seen from the sites: start (m + 1,) int64, demand (k,) int32, cost (k,) float64."""

    start: Ints
    demand: Sites
    cost: Floats


def from_pairs(demand: Ints, site: Ints, cost: Floats, weight: Floats, far: Floats) -> Lists:
    """Return the lists of a table of allowed pairs; of a pair named twice the cheaper one counts.

    >>> lists = from_pairs(np.array([0, 0]), np.array([1, 0]), np.array([5.0, 2.0]), np.ones(1), np.full(1, 9.0))
    >>> lists.site.tolist(), lists.cost.tolist()
    ([0, 1], [2.0, 5.0])
    """
    order = np.lexsort((site, cost, demand))
    demand, site, cost = demand[order], site[order], cost[order]
    keep = cost < far[demand]
    demand, site, cost = demand[keep], site[keep], cost[keep]
    if demand.size:
        number = demand.astype(np.int64) * (int(site.max()) + 1) + site
        first = np.sort(np.unique(number, return_index=True)[1])
        demand, site, cost = demand[first], site[first], cost[first]
    start = np.concatenate(([0], np.cumsum(np.bincount(demand, minlength=weight.size)))).astype(np.int64)
    return Lists(start, site.astype(np.int32), cost.astype(np.float64), weight.astype(np.float64), far)


def from_matrix(costs: Floats, weight: Floats, far: Floats) -> Lists:
    """Return the lists of a full table of costs, demands down and sites across; inf is a pair that is not allowed.

    >>> from_matrix(np.array([[3.0, 1.0, np.inf]]), np.ones(1), np.full(1, 9.0)).site.tolist()
    [1, 0]
    """
    order = np.argsort(costs, axis=1, kind="stable")
    ranked = np.take_along_axis(costs, order, axis=1)
    keep = ranked < far[:, None]
    start = np.concatenate(([0], np.cumsum(keep.sum(axis=1)))).astype(np.int64)
    return Lists(
        start,
        order[keep].astype(np.int32),
        np.ascontiguousarray(ranked[keep], np.float64),
        weight.astype(np.float64),
        far,
    )


@njit(cache=True)
def columns_of(lists: Lists, sites: int) -> Columns:
    """Return the pairs ordered by site."""
    start = np.zeros(sites + 1, np.int64)
    for k in range(lists.site.size):
        start[lists.site[k] + 1] += 1
    for j in range(sites):
        start[j + 1] += start[j]
    room = start[:-1].copy()
    demand = np.empty(lists.site.size, np.int32)
    cost = np.empty(lists.site.size)
    for i in range(lists.weight.size):
        for k in range(lists.start[i], lists.start[i + 1]):
            j = lists.site[k]
            demand[room[j]] = i
            cost[room[j]] = lists.cost[k]
            room[j] += 1
    return Columns(start, demand, cost)


@njit(cache=True)
def focused(lists: Lists, state: NDArray[np.int8]) -> Lists:
    """Return the lists without closed sites (-1) and without what is no nearer than the first open one (1)."""
    n = lists.weight.size
    start = np.zeros(n + 1, np.int64)
    site = np.empty(lists.site.size, np.int32)
    cost = np.empty(lists.site.size)
    at = 0
    for i in range(n):
        for k in range(lists.start[i], lists.start[i + 1]):
            j = lists.site[k]
            if state[j] >= 0:
                while state[j] > 0 and at > start[i] and cost[at - 1] >= lists.cost[k]:
                    at -= 1
                site[at] = j
                cost[at] = lists.cost[k]
                at += 1
                if state[j] > 0:
                    break
        start[i + 1] = at
    return Lists(start, site[:at].copy(), cost[:at].copy(), lists.weight, lists.far)


@njit(cache=True)
def least_total(lists: Lists) -> float:
    """Return what it costs when every demand is served by the first of its list."""
    total = 0.0
    for i in range(lists.weight.size):
        first = lists.start[i]
        total += lists.weight[i] * (lists.cost[first] if first < lists.start[i + 1] else lists.far[i])
    return total
