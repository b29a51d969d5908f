"""A plan of so many sites that leaves nobody outside, sought by swaps, and the sites that no such plan can hold.

Whoever stands outside grows heavier with every swap until he is served, as in Gao, Weise and Li (2015).
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from scipy.optimize import linprog
from scipy.sparse import csr_array

from geo.siting.limits import FREE, IN, States
from geo.siting.neighbours import Columns, Flags, Floats, Ints, Lists

SWAPS, WORK, WHOLE = 20_000, 40_000_000, 1e-6


class Sweep(NamedTuple):
    """A plan under way: who is served how often, by whom (the sum of their numbers), how heavy each has grown.

    since (m,): when a site was last opened or closed; worth (m,): what opening or closing it changes.
    """

    chosen: Flags
    served: Ints
    keeper: Ints
    heavy: Ints
    since: Ints
    worth: Floats


@njit(cache=True)
def _put(columns: Columns, sweep: Sweep, j: int, sign: int, now: int) -> None:
    sweep.chosen[j] = sign > 0
    sweep.since[j] = now
    for k in range(columns.start[j], columns.start[j + 1]):
        sweep.served[columns.demand[k]] += sign
        sweep.keeper[columns.demand[k]] += sign * j


@njit(cache=True)
def _outside(sweep: Sweep) -> int:
    """Return the heaviest demand that nobody serves, -1 when there is none."""
    worst, weight = -1, 0
    for i in range(sweep.served.size):
        if sweep.served[i] == 0 and sweep.heavy[i] > weight:
            worst, weight = i, sweep.heavy[i]
    return worst


@njit(cache=True)
def _least_missed(sweep: Sweep, state: States, last: int) -> int:
    """Return the open site that is missed least, of equal ones the one longest unmoved; -1 when none may close."""
    sweep.worth[:] = 0.0
    for i in range(sweep.served.size):
        if sweep.served[i] == 1:
            sweep.worth[sweep.keeper[i]] += sweep.heavy[i]
    go = -1
    for j in range(state.size):
        if sweep.chosen[j] and state[j] == FREE and j != last:
            less = go < 0 or sweep.worth[j] < sweep.worth[go]
            if less or (sweep.worth[j] == sweep.worth[go] and sweep.since[j] < sweep.since[go]):
                go = j
    return go


@njit(cache=True)
def _most_gained(lists: Lists, sweep: Sweep, state: States, i: int) -> int:
    """Return the site that serves a demand and most of those outside with it; -1 when none does."""
    sweep.worth[:] = 0.0
    for other in range(sweep.served.size):
        if sweep.served[other] == 0:
            for k in range(lists.start[other], lists.start[other + 1]):
                sweep.worth[lists.site[k]] += sweep.heavy[other]
    come = -1
    for k in range(lists.start[i], lists.start[i + 1]):
        j = lists.site[k]
        if state[j] == FREE:
            more = come < 0 or sweep.worth[j] > sweep.worth[come]
            if more or (sweep.worth[j] == sweep.worth[come] and sweep.since[j] < sweep.since[come]):
                come = j
    return come


@njit(cache=True)
def swept(lists: Lists, columns: Columns, state: States, most: int, swaps: int) -> tuple[bool, Flags]:
    """Look for a plan of at most so many sites that serves every list; return whether it does, and the plan.

    That none was found proves nothing.
    """
    n, m = lists.weight.size, state.size
    sweep = Sweep(
        np.zeros(m, np.bool_),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.ones(n, np.int64),
        np.zeros(m, np.int64),
        np.zeros(m),
    )
    left, last = most, -1
    for j in np.flatnonzero(state == IN):
        _put(columns, sweep, j, 1, 0)
        left -= 1
    for now in range(1, max(left, 0) + swaps):
        outside = _outside(sweep)
        if outside < 0 or left < 0:
            break
        if left == 0:
            go = _least_missed(sweep, state, last)
            if go < 0:
                break
            _put(columns, sweep, go, -1, now)
            left += 1
        last = _most_gained(lists, sweep, state, outside)
        if last < 0:
            break
        _put(columns, sweep, last, 1, now)
        left -= 1
        for i in range(n):
            sweep.heavy[i] += sweep.served[i] == 0
    return left >= 0 and _outside(sweep) < 0, sweep.chosen


def swaps_for(lists: Lists, sites: int) -> int:
    """Return how many swaps are worth trying on lists of this size."""
    return min(SWAPS, WORK // (lists.weight.size + sites + 1))


def possible(lists: Lists, sites: int, most: int, seconds: float) -> Lists:
    """Return lists of everybody with only the sites that some plan of at most so many could hold.

    The prices of shares of stations tell: all prices together and what a site costs beyond those it serves bound each
    plan with it from below. Prices are scaled so that no site earns more than it costs, so the bound does not rest on
    the solver's word.
    """
    n = lists.weight.size
    table = csr_array((np.ones(lists.site.size), lists.site, lists.start), shape=(n, sites))
    settings = {"time_limit": max(seconds, 0.01)} if np.isfinite(seconds) else {}
    answer = linprog(np.ones(sites), A_ub=-table, b_ub=-np.ones(n), bounds=(0, None), method="highs", options=settings)
    if answer.status != 0:
        return lists
    price = np.maximum(-answer.ineqlin.marginals, 0.0)
    earned = table.T @ price
    scale = max(1.0, float(earned.max(initial=0.0)))
    bound = price.sum() / scale + 1.0 - earned / scale
    keep = (bound <= most + WHOLE)[lists.site]
    start = np.concatenate(([0], np.cumsum(keep)))[lists.start]
    return Lists(start.astype(np.int64), lists.site[keep], lists.cost[keep], lists.weight, lists.far)
