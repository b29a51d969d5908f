"""Kulldorff's likelihood ratio, and what it takes to reach one: for each count the most that may be expected."""

from math import log
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.hotspots.scan_zones import Floats, Ints, Zones

TIE = 1e-9
"""Ratios this close are equal."""
SHARE_OF_ONE = 16
"""How finely expected numbers are looked up."""
ROUNDS, LEAST = 200, 1e-300
Counts = NDArray[np.int16] | NDArray[np.int32]


@njit(cache=True)
def ratio(count: float, expected: float, cases: float) -> float:
    """Return the logarithm of the likelihood ratio of a window with more cases than expected, else 0.

    cases: all cases, which is also what is expected in all. Source: Kulldorff (1997), Poisson model.

    >>> round(ratio(16, 6.03, 1175), 3), ratio(3, 6, 1175)
    (5.686, 0.0)
    """
    if count <= expected:
        return 0.0
    inside = count * log(count / expected)
    outside = cases - count
    return inside if outside <= 0.0 else inside + outside * log(outside / (cases - expected))


@njit(cache=True)
def most_expected(level: float, cases: int, highest: float) -> Floats:
    """Return for each count from 0 the most that may be expected so that the ratio still reaches the level, above 0.

    The list ends with the first count that reaches it at `highest` expected cases, or with all cases. The ratio falls
    and is convex in what is expected, so that Newton's steps from below never overshoot.
    """
    found = np.zeros(cases + 1)
    for count in range(1, cases + 1):
        outside = float(cases - count)
        at = max(found[count - 1], count * np.exp(-1.0 - level / count), LEAST)
        for _round in range(ROUNDS):
            over = ratio(float(count), at, float(cases)) - level
            slope = count / at - (outside / (cases - at) if outside > 0 else 0.0)
            if over <= 0.0 or slope <= 0.0:
                break
            step = over / slope
            at += step
            if step <= 1e-15 * at:
                break
        found[count] = at
        if at >= highest:
            return found[: count + 1]
    return found


class Ladder(NamedTuple):
    """Where the smallest count that reaches a level is looked up: exact after few steps from a first guess."""

    most: Floats
    guess: Ints
    fewest: int


def ladder(level: float, cases: int, highest: float, fewest: int) -> Ladder:
    """Return the ladder for a level of the ratio, reached also by what is a billionth below it.

    highest: the most that is expected in any window; fewest: how many cases a cluster has at least.
    """
    most = most_expected(max(level - TIE, TIE), cases, highest)
    edges = np.arange(int(highest * SHARE_OF_ONE) + 2) / SHARE_OF_ONE
    return Ladder(most, np.searchsorted(most, edges, side="left").astype(np.int64), fewest)


@njit(cache=True)
def smallest_counts(zones: Zones, expected: Floats, steps: Ladder, counts: Counts) -> None:
    """Write for every circle the smallest count that reaches the ladder's level, where there is none what no count is.

    expected: by place, one more for the place lists are filled up with.
    """
    most, guess = steps.most, steps.guess
    never = np.iinfo(counts.dtype).max
    for i in range(zones.start.size - 1):
        total = 0.0
        for k in range(zones.start[i], zones.start[i + 1]):
            total += expected[zones.member[k]]
            count = guess[int(total * SHARE_OF_ONE)]
            while count < most.size and most[count] < total:
                count += 1
            reached = zones.ends[k] and count < most.size
            counts[k] = max(count, steps.fewest) if reached else never
