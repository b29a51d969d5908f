"""Gi*: is the sum of a place and its neighbours larger or smaller than chance would have it?

Getis & Ord (1992), Ord & Getis (1995): with binary weights and the place itself included, n places of mean m and
variance s² (divided by n), and k places in a neighbourhood (itself among them),

    z = (Σ x - k·m) / (s·√(k·(n - k) / (n - 1)))

which is the sum of k values drawn without replacement, measured by its own mean and deviation. It equals esda's
G_Local(star=True, transform="B"). That sum is skewed where the values are, as counts of rare things are, and the normal
distribution then finds too many hot places: in a town of 900 cells of one case each and nothing to find, one time in
six at a false discovery rate of 5 %. The third moment of the same draw has a closed form, too, and the tail of the
Pearson type III distribution with these three moments heeds it (Mielke & Berry, Permutation Methods, 2001).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.special import gammainc, gammaincc, ndtr

from geo.errors import BadInput
from geo.hotspots.cells import Floats, Integers, Positions
from geo.hotspots.neighbours import Neighbours
from geo.i18n import N_

FEW = 30
"""Below this the distribution of Gi* is far from any textbook's (Getis & Ord 1992 ask for n of 30 and more)."""
NOT_FINITE = N_("Place {place} has a value that is no finite number. Leave it out, or give it a number.")
CONSTANT = N_("All places have the same value: nothing is hot or cold, and no z can be computed.")
ALONE = N_("There are only {count} places: too few to compare.")
ROUGH = N_("There are only {count} places; below 30 z and p are rough.")
ISLANDS = N_("{count} places have no neighbours: each is compared by its own value only.")
EVERYTHING = N_("{count} places have all others as neighbours: they cannot differ from the whole and have no z.")
TINY = 1e-13
SMALL_SKEW = 1e-6

Remark = tuple[str, dict[str, int]]
"""A msgid and its values."""


@dataclass(frozen=True)
class GiStar:
    """z (n,) and k (n,), how many places each neighbourhood has, itself included; and the remarks.

    Where no z can be computed it is 0, p is 1, and a remark says why. skew: of the values, the third standardised
    moment; n: how many values the neighbourhoods are drawn from.
    """

    z: Floats
    k: Integers
    skew: float
    n: int
    remarks: tuple[Remark, ...] = ()

    def normal_p(self) -> Floats:
        """Return p (n,) two-sided by the normal distribution, as textbooks and esda (one-sided) have it.

        >>> from geo.hotspots.neighbours import pairs_of
        >>> gi_star(np.array([0.0, 1.0, 2.0]), pairs_of(np.array([0]), np.array([1]), 3)).normal_p().round(3).tolist()
        [0.221, 0.221, 0.221]
        """
        return 2 * ndtr(-np.abs(self.z))

    def tail_p(self, skew: Floats | float | None = None) -> Floats:
        """Return p (n,) two-sided by the Pearson type III distribution, which knows of the skew of the values.

        skew: of single values where there is nothing to find, the mean of each neighbourhood (n,) (see `around`); by
        default that of all the values given, hot spots included.

        >>> from geo.hotspots.neighbours import pairs_of
        >>> rare = np.repeat([0.0, 8.0], [95, 5])
        >>> found = gi_star(rare, pairs_of(np.arange(99), np.arange(1, 100), 100))
        >>> bool(found.normal_p()[97] < found.tail_p()[97])
        True
        """
        own = self.skew if skew is None else skew
        return pearson_p(self.z, skew_of_draws(own, self.k, self.n))


def moments(values: Floats) -> tuple[float, float, float]:
    """Return mean, standard deviation (divided by n; 0 where it is rounding only) and skew, in two passes."""
    n = values.size
    with np.errstate(invalid="ignore"):
        mean = float(values.mean()) if n else 0.0
    if not np.isfinite(mean):
        raise BadInput(NOT_FINITE, place=int(np.argmin(np.isfinite(values))) + 1)
    off = values - mean
    squared = off * off
    deviation = float(np.sqrt(squared.sum() / max(n, 1)))
    if deviation <= TINY * abs(mean):
        return mean, 0.0, 0.0
    return mean, deviation, float((squared * off).mean()) / deviation**3


@njit(cache=True)
def _scores(values: Floats, start: Integers, target: Positions, mean: float, scale: Floats) -> Floats:
    z = np.empty(values.size)
    for i in range(values.size):
        total = values[i]
        for at in range(start[i], start[i + 1]):
            total += values[target[at]]
        k = start[i + 1] - start[i] + 1
        z[i] = (total - k * mean) * scale[k]
    return z


