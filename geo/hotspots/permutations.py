"""Gi* by conditional permutation: the place stays, its neighbours are drawn from all others without replacement.

As in esda the same draws serve every place (its `crand`). Here the sum of each draw is made once: for place i a draw is
of the others, and of these only the last place stands in for i itself; so place i needs the sorted sums, one search in
them, and a correction for the few draws it is in. Anselin (1995) for the conditional permutation, Phipson & Smyth
(2010) for (larger + 1) / (permutations + 1).
"""

import numpy as np
from numba import njit

from geo.hotspots.cells import Floats, Integers, Positions
from geo.hotspots.neighbours import Neighbours

TIE = 1e-12


@njit(cache=True)
def _drawn(chance: Floats, others: int) -> Positions:
    """Return draws of places without replacement, a row each, by the first steps of Fisher and Yates' shuffle."""
    times, most = chance.shape
    order = np.arange(others).astype(np.int32)
    draws = np.empty((times, most), np.int32)
    for t in range(times):
        for k in range(most):
            at = k + int(chance[t, k] * (others - k))
            order[k], order[at] = order[at], order[k]
            draws[t, k] = order[k]
    return draws


@njit(cache=True)
def _sums(values: Floats, draws: Positions) -> Floats:
    """Return the sums of the first k of each draw, (k + 1, draws)."""
    times, most = draws.shape
    sums = np.zeros((most + 1, times))
    for t in range(times):
        for k in range(most):
            sums[k + 1, t] = sums[k, t] + values[draws[t, k]]
    return sums


@njit(cache=True)
def _where(draws: Positions, n: int) -> tuple[Integers, Integers]:
    """Return for each place the draws it is in, as positions in the flattened table (CSR)."""
    start = np.zeros(n + 1, np.int64)
    for one in draws.ravel():
        start[one + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    room = start[:-1].copy()
    at = np.empty(draws.size, np.int64)
    flat = draws.ravel()
    for k in range(flat.size):
        at[room[flat[k]]] = k
        room[flat[k]] += 1
    return start, at


@njit(cache=True)
def _larger(
    values: Floats, start: Integers, target: Positions, draws: Positions, sums: Floats, ranked: Floats
) -> tuple[Integers, Integers]:
    """Return how many draws are at least as large, and at least as small, as each place's own neighbours."""
    n, (times, most) = values.size, draws.shape
    begin, at = _where(draws, n)
    larger, smaller = np.empty(n, np.int64), np.empty(n, np.int64)
    last = values[n - 1]
    for i in range(n):
        k = start[i + 1] - start[i]
        own = 0.0
        for j in range(start[i], start[i + 1]):
            own += values[target[j]]
        slack = TIE * max(abs(own), 1e-300)
        low, high = own - slack, own + slack
        more = times - np.searchsorted(ranked[k], low)
        less = np.searchsorted(ranked[k], high, side="right")
        for j in range(begin[i], begin[i + 1]):
            t, place = at[j] // most, at[j] % most
            if place < k:
                before = sums[k, t]
                after = before - values[i] + last
                more += int(after >= low) - int(before >= low)
                less += int(after <= high) - int(before <= high)
        larger[i], smaller[i] = more, less
    return larger, smaller


def permuted_p(values: Floats, neighbours: Neighbours, *, permutations: int = 999, seed: int = 1) -> Floats:
    """Return p (n,) two-sided of Gi*: twice the smaller tail of the permutations, at least 2 / (permutations + 1).

    values (n,), neighbours of the same places; the same seed gives the same p.

    >>> from geo.hotspots.neighbours import pairs_of
    >>> values = np.repeat([0.0, 9.0], [95, 5])
    >>> p = permuted_p(values, pairs_of(np.arange(99), np.arange(1, 100), 100))
    >>> bool(p[97] < 0.02 < p[20])
    True
    """
    values = np.ascontiguousarray(values, np.float64)
    n, most = values.size, int(neighbours.sizes().max(initial=0))
    if n < 2 or most == 0:
        return np.ones(n)
    chance = np.random.default_rng(seed).random((permutations, most))
    draws = _drawn(chance, n - 1)
    sums = _sums(values, draws)
    larger, smaller = _larger(values, *neighbours, draws, sums, np.sort(sums, axis=1))
    return np.minimum(2 * (np.minimum(larger, smaller) + 1) / (permutations + 1), 1.0)
