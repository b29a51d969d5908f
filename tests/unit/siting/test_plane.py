"""Coordinates instead of tables: the same answers, cut lists with bounds that hold, and a warm start."""

from dataclasses import replace

import numpy as np
import pytest

from geo.siting import on_plane
from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plane import Plane, pairs_within
from geo.siting.question import Candidates, Goal, Manner, Question
from geo.siting.solve import solve


def town(number: int, doors: int, sites: int) -> tuple[Plane, Question]:
    rng = np.random.default_rng(number)
    x, y = rng.uniform(0, 5000, (2, doors))
    site_x, site_y = rng.uniform(0, 5000, (2, sites))
    weight = rng.integers(0, 30, doors).astype(float)
    question = Question("median", no_pairs(weight), weight, Candidates(sites), number=4, limit=None)
    return Plane(x, y, site_x, site_y, number % 2 == 0), question


def table(plane: Plane) -> np.ndarray:
    far = np.hypot(plane.demand_x[:, None] - plane.site_x, plane.demand_y[:, None] - plane.site_y)
    return np.floor(far) if plane.floor else far


@pytest.mark.parametrize("number", range(6))
def test_pairs_within_are_all_pairs_within(number: int) -> None:
    plane, question = town(number, 200, 40)
    reach = np.random.default_rng(number).uniform(0, 3000, 200)
    lists = pairs_within(plane, reach, question.weight())
    for i, costs in enumerate(table(plane)):
        here = slice(lists.start[i], lists.start[i + 1])
        assert set(lists.site[here]) == set(np.flatnonzero(costs <= reach[i]))
        assert (np.diff(lists.cost[here]) >= 0).all()
        assert np.allclose(lists.cost[here], costs[lists.site[here]])


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize(("goal", "limit"), [("median", None), ("cover", 700.0), ("center", None)])
def test_the_way_for_very_many_gives_bounds_around_the_best_plan(
    number: int, goal: Goal, limit: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plane, question = town(number, 6000 if goal == "median" else 300, 40)
    question = replace(question, goal=goal, limit=limit)
    whole, _asked = solve_on_plane(plane, question, Manner(gap=1e-4, seconds=60))
    monkeypatch.setattr(on_plane, "FULL", 100)
    cut, _asked = solve_on_plane(plane, question, Manner(gap=5e-3, seconds=60))
    assert cut.chosen is not None
    assert cut.lower <= whole.upper * (1 + 1e-9)
    assert cut.upper >= whole.lower * (1 - 1e-9)
    assert cut.gap is not None
    assert cut.gap <= 5e-3
    cost, weight = table(plane)[:, cut.chosen].min(axis=1), question.weight()
    measured = {"median": weight @ cost, "cover": weight[cost <= (limit or 0)].sum(), "center": cost[weight > 0].max()}
    assert cut.objective == pytest.approx(measured[goal])


def test_an_answer_to_begin_with_gives_the_same_values() -> None:
    plane, question = town(3, 300, 60)
    first, asked = solve_on_plane(plane, question)
    assert first.chosen is not None
    banned = np.arange(60) == first.chosen[0]
    other = replace(asked, sites=Candidates(60, banned=banned))
    again, fresh = solve(other, before=first), solve(other)
    assert again.objective == pytest.approx(fresh.objective)
    assert again.status == fresh.status == "optimal"
    assert first.chosen[0] not in again.chosen
