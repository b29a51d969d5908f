"""Two stations in reach and fewest stations for a share: plans and bounds against trying every plan."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.siting import backup
from geo.siting.neighbours import from_matrix
from geo.siting.question import Candidates, Goal, Manner, Question
from geo.siting.solve import solve

Costs = NDArray[np.float64]


def town(seed: int, sites: int = 9) -> tuple[Costs, Costs]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 40))
    places, stands = rng.uniform(0, 30, (n, 1, 2)), rng.uniform(0, 30, (1, sites, 2))
    return np.hypot(*(places - stands).transpose(2, 0, 1)), rng.integers(0, 9, n).astype(float)


def asked(goal: Goal, costs: Costs, weight: Costs, **more: object) -> Question:
    pairs = from_matrix(costs, weight, np.full(weight.size, np.inf))
    given = {"sites": Candidates(costs.shape[1]), "limit": 12.0} | more
    return Question(goal, pairs, weight, **given)  # type: ignore[arg-type]


def best_twice(
    costs: Costs, weight: Costs, most: int, must: tuple[int, ...] = (), never: tuple[int, ...] = ()
) -> float:
    near = costs <= 12
    rest = [j for j in range(costs.shape[1]) if j not in must and j not in never]
    plans = [[*must, *some] for size in range(most - len(must) + 1) for some in combinations(rest, size)]
    return max(float(weight[near[:, plan].sum(axis=1) >= 2].sum()) for plan in plans)


@pytest.mark.parametrize("seed", range(60))
def test_bounds_of_backup_hold_without_any_model(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    costs, weight = town(seed)
    best = best_twice(costs, weight, 4)
    monkeypatch.setattr(backup, "PAIRS_OF_A_MODEL", -1)
    plan = solve(asked("backup", costs, weight, number=4))
    assert plan.chosen is not None
    assert plan.objective == weight[(costs[:, plan.chosen] <= 12).sum(axis=1) >= 2].sum() == plan.lower
    assert plan.lower <= best <= plan.upper
    assert plan.status == ("optimal" if plan.lower == plan.upper else "stopped")
    assert plan.lower >= 0.8 * best
    assert plan.upper <= 1.6 * best + 1


@pytest.mark.parametrize("seed", range(20))
def test_backup_keeps_what_is_fixed_and_banned(seed: int) -> None:
    costs, weight = town(seed)
    sites = Candidates(9, fixed=np.arange(9) == 2, banned=np.arange(9) == 5)
    plan = solve(asked("backup", costs, weight, number=4, sites=sites))
    assert plan.chosen is not None
    assert {2} <= set(plan.chosen.tolist()) <= set(range(9)) - {5}
    best = best_twice(costs, weight, 4, (2,), (5,))
    assert (plan.status, plan.objective, plan.upper) == ("optimal", best, best)


@pytest.mark.parametrize("seed", range(20))
def test_backup_keeps_to_budget_and_groups(seed: int) -> None:
    costs, weight = town(seed)
    price = np.random.default_rng(seed).integers(1, 6, 9).astype(float)
    group = np.arange(9) % 3
    sites = Candidates(9, cost=price, group=group, at_least=1)
    plan = solve(asked("backup", costs, weight, budget=11.0, sites=sites))
    values = [
        float(weight[(costs[:, some] <= 12).sum(axis=1) >= 2].sum())
        for size in range(3, 8)
        for some in map(list, combinations(range(9), size))
        if price[some].sum() <= 11 and set(group[some]) == {0, 1, 2}
    ]
    assert plan.objective == max(values, default=None)
    assert plan.status == ("optimal" if values else "infeasible")


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("share", [0.35, 0.8, 0.97])
def test_the_fewest_for_a_share_are_the_fewest(share: float, seed: int) -> None:
    costs, weight = town(seed)
    near, wanted = costs <= 8, share * weight.sum() * (1 - 1e-9)
    best = next(
        (
            size
            for size in range(10)
            if any(weight[near[:, list(s)].any(axis=1)].sum() >= wanted for s in combinations(range(9), size))
        ),
        None,
    )
    plan = solve(asked("set-cover", costs, weight, limit=8.0, share=share))
    assert plan.objective == best
    assert plan.status == ("infeasible" if best is None else "optimal")
    if plan.chosen is not None:
        assert plan.chosen.size == best
        assert weight[near[:, plan.chosen].any(axis=1)].sum() >= wanted


@pytest.mark.parametrize("seed", range(20))
def test_a_share_keeps_to_rows_states_and_the_number(seed: int) -> None:
    costs, weight = town(seed)
    apart = np.array([[0, 1], [2, 3], [4, 6]])
    sites = Candidates(9, fixed=np.arange(9) == 0, banned=np.arange(9) == 8, apart=apart)
    plan = solve(asked("set-cover", costs, weight, limit=10.0, share=0.8, sites=sites, number=5))
    near = costs <= 10
    allowed = [
        list(some)
        for size in range(1, 6)
        for some in combinations(range(8), size)
        if 0 in some and not any(set(pair) <= set(some) for pair in apart.tolist())
    ]
    enough = [len(s) for s in allowed if weight[near[:, s].any(axis=1)].sum() >= 0.8 * weight.sum() * (1 - 1e-9)]
    assert plan.objective == min(enough, default=None)
    assert plan.status == ("optimal" if enough else "infeasible")


def test_a_share_that_was_stopped_comes_with_its_bounds() -> None:
    rng = np.random.default_rng(2)
    costs, weight = (
        np.hypot(*(rng.uniform(0, 90, (700, 1, 2)) - rng.uniform(0, 90, (1, 250, 2))).transpose(2, 0, 1)),
        (rng.integers(1, 9, 700).astype(float)),
    )
    plan = solve(asked("set-cover", costs, weight, limit=9.0, share=0.9), Manner(watch=lambda *_told: True))
    assert plan.chosen is not None
    assert plan.lower <= plan.chosen.size == plan.upper
    assert weight[(costs[:, plan.chosen] <= 9).any(axis=1)].sum() >= 0.9 * weight.sum()
    assert plan.status == "stopped"


def test_a_stopped_cover_is_not_said_to_be_within_the_gap() -> None:
    rng = np.random.default_rng(2)
    costs = np.hypot(*(rng.uniform(0, 90, (2000, 1, 2)) - rng.uniform(0, 90, (1, 200, 2))).transpose(2, 0, 1))
    question = asked("cover", costs, np.ones(2000), limit=11.0, number=9)
    first = solve(question, Manner(watch=lambda *_told: True))
    assert first.gap is not None
    assert first.objective is not None
    assert first.objective < 1000
    gap = 0.8 * first.gap
    assert gap > 0
    again = solve(question, Manner(gap=gap, watch=lambda *_told: True))
    assert again.gap is not None
    assert again.gap > gap
    assert again.status == "stopped"
