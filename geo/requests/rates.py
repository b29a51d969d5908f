"""The three rates 三率 over valid call-backs: response, resolution, satisfaction; composite, intervals, ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution: intervals hold 95 % of the time."""


@dataclass(frozen=True)
class Counts:
    """Valid call-backs and what they say; the last valid one of a request counts, an incident's requests count once."""

    called: int
    responded: int
    solved: int
    satisfied: int
    basically: int


class Rate(NamedTuple):
    """A share from 0 to 1 with its Wilson interval; all None when nobody was called."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Rates:
    """The three rates and their weighted mean, with the number of call-backs they rest on."""

    called: int
    response: Rate
    resolution: Rate
    satisfaction: Rate
    composite: Rate


def wilson(successes: float, count: int) -> tuple[float, float]:
    """Return the Wilson score interval of a share at 95 %; successes may be a sum of parts (Wilson 1927).

    >>> tuple(round(bound, 4) for bound in wilson(8, 10)), wilson(0, 10)[0]
    ((0.4902, 0.9433), 0.0)
    """
    share, square = successes / count, Z_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = Z_95 / (1 + square / count) * sqrt(share * (1 - share) / count + square / (4 * count**2))
    low = 0.0 if successes <= 0 else max(0.0, middle - spread)
    return low, 1.0 if successes >= count else min(1.0, middle + spread)


def rates_of(counts: Counts, numbers: Mapping[str, float]) -> Rates:
    """Return the rates of some call-backs; numbers: the city's weights and what “basically satisfied” counts as.

    >>> from geo.requests.numbers import DEFAULTS
    >>> found = rates_of(Counts(10, 10, 9, 6, 2), DEFAULTS)
    >>> found.response.value, found.resolution.value, round(found.satisfaction.value, 2)
    (1.0, 0.9, 0.78)
    >>> round(found.composite.value, 3), rates_of(Counts(0, 0, 0, 0, 0), DEFAULTS).composite
    (0.862, Rate(value=None, low=None, high=None))
    """
    happy = counts.satisfied + numbers["basically_satisfied"] * counts.basically
    sums = {"response": counts.responded, "resolution": counts.solved, "satisfaction": happy}
    weights = {name: numbers[f"weight_{name}"] for name in sums}
    whole = sum(weights.values()) or 1.0
    mixed = sum(weights[name] * sums[name] for name in sums) / whole
    found = {name: _rate(value, counts.called) for name, value in sums.items()}
    return Rates(counts.called, **found, composite=_rate(mixed, counts.called))


def ranks(rates: Sequence[Rates], least: int) -> list[int | None]:
    """Return the rank of each by the composite, equal ones share it; None where fewer than least were called.

    >>> from geo.requests.numbers import DEFAULTS
    >>> made = [rates_of(Counts(n, n, s, s, 0), DEFAULTS) for n, s in ((30, 10), (5, 5), (30, 20), (30, 20))]
    >>> ranks(made, 20)
    [3, None, 1, 1]
    """
    ranked = [one.composite.value if one.called >= least else None for one in rates]
    return [
        None if value is None else 1 + sum(other is not None and other > value for other in ranked) for value in ranked
    ]


def _rate(sum_of_shares: float, count: int) -> Rate:
    if not count:
        return Rate(None, None, None)
    return Rate(sum_of_shares / count, *wilson(sum_of_shares, count))
