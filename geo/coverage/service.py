"""Service coverage: which places have a provider with room assigned or in reach, against a target, worst-off first."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.coverage.duty_inputs import UNKNOWN, Codes, Ints
from geo.coverage.nearest import Within

Floats = NDArray[np.float64]

NOBODY = -1
NOT_KNOWN = -2
"""In place of an assigned provider: nobody; nobody has written it down."""
UNLIMITED = np.iinfo(np.int64).max // 4


class Served(IntEnum):
    """How a place stands with a kind of service, as one byte."""

    UNKNOWN = 0
    COVERED = 1
    UNCOVERED = 2
    OVERLOADED = 3


@dataclass(frozen=True)
class Demand:
    """Places that need a service: households (UNKNOWN: not counted), assigned provider, and whether it can be walked.

    assigned: a provider's position, NOBODY or NOT_KNOWN; located: the place is known on the map and near a road.
    """

    households: Ints
    assigned: Ints
    located: NDArray[np.bool_]


@dataclass(frozen=True)
class ServiceCover:
    """Served by place, the provider who covers it or is overloaded with it (NOBODY: none), households by provider."""

    served: Codes
    provider: Ints
    load: Ints


@dataclass(frozen=True)
class ServiceShares:
    """Known households and uncounted places by area (rows) and Served (columns), and what share is covered.

    share: covered / all households; share_at_most: the same if all unknown ones turned out covered. NaN where there
    are no known households.
    """

    households: Ints
    uncounted: Ints

    @property
    def total(self) -> Ints:
        """Return the known households of each area."""
        return np.asarray(self.households.sum(axis=1))

    @property
    def share(self) -> Floats:
        """Return the share of households known to be covered."""
        return self._share(self.households[:, Served.COVERED])

    @property
    def share_at_most(self) -> Floats:
        """Return the share of households covered if all unknown ones are."""
        return self._share(self.households[:, Served.COVERED] + self.households[:, Served.UNKNOWN])

    def missing(self, target: float) -> Ints:
        """Return how many more households have to be covered to reach a target share (0 to 1).

        >>> ServiceShares(np.array([[10, 60, 25, 5]]), np.zeros((1, 4), dtype=np.int64)).missing(0.85).tolist()
        [25]
        """
        wanted = np.ceil(target * self.total - 1e-9).astype(np.int64)
        return np.asarray((wanted - self.households[:, Served.COVERED]).clip(min=0))

    def worst_off(self, most: int | None = None) -> Ints:
        """Return the areas with households not covered, most of them first, then the smaller share covered."""
        without = self.households[:, Served.UNCOVERED] + self.households[:, Served.OVERLOADED]
        order = np.lexsort((np.arange(len(without)), self.share, -without))
        return order[without[order] > 0][:most]

    def _share(self, covered: Ints) -> Floats:
        total = self.total
        return np.divide(covered, total, out=np.full(len(total), np.nan), where=total > 0)


def service_cover(demand: Demand, reach: Within, capacity: Ints) -> ServiceCover:
    """Return how each place is served.

    reach: providers within the walking limit of each place; capacity: households by provider, UNLIMITED, or UNKNOWN.
    A place assigned to a provider is covered while all that is assigned to that provider stays within capacity, else
    overloaded. A place assigned to nobody is covered when a provider within the limit still has room for it: the
    shortest walks choose first, and what one place takes is no longer there for another. Else it is uncovered. A place
    of uncounted households needs room for at least one. Unknown: not on the map, nobody knows whom it is assigned to,
    or the only ones left have a capacity nobody knows.

    >>> walks = Within(np.array([0, 1, 2]), np.array([0, 0], dtype=np.int32), np.array([100.0, 50.0]))
    >>> two = Demand(np.array([30, 20]), np.array([NOBODY, NOBODY]), np.array([True, True]))
    >>> [Served(one).name for one in service_cover(two, walks, np.array([40])).served]
    ['UNCOVERED', 'COVERED']
    """
    households = demand.households.clip(min=1)
    given = demand.assigned >= 0
    load = np.bincount(demand.assigned[given], households[given], minlength=len(capacity)).astype(np.int64)
    provider = np.where(given, demand.assigned, NOBODY)
    served = np.full(len(provider), Served.UNCOVERED, dtype=np.uint8)
    over = (load > capacity) & (capacity != UNKNOWN)
    served[given] = np.where(over[demand.assigned[given]], Served.OVERLOADED, Served.COVERED)
    served[given & (np.append(capacity, 0)[provider] == UNKNOWN)] = Served.UNKNOWN
    place, free = reach.source(), (demand.assigned == NOBODY) & demand.located
    order = np.lexsort((reach.target, place, reach.metres))
    order = order[free[place[order]]]
    walks = place[order].astype(np.int64), reach.target[order].astype(np.int64)
    _take_on(*walks, (households, capacity), load, provider)
    served[free & (provider != NOBODY)] = Served.COVERED
    unclear = place[(capacity[reach.target] == UNKNOWN) & (free & (provider == NOBODY))[place]]
    served[unclear] = Served.UNKNOWN
    served[~given & ((demand.assigned == NOT_KNOWN) | ~demand.located)] = Served.UNKNOWN
    return ServiceCover(served, provider, load)


@njit(cache=True)
def _take_on(place: Ints, target: Ints, sizes: tuple[Ints, Ints], load: Ints, provider: Ints) -> None:
    households, capacity = sizes
    for at in range(len(place)):
        one, by = place[at], target[at]
        if provider[one] < 0 and load[by] + households[one] <= capacity[by]:
            load[by] += households[one]
            provider[one] = by


def service_shares(served: Codes, households: Ints, area: Ints, areas: int) -> ServiceShares:
    """Return households by area and class; area: by place the position of its area, UNKNOWN to leave it out.

    >>> shares = service_shares(np.array([1, 2], dtype=np.uint8), np.array([17, 3]), np.array([0, 0]), 1)
    >>> shares.share.tolist(), shares.missing(0.85).tolist(), shares.missing(0.99).tolist()
    ([0.85], [0], [3])
    """
    inside = area >= 0
    cell = area[inside] * len(Served) + served[inside]
    counted = households[inside] != UNKNOWN
    shape = areas, len(Served)
    known = np.bincount(cell, np.where(counted, households[inside], 0), minlength=areas * len(Served))
    missing = np.bincount(cell[~counted], minlength=areas * len(Served))
    return ServiceShares(known.astype(np.int64).reshape(shape), missing.reshape(shape))
