"""The scan statistic beside a scan written down as it is defined: clusters, ratios, p, and honest chance."""

from itertools import pairwise
from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.hotspots.scan import ScanOptions, scan
from geo.hotspots.scan_chance import Chance, chance, reaching
from geo.hotspots.scan_draws import draw, draws
from geo.hotspots.scan_ratio import most_expected, ratio
from geo.hotspots.scan_windows import Field, times
from geo.hotspots.scan_zones import circles, positions

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KINDS = ("spatial", "prospective", "retrospective")


def defined_ratio(count: float, mean: float, total: float) -> float:
    if count <= mean:
        return 0.0
    outside = (total - count) * log((total - count) / (total - mean)) if count < total else 0.0
    return count * log(count / mean) + outside


def defined_windows(periods: int, options: ScanOptions) -> list[tuple[int, int]]:
    if options.kind == "spatial":
        return [(0, periods - 1)]
    return [
        (first, last)
        for first in range(periods)
        for last in range(first, periods)
        if options.min_duration <= last - first + 1 <= options.max_duration
        and (options.kind == "retrospective" or last == periods - 1)
    ]


def defined_circles(points: Floats, mean: Floats, share: float) -> list[list[frozenset[int]]]:
    found = []
    for middle in points:
        away = np.sqrt(((points - middle) ** 2).sum(axis=1))
        inside = [frozenset(np.flatnonzero(away <= radius * (1 + 1e-12)).tolist()) for radius in np.unique(away)]
        allowed = [one for one in inside if mean[list(one)].sum() <= share * mean.sum() * (1 + 1e-9)]
        found.append(list(dict.fromkeys(allowed)))
    return found


def defined_best(
    cases: Ints, mean: Floats, points: Floats, options: ScanOptions
) -> list[tuple[float, frozenset[int], tuple[int, int]]]:
    """Return for every place the best window around it."""
    total, best = int(cases.sum()), []
    for rings in defined_circles(points, mean.sum(axis=1), options.max_population):
        found: tuple[float, frozenset[int], tuple[int, int]] = (0.0, frozenset(), (0, 0))
        for inside in rings:
            for first, last in defined_windows(cases.shape[1], options):
                window = np.ix_(sorted(inside), range(first, last + 1))
                count = int(cases[window].sum())
                value = defined_ratio(count, float(mean[window].sum()), total) if count >= options.min_cases else 0.0
                if value > found[0] + 1e-12:
                    found = value, inside, (first, last)
        best.append(found)
    return best


def small_case(seed: int, *, grid: bool = False) -> tuple[Ints, Floats, Floats]:
    rng = np.random.default_rng(seed)
    count, periods = int(rng.integers(3, 12)), int(rng.integers(2, 6))
    points = rng.integers(0, 4, (count, 2)).astype(float) if grid else rng.uniform(0, 1000, (count, 2))
    people = rng.uniform(0.2, 3.0, (count, periods))
    cases = rng.poisson(people * rng.choice([0.5, 2.0, 6.0]))
    cases[0, -1] += 2
    return cases.astype(np.int64), people, points


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("grid", [False, True], ids=["anywhere", "on a grid"])
def test_on_random_small_cases_it_finds_what_the_definition_finds(kind: str, grid: bool) -> None:
    for seed in range(25):
        cases, people, points = small_case(seed, grid=grid)
        options = ScanOptions(kind, (0.3, 0.5)[seed % 2], 1 + seed % 2, 3, min_cases=1 + seed % 3, replicates=0)
        mean = people * cases.sum() / people.sum()
        best = defined_best(cases, mean, points, options)
        told = scan(cases, people, points, options).clusters
        assert [one.llr for one in told[:1]] == pytest.approx([max(best)[0]] if max(best)[0] > 0 else [])
        taken: set[int] = set()
        for one in told:
            value, _inside, _span = best[one.centre]
            window = np.ix_(one.areas, range(one.first_period, one.last_period + 1))
            assert one.llr == pytest.approx(value, abs=1e-12)
            assert (one.observed, one.expected) == (cases[window].sum(), pytest.approx(mean[window].sum()))
            assert one.llr == pytest.approx(defined_ratio(one.observed, one.expected, cases.sum()), abs=1e-12)
            assert not taken & set(one.areas.tolist())
            taken |= set(one.areas.tolist())
        assert all(earlier.llr >= later.llr - 1e-9 for earlier, later in pairwise(told))
        left = [value for value, inside, _span in best if value > 0 and not inside & taken]
        assert not left


