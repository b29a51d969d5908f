"""Life circles: which walking limit a door is within, with limits of its own for doors of people over 70."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.coverage.network import Flags, Floats

UNKNOWN = -1
SECONDS = 60


def life_circles(
    metres: Floats, limits_m: Sequence[float], *, old: Flags | None = None, old_limits_m: Sequence[float] = ()
) -> npt.NDArray[np.int8]:
    """Return for each door the first limit its walk is within, as a position in the limits.

    metres: the walk to the nearest place, inf where there is none, NaN where it is not known. limits_m: rising, such as
    300, 500, 1000. old: doors measured by `old_limits_m` instead, of the same number. A walk beyond every limit has the
    number of limits, one that is not known UNKNOWN.

    >>> walks = np.array([300.0, 300.1, 2000.0, np.inf, np.nan, 290.0])
    >>> life_circles(walks, (300, 500, 1000), old=np.arange(6) == 5, old_limits_m=(240, 480, 720)).tolist()
    [0, 1, 3, 3, -1, 1]
    """
    circle = np.searchsorted(np.asarray(limits_m, dtype=np.float64), metres, side="left").astype(np.int8)
    if old is not None:
        by_old = np.searchsorted(np.asarray(old_limits_m, dtype=np.float64), metres, side="left").astype(np.int8)
        circle = np.where(old, by_old, circle).astype(np.int8)
    circle[np.isnan(metres)] = UNKNOWN
    return circle


@dataclass(frozen=True)
class Tally:
    """What lies within each limit (the smaller ones included), beyond all of them, and what is not known."""

    within: tuple[float, ...]
    beyond: float
    unknown: float

    def shares(self) -> tuple[float | None, ...]:
        """Return the share within each limit of all that is known, None when nothing is.

        >>> Tally((1.0, 3.0), 1.0, 5.0).shares()
        (0.25, 0.75)
        """
        known = self.within[-1] + self.beyond
        return tuple(amount / known if known else None for amount in self.within)


def tally(circle: npt.NDArray[np.int8], limits: int, weights: Floats | None = None) -> Tally:
    """Return how many doors, or how much weight such as households, lie within each of so many limits.

    A door whose weight is not known (NaN) counts for nothing: count such doors apart.

    >>> tally(np.array([0, 1, 1, 2, -1]), 2, np.array([10.0, 5.0, np.nan, 2.0, 1.0]))
    Tally(within=(10.0, 15.0), beyond=2.0, unknown=1.0)
    """
    amounts = np.ones(len(circle)) if weights is None else np.nan_to_num(weights)
    by_circle = np.bincount(circle.astype(np.int64) + 1, weights=amounts, minlength=limits + 2).tolist()
    within = np.cumsum(by_circle[1 : limits + 1]).tolist()
    return Tally(tuple(within), by_circle[limits + 1], by_circle[0])


def minutes(metres: Floats, speed_m_s: float) -> Floats:
    """Return metres as minutes at a speed in metres a second; only for showing, a limit is always metres.

    >>> minutes(np.array([720.0]), 1.2).tolist()
    [10.0]
    """
    return metres / (speed_m_s * SECONDS)
