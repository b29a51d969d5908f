"""Mann-Kendall: does a series rise or fall, whatever its shape, and by how much a step?

Mann (1945), Kendall (1975): S counts the pairs that rise less those that fall; its variance heeds ties; z is S less one
toward 0, by its deviation. The slope is Theil's and Sen's (1968): the median of the slopes of all pairs. Equals
pymannkendall's original_test.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from geo.hotspots.cells import Floats

Signs = NDArray[np.int8]
ALPHA = 0.05
KEPT, GUESSES, FAR = 128, 12, 8.0
"""A median is looked for among so few, after at most so many guesses, each at most so many widths from the last."""


class Trends(NamedTuple):
    """Of each series, (n,): trend 1 rising, -1 falling, 0 neither; p two-sided; z; tau; s; var_s; slope per step;
    intercept at step 0. NaN only where a series has fewer than two values, whose trend is 0 and p 1."""

    trend: Signs
    p: Floats
    z: Floats
    tau: Floats
    s: Floats
    var_s: Floats
    slope: Floats
    intercept: Floats


@njit(cache=True)
def _pair(values: Floats, many: int, rank: int) -> tuple[float, float]:
    """Return the one of the first values with so many below it, and the next larger one; the values are lost.

    Hoare's selection (1961), but what lies on the pivot's side is counted and moved without a branch.
    """
    beyond = np.inf
    while True:
        a, b, c = values[0], values[many // 2], values[many - 1]
        pivot = max(min(a, b), min(max(a, b), c))
        less, upto = 0, 0
        for k in range(many):
            less += int(values[k] < pivot)
            upto += int(values[k] <= pivot)
        at = 0
        if rank < less:
            for k in range(many):
                one = values[k]
                values[at] = one
                at += int(one < pivot)
            beyond = pivot
        elif rank >= upto:
            for k in range(many):
                one = values[k]
                values[at] = one
                at += int(one > pivot)
            rank -= upto
        elif rank + 1 < upto:
            return pivot, pivot
        else:
            for k in range(many):
                beyond = min(beyond, values[k] if values[k] > pivot else np.inf)
            return pivot, beyond
        many = at


@njit(cache=True)
def _median(values: Floats, many: int, less: int, whole: int) -> float:
    """Return the median of a whole of which the first values are left, and so many below them are not."""
    lower, upper = _pair(values, many, (whole - 1) // 2 - less)
    return lower if whole % 2 else 0.5 * (lower + upper)


@njit(cache=True)
def _narrow(values: Floats, many: int, guess: float, aside: float, kept: Floats) -> tuple[int, int]:
    """Write those of the first values that lie around the median to `kept`, found by counting around a guess.

    Returns how many are kept and how many were below them; the guess is moved by what is counted until it is right.
    """
    below = (many - 1) // 2
    for attempt in range(GUESSES):
        low, high = guess - aside, guess + aside
        less, upto = 0, 0
        for k in range(many):
            less += int(values[k] < low)
            upto += int(values[k] <= high)
        if less <= below and upto > many // 2:
            if upto - less <= KEPT or attempt > GUESSES // 2:
                at = 0
                for k in range(many):
                    kept[at] = values[k]
                    at += int(values[k] >= low) & int(values[k] <= high)
                return at, less
            guess = low + (high - low) * (below + 1 - less) / (upto - less)
            aside *= 0.5 * KEPT / (upto - less)
        else:
            off = (below + 0.5 - 0.5 * (less + upto)) / max(upto - less, 1)
            guess += 2 * aside * min(max(off, -FAR), FAR)
            aside *= 2 if abs(off) > 1 else 1.2
    kept[:many] = values[:many]
    return many, 0


@njit(cache=True)
def _median_slope(slopes: Floats, many: int, value: Floats, points: int, kept: Floats) -> float:
    """Return the median of slopes of all pairs of the values, of which most are never sorted.

    The guess is the mean slope over half the time; of normal values of deviation s so many slopes lie around their
    median that a width of 23 s / points³ holds one.
    """
    half = points // 2
    guess = (value[half:points].mean() - value[: points - half].mean()) / half
    between = 23.0 * value[:points].std() / points**3
    found, less = _narrow(slopes, many, guess, 0.3 * KEPT * between, kept)
    return _median(kept, found, less, many)


@njit(cache=True)
def _shares(steps: int) -> Floats:
    """Return what a difference of places `apart` (down) from each place (across) is multiplied by, round the end."""
    share = np.empty((steps // 2 + 1, steps))
    for apart in range(1, steps // 2 + 1):
        share[apart, : steps - apart] = 1.0 / apart
        share[apart, steps - apart :] = -1.0 / (steps - apart)
    return share


@njit(cache=True)
def _even_slopes(series: Floats, steps: int, share: Floats, slopes: Floats, twice: Floats) -> None:
    """Write the slopes of all pairs of a series without gaps: laid end to end, pairs n - d apart are d apart, too."""
    twice[:steps] = series
    twice[steps : 2 * steps] = series
    at = 0
    for apart in range(1, (steps + 1) // 2):
        for a in range(steps):
            slopes[at + a] = (twice[a + apart] - twice[a]) * share[apart, a]
        at += steps
    if steps % 2 == 0:
        for a in range(steps // 2):
            slopes[at + a] = (twice[a + steps // 2] - twice[a]) / (steps // 2)


@njit(cache=True)
def _slopes(value: Floats, when: Floats, many: int, slopes: Floats) -> None:
    """Write the slopes of all pairs of a series with gaps."""
    at = 0
    for a in range(many - 1):
        for b in range(a + 1, many):
            slopes[at] = (value[b] - value[a]) / (when[b] - when[a])
            at += 1


@njit(cache=True)
def _tied(value: Floats, many: int) -> float:
    """Return Σ t (t - 1) (2 t + 5) over groups of t equal values."""
    total = 0
    for a in range(many):
        same = 0
        for b in range(many):
            same += int(value[b] == value[a])
        total += (same - 1) * (2 * same + 5)
    return float(total)


@njit(cache=True)
def _scores(series: Floats) -> Floats:
    """Return S, tau, its variance, slope and intercept of each series, (5, n)."""
    n, steps = series.shape
    out = np.full((5, n), np.nan)
    value, when, twice = np.empty(steps), np.empty(steps), np.empty(2 * steps)
    room = steps * (steps - 1) // 2 + 1
    slopes, kept, share = np.empty(room), np.empty(room), _shares(steps)
    for i in range(n):
        many = 0
        for t in range(steps):
            value[many], when[many] = series[i, t], t
            many += int(np.isfinite(series[i, t]))
        if many < 2:
            continue
        pairs = many * (many - 1) // 2
        if many == steps:
            _even_slopes(series[i], steps, share, slopes, twice)
        else:
            _slopes(value, when, many, slopes)
        rising, falling = 0, 0
        for k in range(pairs):
            rising += int(slopes[k] > 0)
            falling += int(slopes[k] < 0)
        tied = _tied(value, many) if rising + falling < pairs else 0.0
        out[0, i] = rising - falling
        out[1, i] = out[0, i] / (0.5 * many * (many - 1))
        out[2, i] = (many * (many - 1) * (2 * many + 5) - tied) / 18
        if falling <= (pairs - 1) // 2 and pairs - rising > pairs // 2:
            out[3, i] = 0.0
        else:
            out[3, i] = _median_slope(slopes, pairs, value, many, kept)
        middle = 0.5 * (steps - 1) if many == steps else _median(when, many, 0, many)
        out[4, i] = _median(value, many, 0, many) - middle * out[3, i]
    return out


def mann_kendall(series: Floats, *, alpha: float = ALPHA) -> Trends:
    """Return the trend of each series.

    series (n, steps): a row each, in order of time at equal steps; what is not finite is a gap. alpha: a trend is told
    where p is below it.

    >>> found = mann_kendall(np.array([[1.0, 2, 2, 4, 5, 7, 6, 9], [3.0, 1, 3, 1, 3, 1, 3, 1]]))
    >>> found.trend.tolist(), found.s.tolist(), found.slope.round(3).tolist(), found.p.round(4).tolist()
    ([1, 0], [25.0, -4.0], [1.0, 0.0], [0.0028, 0.665])
    """
    s, tau, var_s, slope, intercept = _scores(np.ascontiguousarray(series, np.float64))
    varies = var_s > 0
    z = np.divide(s - np.sign(s), np.sqrt(var_s, where=varies, out=np.ones_like(s)), out=0 * s, where=varies)
    z = np.where(np.isnan(s), 0.0, z)
    p = 2 * ndtr(-np.abs(z))
    trend = np.where(np.abs(z) > ndtri(1 - alpha / 2), np.sign(z), 0).astype(np.int8)
    return Trends(trend, p, z, tau, s, var_s, slope, intercept)
