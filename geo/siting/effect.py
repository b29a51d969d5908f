"""What a plan changes for the doors: who comes within the limit, how far they walk, what each station adds (pure)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.siting.neighbours import Flags, Floats, Ints

NONE = -1
WORST = 20


@dataclass(frozen=True)
class Standing:
    """The doors at one moment: by door the nearest station (NONE: no way leads to one) and the metres (inf).

    full: doors within the limit of stations that have no room for them; None where stations serve whoever comes.
    """

    station: NDArray[np.int32]
    metres: Floats
    full: Flags | None = None

    def inside(self, limit_m: float) -> Flags:
        """Return which doors are served within the limit."""
        near = self.metres <= limit_m
        return near if self.full is None else near & ~self.full


@dataclass(frozen=True)
class Doors:
    """Who lives behind each door: known households (0 where nobody counted), and which are not counted."""

    households: Ints
    unknown: Flags

    @property
    def known(self) -> int:
        """Return how many households are known."""
        return int(self.households.sum())


def figures_at(doors: Doors, standing: Standing, limit_m: float) -> dict[str, Any]:
    """Return households within and beyond the limit, and the mean walk of known households that have a way (None).

    >>> doors = Doors(np.array([10, 30, 0]), np.array([False, False, True]))
    >>> now = Standing(np.array([0, 0, -1], np.int32), np.array([100.0, 700.0, np.inf]))
    >>> figures_at(doors, now, 500)
    {'within': 10, 'beyond': 30, 'mean_m': 550.0, 'farthest_m': 700.0, 'no_way': 1, 'uncounted_within': 0}
    """
    inside, way = standing.inside(limit_m), np.isfinite(standing.metres)
    walked = doors.households[way]
    mean = float(np.dot(walked, standing.metres[way]) / walked.sum()) if walked.sum() else None
    return {
        "within": int(doors.households[inside].sum()),
        "beyond": int(doors.households[~inside].sum()),
        "mean_m": round(mean, 1) if mean is not None else None,
        "farthest_m": round(float(standing.metres[way].max()), 1) if way.any() else None,
        "no_way": int((~way).sum()),
        "uncounted_within": int((doors.unknown & inside).sum()),
    }


def newly(before: Standing, after: Standing, limit_m: float) -> Flags:
    """Return which doors come within the limit."""
    return ~before.inside(limit_m) & after.inside(limit_m)


def added(doors: Doors, before: Standing, after: Standing, stations: int, limit_m: float) -> tuple[Ints, Ints]:
    """Return by station the households that come within the limit through it, and those it is the nearest to.

    >>> doors = Doors(np.array([10, 30]), np.zeros(2, bool))
    >>> now = Standing(np.array([0, 0], np.int32), np.array([100.0, 700.0]))
    >>> then = Standing(np.array([0, 1], np.int32), np.array([100.0, 200.0]))
    >>> [column.tolist() for column in added(doors, now, then, 2, 500)]
    [[0, 30], [10, 30]]
    """
    new, has = newly(before, after, limit_m), after.station >= 0
    gained = np.bincount(after.station[new], doors.households[new], minlength=stations)
    served = np.bincount(after.station[has], doors.households[has], minlength=stations)
    return gained.astype(np.int64), served.astype(np.int64)


def only_here(doors: Doors, owner: Ints, station: Ints, stations: int) -> Ints:
    """Return by station the households that have no other within the limit; owner, station: every pair within it.

    >>> doors = Doors(np.array([10, 30]), np.zeros(2, bool))
    >>> only_here(doors, np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [0, 30]
    """
    count = np.bincount(owner, minlength=doors.households.size)
    alone = count[owner] == 1
    return np.bincount(station[alone], doors.households[owner[alone]], minlength=stations).astype(np.int64)


def worst_off(doors: Doors, standing: Standing, most: int = WORST) -> Ints:
    """Return the doors with the longest walk that somebody lives behind, those without any way first."""
    lived = np.flatnonzero((doors.households > 0) | doors.unknown)
    order = np.argsort(-standing.metres[lived], kind="stable")
    return lived[order[:most]]
