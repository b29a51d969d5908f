"""Trends equal pymannkendall's, each of the seventeen patterns is reached; silence and default points."""

from typing import Any

import numpy as np
import pymannkendall
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from geo.hotspots.cells import keys_of
from geo.hotspots.emerging import LABELS, PATTERNS, emerging, patterns
from geo.hotspots.geocodes import building_of, default_points
from geo.hotspots.gi_star import gi_star
from geo.hotspots.mann_kendall import mann_kendall
from geo.hotspots.neighbours import Neighbours, hexagon_neighbours, pairs_of
from geo.hotspots.silence import silence
from geo.hotspots.where import growing

TREND_WORDS = {1: "increasing", 0: "no trend", -1: "decreasing"}
STEPS = 12


def same_as_theirs(series: Any) -> None:
    ours = mann_kendall(series)
    for at, one in enumerate(series):
        theirs = pymannkendall.original_test(one)
        assert TREND_WORDS[int(ours.trend[at])] == theirs.trend
        told = (ours.p[at], ours.z[at], ours.tau[at], ours.s[at], ours.var_s[at], ours.slope[at], ours.intercept[at])
        expected = (theirs.p, theirs.z, theirs.Tau, theirs.s, theirs.var_s, theirs.slope, theirs.intercept)
        assert told == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("steps", [2, 3, 10, 52, 97])
def test_trends_are_those_of_pymannkendall(steps: int) -> None:
    rng = np.random.default_rng(steps)
    slopes = rng.normal(0, 1, (20, 1)) * np.arange(steps) / steps
    for series in (
        rng.normal(size=(20, steps)) + slopes,
        rng.poisson(1, (20, steps)) + 0.0,
        rng.pareto(1, (20, steps)),
    ):
        same_as_theirs(series)


def test_gaps_in_a_series_are_left_out_as_pymannkendall_does() -> None:
    rng = np.random.default_rng(7)
    series = np.round(rng.normal(size=(20, 40)) * 3 + np.arange(40) / 10)
    series[rng.random((20, 40)) < 0.2] = np.nan
    same_as_theirs(series)


def test_series_without_two_values_have_no_trend() -> None:
    found = mann_kendall(np.array([[np.nan, 3.0, np.inf], [np.nan] * 3, [4.0] * 3]))
    assert found.trend.tolist() == [0, 0, 0]
    assert found.p.tolist() == [1, 1, 1]
    assert found.z.tolist() == [0, 0, 0]
    assert found.slope[2] == 0


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=30))
def test_the_slope_is_the_median_of_all_slopes(values: list[int]) -> None:
    n = len(values)
    every = [(values[b] - values[a]) / (b - a) for a in range(n) for b in range(a + 1, n)]
    assert mann_kendall(np.array([values], float)).slope[0] == pytest.approx(np.median(every))


def marked(text: str) -> list[int]:
    return [{"h": 1, "c": -1, ".": 0}[letter] for letter in text]


HOT = {
    "new": ("...........h", 0),
    "consecutive": (".......hhhhh", 0),
    "intensifying": ("hhhhhhhhhhhh", 1),
    "persistent": (".hhhhhhhhhhh", 0),
    "diminishing": ("hhhhhh.hhhhh", -1),
    "sporadic": ("..hh..h...hh", 1),
    "oscillating": ("...cc......h", 0),
    "historical": ("hhhhhhhhhhh.", -1),
}


