"""Gi*: equal to esda to the last digits, honest where there is nothing, and never silent about what it cannot do."""

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.stats
from esda.getisord import G_Local
from esda.smoothing import Empirical_Bayes
from libpysal.weights import W

from geo.hotspots.cells import keys_of
from geo.hotspots.gi_star import gi_star, pearson_p, skew_of_draws
from geo.hotspots.neighbours import Neighbours, hexagon_neighbours, pairs_of
from geo.hotspots.permutations import permuted_p
from geo.hotspots.rates import excess, judged, rates, shrunk, spread
from geo.hotspots.significance import CLASSES, LABELS, LEVELS, classes, false_discovery
from geo.hotspots.where import where

SEEDS = range(1, 101)
AT_MOST = 11


def town(side: int) -> Neighbours:
    q, r = np.meshgrid(np.arange(side), np.arange(side))
    return hexagon_neighbours(np.sort(keys_of(q.ravel(), r.ravel())))


def peer(values: Any, near: Neighbours) -> G_Local:
    lists = {at: near.target[near.start[at] : near.start[at + 1]].tolist() for at in range(len(values))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = W(lists, silence_warnings=True)
        return G_Local(np.asarray(values, float), weights, transform="B", star=True, permutations=0)


@pytest.mark.parametrize("side", [3, 8, 25])
def test_z_and_p_are_those_of_esda(side: int) -> None:
    near, rng = town(side), np.random.default_rng(side)
    for values in (rng.gamma(2, 3, side * side), rng.poisson(0.7, side * side) + 0.0, rng.normal(50, 1, side * side)):
        ours, theirs = gi_star(values, near), peer(values, near)
        assert np.abs(ours.z - theirs.Zs).max() < 1e-12
        assert np.abs(ours.normal_p() - 2 * theirs.p_norm).max() < 1e-12


def test_places_of_any_number_of_neighbours_are_those_of_esda_too() -> None:
    rng = np.random.default_rng(2)
    near = pairs_of(rng.integers(0, 90, 300), rng.integers(0, 90, 300), 100)
    values = rng.gamma(1, 1, 100)
    ours = gi_star(values, near)
    assert np.abs(ours.z - peer(values, near).Zs).max() < 1e-12
    assert [message.partition("}")[2] for message, _values in ours.remarks] == [
        " places have no neighbours: each is compared by its own value only."
    ]
    assert ours.remarks[0][1] == {"count": int((near.sizes() == 0).sum())}


def test_permutations_are_those_of_shuffling_the_others_one_place_after_the_other() -> None:
    near, rng = town(9), np.random.default_rng(3)
    values = rng.gamma(2, 3, 81)
    values[30:36] += 8
    plain = np.empty(81)
    for place in range(81):
        others, k = np.delete(values, place), near.sizes()[place]
        own = values[near.target[near.start[place] : near.start[place + 1]]].sum()
        sums = others[rng.random((2_000, 80)).argpartition(k, axis=1)[:, :k]].sum(axis=1)
        plain[place] = min(1.0, 2 * min((sums >= own).mean(), (sums <= own).mean()))
    ours = permuted_p(values, near, permutations=9_999)
    assert np.abs(ours - plain).max() < 0.08
    assert np.abs(ours - plain).mean() < 0.015
    assert (ours == permuted_p(values, near, permutations=9_999)).all()


def test_every_draw_is_of_the_others_without_the_place_itself() -> None:
    rng = np.random.default_rng(8)
    near = pairs_of(np.arange(6), np.roll(np.arange(6), 1), 7)
    values = rng.integers(0, 4, 7).astype(float)
    for place in range(6):
        others = np.delete(values, place)
        pairs = np.array([others[a] + others[b] for a in range(6) for b in range(6) if a != b])
        own = values[near.target[near.start[place] : near.start[place + 1]]].sum()
        exact = min(1.0, 2 * min((pairs >= own).mean(), (pairs <= own).mean()))
        assert permuted_p(values, near, permutations=40_000)[place] == pytest.approx(exact, abs=0.02)
    assert permuted_p(values, near)[6] == 1


def test_the_skewed_tail_is_nearer_to_many_permutations_than_the_normal_one() -> None:
    near = town(40)
    values = np.random.default_rng(6).poisson(0.5, 1_600).astype(float)
    found = gi_star(values, near)
    often = permuted_p(values, near, permutations=200_000)
    rare = found.z > 2.5
    assert rare.sum() > 10
    off = {name: np.abs(np.log(p[rare] / often[rare])).mean()
           for name, p in (("normal", found.normal_p()), ("skewed", found.tail_p()))}  # fmt: skip
    assert off["skewed"] < 0.5 * off["normal"]


def test_the_tail_is_that_of_scipy_and_the_skew_that_of_a_draw() -> None:
    z = np.linspace(-1.9, 6, 30)
    for skew in (0.05, 0.4, 1.0):
        law = scipy.stats.pearson3(skew)
        assert pearson_p(z, np.full(30, skew)) == pytest.approx(np.minimum(2 * np.minimum(law.sf(z), law.cdf(z)), 2))
        assert pearson_p(-z, np.full(30, -skew)) == pytest.approx(pearson_p(z, np.full(30, skew)))
    values = np.array([0.0, 0, 1, 0, 5, 2])
    skew = scipy.stats.skew(values)
    sums = [values[a] + values[b] for a in range(6) for b in range(6) if a != b]
    assert skew_of_draws(skew, np.array([1, 2, 6]), 6)[:2] == pytest.approx([skew, scipy.stats.skew(sums)])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.full(40, 3.7), "All places have the same value"),
        (np.zeros(40), "All places have the same value"),
        (np.array([5.0]), "There are only 1 places: too few to compare."),
        (np.array([]), "There are only 0 places: too few to compare."),
        (np.array([1.0, 2, 3, 4, 5]), "There are only 5 places; below 30 z and p are rough."),
    ],
)
def test_what_cannot_be_computed_is_said_and_no_nan_is_left(values: Any, said: str) -> None:
    n = len(values)
    found = gi_star(values, pairs_of(np.arange(n - 1), np.arange(1, n), n))
    assert said in " ".join(message.format(**numbers) for message, numbers in found.remarks)
    assert np.isfinite(found.z).all()
    assert ((found.tail_p() >= 0) & (found.tail_p() <= 1)).all()
    assert np.isfinite(permuted_p(values, pairs_of(np.arange(n - 1), np.arange(1, n), n))).all()


