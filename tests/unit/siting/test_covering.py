"""Coverage of very many places: the same groups as by measuring every pair, and the nearest within reach."""

from dataclasses import replace

import numpy as np
import pytest

from geo.siting import on_plane, worst_off
from geo.siting.covering import gathered, nearest_within
from geo.siting.explain import reasons, rejected
from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plane import Plane
from geo.siting.question import Candidates, Manner, Question

SHAPES = [
    (900, 40, 400.0, 0.0),
    (900, 40, 400.0, 3e6),
    (4000, 300, 150.0, 0.0),
    (30, 3, 2000.0, 0.0),
    (50, 8, 0.0, 0.0),
]


def square(doors: int, sites: int, away: float, *, floor: bool, seed: int) -> tuple[Plane, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, y = np.round(rng.uniform(0, 2000, (2, doors)) + away)
    site_x, site_y = np.round(rng.uniform(-100, 2100, (2, sites)) + away)
    site_x[0], site_y[0] = x[0], y[0]
    far = np.sqrt((x[:, None] - site_x) ** 2 + (y[:, None] - site_y) ** 2)
    plane = Plane(x, y, site_x, site_y, floor)
    return plane, rng.integers(0, 5, doors).astype(float), np.floor(far) if floor else far


@pytest.mark.parametrize("floor", [False, True])
@pytest.mark.parametrize(("doors", "sites", "reach", "away"), SHAPES)
def test_places_with_the_same_sites_in_reach_are_counted_together(
    doors: int, sites: int, reach: float, away: float, *, floor: bool
) -> None:
    plane, weight, far = square(doors, sites, away, floor=floor, seed=doors)
    lists, unreachable = gathered(plane, weight, reach)
    sets: dict[tuple[int, ...], float] = {}
    for i, near in enumerate(far <= reach):
        if near.any() and weight[i] > 0:
            key = tuple(np.flatnonzero(near).tolist())
            sets[key] = sets.get(key, 0.0) + weight[i]
    found = [tuple(sorted(lists.site[a:b].tolist())) for a, b in zip(lists.start, lists.start[1:], strict=False)]
    assert dict(zip(found, lists.weight.tolist(), strict=True)) == sets
    assert len(found) == len(sets)
    assert unreachable.tolist() == np.flatnonzero(~(far <= reach).any(axis=1)).tolist()
    chosen = np.arange(0, sites, 2)
    site, cost = nearest_within(plane, chosen, reach)
    least = far[:, chosen].min(axis=1)
    assert (cost == np.where(least <= reach, least, np.inf)).all()
    served = site >= 0
    assert (served == (least <= reach)).all()
    assert (far[served, site[served]] == least[served]).all()
    assert set(site[served].tolist()) <= set(chosen.tolist())


@pytest.mark.parametrize("line", [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
def test_places_in_a_line_or_on_one_spot_are_places_too(line: tuple[float, float]) -> None:
    along = np.arange(200.0)
    plane = Plane(line[0] * along, line[1] * along, np.zeros(1), np.zeros(1), False)
    lists, unreachable = gathered(plane, np.ones(200), 10.0)
    near = 11.0 if any(line) else 200.0
    assert lists.weight.tolist() == [near]
    assert unreachable.size == 200 - near


@pytest.mark.parametrize("seed", range(4))
def test_what_is_told_of_very_many_is_what_is_told_of_few(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plane, weight, far = square(400, 12, 0.0, floor=False, seed=seed)
    sites = Candidates(12, banned=np.arange(12) == 3)
    question = Question("cover", no_pairs(weight), weight, sites, number=3, limit=300.0)
    whole, asked = solve_on_plane(plane, question)
    monkeypatch.setattr(on_plane, "FULL", 100)
    many, groups = solve_on_plane(plane, question)
    assert many.objective == whole.objective
    assert many.unreachable.tolist() == whole.unreachable.tolist()
    assert groups.pairs.weight.size < 400
    assert many.chosen is not None
    usable = np.arange(12) != 3
    assert many.unreachable.tolist() == np.flatnonzero(~(far[:, usable] <= 300).any(axis=1)).tolist()
    same = replace(whole, chosen=many.chosen, site=many.site, cost=many.cost)
    assert reasons(groups, many, weight) == reasons(asked, same)
    few = [(one.site, one.loss, one.instead_of) for one in rejected(asked, same)]
    assert [(one.site, one.loss, one.instead_of) for one in rejected(groups, many)] == few


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("most", [1, 4, 9])
def test_the_worst_off_of_very_many_are_the_worst_off(seed: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    plane, weight, far = square(700, 25, 0.0, floor=seed % 2 == 0, seed=seed)
    sites = Candidates(25, banned=np.arange(25) == 3, fixed=np.arange(25) == 5)
    question = Question("center", no_pairs(weight), weight, sites, number=most)
    whole, _asked = solve_on_plane(plane, question)
    monkeypatch.setattr(on_plane, "FULL", 100)
    monkeypatch.setattr(worst_off, "FIRST", 5)
    monkeypatch.setattr(worst_off, "MORE", 3)
    many, asked = solve_on_plane(plane, question)
    assert (many.status, many.objective, many.lower) == ("optimal", whole.objective, whole.objective)
    assert many.chosen is not None
    assert far[weight > 0][:, many.chosen].min(axis=1).max() == many.objective
    assert 5 in many.chosen
    assert 3 not in many.chosen
    assert (many.cost == far[:, many.chosen].min(axis=1)).all()
    assert len(reasons(asked, many)) == many.chosen.size


def test_the_worst_off_of_very_many_in_no_time_come_with_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    plane, weight, far = square(700, 25, 0.0, floor=False, seed=1)
    question = Question("center", no_pairs(weight), weight, Candidates(25), number=6)
    best, _asked = solve_on_plane(plane, question)
    monkeypatch.setattr(on_plane, "FULL", 100)
    plan, _asked = solve_on_plane(plane, question, Manner(watch=lambda *_told: True))
    assert plan.chosen is not None
    assert plan.objective == far[weight > 0][:, plan.chosen].min(axis=1).max()
    assert plan.lower <= (best.objective or 0.0) <= plan.upper
    assert plan.status == ("optimal" if plan.lower == plan.upper else "stopped")
