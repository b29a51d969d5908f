"""Who reaches what on foot: rows from origins to targets, and why an origin reaches none."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.coverage.nearest import Nearest, Within, k_nearest, nearest, within
from geo.coverage.network import Floats, Network, Positions
from geo.coverage.snapping import MOST_M, Snapped, snap
from geo.coverage.straight import within_straight
from geo.coverage.straight_lines import Places, k_nearest_straight
from geo.i18n import N_

REACHED, NO_POSITION, OFF_ROAD, NO_WAY, BEYOND_LIMIT = range(5)
CAUSES = ("reached", "no_position", "off_road", "no_way", "beyond_limit")
CAUSE_WORDS = {
    NO_POSITION: N_("{count} origins have no position: {names}."),
    OFF_ROAD: N_("{count} origins are farther than {snap_m} m from any road: {names}."),
    NO_WAY: N_("{count} origins have no way to any target: {names}."),
    BEYOND_LIMIT: N_("{count} origins have no target within {limit_m} m: {names}."),
}
AT_ONCE = 50_000


@dataclass(frozen=True)
class Question:
    """How many of the nearest (None: all), within how many metres, and how far a place may be from its road."""

    k: int | None = None
    limit_m: float = np.inf
    snap_m: float = MOST_M


@dataclass(frozen=True)
class Rows:
    """Walks from some origins: positions of origin and target, metres; and for each of these origins why it has none.

    Rows are in the order of origins, the nearest target first. `first` is the position of the first origin of `cause`,
    which holds one of REACHED, NO_POSITION, OFF_ROAD, NO_WAY and BEYOND_LIMIT an origin.
    """

    origin: Positions
    target: Positions
    metres: Floats
    cause: npt.NDArray[np.int8]
    first: int


@dataclass(frozen=True)
class Ground:
    """Origins and targets (degrees), and where they enter the network; no network: straight lines x 1.3."""

    origins: Places
    targets: Places
    network: Network | None
    begin: Snapped | None
    there: Snapped | None


def on_ground(network: Network | None, origins: Places, targets: Places, snap_m: float = MOST_M) -> Ground:
    """Return origins and targets where they enter the network, or for straight lines where there is none."""
    if network is None:
        return Ground(origins, targets, None, None, None)
    begin, there = snap(network, *origins, most_m=snap_m), snap(network, *targets, most_m=snap_m)
    return Ground(origins, targets, network, begin, there)


def reach(ground: Ground, question: Question, at_once: int = AT_ONCE) -> Iterator[Rows]:
    """Yield the walks asked for, so many origins at once."""
    for first in range(0, len(ground.origins[0]), at_once):
        chosen = np.arange(first, min(first + at_once, len(ground.origins[0])))
        yield _rows(_part(ground, chosen), question, first)


def _part(ground: Ground, chosen: npt.NDArray[np.int64]) -> Ground:
    origins = ground.origins[0][chosen], ground.origins[1][chosen]
    begin = None if ground.begin is None else ground.begin.part(chosen)
    return Ground(origins, ground.targets, ground.network, begin, ground.there)


def _rows(ground: Ground, question: Question, first: int) -> Rows:
    origin, target, metres = _pairs(ground, question)
    order = np.lexsort((target, metres, origin))
    cause = _causes(ground, np.bincount(origin, minlength=len(ground.origins[0])) > 0)
    return Rows(origin[order] + first, target[order], metres[order], cause, first)


def _pairs(ground: Ground, question: Question) -> tuple[Positions, Positions, Floats]:
    if question.k is None:
        every = _within(ground, question.limit_m)
        return every.source(), every.target, every.metres
    few = _k_nearest(ground, question.k, question.limit_m)
    origin, slot = np.nonzero(few.target >= 0)
    return origin.astype(np.int32), few.target[origin, slot], few.metres[origin, slot]


def _within(ground: Ground, limit_m: float) -> Within:
    if ground.network is None or ground.begin is None or ground.there is None:
        return within_straight(ground.origins, ground.targets, limit_m)
    return within(ground.network, ground.begin, ground.there, limit_m)


def _k_nearest(ground: Ground, k: int, limit_m: float) -> Nearest:
    if ground.network is None or ground.begin is None or ground.there is None:
        return k_nearest_straight(ground.origins, ground.targets, k, limit_m=limit_m)
    return k_nearest(ground.network, ground.begin, ground.there, k, limit_m=limit_m)


def _causes(ground: Ground, reached: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """Return why each origin reaches no target; what lies beyond the limit is looked for without one."""
    lon, lat = ground.origins
    cause = np.full(len(reached), BEYOND_LIMIT, dtype=np.int8)
    if not np.isfinite(ground.targets[0] + ground.targets[1]).any():
        cause[:] = NO_WAY
    if ground.network is not None and ground.begin is not None and ground.there is not None:
        anywhere = nearest(ground.network, ground.begin, ground.there)
        cause[anywhere.target < 0] = NO_WAY
        cause[np.isinf(ground.begin.access_m)] = OFF_ROAD
    cause[~(np.isfinite(lon) & np.isfinite(lat))] = NO_POSITION
    cause[reached] = REACHED
    return cause
