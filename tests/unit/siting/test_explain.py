"""What each station adds, what replaces it and how much worse others would be: for every goal against trying it."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.siting.explain import Rejected, reasons, rejected
from geo.siting.neighbours import from_matrix
from geo.siting.question import Candidates, Goal, Question
from geo.siting.solve import solve

Costs = NDArray[np.float64]
Value = Callable[[list[int]], float]
GOALS: list[Goal] = ["median", "cover", "set-cover", "center", "backup"]
LIMIT, FADE = 12.0, 20.0


def town(seed: int, *, missing: bool) -> tuple[Costs, Costs]:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(5, 20)), int(rng.integers(4, 8))
    costs = np.floor(rng.uniform(0, 30, (n, m)))
    if missing:
        costs[rng.uniform(size=costs.shape) < 0.2] = np.inf
    return costs, rng.integers(0, 7, n).astype(float)


def measure(goal: str, costs: Costs, weights: Costs) -> Value:
    """Return how bad a set of sites is by a goal, in the measure of its losses."""

    def one(weight: Costs, sites: list[int]) -> float:
        near, heavy = costs[:, sites].min(axis=1, initial=np.inf), weight > 0
        if goal == "median":
            return float(weight[heavy] @ near[heavy])
        if goal == "center":
            return float(near[heavy].max())
        if goal == "fade":
            return float(weight @ np.clip((near - LIMIT) / (FADE - LIMIT), 0, 1)) - float(weight.sum())
        inside = (costs[:, sites] <= LIMIT).sum(axis=1) >= (2 if goal == "backup" else 1)
        return -float(weight[inside].sum())

    return lambda sites: max(one(weight, sites) for weight in np.atleast_2d(weights))


def check(question: Question, value: Value) -> list[Rejected]:
    """Compare all that is told of the best plan with trying each change; return what is told of the other sites."""
    plan = solve(question)
    if plan.chosen is None:
        return []
    chosen, m = plan.chosen.tolist(), question.sites.count
    outside = [j for j in range(m) if j not in chosen and question.sites.states()[j] == 0]
    for reason in reasons(question, plan):
        left = [j for j in chosen if j != reason.site]
        lost = value(left) - value(chosen)
        assert reason.loss == (pytest.approx(lost) if np.isfinite(lost) else None)
        swaps = {j: value([*left, j]) - value(chosen) for j in outside if fits(question, [*left, j])}
        best = min(swaps.values(), default=np.inf)
        assert reason.substitute_loss == (pytest.approx(best) if np.isfinite(best) else None)
        if reason.substitute is not None:
            assert swaps[reason.substitute] == pytest.approx(best)
    told = rejected(question, plan)
    room = len(chosen) < question.most() and question.goal != "set-cover"
    for j in outside:
        out = [[r] for r in chosen if question.sites.states()[r] == 0] + ([[]] if room else [])
        tried = [[*(set(chosen) - set(gone)), j] for gone in out]
        changes = [value(sites) - value(chosen) for sites in tried if fits(question, sites)]
        best = min(changes, default=np.inf)
        found = [one.loss for one in told if one.site == j]
        assert found == ([pytest.approx(best)] if np.isfinite(best) else [])
    return told


def fits(question: Question, sites: list[int]) -> bool:
    return question.budget is None or question.sites.price()[sites].sum() <= question.budget


def asked(goal: Goal, costs: Costs, weights: Costs, **more: object) -> Question:
    pairs = from_matrix(costs, np.atleast_2d(weights)[0], np.full(costs.shape[0], np.inf))
    given = {"sites": Candidates(costs.shape[1]), "number": 3, "limit": LIMIT} | more
    return Question(goal, pairs, weights, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("goal", GOALS)
def test_what_a_change_does_is_what_trying_it_shows(goal: Goal, seed: int) -> None:
    costs, weight = town(seed, missing=seed % 2 == 1)
    more = {"number": None} if goal == "set-cover" else {"limit": None} if goal in {"median", "center"} else {}
    check(asked(goal, costs, weight, **more), measure(goal, costs, weight))


@pytest.mark.parametrize("seed", range(15))
def test_cover_that_fades_is_explained_too(seed: int) -> None:
    costs, weight = town(seed, missing=True)
    check(asked("cover", costs, weight, fade_to=FADE), measure("fade", costs, weight))


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("goal", ["median", "cover"])
def test_the_worst_of_several_scenarios_is_explained_too(goal: Goal, seed: int) -> None:
    costs, _weight = town(seed, missing=False)
    weights = np.random.default_rng(seed).integers(1, 7, (3, costs.shape[0])).astype(float)
    value = measure(goal, costs, weights)
    check(asked(goal, costs, weights, worst=True), value)


@pytest.mark.parametrize("seed", range(15))
@pytest.mark.parametrize("goal", ["median", "cover", "backup"])
def test_a_change_keeps_to_the_budget_and_to_what_is_fixed(goal: Goal, seed: int) -> None:
    costs, weight = town(seed, missing=False)
    m = costs.shape[1]
    price = np.random.default_rng(seed).integers(1, 9, m).astype(float)
    sites = Candidates(m, cost=price, fixed=np.arange(m) == 0, banned=np.arange(m) == 1)
    check(asked(goal, costs, weight, sites=sites, number=None, budget=12.0), measure(goal, costs, weight))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("goal", ["median", "cover"])
def test_no_plan_with_a_rejected_site_is_better_than_its_bound(goal: Goal, seed: int) -> None:
    costs, weight = town(seed, missing=False)
    value = measure(goal, costs, weight)
    told = check(asked(goal, costs, weight), value)
    plan = solve(asked(goal, costs, weight))
    assert plan.chosen is not None
    best = value(plan.chosen.tolist())
    for one in told:
        others = [j for j in range(costs.shape[1]) if j != one.site]
        least = min(value([one.site, *more]) for more in combinations(others, 2)) - best
        assert one.at_least is not None
        assert 0 <= one.at_least <= least + 1e-9 <= one.loss + 2e-9


def test_the_bound_of_a_rejected_site_says_something() -> None:
    told = [
        (one.at_least or 0.0, one.loss)
        for seed in range(30)
        for one in check(asked("median", *town(seed, missing=False)), measure("median", *town(seed, missing=False)))
    ]
    bounds, losses = np.array(told).T
    assert bounds.sum() > 0.2 * losses.sum()


def test_with_capacities_it_is_told_whom_a_station_serves() -> None:
    costs, weight = town(4, missing=False)
    sites = Candidates(costs.shape[1], capacity=np.full(costs.shape[1], weight.sum()))
    question = asked("median", costs, weight, sites=sites, limit=None)
    plan = solve(question)
    told = reasons(question, plan)
    assert sum(reason.weight for reason in told) == weight.sum()
    assert all(reason.loss is None for reason in told)
