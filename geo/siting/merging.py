"""Demands with the same list are one: exact, and for coverage what makes some thousand of a million doors."""

import numpy as np
from numba import njit

from geo.siting.neighbours import Floats, Ints, Lists

Marks = np.typing.NDArray[np.uint64]


@njit(cache=True)
def _marks(lists: Lists, salt: Marks) -> Marks:
    """Return a number per demand that is the same for the same list."""
    marks = np.empty(lists.weight.size, np.uint64)
    bits = lists.cost.view(np.uint64)
    for i in range(marks.size):
        mark = np.uint64(lists.start[i + 1] - lists.start[i])
        for k in range(lists.start[i], lists.start[i + 1]):
            mark = (mark ^ salt[lists.site[k]] ^ bits[k]) * np.uint64(0x9E3779B97F4A7C15)
            mark ^= mark >> np.uint64(29)
        marks[i] = mark
    return marks


@njit(cache=True)
def _same(lists: Lists, one: int, other: int) -> bool:
    length = lists.start[one + 1] - lists.start[one]
    if length != lists.start[other + 1] - lists.start[other] or lists.far[one] != lists.far[other]:
        return False
    for k in range(length):
        a, b = lists.start[one] + k, lists.start[other] + k
        if lists.site[a] != lists.site[b] or lists.cost[a] != lists.cost[b]:
            return False
    return True


@njit(cache=True)
def _grouped(lists: Lists, marks: Marks) -> tuple[Ints, Ints]:
    """Return the group of each demand and the first demand of each group, by a table with open addresses."""
    size = 1
    while size < 2 * marks.size:
        size *= 2
    table = np.full(size, -1, np.int64)
    group = np.empty(marks.size, np.int64)
    first = np.empty(marks.size, np.int64)
    groups = 0
    for i in range(marks.size):
        at = np.int64(marks[i] & np.uint64(size - 1))
        while table[at] >= 0 and not _same(lists, first[table[at]], i):
            at = (at + 1) & (size - 1)
        if table[at] < 0:
            table[at] = groups
            first[groups] = i
            groups += 1
        group[i] = table[at]
    return group, first[:groups].copy()


@njit(cache=True)
def _picked(lists: Lists, first: Ints, weight: Floats) -> Lists:
    start = np.zeros(first.size + 1, np.int64)
    for g in range(first.size):
        start[g + 1] = start[g] + lists.start[first[g] + 1] - lists.start[first[g]]
    site = np.empty(start[-1], np.int32)
    cost = np.empty(start[-1])
    for g in range(first.size):
        begin, length = lists.start[first[g]], start[g + 1] - start[g]
        site[start[g] : start[g + 1]] = lists.site[begin : begin + length]
        cost[start[g] : start[g + 1]] = lists.cost[begin : begin + length]
    return Lists(start, site, cost, weight, lists.far[first])


def merged(lists: Lists, sites: int) -> tuple[Lists, Ints]:
    """Return lists in which no two demands are alike, weights summed, and each demand's group there (-1: no weight).

    >>> lists = Lists(np.array([0, 1, 2]), np.array([0, 0], np.int32), np.zeros(2), np.array([2.0, 3.0]), np.ones(2))
    >>> one, group = merged(lists, 1)
    >>> one.weight.tolist(), group.tolist()
    ([5.0], [0, 0])
    """
    salt = np.random.default_rng(7).integers(1, 2**63, sites, dtype=np.uint64)
    group, first = _grouped(lists, _marks(lists, salt))
    weight = np.bincount(group, lists.weight, first.size)
    heavy = weight > 0
    number = np.where(heavy, np.cumsum(heavy) - 1, -1)
    return _picked(lists, first[heavy], weight[heavy]), number[group]
