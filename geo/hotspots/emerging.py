"""Is it growing? Gi* of every place and month, and the pattern of each place over time.

A place in a month is compared with all places in all months: its neighbourhood is itself and its neighbours in that
month and the months just before. A month counts as hot or cold there by the false discovery rate over all of them; the
trend is that of z by Mann-Kendall. The patterns are those of Esri's Emerging Hot Spot Analysis ("How Emerging Hot Spot
Analysis works", ArcGIS Pro). For hot ones, in the order in which they are tried:

- historical: hot in 90 % of the months or more, but not in the last;
- intensifying, diminishing, persistent: hot in 90 % or more, the last included; z rises, falls, does neither;
- oscillating: hot in the last month, cold in some month before;
- new: hot in the last month and never before;
- consecutive: one unbroken run of two or more hot months at the end, never hot before it;
- sporadic: hot in the last month, now and then before, never cold.

Esri's words leave open what a place is that is hot for the first time and was cold before; here it is oscillating, the
narrower of both. Cold ones are the same with hot and cold exchanged and z turned round. Everything else: no pattern.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.hotspots.cells import Floats, Integers, Positions
from geo.hotspots.gi_star import Remark, moments, pearson_p, remarks_on, scale_of, skew_of_draws
from geo.hotspots.mann_kendall import ALPHA, Signs, Trends, mann_kendall
from geo.hotspots.neighbours import Neighbours
from geo.hotspots.significance import Classes, classes, false_discovery
from geo.i18n import N_

FEWEST = 10
"""Esri asks for ten time steps, and Kendall's normal approximation for about as many."""
TOO_SHORT = N_("There are {count} months; a pattern needs at least {least}. Take a longer period.")
MARKED = 2
"""From 95 % up a month is hot or cold."""
NEW, CONSECUTIVE, INTENSIFYING, PERSISTENT, DIMINISHING, SPORADIC, OSCILLATING, HISTORICAL = range(1, 9)
KINDS = ("new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical")
PATTERNS = {
    0: "no_pattern",
    **{number: f"{kind}_hot" for number, kind in enumerate(KINDS, 1)},
    **{-number: f"{kind}_cold" for number, kind in enumerate(KINDS, 1)},
}
"""All seventeen, by their number: positive for hot, negative for cold."""
LABELS = {
    "no_pattern": N_("No pattern"),
    "new_hot": N_("New hot spot"),
    "consecutive_hot": N_("Consecutive hot spot"),
    "intensifying_hot": N_("Intensifying hot spot"),
    "persistent_hot": N_("Persistent hot spot"),
    "diminishing_hot": N_("Diminishing hot spot"),
    "sporadic_hot": N_("Sporadic hot spot"),
    "oscillating_hot": N_("Oscillating hot spot"),
    "historical_hot": N_("Historical hot spot"),
    "new_cold": N_("New cold spot"),
    "consecutive_cold": N_("Consecutive cold spot"),
    "intensifying_cold": N_("Intensifying cold spot"),
    "persistent_cold": N_("Persistent cold spot"),
    "diminishing_cold": N_("Diminishing cold spot"),
    "sporadic_cold": N_("Sporadic cold spot"),
    "oscillating_cold": N_("Oscillating cold spot"),
    "historical_cold": N_("Historical cold spot"),
}


@dataclass(frozen=True)
class Emerging:
    """Patterns (n,) int8 (see PATTERNS), z and classes (n, steps) of each place and month, the trend of z, remarks."""

    pattern: Classes
    z: Floats
    month_class: Classes
    trend: Trends
    remarks: tuple[Remark, ...] = ()


@njit(cache=True)
def _cube_scores(
    values: Floats, start: Integers, target: Positions, back: int, mean: float, scale: Floats
) -> tuple[Floats, Integers]:
    """Return z and the size of the neighbourhood of every place and step."""
    n, steps = values.shape
    z, size = np.empty((n, steps)), np.empty((n, steps), np.int64)
    around = np.empty(steps)
    for i in range(n):
        around[:] = values[i]
        for at in range(start[i], start[i + 1]):
            around += values[target[at]]
        places = start[i + 1] - start[i] + 1
        for t in range(steps):
            total, first = 0.0, max(t - back, 0)
            for u in range(first, t + 1):
                total += around[u]
            k = places * (t - first + 1)
            z[i, t] = (total - k * mean) * scale[k]
            size[i, t] = k
    return z, size


