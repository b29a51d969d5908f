"""Kulldorff's scan statistic: where, and since when, there are more cases than chance would put there.

Sources: Kulldorff (1997), A spatial scan statistic; Kulldorff (2001), Prospective time periodic geographical disease
surveillance using a scan statistic.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from geo.errors import BadInput
from geo.hotspots.scan_chance import Chance, chance, first_reached, reaching
from geo.hotspots.scan_windows import Best, Field, Kind, best_windows, times
from geo.hotspots.scan_zones import Floats, Ints, circles, distance_m, positions
from geo.i18n import N_

CHECKED_AFTER = (128, 384)
CLEARLY_LARGE = 0.1
"""A rank that has used up this share of all replicates can only end in a p above it."""
SAME_RATIO_DIGITS = 9

UNLIKE = N_("Cases, expected cases and places do not go together: {cases}, {expected}, {places} rows.")
ODD_CASES = N_("Cases are whole numbers from 0 up; place number {at} has others. Correct them, then try again.")
ODD_EXPECTED = N_("Expected cases are numbers from 0 up; place number {at} has others. Correct them, then try again.")
NOWHERE = N_("Place number {at} has no position. Fill it in, then try again.")
UNEXPECTED = N_("Place number {at} has cases where none are expected, such as without population. Correct one of them.")
ODD_SHARE = N_("A circle holds more than 0 and at most half of all expected cases (0.5), not {value}.")
ODD_DURATION = N_("A cluster lasts at least 1 period and at most {longest}, not {shortest}.")
SHORT_STUDY = N_(
    "A cluster is to last at least {shortest} periods, but there are {periods}. Ask for less, or look back further."
)
ODD_FEWEST = N_("A cluster has at least 1 case, not {value}.")
ODD_REPLICATES = N_("The number of replicates is a whole number from 0 up, not {value}.")
ODD_SEED = N_("The seed is a whole number from 0 up, not {value}.")


@dataclass(frozen=True)
class ScanOptions:
    """What kind of scan and how far it looks.

    kind: spatial (all periods as one), prospective (windows that last until the end), retrospective (any window);
    max_population: the largest circle as a share of all expected cases, up to 0.5; durations in periods, cut to what
    there is; min_cases: the fewest a cluster has; replicates: how often chance is tried, by seed; great_circle: places
    are lon, lat in degrees instead of x, y in metres; all_p: whether every cluster gets its p or the first one only;
    stop_early: whether replicates end once the first cluster's p is clearly large (above 0.1).
    """

    kind: Kind = "prospective"
    max_population: float = 0.5
    min_duration: int = 1
    max_duration: int = 26
    min_cases: int = 2
    replicates: int = 999
    seed: int = 1
    great_circle: bool = False
    all_p: bool = True
    stop_early: bool = True

    def check(self) -> None:
        """Raise BadInput for an option that makes no sense."""
        if not 0 < self.max_population <= 0.5:
            raise BadInput(ODD_SHARE, value=self.max_population)
        if not 1 <= self.min_duration <= self.max_duration:
            raise BadInput(ODD_DURATION, longest=self.max_duration, shortest=self.min_duration)
        numbers = (
            (ODD_FEWEST, self.min_cases, 1),
            (ODD_REPLICATES, self.replicates, 0),
            (ODD_SEED, self.seed, 0),
        )
        for message, value, least in numbers:
            if value < least:
                raise BadInput(message, value=value)


@dataclass(frozen=True)
class Cluster:
    """A cluster: places (positions, the nearest to the centre first) and periods first_period to last_period.

    p: the share of replicates, the real cases among them, whose best cluster is at least as unlikely; None when it was
    not asked for. recurrence: by chance alone one as unlikely is seen once in so many periods, for prospective scans.
    """

    areas: Ints
    centre: int
    radius_m: float
    first_period: int
    last_period: int
    observed: int
    expected: float
    relative_risk: float
    llr: float
    p: float | None
    recurrence: float | None


@dataclass(frozen=True)
class ScanResult:
    """Clusters that share no place, the most unlikely first; how many replicates were tried of those asked for."""

    clusters: tuple[Cluster, ...]
    cases: int
    replicates: int
    stopped_early: bool


def scan(
    cases: Ints,
    expected: Floats,
    places: Floats,
    options: ScanOptions,
    *,
    follow: Callable[[int, int], None] | None = None,
) -> ScanResult:
    """Return the clusters of cases, with how likely chance alone would bring one as strong anywhere.

    cases (places, periods): counts; expected (places, periods): expected cases or a population at risk, of any scale;
    places (n, 2): x, y in metres (planar), or lon, lat in degrees (EPSG:4326) with great_circle. follow: told how many
    replicates are done, of how many, also while later clusters get their p; what it raises ends the scan. The answer
    is the same for the same seed. Raises BadInput for numbers that cannot be, and for cases where none are expected.

    >>> rng = np.random.default_rng(1)
    >>> cases, people = rng.poisson(1.0, (25, 6)), np.full((25, 6), 100.0)
    >>> cases[[0, 1, 5, 6], 4:] += 5
    >>> grid = np.column_stack((np.arange(25) % 5, np.arange(25) // 5)) * 100.0
    >>> found = scan(cases, people, grid, ScanOptions(max_duration=3, replicates=99)).clusters[0]
    >>> sorted(found.areas.tolist()), found.first_period, found.last_period, found.p
    ([0, 1, 5, 6], 4, 5, 0.01)
    """
    options.check()
    _check(cases, expected, places)
    total = int(cases.sum())
    if not total:
        return ScanResult((), 0, 0, stopped_early=False)
    field = _field(cases, expected, places, options)
    best = best_windows(field)
    radius_m = _radius_m(field, best, places, options)
    at = _apart(field, best, radius_m)
    world = chance(field, options.replicates, options.seed)
    above, tried = _ranks(world, best.llr[at], options, follow or _unheard)
    found = [_cluster(field, best, one, float(radius_m[one])) for one in at.tolist()]
    if options.kind == "spatial":
        found = [replace(one, last_period=cases.shape[1] - 1) for one in found]
    found = [_with_p(one, rank, tried, options) for one, rank in zip(found, above, strict=True)]
    return ScanResult(tuple(found), total, tried, bool(found) and tried < options.replicates)


def _check(cases: Ints, expected: Floats, places: Floats) -> None:
    if cases.ndim != 2 or cases.shape != expected.shape or places.shape != (len(cases), 2):
        raise BadInput(UNLIKE, cases=cases.shape, expected=expected.shape, places=places.shape)
    wrong = (
        (ODD_CASES, ((cases < 0) | (cases != np.floor(cases))).any(axis=1)),
        (ODD_EXPECTED, ~(np.isfinite(expected) & (expected >= 0)).all(axis=1)),
        (NOWHERE, ~np.isfinite(places).all(axis=1)),
        (UNEXPECTED, ((cases > 0) & (expected == 0)).any(axis=1)),
    )
    for message, where in wrong:
        if where.any():
            raise BadInput(message, at=int(np.argmax(where)) + 1)


def _field(cases: Ints, expected: Floats, places: Floats, options: ScanOptions) -> Field:
    spatial = options.kind == "spatial"
    counts = np.ascontiguousarray(cases.sum(axis=1, keepdims=True) if spatial else cases, dtype=np.int64)
    means = np.ascontiguousarray(expected.sum(axis=1, keepdims=True) if spatial else expected, dtype=np.float64)
    means = means * (counts.sum() / means.sum())
    points = positions(places, great_circle=options.great_circle)
    zones = circles(points, means.sum(axis=1), options.max_population)
    shortest, longest = (1, 1) if spatial else (options.min_duration, options.max_duration)
    if shortest > counts.shape[1]:
        raise BadInput(SHORT_STUDY, shortest=shortest, periods=counts.shape[1])
    windows = times(options.kind, counts.shape[1], shortest, longest)
    return Field(counts, means, zones, windows, options.min_cases)


def _radius_m(field: Field, best: Best, places: Floats, options: ScanOptions) -> Floats:
    """Return how far each place's best circle reaches."""
    points = positions(places, great_circle=options.great_circle)
    found = best.llr > 0
    radius_m = np.zeros(best.llr.size)
    last = field.zones.member[best.member[found]]
    radius_m[found] = distance_m(points[found], points[last], great_circle=options.great_circle)
    return radius_m


def _apart(field: Field, best: Best, radius_m: Floats) -> Ints:
    """Return the middles of the best circles that share no place, the highest ratio first; of equal ones the smallest.

    As in SaTScan every place stands for the best window around it, and a circle that touches a better one is left out.
    """
    taken, chosen = np.zeros(best.llr.size, dtype=bool), []
    for one in np.lexsort((radius_m, -best.llr.round(SAME_RATIO_DIGITS))).tolist():
        if best.llr[one] > 0:
            inside = field.zones.inside(int(best.member[one]))
            if not taken[inside].any():
                taken[inside] = True
                chosen.append(one)
    return np.array(chosen, dtype=np.int64)


def _unheard(_done: int, _asked: int) -> None:
    """Tell nobody."""


def _ranks(
    world: Chance, levels: Floats, options: ScanOptions, follow: Callable[[int, int], None]
) -> tuple[list[int | None], int]:
    """Return for each level (falling) how many replicates reach it, and how many were tried."""
    if not levels.size or not options.replicates:
        return [None] * levels.size, 0
    stops = [stop for stop in CHECKED_AFTER if stop < options.replicates and options.stop_early]
    enough = CLEARLY_LARGE * (options.replicates + 1)
    hits = np.zeros(0, dtype=bool)
    for stop in [*stops, options.replicates]:
        hits = np.concatenate((hits, reaching(world, levels[0], np.arange(hits.size, stop))))
        follow(hits.size, options.replicates)
        if options.stop_early and hits.sum() >= enough:
            break
    if not options.all_p:
        return [int(hits.sum()), *[None] * (levels.size - 1)], hits.size
    first = np.zeros(hits.size, dtype=np.int64)
    others = np.flatnonzero(~hits)
    first[~hits] = 1 + first_reached(world, levels[1:], others, lambda: follow(hits.size, options.replicates))
    return np.searchsorted(np.sort(first), np.arange(levels.size), side="right").tolist(), hits.size


def _cluster(field: Field, best: Best, one: int, radius_m: float) -> Cluster:
    inside = field.zones.inside(int(best.member[one]))
    first, last = field.times.span(int(best.window[one]))
    observed = int(field.cases[inside, first : last + 1].sum())
    expected = float(field.expected[inside, first : last + 1].sum())
    outside = field.total - observed
    risk = observed / expected / (outside / (field.total - expected)) if outside else np.inf
    return Cluster(inside, one, radius_m, first, last, observed, expected, risk, float(best.llr[one]), None, None)


def _with_p(cluster: Cluster, above: int | None, tried: int, options: ScanOptions) -> Cluster:
    if above is None:
        return cluster
    p = (above + 1) / (tried + 1)
    return replace(cluster, p=p, recurrence=1 / p if options.kind == "prospective" else None)