def replicates_of(world: Chance, number: int) -> list[Ints]:
    """Return replicates as cases by place and slice, drawn one by one."""
    slices, places = world.sums.shape[0] - 1, world.sums.shape[1] - 1
    found = []
    for one in range(number):
        counts = np.zeros((slices, places + 1, 1), dtype=np.int16)
        draw(world.source, np.array([one]), counts)
        found.append(counts[:, :-1, 0].T.astype(np.int64))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_rank_of_every_cluster_is_that_among_the_maxima_of_all_replicates(kind: str) -> None:
    cases, people, points = small_case(6)
    options = ScanOptions(kind, 0.5, 1, 3, replicates=70, seed=4, stop_early=False)
    result = scan(cases, people, points, options)
    shown, means = (cases.sum(1, keepdims=True), people.sum(1, keepdims=True)) if kind == "spatial" else (cases, people)
    mean = means * cases.sum() / people.sum()
    field = Field(shown, mean, circles(points, mean.sum(1), 0.5), times(kind, shown.shape[1], 1, 3), 2)
    maxima = []
    for drawn in replicates_of(chance(field, 70, 4), 70):
        whole = np.zeros(shown.shape, dtype=np.int64)
        whole[:, field.times.periods] = drawn
        maxima.append(max(defined_best_with(whole, mean, points, options, int(cases.sum()))))
    for one in result.clusters:
        above = sum(value >= one.llr - 1e-9 for value in maxima)
        assert one.p == (above + 1) / 71
    assert result.replicates == 70


def defined_best_with(cases: Ints, mean: Floats, points: Floats, options: ScanOptions, total: int) -> list[float]:
    """Return the ratios of all windows of a replicate, whose cases outside of the windows are not drawn."""
    found = [0.0]
    for rings in defined_circles(points, mean.sum(axis=1), options.max_population):
        for inside in rings:
            for first, last in defined_windows(cases.shape[1], options):
                window = np.ix_(sorted(inside), range(first, last + 1))
                count = int(cases[window].sum())
                if count >= options.min_cases:
                    found.append(defined_ratio(count, float(mean[window].sum()), total))
    return found


def test_equal_ratios_count_as_reached_and_those_a_millionth_higher_do_not() -> None:
    cases, people, points = small_case(3)
    field = Field(
        cases,
        people * cases.sum() / people.sum(),
        circles(points, people.sum(1), 0.5),
        times("retrospective", cases.shape[1], 1, 3),
        1,
    )
    world = chance(field, 40, 9)
    drawn = replicates_of(world, 40)
    maxima = [
        max(
            defined_best_with(
                one, field.expected, points, ScanOptions("retrospective", max_duration=3, min_cases=1), field.total
            )
        )
        for one in drawn
    ]
    for at in range(0, 40, 7):
        here = np.array([at])
        assert reaching(world, maxima[at], here).tolist() == [True]
        assert reaching(world, maxima[at] + 1e-6, here).tolist() == [False]


@pytest.mark.parametrize("level", [0.01, 1.0, 9.5, 4000.0])
def test_what_may_be_expected_at_most_gives_the_level_again(level: float) -> None:
    most = most_expected(level, 300, 300.0)
    for count in range(1, most.size):
        if most[count] > 1e-300:
            assert ratio(float(count), most[count], 300.0) == pytest.approx(level, rel=1e-9, abs=1e-12)
    assert (np.diff(most) >= 0).all()


