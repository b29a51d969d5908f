"""What a plan must keep to besides its number of stations: budget, groups, distance between them; as rows a·y ≤ b."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.siting.neighbours import Flags, Floats, Ints, Sites

States = NDArray[np.int8]

FREE, IN, OUT = 0, 1, -1


class Rows(NamedTuple):
    """Rows seen from the sites (CSC): start (m + 1,), row and value per entry; limit per row."""

    start: Ints
    row: Sites
    value: Floats
    limit: Floats


def rows_of(sites: int, entries: list[tuple[Ints, Floats, float]]) -> Rows:
    """Return rows given as (site numbers, values, limit) each.

    >>> rows = rows_of(2, [(np.array([0, 1]), np.array([5.0, 7.0]), 9.0)])
    >>> rows.start.tolist(), rows.value.tolist(), rows.limit.tolist()
    ([0, 1, 2], [5.0, 7.0], [9.0])
    """
    site = np.concatenate([np.asarray(one[0], np.int64) for one in entries] or [np.zeros(0, np.int64)])
    value = np.concatenate([np.asarray(one[1], np.float64) for one in entries] or [np.zeros(0)])
    row = np.repeat(np.arange(len(entries), dtype=np.int32), [len(one[0]) for one in entries])
    order = np.argsort(site, kind="stable")
    start = np.concatenate(([0], np.cumsum(np.bincount(site, minlength=sites)))).astype(np.int64)
    limit = np.array([one[2] for one in entries], np.float64)
    return Rows(start, row[order].astype(np.int32), value[order], limit)


@njit(cache=True)
def activity_of(rows: Rows, chosen: Flags) -> Floats:
    """Return the left side of every row for the chosen sites."""
    activity = np.zeros(rows.limit.size)
    for j in range(chosen.size):
        if chosen[j]:
            for k in range(rows.start[j], rows.start[j + 1]):
                activity[rows.row[k]] += rows.value[k]
    return activity


@njit(cache=True)
def fits(rows: Rows, activity: Floats, come: int, go: int) -> bool:
    """Tell whether a plan still keeps to its rows when one site comes and one goes (-1: none)."""
    if come >= 0:
        for k in range(rows.start[come], rows.start[come + 1]):
            left = activity[rows.row[k]] + rows.value[k]
            if go >= 0:
                for other in range(rows.start[go], rows.start[go + 1]):
                    if rows.row[other] == rows.row[k]:
                        left -= rows.value[other]
            if left > rows.limit[rows.row[k]] + 1e-9 * (1 + abs(rows.limit[rows.row[k]])):
                return False
    return go < 0 or _may_leave(rows, activity, come, go)


@njit(cache=True)
def _may_leave(rows: Rows, activity: Floats, come: int, go: int) -> bool:
    for k in range(rows.start[go], rows.start[go + 1]):
        if rows.value[k] < 0:
            left = activity[rows.row[k]] - rows.value[k]
            if come >= 0:
                for other in range(rows.start[come], rows.start[come + 1]):
                    if rows.row[other] == rows.row[k]:
                        left += rows.value[other]
            if left > rows.limit[rows.row[k]] + 1e-9:
                return False
    return True


@njit(cache=True)
def repaired(rows: Rows, chosen: Flags, state: States) -> Flags:
    """Return the plan with sites taken out, the last first, until no row is over its limit."""
    activity = activity_of(rows, chosen)
    for j in range(chosen.size - 1, -1, -1):
        if chosen[j] and state[j] != IN:
            over = False
            for k in range(rows.start[j], rows.start[j + 1]):
                over |= rows.value[k] > 0 and activity[rows.row[k]] > rows.limit[rows.row[k]] + 1e-9
            if over:
                chosen[j] = False
                for k in range(rows.start[j], rows.start[j + 1]):
                    activity[rows.row[k]] -= rows.value[k]
    return chosen


@njit(cache=True)
def _least(rows: Rows, state: States) -> Floats:
    """Return the least left side every row can still have."""
    least = np.zeros(rows.limit.size)
    for j in range(state.size):
        for k in range(rows.start[j], rows.start[j + 1]):
            if state[j] == IN or (state[j] == FREE and rows.value[k] < 0):
                least[rows.row[k]] += rows.value[k]
    return least


@njit(cache=True)
def _can_be_kept(rows: Rows, state: States) -> bool:
    over = _least(rows, state) - rows.limit > 1e-9 * (1 + np.abs(rows.limit))
    return not over.any()


@njit(cache=True)
def _narrow(rows: Rows, state: States) -> bool:
    """Close and open sites that the rows leave no choice for; True when there was one."""
    least, changed = _least(rows, state), False
    for j in range(state.size):
        for k in range(rows.start[j], rows.start[j + 1]):
            limit = rows.limit[rows.row[k]]
            if state[j] == FREE and least[rows.row[k]] + abs(rows.value[k]) > limit + 1e-9 * (1 + abs(limit)):
                state[j] = OUT if rows.value[k] > 0 else IN
                changed = True
    return changed


@njit(cache=True)
def propagate(rows: Rows, state: States, most: int) -> bool:
    """Close and open what rows and number leave no choice for; False when they cannot be kept."""
    changed = True
    while changed:
        if not _can_be_kept(rows, state):
            return False
        changed = _narrow(rows, state)
    opened = 0
    for j in range(state.size):
        opened += state[j] == IN
    if opened == most:
        for j in range(state.size):
            state[j] = OUT if state[j] == FREE else state[j]
    return opened <= most and _can_be_kept(rows, state)
