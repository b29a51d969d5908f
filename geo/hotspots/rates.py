"""Rates of what was counted to what could have been: raw, and shrunk to the mean where little is known."""

from typing import NamedTuple

import numpy as np

from geo.errors import BadInput
from geo.hotspots.cells import Flags, Floats
from geo.i18n import N_

NOTHING = N_("A rate needs something to be counted against in every place: a number above 0.")
ROUNDING = 1e-12
LEAST_EXPECTED = 0.5


def usable(exposure: Floats) -> Flags:
    """Tell which places have an exposure: a number above 0; unknown (NaN) and 0 have no rate.

    >>> usable(np.array([12.0, 0.0, np.nan])).tolist()
    [True, False, False]
    """
    return np.isfinite(exposure) & (np.asarray(exposure) > 0)


def rates(counts: Floats, exposure: Floats) -> Floats:
    """Return counts per exposure (households, persons, km²); NaN where there is none. All (n,) or (n, steps).

    >>> rates(np.array([3.0, 1.0]), np.array([12.0, 0.0])).tolist()
    [0.25, nan]
    """
    known = usable(exposure)
    return np.divide(counts, exposure, out=np.full(np.shape(counts), np.nan), where=known)


class Spread(NamedTuple):
    """The mean rate of all places, and the variance of rates between places beyond that of chance, at least 0."""

    mean: float
    between: float


def spread(counts: Floats, exposure: Floats) -> Spread:
    """Return mean and variance of rates by the moments of Marshall (1991), for all places together.

    counts, exposure: (n,) or (n, steps), every exposure above 0 (see `usable`). With m = Σ counts / Σ exposure the
    variance is  Σ exposure (rate - m)² / Σ exposure - m / mean(exposure),  or 0 where that is less.
    Raises BadInput when not all exposures are above 0.

    >>> spread(np.array([0.0, 2.0, 30.0]), np.array([1.0, 10.0, 100.0])).between
    0.0
    """
    if not usable(exposure).all() or not np.size(exposure):
        raise BadInput(NOTHING)
    counts, exposure = np.asarray(counts, np.float64), np.asarray(exposure, np.float64)
    whole = exposure.sum()
    mean = counts.sum() / whole
    varies = (exposure * (counts / exposure - mean) ** 2).sum() / whole
    between = varies - mean / exposure.mean()
    return Spread(float(mean), float(between) if between > ROUNDING * varies else 0.0)


def shrunk(counts: Floats, exposure: Floats) -> Floats:
    """Return empirical-Bayes rates: each is drawn to the mean of all by as much as it is uncertain.

    Marshall (1991), global: the variance between places is weighed against that of chance, m / exposure. Where places
    differ no more than chance would have it, all get the mean. Equals esda's Empirical_Bayes wherever the variance
    between places is above 0 (esda lets it fall below). Shapes and errors as of `spread`.

    >>> shrunk(np.array([0.0, 2.0, 30.0]), np.array([1.0, 10.0, 100.0])).round(3).tolist()
    [0.288, 0.288, 0.288]
    >>> shrunk(np.array([0.0, 9.0, 30.0]), np.array([1.0, 10.0, 100.0])).round(3).tolist()
    [0.331, 0.557, 0.307]
    """
    mean, between = spread(counts, exposure)
    if between == 0:
        return np.full(np.shape(counts), mean)
    trust = between / (between + mean / exposure)
    return trust * (counts / exposure) + (1 - trust) * mean


def excess(counts: Floats, exposure: Floats) -> Floats:
    """Return how far each rate is from the mean of all, in its own standard deviations.

    Assunção & Reis (1999):  (rate - m) / √(between + m / exposure).  It is what is left of the excess after shrinking,
    divided by the deviation of shrunken rates, which is small where little is known: √trust · (rate - m) / √between. So
    places of any size vary alike when there is nothing to find; of merely shrunken rates the largest would not.
    Zeros where nothing was counted at all. Shapes and errors as of `spread`.

    >>> excess(np.array([4.0, 16.0]), np.array([10.0, 10.0])).round(3).tolist()
    [-1.0, 1.0]
    """
    mean, between = spread(counts, exposure)
    if mean == 0:
        return np.zeros(np.shape(counts))
    return (counts / exposure - mean) / np.sqrt(between + mean / exposure)


def skew_by_chance(counts: Floats, exposure: Floats) -> Floats:
    """Return how skewed the excess of each place is when there is nothing to find: by chance, and by unlike places.

    The model behind the shrinking (Clayton & Kaldor 1987): risks follow a gamma distribution with the mean and variance
    of `spread`, cases a Poisson one, so counts are negative binomial with third cumulant  e + 3 e² v + 2 e³ v²  of
    expected cases e and v = between / m². Unlike the skew of the values themselves it hardly grows with the hot spots
    that are looked for. Zeros where nothing was counted. Shapes and errors as of `spread`.

    >>> skew_by_chance(np.array([4.0, 4.0]), np.array([10.0, 10.0])).tolist()
    [0.5, 0.5]
    """
    mean, between = spread(counts, exposure)
    if mean == 0:
        return np.zeros(np.shape(counts))
    expected = mean * np.asarray(exposure, np.float64)
    unlike = expected * between / mean**2
    return expected * (1 + unlike) * (1 + 2 * unlike) / (expected * (1 + unlike)) ** 1.5


def judged(counts: Floats, exposure: Floats) -> Flags:
    """Tell which places are large enough to be compared: at least half a case is expected there.

    Among very many places with next to no households the only ones with a case would stand out beyond all measure. When
    places expect less than one case on average, half of that average is enough. exposure (n,), counts (n,).

    >>> judged(np.array([0.0, 30.0, 20.0]), np.array([0.1, 30.0, 20.0])).tolist()
    [False, True, True]
    """
    known = usable(exposure)
    if not known.any():
        return known
    expected = np.where(known, exposure, 0.0) * (counts[known].sum() / exposure[known].sum())
    return known & (expected >= min(LEAST_EXPECTED, LEAST_EXPECTED * expected[known].mean()))
