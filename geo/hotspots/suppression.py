"""Cells with too few cases to be shown: merged with their neighbours until they have enough, or hidden."""

import numpy as np
from numba import njit

from geo.hotspots.cells import Flags, Floats, Integers, Positions
from geo.hotspots.neighbours import Neighbours


def hidden(counts: Floats, least: int) -> Flags:
    """Tell which cells are hidden as they are: those with some cases but fewer than `least`; none is no secret.

    >>> hidden(np.array([0.0, 2.0, 5.0]), 5).tolist()
    [False, True, False]
    """
    counts = np.asarray(counts)
    return (counts > 0) & (counts < least)


@njit(cache=True)
def _head(parent: Positions, one: int) -> int:
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one


@njit(cache=True)
def _best(head: int, near: Neighbours, parent: Positions, following: Positions, total: Floats) -> int:
    """Return the neighbouring group with the fewest cases, but some; else an empty one; else -1."""
    best, member = -1, head
    while True:
        for at in range(near.start[member], near.start[member + 1]):
            other = _head(parent, near.target[at])
            if other == head:
                continue
            if best < 0 or (total[other] > 0, -total[other], -other) > (total[best] > 0, -total[best], -best):
                best = other
        member = following[member]
        if member == head:
            return best


@njit(cache=True)
def _merged(counts: Floats, near: Neighbours, order: Integers, least: int) -> Positions:
    """Return the head of each cell's group, -1 when it stays too small; members of a group follow each other round."""
    parent = np.arange(counts.size).astype(np.int32)
    following = parent.copy()
    total = counts.copy()
    for cell in order:
        head = _head(parent, cell)
        while 0 < total[head] < least:
            best = _best(head, near, parent, following, total)
            if best < 0:
                break
            total[head] += total[best]
            parent[best] = head
            following[head], following[best] = following[best], following[head]
    group = np.empty(counts.size, np.int32)
    for i in range(counts.size):
        head = _head(parent, i)
        group[i] = -1 if 0 < total[head] < least else head
    return group


def merged(counts: Floats, neighbours: Neighbours, least: int) -> Positions:
    """Return the group (n,) int32 of each cell, named by one of its cells, such that no group has 1 to least - 1 cases.

    Cells that are too small are joined with the neighbouring group that has the fewest cases, but some; with an empty
    one where there is no other, to get farther. -1: hidden, for even with all it hangs together with it is too small.
    Only sums of groups may be shown; what is inside a group is then not found by subtraction from other groups.

    >>> from geo.hotspots.neighbours import pairs_of
    >>> row = pairs_of(np.array([0, 1]), np.array([1, 2]), 5)
    >>> merged(np.array([2.0, 3.0, 9.0, 1.0, 0.0]), row, 5).tolist()
    [0, 0, 2, -1, 4]
    """
    counts = np.ascontiguousarray(counts, np.float64)
    small = np.flatnonzero(hidden(counts, least))
    order = small[np.argsort(counts[small], kind="stable")]
    return _merged(counts, neighbours, order, least)