def test_cases_are_drawn_as_the_multinomial_says() -> None:
    share = np.array([[0.0, 0.1, 0.05], [0.0, 0.25, 0.1], [0.0, 0.0, 0.0]])
    source = draws(share, 400, 2000, 5)
    drawn = np.zeros((3, 3, 2000), dtype=np.int16)
    draw(source, np.arange(2000), drawn)
    counts, share = drawn.reshape(9, 2000), share.ravel()
    assert counts[share == 0].sum() == 0
    assert counts.mean(axis=1) == pytest.approx(400 * share, abs=5 * np.sqrt(400 * 0.25 * 0.75 / 2000))
    assert counts.var(axis=1) == pytest.approx(400 * share * (1 - share), rel=0.15)
    for one, other in ((1, 4), (4, 5), (2, 5)):
        both = np.cov(counts[one], counts[other])[0, 1]
        assert both == pytest.approx(-400 * share[one] * share[other], abs=4.0)


def test_a_replicate_is_the_same_whichever_others_are_drawn() -> None:
    source = draws(np.full((2, 5), 0.1), 50, 9, 3)
    alone, among = np.zeros((2, 5, 1), dtype=np.int16), np.zeros((2, 5, 3), dtype=np.int16)
    draw(source, np.array([7]), alone)
    draw(source, np.array([2, 7, 4]), among)
    assert (alone[:, :, 0] == among[:, :, 1]).all()
    more = draws(np.full((2, 5), 0.1), 50, 30, 3)
    assert (more.seeds[:9] == source.seeds).all()
    assert (more.number[:9] == source.number).all()


def null_case(seed: int, places: int = 60, periods: int = 10, cases: int = 240) -> tuple[Ints, Floats, Floats]:
    rng = np.random.default_rng(seed)
    points, people = rng.uniform(0, 5000, (places, 2)), np.repeat(rng.uniform(50, 400, (places, 1)), periods, axis=1)
    drawn = rng.multinomial(cases, (people / people.sum()).ravel()).reshape(places, periods)
    return drawn.astype(np.int64), people, points


def test_where_only_chance_is_at_work_few_clusters_seem_real() -> None:
    options = {"max_duration": 4, "replicates": 199, "all_p": False}
    results = [scan(*null_case(seed), ScanOptions(KINDS[seed % 3], seed=seed, **options)) for seed in range(1, 101)]
    assert sum(one.clusters[0].p <= 0.05 for one in results if one.clusters) <= 11
    assert all(one.clusters for one in results)


def test_a_planted_cluster_is_found_with_its_beginning() -> None:
    cases, people, points = null_case(1)
    near = np.argsort(((points - points[7]) ** 2).sum(axis=1))[:4]
    cases[near, 8:] += 4
    found = scan(cases, people, points, ScanOptions(max_duration=4)).clusters[0]
    assert set(found.areas.tolist()) >= set(near.tolist())
    assert len(found.areas) <= 6
    assert (found.first_period, found.last_period) == (8, 9)
    assert found.p == 0.001
    assert found.recurrence == pytest.approx(1000.0)
    assert found.relative_risk > 4
    assert found.radius_m == pytest.approx(
        np.sqrt(((points[found.areas] - points[found.centre]) ** 2).sum(axis=1)).max()
    )


def test_the_same_seed_gives_the_same_and_another_another_p() -> None:
    case = null_case(4)

    def told(seed: int) -> list[float | None]:
        return [
            one.p
            for one in scan(
                *case, ScanOptions("retrospective", max_duration=4, replicates=99, seed=seed, stop_early=False)
            ).clusters
        ]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_a_p_that_is_clearly_large_ends_the_replicates_and_it_is_said() -> None:
    case = null_case(11)
    whole = scan(*case, ScanOptions(max_duration=4, stop_early=False))
    early = scan(*case, ScanOptions(max_duration=4))
    assert (whole.replicates, whole.stopped_early) == (999, False)
    assert early.stopped_early
    assert early.replicates in {128, 384}
    assert whole.clusters[0].p > 0.1
    assert early.clusters[0].p > 0.1
    assert [one.llr for one in early.clusters] == [one.llr for one in whole.clusters]