def test_a_place_next_to_all_others_has_no_z_and_it_is_said() -> None:
    found = gi_star(np.array([1.0, 5, 9]), pairs_of(np.array([0, 0]), np.array([1, 2]), 3))
    assert found.z[0] == 0
    assert "1 places have all others as neighbours" in found.remarks[1][0].format(**found.remarks[1][1])


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_named(wrong: float) -> None:
    with pytest.raises(ValueError, match="Place 3 has a value that is no finite number"):
        gi_star(np.array([1.0, 2, wrong, -wrong]), pairs_of(np.array([0]), np.array([1]), 4))


def test_false_discovery_is_that_of_scipy_and_classes_follow_it() -> None:
    p = np.random.default_rng(1).uniform(0, 1, 500) ** 3
    assert false_discovery(p) == pytest.approx(scipy.stats.false_discovery_control(p))
    assert false_discovery(np.array([])).size == 0
    q = np.array([0.2, *LEVELS, 0.001])
    assert classes(np.full(5, -2.0), q).tolist() == [0, -1, -2, -3, -3]
    assert set(CLASSES.values()) == set(LABELS)


def test_shrunken_rates_are_those_of_esda() -> None:
    rng = np.random.default_rng(5)
    homes = rng.integers(5, 400, 300).astype(float)
    cases = rng.poisson(homes * rng.gamma(3, 0.05, 300)).astype(float)
    assert spread(cases, homes).between > 0
    assert shrunk(cases, homes) == pytest.approx(Empirical_Bayes(cases, homes).r.ravel(), rel=1e-12)
    trust = spread(cases, homes).between / (spread(cases, homes).between + spread(cases, homes).mean / homes)
    apart = (shrunk(cases, homes) - spread(cases, homes).mean) / np.sqrt(trust * spread(cases, homes).between)
    assert excess(cases, homes) == pytest.approx(apart)


def test_rates_need_something_to_be_counted_against() -> None:
    assert np.isnan(rates(np.array([1.0, 1]), np.array([0.0, np.nan]))).all()
    with pytest.raises(ValueError, match="A rate needs something to be counted against"):
        shrunk(np.array([1.0, 1]), np.array([3.0, 0]))
    assert not judged(np.ones(2), np.array([0.0, np.nan])).any()


def test_places_without_households_are_left_out_and_said() -> None:
    near, rng = town(12), np.random.default_rng(9)
    homes = np.full(144, 30.0)
    homes[:5], homes[7] = np.nan, 0.01
    cases = rng.poisson(6, 144).astype(float)
    cases[60:64] += 30
    found = where(cases, homes, near)
    assert (found.marks[60:64] >= 1).all()
    assert not found.judged[[0, 1, 2, 3, 4, 7]].any()
    assert np.isnan(found.z[~found.judged]).all()
    assert np.isfinite(found.z[found.judged]).all()
    said = [message.format(**numbers) for message, numbers in found.remarks]
    assert said[0].startswith(f"5 places with {int(cases[:5].sum())} cases have nothing to be counted against")
    assert said[1].startswith("1 places with")


def test_the_planted_hotspot_is_found_and_little_else() -> None:
    near, rng = town(30), np.random.default_rng(11)
    homes = rng.integers(20, 300, 900).astype(float)
    core = np.append(near.target[near.start[435] : near.start[436]], 435)
    ring = np.unique(np.concatenate([near.target[near.start[at] : near.start[at + 1]] for at in core]))
    risk = np.full(900, 0.05)
    risk[core] *= 3
    cases = rng.poisson(risk * homes)
    found = where(cases, homes, near)
    assert (found.marks[core] == 3).all()
    assert found.marks[435] == found.marks.max()
    assert (np.delete(found.marks, ring) == 0).all()
    assert where(cases, homes, near, permutations=99_999).marks[435] >= 2


@pytest.mark.parametrize("kind", ["few cases", "rates of unlike places", "rates that differ without order"])
def test_of_a_hundred_towns_without_a_hotspot_at_most_eleven_show_one(kind: str) -> None:
    near, marked = town(30), 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        homes = np.full(900, 20.0) if kind == "few cases" else rng.integers(5, 400, 900).astype(float)
        risk = rng.gamma(5, 0.01, 900) if kind.endswith("order") else 0.05
        found = where(rng.poisson(risk * homes), homes, near)
        marked += bool((np.abs(found.marks) >= 2).any())
    assert marked <= AT_MOST
