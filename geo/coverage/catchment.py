"""Two-step floating catchments: how much of a service each place can have, shared with everybody else in reach."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.coverage.nearest import Within
from geo.errors import BadInput
from geo.i18n import N_

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RINGS = (1.0, 0.68, 0.22)
"""Weights of three rings of distance (Luo and Qi, 2009)."""
ODD_STEPS = N_("Rings need a weight each, rising limits and no weight below 0. Correct them, then try again.")


@dataclass(frozen=True)
class Decay:
    """How much less a place farther away counts: by rings (one of them: all alike) or by a bell curve, up to a limit.

    limits_m: the outer edges of the rings, rising, the last one the limit; weights: one a ring. sigma_m: the width of
    a bell curve exp(-d² / 2σ²) up to the last limit, instead of weights.
    """

    limits_m: tuple[float, ...]
    weights: tuple[float, ...] = ()
    sigma_m: float | None = None

    @classmethod
    def even(cls, limit_m: float) -> "Decay":
        """Return the decay of the plain method (2SFCA): everything within the limit counts alike."""
        return cls((limit_m,), (1.0,))

    @classmethod
    def steps(cls, limits_m: tuple[float, ...], weights: tuple[float, ...] = RINGS) -> "Decay":
        """Return the decay of the enhanced method (E2SFCA): a weight for each ring; raises BadInput for odd rings."""
        rising = all(inner < outer for inner, outer in pairwise(limits_m))
        if len(limits_m) != len(weights) or not limits_m or not rising or min(weights) < 0:
            raise BadInput(ODD_STEPS)
        return cls(limits_m, weights)

    @classmethod
    def bell(cls, limit_m: float, sigma_m: float | None = None) -> "Decay":
        """Return a bell curve up to a limit; without a width a third of the limit."""
        return cls((limit_m,), sigma_m=sigma_m or limit_m / 3)

    def of(self, metres: Floats) -> Floats:
        """Return the weight of each distance, 0 beyond the limit.

        >>> Decay.steps((300, 500, 1000)).of(np.array([0.0, 300.0, 301.0, 1000.0, 1001.0])).tolist()
        [1.0, 1.0, 0.68, 0.22, 0.0]
        """
        if self.sigma_m is None:
            weights = np.array([*self.weights, 0.0])
            return np.asarray(weights[np.searchsorted(self.limits_m, metres, side="left")])
        bell = np.exp(-(metres * metres) / (2 * self.sigma_m**2))
        return np.asarray(np.where(metres <= self.limits_m[-1], bell, 0.0))


@dataclass(frozen=True)
class Catchment:
    """access: by place how much of the supply one unit of need has there; ratio: by supplier supply per unit of need.

    reached: the supply that somebody reaches, which is the sum of need x access over all places of known need;
    idle: suppliers nobody with a need reaches; unknown: how many places in reach of something have an unknown need
    (they take nothing away from others, so the access of all is at most what is said).
    """

    access: Floats
    ratio: Floats
    reached: float
    idle: Ints
    unknown: int


def catchment(reach: Within, need: Floats, supply: Floats, decay: Decay) -> Catchment:
    """Return the access of every place to a service: enhanced two-step floating catchment areas.

    reach: suppliers within reach of each place with walking metres (at least up to the decay's limit); need: by place,
    households or hours, NaN where not known; supply: by supplier, in the same measure. First each supplier's supply
    is shared among the need it can reach, near need counting more; then each place adds up its shares.

    Sources: Luo and Wang (2003), Luo and Qi (2009).

    >>> walks = Within(np.array([0, 1, 2]), np.array([0, 0]), np.array([100.0, 400.0]))
    >>> found = catchment(walks, np.array([10.0, 30.0]), np.array([5.0]), Decay.steps((300, 500), (1.0, 0.5)))
    >>> found.access.tolist(), found.reached
    ([0.2, 0.1], 5.0)
    """
    place = reach.source()
    weight = decay.of(np.asarray(reach.metres, dtype=np.float64))
    known = ~np.isnan(need)
    asked = np.bincount(reach.target, np.where(known, need, 0.0)[place] * weight, minlength=len(supply))
    ratio = np.divide(supply, asked, out=np.zeros(len(supply)), where=asked > 0)
    access = np.bincount(place, ratio[reach.target] * weight, minlength=len(need))
    return Catchment(
        access=access.astype(np.float64),
        ratio=ratio,
        reached=float(supply[asked > 0].sum()),
        idle=np.flatnonzero(asked == 0),
        unknown=int((~known & (np.bincount(place, weight, minlength=len(need)) > 0)).sum()),
    )