def test_little_memory_takes_longer_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    options = ScanOptions("retrospective", max_duration=4, replicates=300, stop_early=False)
    whole = [(one.llr, one.p) for one in scan(*null_case(9), options).clusters]
    monkeypatch.setattr("geo.hotspots.scan_chance.MEMORY", 100_000)
    assert [(one.llr, one.p) for one in scan(*null_case(9), options).clusters] == whole


def test_more_cases_than_a_small_integer_holds_give_the_same() -> None:
    cases, people, points = null_case(2, places=12, periods=3, cases=60_000)
    cases[4, 2] += 300
    found = scan(cases, people, points, ScanOptions(max_duration=2, replicates=19)).clusters[0]
    assert (found.areas.tolist(), found.p) == ([4], 0.05)


def test_the_only_place_with_all_cases_has_no_relative_risk_in_figures() -> None:
    found = scan(
        np.array([[5], [0], [0]]), np.ones((3, 1)), np.eye(3, 2), ScanOptions("spatial", replicates=9)
    ).clusters[0]
    assert np.isinf(found.relative_risk)
    assert found.recurrence is None


def test_without_cases_or_excess_there_is_no_cluster() -> None:
    nothing, even = np.zeros((3, 2), dtype=np.int64), np.ones((3, 2), dtype=np.int64)
    for cases in (nothing, even):
        assert scan(cases, np.ones((3, 2)), np.eye(3, 2), ScanOptions(max_duration=1)).clusters == ()


def test_places_on_the_globe_are_near_across_the_date_line() -> None:
    places = np.array([[179.9, 60.0], [-179.9, 60.0], [170.0, 60.0], [160.0, 60.0]])
    cases = np.array([[9], [9], [1], [1]])
    options = ScanOptions("spatial", replicates=9, great_circle=True)
    found = scan(cases, np.ones((4, 1)), places, options).clusters[0]
    assert sorted(found.areas.tolist()) == [0, 1]
    assert found.radius_m == pytest.approx(11_119, abs=2)


GOOD = np.ones((3, 2), dtype=np.int64)


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({"cases": np.ones((2, 2))}, {}, "do not go together"),
        ({"cases": GOOD - 2 * (np.arange(6).reshape(3, 2) == 5)}, {}, "place number 3 has others"),
        ({"cases": GOOD * 0.5}, {}, "whole numbers"),
        ({"expected": GOOD * np.nan}, {}, "Expected cases are numbers"),
        ({"expected": GOOD * -1.0}, {}, "Expected cases are numbers"),
        ({"expected": np.array([[1.0, 1], [1, 0], [1, 1]])}, {}, "Place number 2 has cases where none are expected"),
        ({"places": np.full((3, 2), np.inf)}, {}, "Place number 1 has no position"),
        ({}, {"max_population": 0.6}, "at most half"),
        ({}, {"max_population": 0.0}, "at most half"),
        ({}, {"min_duration": 0}, "at least 1 period"),
        ({}, {"min_duration": 3, "max_duration": 2}, "at most 2, not 3"),
        ({}, {"min_duration": 3}, "at least 3 periods, but there are 2"),
        ({}, {"min_cases": 0}, "at least 1 case"),
        ({}, {"replicates": -1}, "number of replicates"),
        ({}, {"seed": -1}, "The seed"),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_words(
    changes: dict[str, Floats], options: dict[str, float], said: str
) -> None:
    given = {"cases": GOOD, "expected": np.ones((3, 2)), "places": np.eye(3, 2), **changes}
    with pytest.raises(BadInput, match=said):
        scan(given["cases"], given["expected"], given["places"], ScanOptions(**options))


def test_how_far_it_is_is_told_and_can_end_it() -> None:
    told: list[tuple[int, int]] = []

    def follow(done: int, asked: int) -> None:
        told.append((done, asked))
        if done > 200:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        scan(*null_case(1), ScanOptions(max_duration=2, stop_early=True, max_population=0.01), follow=follow)
    assert told[0] == (128, 999)


def test_circles_are_kept_for_who_asks_again() -> None:
    points, weight = positions(np.random.default_rng(1).uniform(size=(9, 2)), great_circle=False), np.ones(9)
    assert circles(points, weight, 0.5) is circles(points.copy(), weight.copy(), 0.5)