@njit(cache=True)
def _pattern(marks: Signs, sign: int, trend: int) -> int:
    steps, same, opposite, run = marks.size, 0, 0, 0
    for t in range(steps):
        same += int(marks[t] == sign)
        opposite += int(marks[t] == -sign)
        run = run + 1 if marks[t] == sign else 0
    if 10 * same >= 9 * steps:
        if run == 0:
            return HISTORICAL
        return INTENSIFYING if trend == sign else DIMINISHING if trend == -sign else PERSISTENT
    if run == 0:
        return 0
    if opposite > 0:
        return OSCILLATING
    if run == same:
        return NEW if run == 1 else CONSECUTIVE
    return SPORADIC


@njit(cache=True)
def _patterns(marks: Signs, trend: Signs) -> Signs:
    out = np.zeros(trend.size, np.int8)
    for i in range(trend.size):
        hot, cold = _pattern(marks[i], 1, trend[i]), _pattern(marks[i], -1, trend[i])
        out[i] = hot if hot else -cold
    return out


def patterns(marks: NDArray[np.int8], trend: NDArray[np.int8]) -> Classes:
    """Return the pattern (n,) int8 of each place, a number of PATTERNS.

    marks (n, steps): 1 in a hot month, -1 in a cold one, else 0; trend (n,): of z, 1 rising, -1 falling, 0 neither.

    >>> marks = np.zeros((3, 12), np.int8)
    >>> marks[0, -1], marks[1, :], marks[2, :-1] = 1, 1, -1
    >>> [PATTERNS[number] for number in patterns(marks, np.array([0, -1, 0])).tolist()]
    ['new_hot', 'diminishing_hot', 'historical_cold']
    """
    return _patterns(np.ascontiguousarray(marks, np.int8), np.ascontiguousarray(trend, np.int8))


def emerging(
    values: Floats, neighbours: Neighbours, *, back: int = 1, alpha: float = ALPHA, skew: Floats | None = None
) -> Emerging:
    """Return the pattern of each place from its values month by month.

    values (n, steps): rates or counts, a row a place, a column a month, in order; neighbours: of the n places; back:
    how many months before belong to the neighbourhood; alpha: of the trend; skew (n,): as for `GiStar.tail_p`. Values
    that are all the same are told as a remark; then z is 0 and no place has a pattern.
    Raises BadInput for fewer than ten months, and for a value that is no finite number.

    >>> from geo.hotspots.neighbours import pairs_of
    >>> values = np.zeros((60, 12))
    >>> values[20:25, -1] = 9
    >>> row = pairs_of(np.arange(59), np.arange(1, 60), 60)
    >>> [PATTERNS[number] for number in emerging(values, row).pattern[[5, 22]].tolist()]
    ['no_pattern', 'new_hot']
    """
    values = np.ascontiguousarray(values, np.float64)
    n, steps = values.shape
    if steps < FEWEST:
        raise BadInput(TOO_SHORT, count=steps, least=FEWEST)
    mean, deviation, own_skew = moments(values.ravel())
    places = neighbours.sizes() + 1
    remarks = remarks_on(n, np.minimum(places, n - 1), deviation)
    if n < 2 or deviation == 0:
        nothing = np.zeros(values.shape)
        flat = mann_kendall(nothing)
        return Emerging(np.zeros(n, np.int8), nothing, nothing.astype(np.int8), flat, remarks)
    scale = scale_of(int(places.max()) * (back + 1), n * steps, deviation)
    z, size = _cube_scores(values, *neighbours, back, mean, scale)
    single = own_skew if skew is None else np.repeat(skew, steps)
    p = pearson_p(z.ravel(), skew_of_draws(single, size.ravel(), n * steps))
    marked = classes(z.ravel(), false_discovery(p)).reshape(z.shape)
    trend = mann_kendall(z, alpha=alpha)
    marks = np.where(np.abs(marked) >= MARKED, np.sign(marked), 0).astype(np.int8)
    return Emerging(patterns(marks, trend.trend), z, marked, trend, remarks)
