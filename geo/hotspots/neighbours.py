"""Who is next to whom: six hexagons around one, areas that touch, places within so many metres."""

from typing import NamedTuple

import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.hotspots.cells import ROW, Flags, Floats, Integers, Positions

STEPS = np.array([1, -1, ROW, -ROW, ROW - 1, 1 - ROW], np.int64)
"""From a hexagon's key to those of the six around it: q and r by (1, 0), (-1, 0), (0, 1), (0, -1), (-1, 1), (1, -1)."""
SNAP_M = 1.0


class Neighbours(NamedTuple):
    """Per place its neighbours without itself, both ways (CSR): start (n + 1,) int64, target (k,) int32 ascending."""

    start: Integers
    target: Positions

    def sizes(self) -> Integers:
        """Return how many neighbours each place has, (n,) int64.

        >>> pairs_of(np.array([0]), np.array([1]), 3).sizes().tolist()
        [1, 1, 0]
        """
        return np.diff(self.start)


def pairs_of(one: NDArray[np.integer], other: NDArray[np.integer], many: int) -> Neighbours:
    """Return the neighbours of `many` places given as pairs, each named once or twice, in either order.

    >>> pairs_of(np.array([0, 1, 1]), np.array([1, 0, 2]), 3).target.tolist()
    [1, 0, 2, 1]
    """
    a, b = np.concatenate((one, other)).astype(np.int64), np.concatenate((other, one)).astype(np.int64)
    # Sorted by hand: numpy's own hash table of unique numbers takes many times as long on keys like these.
    both = np.sort(a[a != b] * many + b[a != b])
    both = both[np.diff(both, prepend=-1) > 0]
    start = np.zeros(many + 1, np.int64)
    np.cumsum(np.bincount(both // max(many, 1), minlength=many), out=start[1:])
    return Neighbours(start, (both % max(many, 1)).astype(np.int32))


@njit(cache=True)
def _around(key: Integers, steps: Integers) -> tuple[Integers, Positions]:
    """Return the neighbours of ascending keys: each step is a walk along two ascending lists at once."""
    n = key.size
    found = np.empty((n, steps.size), np.int32)
    for k in range(steps.size):
        at = 0
        for i in range(n):
            wanted = key[i] + steps[k]
            while at < n and key[at] < wanted:
                at += 1
            found[i, k] = at if at < n and key[at] == wanted else -1
    start = np.zeros(n + 1, np.int64)
    for i in range(n):
        start[i + 1] = start[i] + (found[i] >= 0).sum()
    target = np.empty(start[n], np.int32)
    for i in range(n):
        room = start[i]
        for k in range(steps.size):
            if found[i, k] >= 0:
                at = room
                while at > start[i] and target[at - 1] > found[i, k]:
                    target[at] = target[at - 1]
                    at -= 1
                target[at] = found[i, k]
                room += 1
    return start, target


def hexagon_neighbours(key: Integers) -> Neighbours:
    """Return which of these hexagons touch each other; keys (n,) ascend and stand once.

    >>> hexagon_neighbours(np.array([0, 1, 5])).target.tolist()
    [1, 0]
    """
    return Neighbours(*_around(np.ascontiguousarray(key, np.int64), STEPS))


def touching(outlines: NDArray[np.object_], apart_m: float = SNAP_M) -> Neighbours:
    """Return which areas touch or come within so many metres of each other (queen's neighbours, a gap allowed).

    outlines (n,): shapely polygons in a metric system. Real outlines drawn one by one leave slivers between them.

    >>> yards = np.array([shapely.box(0, 0, 5, 5), shapely.box(5.5, 0, 9, 5), shapely.box(20, 0, 21, 1)])
    >>> touching(yards).sizes().tolist()
    [1, 1, 0]
    """
    one, other = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=apart_m)
    return pairs_of(one, other, len(outlines))


def within(x_m: Floats, y_m: Floats, reach_m: float) -> Neighbours:
    """Return which places (buildings, compounds) lie within so many metres of each other, as the crow flies.

    >>> within(np.array([0.0, 30.0, 90.0]), np.zeros(3), 50.0).sizes().tolist()
    [1, 1, 0]
    """
    pairs = cKDTree(np.column_stack((x_m, y_m))).query_pairs(reach_m, output_type="ndarray")
    return pairs_of(pairs[:, 0], pairs[:, 1], len(x_m))


def among(neighbours: Neighbours, kept: Flags) -> Neighbours:
    """Return the neighbours among the kept places only, numbered anew in the same order.

    >>> among(pairs_of(np.array([0, 1]), np.array([1, 2]), 3), np.array([False, True, True])).target.tolist()
    [1, 0]
    """
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    source = np.repeat(np.arange(len(kept)), neighbours.sizes())
    both = kept[source] & kept[neighbours.target]
    start = np.zeros(int(kept.sum()) + 1, np.int64)
    np.cumsum(np.bincount(number[source[both]], minlength=len(start) - 1), out=start[1:])
    return Neighbours(start, number[neighbours.target[both]].astype(np.int32))
