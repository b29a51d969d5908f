"""The circles a scan looks at: around every place, growing from neighbour to neighbour up to a share of all cases."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Members = NDArray[np.uint16] | NDArray[np.int32]

EARTH_M = 6_371_008.8
BLOCK = 8
"""Kernels walk this many places at once: lists are filled up with a place that never has a case."""
SAME_DISTANCE = 1e-9
AT_ONCE = 2_000_000
FEW_PLACES = np.iinfo(np.uint16).max


class Zones(NamedTuple):
    """Circles as lists: those around place i are the beginnings of member[start[i]:start[i + 1]].

    ends: whether a circle ends with this member (not between places equally far away, nor where a list is filled up).
    """

    start: Ints
    member: Members
    ends: NDArray[np.bool_]

    def inside(self, at: int) -> Ints:
        """Return the places in the circle that ends with this member, the nearest first."""
        first = self.start[np.searchsorted(self.start, at, side="right") - 1]
        return self.member[first : at + 1].astype(np.int64)


def positions(places: Floats, *, great_circle: bool) -> Floats:
    """Return points whose straight distance orders places: x, y as they are; lon, lat (degrees) on a globe in metres.

    >>> positions(np.array([[0.0, 90.0]]), great_circle=True).round(0).tolist()
    [[0.0, 0.0, 6371009.0]]
    """
    if not great_circle:
        return np.ascontiguousarray(places, dtype=np.float64)
    lon, lat = np.radians(places.astype(np.float64).T)
    return EARTH_M * np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def distance_m(ones: Floats, others: Floats, *, great_circle: bool) -> Floats:
    """Return how far points of `positions` are from others, pair by pair; of lon, lat along the great circle.

    >>> quarter = positions(np.array([[0.0, 0.0], [90.0, 0.0]]), great_circle=True)
    >>> distance_m(quarter[:1], quarter[1:], great_circle=True).round(-3).tolist()
    [10008000.0]
    """
    straight = np.sqrt(((others - ones) ** 2).sum(axis=1))
    if not great_circle:
        return np.asarray(straight)
    return np.asarray(2 * EARTH_M * np.arcsin(np.minimum(straight / (2 * EARTH_M), 1.0)))


def circles(points: Floats, weight: Floats, share: float) -> Zones:
    """Return all circles around each place that hold at most a share of the weight; those asked for last are kept.

    points (n, 2 or 3): of `positions`; weight (n,): expected cases; share: 0 to 1. Places equally far from the middle
    (to a billionth) enter a circle together.

    >>> zones = circles(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]]), np.ones(3), 0.7)
    >>> [zones.member[a:b][zones.ends[a:b]].tolist() for a, b in zip(zones.start[:-1], zones.start[1:])]
    [[0, 1], [1, 0], [2, 1]]
    """
    limit = share * weight.sum() * (1 + SAME_DISTANCE)
    return _kept(points.tobytes(), points.shape[1], weight.tobytes(), float(limit))


@lru_cache(maxsize=4)
def _kept(points: bytes, width: int, weight: bytes, limit: float) -> Zones:
    return _circles(np.frombuffer(points).reshape(-1, width), np.frombuffer(weight), limit)


def _circles(points: Floats, weight: Floats, limit: float) -> Zones:
    count = len(points)
    kind = np.dtype(np.uint16 if count < FEW_PLACES else np.int32)
    members, ends, sizes = [], [], []
    for first in range(0, count, max(1, AT_ONCE // count)):
        middle = points[first : first + max(1, AT_ONCE // count)]
        square = np.zeros((len(middle), count))
        for axis in range(points.shape[1]):
            square += (middle[:, None, axis] - points[None, :, axis]) ** 2
        order = np.argsort(square, axis=1)
        away = np.take_along_axis(square, order, axis=1)
        last = np.ones(away.shape, dtype=bool)
        last[:, :-1] = away[:, 1:] > away[:, :-1] * (1 + 2 * SAME_DISTANCE)
        last &= np.cumsum(weight[order], axis=1) <= limit
        for row in range(len(middle)):
            found = np.flatnonzero(last[row])
            size = int(found[-1]) + 1 if found.size else 0
            room = -(-size // BLOCK) * BLOCK
            members.append(np.full(room, count, dtype=kind))
            members[-1][:size] = order[row, :size]
            ends.append(np.zeros(room, dtype=bool))
            ends[-1][:size] = last[row, :size]
            sizes.append(room)
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    return Zones(start, np.concatenate(members), np.concatenate(ends))