def scale_of(most: int, n: int, deviation: float) -> Floats:
    """Return 1 / the deviation of a sum of k of n values, for k = 0 … most; 0 where the sum cannot vary."""
    k = np.arange(most + 1)
    variance = k * (n - k) / (n - 1)
    varies = variance > 0
    return np.where(varies, 1 / (deviation * np.sqrt(np.where(varies, variance, 1.0))), 0.0)


def gi_star(values: Floats, neighbours: Neighbours) -> GiStar:
    """Return Gi* of every place.

    values (n,): a rate or a count of each place, of any unit; neighbours: of the same n places, without themselves.
    Constant values, too few places, places without neighbours or with all others as neighbours are told as remarks.
    Raises BadInput naming the first place whose value is NaN or infinite.

    The six points of Getis & Ord, those within 15 of each other being neighbours:

    >>> from geo.hotspots.neighbours import within
    >>> east, north = np.array([10.0, 20, 40, 15, 30, 30]), np.array([10.0, 10, 10, 20, 20, 30])
    >>> gi_star(np.array([2, 3, 3.2, 5, 8, 7]), within(east, north, 15.0)).z.round(8).tolist()
    [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    """
    values = np.ascontiguousarray(values, np.float64)
    n, k = values.size, neighbours.sizes() + 1
    mean, deviation, skew = moments(values)
    remarks = remarks_on(n, k, deviation)
    if n < 2 or deviation == 0:
        return GiStar(np.zeros(n), k, 0.0, n, remarks)
    z = _scores(values, *neighbours, mean, scale_of(int(k.max()), n, deviation))
    return GiStar(z, k, skew, n, remarks)


def around(values: Floats, neighbours: Neighbours) -> Floats:
    """Return the mean (n,) of each place and its neighbours.

    >>> from geo.hotspots.neighbours import pairs_of
    >>> around(np.array([1.0, 3.0, 8.0]), pairs_of(np.array([0]), np.array([1]), 3)).tolist()
    [2.0, 2.0, 8.0]
    """
    most = int(neighbours.sizes().max(initial=0)) + 1
    return _scores(np.ascontiguousarray(values, np.float64), *neighbours, 0.0, 1 / np.maximum(np.arange(most + 1), 1))


def remarks_on(n: int, k: Integers, deviation: float) -> tuple[Remark, ...]:
    """Return what must be said about n places of this deviation whose neighbourhoods have k (n,) places.

    >>> remarks_on(2, np.array([1, 1]), 0.0)[0][0].partition(":")[0]
    'All places have the same value'
    """
    if n < 2:
        return ((ALONE, {"count": n}),)
    if deviation == 0:
        return ((CONSTANT, {}),)
    islands = int((k == 1).sum()) if k.min() == 1 else 0
    everything = int((k >= n).sum()) if k.max() >= n else 0
    told = ((ROUGH, n if n < FEW else 0), (ISLANDS, islands), (EVERYTHING, everything))
    return tuple((message, {"count": count}) for message, count in told if count)


def skew_of_draws(skew: Floats | float, k: Integers, n: int) -> Floats:
    """Return the skew (n,) of a sum of k of n values drawn without replacement, from the skew of the values,
    one for all or (n,).

    Source: third moment of finite populations, e.g. Cochran, Sampling Techniques (1977), 2.15.

    >>> skew_of_draws(2.0, np.array([4]), 10_000).round(3).tolist()
    [1.0]
    """
    if n < 3:
        return np.zeros(len(k))
    inside = np.minimum(k, n - 1)
    return skew * (n - 2 * inside) / (n - 2) * np.sqrt((n - 1) / (inside * (n - inside)))


def pearson_p(z: Floats, skew: Floats) -> Floats:
    """Return p (n,) two-sided, twice the smaller tail, of z by Pearson type III distributions of these skews.

    >>> pearson_p(np.array([1.96, 4.0]), np.array([0.0, 0.0])).round(4).tolist()
    [0.05, 0.0001]
    """
    size = np.maximum(np.abs(skew), SMALL_SKEW)
    shape = 4 / size**2
    toward = np.where(skew < 0, -z, z)
    at = np.maximum(shape + toward * np.sqrt(shape), 0.0)
    tail = np.where(toward > 0, gammaincc(shape, at), gammainc(shape, at))
    return np.minimum(2 * tail, 1.0)