@pytest.mark.parametrize("kind", HOT)
def test_each_pattern_is_told_from_its_months_hot_and_cold(kind: str) -> None:
    text, trend = HOT[kind]
    hot = np.array([marked(text)], np.int8)
    assert PATTERNS[int(patterns(hot, np.array([trend], np.int8))[0])] == f"{kind}_hot"
    assert PATTERNS[int(patterns(-hot, np.array([-trend], np.int8))[0])] == f"{kind}_cold"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("............", "no_pattern"),
        ("hhhhhhhhhh..", "no_pattern"),
        ("hhhhhhhhhhhc", "historical_hot"),
        ("cccccccccc.h", "oscillating_hot"),
        ("hh.hhhhhhhhh", "persistent_hot"),
        ("..hhhhhhhhhh", "consecutive_hot"),
        (".....hhh....", "no_pattern"),
        ("h..........c", "oscillating_cold"),
    ],
)
def test_the_edges_between_patterns_are_where_they_are_said_to_be(text: str, told: str) -> None:
    assert PATTERNS[int(patterns(np.array([marked(text)], np.int8), np.zeros(1, np.int8))[0])] == told


def test_there_are_seventeen_patterns_and_each_has_its_words() -> None:
    assert len(PATTERNS) == 17
    assert set(PATTERNS.values()) == set(LABELS)
    assert {PATTERNS[-number] for number in range(9)} == {
        name.replace("_hot", "_cold") for number, name in PATTERNS.items() if number >= 0
    }


def town(side: int) -> Neighbours:
    q, r = np.meshgrid(np.arange(side), np.arange(side))
    return hexagon_neighbours(np.sort(keys_of(q.ravel(), r.ravel())))


LEVEL = {
    "new_hot": [0] * 11 + [1],
    "consecutive_hot": [0] * 8 + [1] * 4,
    "intensifying_hot": np.linspace(1, 3, STEPS),
    "persistent_hot": [1] * STEPS,
    "diminishing_hot": np.linspace(3, 1, STEPS),
    "sporadic_hot": [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1],
    "oscillating_hot": [-1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    "historical_hot": [1] * 11 + [0],
}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", LEVEL)
def test_each_pattern_is_found_in_a_town(name: str, sign: int) -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(0, 0.3, (625, STEPS))
    near = town(25)
    middle = 312
    core = np.append(near.target[near.start[middle] : near.start[middle + 1]], middle)
    values[core] += sign * 2 * np.asarray(LEVEL[name])
    wanted = name if sign > 0 else name.replace("_hot", "_cold")
    found = emerging(values, near, back=0)
    assert PATTERNS[int(found.pattern[middle])] == wanted
    ring = [at for place in core for at in near.target[near.start[place] : near.start[place + 1]]]
    assert not np.delete(found.pattern * sign > 0, [*core, *ring]).any()


def test_gi_star_of_a_cube_is_gi_star_with_neighbours_in_space_and_time() -> None:
    near, months = town(5), 10
    values = np.random.default_rng(3).gamma(2, 1, (25, months))
    pairs = []
    for place in range(25):
        around = [place, *near.target[near.start[place] : near.start[place + 1]].tolist()]
        for month in range(months):
            for before in (month, month - 1):
                pairs += [(place * months + month, other * months + before) for other in around if before >= 0]
    flat = values.ravel()
    mean, deviation = flat.mean(), flat.std()
    for back in (0, 1):
        found = emerging(values, near, back=back).z.ravel()
        for node in (0, 57, 248):
            inside = {other for one, other in pairs if one == node and (back or other % months == node % months)}
            k, n = len(inside), flat.size
            expected = (flat[list(inside)].sum() - k * mean) / (deviation * np.sqrt(k * (n - k) / (n - 1)))
            assert found[node] == pytest.approx(expected, rel=1e-12)


def test_the_same_values_everywhere_have_no_pattern_and_it_is_said() -> None:
    found = emerging(np.ones((40, 12)), pairs_of(np.arange(39), np.arange(1, 40), 40))
    assert not found.pattern.any()
    assert not found.z.any()
    assert found.remarks[0][0].startswith("All places have the same value")


def test_too_short_a_time_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="There are 9 months; a pattern needs at least 10"):
        emerging(np.ones((40, 9)), pairs_of(np.arange(39), np.arange(1, 40), 40))


