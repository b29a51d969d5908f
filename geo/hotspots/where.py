"""Where it clusters: from counts and exposure of places to rates, Gi*, classes, and what was left out and why."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.hotspots.cells import Flags, Floats
from geo.hotspots.emerging import Emerging, emerging
from geo.hotspots.gi_star import Remark, around, gi_star
from geo.hotspots.neighbours import Neighbours, among
from geo.hotspots.permutations import permuted_p
from geo.hotspots.rates import excess, judged, rates, shrunk, skew_by_chance, usable
from geo.hotspots.significance import Classes, classes, false_discovery
from geo.i18n import N_

NO_EXPOSURE = N_("{places} places with {cases} cases have nothing to be counted against and are not compared.")
TOO_SMALL = N_("{places} places with {cases} cases are so small that hardly one case is expected there; not compared.")


@dataclass(frozen=True)
class Where:
    """What was found in each place, (n,), in the order given.

    rate: cases per exposure, NaN without one; shrunk: by empirical Bayes; value: the excess in deviations, on which Gi*
    rests; z, p (two-sided) and q (false discovery rate); marks: -3 … 3, see significance.CLASSES; judged: was it
    compared at all; where not, value and z are NaN, p and q 1. remarks: what must be said beside.
    """

    rate: Floats
    shrunk: Floats
    value: Floats
    z: Floats
    p: Floats
    q: Floats
    marks: Classes
    judged: Flags
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Growing:
    """Patterns of each place (see emerging.PATTERNS), over all places given, with what Where says of the whole period.

    found: of the judged places only, in their order; pattern (n,): of all, 0 where not judged.
    """

    whole: Where
    found: Emerging
    pattern: Classes


def _left_out(counts: Floats, exposure: Floats, kept: Flags) -> tuple[Remark, ...]:
    known = usable(exposure)
    told = []
    for message, mask in ((NO_EXPOSURE, ~known & (counts > 0)), (TOO_SMALL, known & ~kept)):
        if mask.any():
            told.append((message, {"places": int(mask.sum()), "cases": int(counts[mask].sum())}))
    return tuple(told)


def _spread_out(values: NDArray[Any], kept: Flags, otherwise: float) -> Floats:
    whole = np.full(len(kept), otherwise)
    whole[kept] = values
    return whole


def where(counts: Floats, exposure: Floats, neighbours: Neighbours, *, permutations: int = 0, seed: int = 1) -> Where:
    """Return where there are more and fewer cases than the exposure of places explains.

    counts (n,): cases; exposure (n,): households, persons, or km² where nothing else is known; NaN or 0: unknown, the
    place is not compared; neighbours: of the same places. p comes from the Pearson type III distribution of the draw
    (`GiStar.tail_p`, with the skew of `skew_by_chance`), or from so many conditional permutations, which look at the
    neighbours only and take the place itself as given.
    Raises BadInput when no place has an exposure.

    >>> from geo.hotspots.neighbours import pairs_of
    >>> counts, homes = np.full(200, 10.0), np.full(200, 50.0)
    >>> counts[::3], counts[60:66] = 6.0, 40.0
    >>> found = where(counts, homes, pairs_of(np.arange(199), np.arange(1, 200), 200))
    >>> np.flatnonzero(found.marks >= 2).tolist()
    [60, 61, 62, 63, 64, 65]
    """
    counts, exposure = np.asarray(counts, np.float64), np.asarray(exposure, np.float64)
    kept = judged(counts, exposure)
    near = neighbours if kept.all() else among(neighbours, kept)
    value = excess(counts[kept], exposure[kept])
    score = gi_star(value, near)
    if permutations:
        p = permuted_p(value, near, permutations=permutations, seed=seed)
    else:
        p = score.tail_p(around(skew_by_chance(counts[kept], exposure[kept]), near))
    q = false_discovery(p)
    return Where(
        rates(counts, exposure),
        _spread_out(shrunk(counts[kept], exposure[kept]), kept, np.nan),
        _spread_out(value, kept, np.nan),
        _spread_out(score.z, kept, np.nan),
        _spread_out(p, kept, 1.0),
        _spread_out(q, kept, 1.0),
        _spread_out(classes(score.z, q), kept, 0).astype(np.int8),
        kept,
        _left_out(counts, exposure, kept) + score.remarks,
    )


def growing(counts: Floats, exposure: Floats, neighbours: Neighbours, *, back: int = 1) -> Growing:
    """Return the pattern of each place over the months, and where it clusters over the whole period.

    counts (n, months): cases; exposure (n,): as for `where`, the same in every month; back: months before that belong
    to the neighbourhood. Raises BadInput for fewer than ten months, or no exposure at all.

    >>> from geo.hotspots.neighbours import pairs_of
    >>> counts = np.random.default_rng(1).poisson(5.0, (80, 12))
    >>> counts[30:36, -1] = 20
    >>> int(growing(counts, np.full(80, 9.0), pairs_of(np.arange(79), np.arange(1, 80), 80)).pattern[32])
    1
    """
    counts = np.asarray(counts, np.float64)
    whole = where(counts.sum(axis=1), exposure, neighbours)
    kept = whole.judged
    monthly = np.repeat(np.asarray(exposure, np.float64)[kept, None], counts.shape[1], axis=1)
    near = neighbours if kept.all() else among(neighbours, kept)
    skew = skew_by_chance(counts[kept], monthly)[:, 0]
    found = emerging(excess(counts[kept], monthly), near, back=back, skew=around(skew, near))
    return Growing(whole, found, _spread_out(found.pattern, kept, 0).astype(np.int8))
