"""What a scan looks at and what was counted there: circles times periods of time, cases and expected cases."""

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.hotspots.scan_ratio import ratio
from geo.hotspots.scan_zones import Floats, Ints, Zones

Number = TypeVar("Number", np.int64, np.float64)
Kind = Literal["spatial", "prospective", "retrospective"]


@dataclass(frozen=True)
class Times:
    """The periods of a scan: windows are slices low up to high (without it) of `periods`, in that order.

    A prospective scan's slices run backwards from the last period, so that every window begins with the first slice.
    """

    periods: Ints
    low: Ints
    high: Ints

    def summed(self, values: NDArray[Number]) -> NDArray[Number]:
        """Return sums up to each slice (slices + 1, places + 1) of values by place and period; the last place is 0."""
        sums = np.zeros((self.periods.size + 1, values.shape[0] + 1), dtype=values.dtype)
        np.cumsum(values[:, self.periods].T, axis=0, out=sums[1:, :-1])
        return sums

    def span(self, at: int) -> tuple[int, int]:
        """Return the first and the last period of a window."""
        periods = self.periods[self.low[at] : self.high[at]]
        return int(periods.min()), int(periods.max())


def times(kind: Kind, periods: int, shortest: int, longest: int) -> Times:
    """Return the periods a scan of this kind looks at; a spatial one has a single period.

    >>> found = times("prospective", 5, 1, 2)
    >>> [found.span(at) for at in range(found.low.size)]
    [(4, 4), (3, 4)]
    >>> found = times("retrospective", 3, 1, 2)
    >>> [found.span(at) for at in range(found.low.size)]
    [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)]
    """
    everything = np.arange(periods)
    longest = min(longest, periods)
    if kind == "prospective":
        high = np.arange(shortest, longest + 1)
        return Times(everything[::-1][:longest].copy(), np.zeros_like(high), high)
    spans = [(low, low + length) for length in range(shortest, longest + 1) for low in range(periods - length + 1)]
    low, high = np.array(spans, dtype=np.int64).reshape(-1, 2).T.copy()
    return Times(everything, low, high)


@dataclass(frozen=True)
class Field:
    """Cases and expected cases by place and period, and the windows over them; both sum up to the same total."""

    cases: Ints
    expected: Floats
    zones: Zones
    times: Times
    fewest: int

    @property
    def total(self) -> int:
        """All cases."""
        return int(self.cases.sum())

    def expected_in(self, sums: Floats, window: int) -> Floats:
        """Return what is expected at each place during a window, of `Times.summed` expected cases."""
        return np.asarray(sums[self.times.high[window]] - sums[self.times.low[window]])


@dataclass(frozen=True)
class Best:
    """By place the window around it with the highest ratio: llr (0: none), the member its circle ends with, when."""

    llr: Floats
    member: Ints
    window: Ints


def best_windows(field: Field) -> Best:
    """Return for every place the best window around it."""
    count = field.zones.start.size - 1
    best = Best(np.zeros(count), np.zeros(count, np.int64), np.zeros(count, np.int64))
    cases, expected = field.times.summed(field.cases), field.times.summed(field.expected)
    for window in range(field.times.low.size):
        low, high = field.times.low[window], field.times.high[window]
        asked = field.total, field.fewest, window
        here = np.ascontiguousarray(cases[high] - cases[low], dtype=np.int64)
        _improve(field.zones, here, field.expected_in(expected, window), asked, (best.llr, best.member, best.window))
    return best


@njit(cache=True)
def _improve(
    zones: Zones, cases: Ints, expected: Floats, asked: tuple[int, int, int], best: tuple[Floats, Ints, Ints]
) -> None:
    """Note where a window beats the best so far; logarithms only where a quadratic bound of the ratio allows it."""
    total, fewest, window = asked
    llr, member, when = best
    for i in range(zones.start.size - 1):
        count, mean = 0, 0.0
        for k in range(zones.start[i], zones.start[i + 1]):
            count += cases[zones.member[k]]
            mean += expected[zones.member[k]]
            over = count - mean
            if over <= 0.0 or not zones.ends[k] or count < fewest:
                continue
            if mean < total and over * over * (0.5 / mean + 1.0 / (total - mean)) <= llr[i]:
                continue
            found = ratio(float(count), mean, float(total))
            if found > llr[i]:
                llr[i], member[i], when[i] = found, k, window