def test_a_planted_growth_is_found_from_counts_and_households() -> None:
    rng = np.random.default_rng(1)
    near, homes = town(20), rng.integers(30, 200, 400).astype(float)
    homes[0] = np.nan
    core = np.append(near.target[near.start[210] : near.start[211]], 210)
    risk = np.full((400, 24), 0.02)
    risk[core] *= np.linspace(3, 9, 24)
    cases = rng.poisson(risk * np.nan_to_num(homes, nan=50)[:, None])
    found = growing(cases, homes, near)
    assert PATTERNS[int(found.pattern[210])] == "intensifying_hot"
    assert found.pattern[0] == 0
    assert found.whole.marks[210] == 3
    assert found.found.z.shape == (399, 24)
    assert (np.delete(found.pattern, core) != 3).all()


def test_silence_is_both_few_requests_and_few_visits() -> None:
    rng = np.random.default_rng(4)
    homes = np.full(200, 60.0)
    requests, visits = rng.poisson(30, 200).astype(float), rng.poisson(12, 200).astype(float)
    requests[:3], visits[1:5] = 4, 0
    homes[5], requests[5], visits[5] = np.nan, 0, 0
    found = silence(requests, visits, homes)
    assert np.flatnonzero(found.unheard).tolist() == [1, 2]
    expected = requests[found.known].sum() / 199
    assert found.p[1] == pytest.approx(max(poisson.cdf(4, expected), poisson.cdf(0, visits[found.known].sum() / 199)))
    assert (found.p[5], found.q[5], found.expected_requests[5]) == (1, 1, 0)


def test_without_any_visits_anywhere_requests_alone_tell() -> None:
    requests = np.full(50, 20.0)
    requests[7] = 0
    found = silence(requests, np.zeros(50), np.full(50, 10.0))
    assert np.flatnonzero(found.unheard).tolist() == [7]
    assert not silence(np.zeros(3), np.zeros(3), np.ones(3)).unheard.any()
    with pytest.raises(ValueError, match="are not of the same places: 1, 2, 2"):
        silence(np.zeros(1), np.zeros(2), np.ones(2))


def test_default_points_have_many_rows_of_many_buildings() -> None:
    towers = [f"阳光小区5号楼{unit}单元{room}室" for unit in range(1, 4) for room in range(101, 121)]
    street = [f"东昌路{number}号" for number in range(1, 13)] * 3
    few = [f"柳园路{number}号" for number in range(1, 16)]
    names = np.array([*towers, *street, *few, *["建设路1号", None, ""] * 20], dtype=object)
    x = np.repeat([1.0, 2.0, 3.0, 4.0], [len(towers), len(street), len(few), 60])
    found = default_points(x, np.zeros(len(x)), names)
    assert found.x.tolist() == [2.0]
    assert (found.rows.tolist(), found.addresses.tolist()) == ([36], [12])
    assert (found.row == (x == 2.0)).all()
    nowhere = default_points(np.full(60, np.nan), np.zeros(60), names[:60])
    assert not nowhere.row.any()


@pytest.mark.parametrize(
    ("address", "building"),
    [
        ("1号楼2单元301室", "1号楼"),
        ("12号院3幢 402", "12号院3幢"),
        ("350 S Grand Ave, Unit 12B", "350sgrandave"),
        ("350 S GRAND AVE #1200", "350sgrandave"),
        ("Floor Street 7", "floorstreet7"),
    ],
)
def test_doors_of_one_building_share_its_address(address: str, building: str) -> None:
    assert building_of(address) == building


def test_gi_star_of_one_month_is_the_plain_one() -> None:
    near = town(6)
    values = np.repeat(np.random.default_rng(5).gamma(2, 1, (36, 1)), 10, axis=1)
    once = gi_star(values[:, 0], near)
    assert np.corrcoef(emerging(values, near, back=0).z[:, 4], once.z)[0, 1] == pytest.approx(1, abs=1e-3)
