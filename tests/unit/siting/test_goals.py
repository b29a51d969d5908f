"""Every goal against trying every plan: the same value, bounds that hold, words that are true."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.siting.explain import reasons, rejected
from geo.siting.neighbours import from_matrix
from geo.siting.question import Candidates, Goal, Manner, Question
from geo.siting.solve import solve

Costs = NDArray[np.float64]


def town(number: int) -> tuple[Costs, Costs]:
    """Return costs (n, m) with some pairs missing, and weights."""
    rng = np.random.default_rng(number)
    n, m = int(rng.integers(3, 13)), int(rng.integers(3, 8))
    costs = np.floor(rng.uniform(0, 30, (n, m)))
    costs[rng.uniform(size=costs.shape) < 0.15] = np.inf
    return costs, rng.integers(0, 7, n).astype(float)


def question(goal: Goal, case: int, **more: object) -> Question:
    costs, weight = town(case)
    pairs = from_matrix(costs, weight, np.full(weight.size, np.inf))
    given = {"sites": Candidates(costs.shape[1]), "number": 2 + case % 2, "limit": 12.0} | more
    return Question(goal, pairs, weight, **given)  # type: ignore[arg-type]


def plans(m: int, most: int) -> list[list[int]]:
    return [list(sites) for size in range(1, most + 1) for sites in combinations(range(m), size)]


@pytest.mark.parametrize("number", range(40))
def test_the_fewest_stations_are_the_fewest(number: int) -> None:
    costs, weight = town(number)
    heavy = costs[weight > 0] <= 12
    best = min((len(sites) for sites in plans(costs.shape[1], 7) if heavy[:, sites].any(axis=1).all()), default=None)
    plan = solve(question("set-cover", number, number=None))
    assert plan.objective == best
    assert plan.status == ("infeasible" if best is None else "optimal")
    if best is None:
        assert plan.trouble is not None
        assert plan.trouble.cause == "unreachable"
        assert set(np.flatnonzero(~(costs <= 12).any(axis=1))) == set(plan.unreachable)


@pytest.mark.parametrize("number", range(40))
def test_a_share_may_be_left_out(number: int) -> None:
    costs, weight = town(number)
    near = costs <= 12
    shares = {len(s): 0.0 for s in plans(costs.shape[1], 7)}
    for sites in plans(costs.shape[1], 7):
        shares[len(sites)] = max(shares[len(sites)], float(weight[near[:, sites].any(axis=1)].sum()))
    best = min((size for size, reached in shares.items() if reached >= 0.6 * weight.sum()), default=None)
    assert solve(question("set-cover", number, number=None, share=0.6)).objective == best


@pytest.mark.parametrize("number", range(40))
def test_the_worst_off_are_nearest(number: int) -> None:
    costs, weight = town(number)
    radii = [float(costs[weight > 0][:, s].min(axis=1).max()) for s in plans(costs.shape[1], 2 + number % 2)]
    best = min((radius for radius in radii if np.isfinite(radius)), default=None)
    plan = solve(question("center", number))
    assert plan.objective == best
    assert plan.status == ("infeasible" if best is None else "optimal")


@pytest.mark.parametrize("number", range(40))
def test_most_have_two_stations_in_reach(number: int) -> None:
    costs, weight = town(number)
    near = costs <= 12
    best = max(float(weight[near[:, s].sum(axis=1) >= 2].sum()) for s in plans(costs.shape[1], 2 + number % 2))
    plan = solve(question("backup", number))
    assert (plan.objective, plan.lower, plan.upper) == (best, best, best)


@pytest.mark.parametrize("number", range(40))
def test_covered_weight_is_the_most_and_reasons_are_exact(number: int) -> None:
    costs, weight = town(number)
    near = costs <= 12

    def covered(sites: list[int]) -> float:
        return float(weight[near[:, sites].any(axis=1)].sum())

    asked = question("cover", number)
    plan = solve(asked)
    assert plan.objective == max(covered(s) for s in plans(costs.shape[1], 2 + number % 2))
    assert plan.gap == 0.0
    assert plan.chosen is not None
    chosen = plan.chosen.tolist()
    for reason in reasons(asked, plan):
        left = [j for j in chosen if j != reason.site]
        assert reason.loss == covered(chosen) - covered(left)
        swaps = [covered(chosen) - covered([*left, j]) for j in range(costs.shape[1]) if j not in chosen]
        assert reason.substitute_loss == (min(swaps) if swaps else None)
    for other in rejected(asked, plan):
        assert other.loss == min(covered(chosen) - covered([*(set(chosen) - {r}), other.site]) for r in chosen)


@pytest.mark.parametrize("number", range(40))
def test_a_median_serves_everybody_or_says_why_not(number: int) -> None:
    costs, weight = town(number)
    values = [float(weight[weight > 0] @ costs[weight > 0][:, s].min(axis=1)) for s in plans(costs.shape[1], 2)]
    best = min((value for value in values if np.isfinite(value)), default=None)
    plan = solve(question("median", number, number=2, limit=None))
    assert plan.objective == best
    if best is None:
        assert plan.status == "infeasible"
        assert plan.trouble is not None
        assert plan.trouble.cause in {"unreachable", "number"}
        if plan.trouble.cause == "number":
            fewest = [s for s in plans(costs.shape[1], 7) if np.isfinite(costs[weight > 0][:, s].min(axis=1)).all()]
            assert plan.trouble.needed == min(map(len, fewest))


@pytest.mark.parametrize("number", range(15))
def test_no_station_serves_more_than_its_capacity(number: int) -> None:
    costs, weight = town(number)
    n, m = min(costs.shape[0], 6), min(costs.shape[1], 4)
    costs, weight = costs[:n, :m], weight[:n] + 1
    capacity = np.full(m, float(np.ceil(weight.sum() / 2)))
    pairs = from_matrix(costs, weight, np.full(n, np.inf))
    plan = solve(Question("median", pairs, weight, Candidates(m, capacity=capacity), number=3))
    best = _least_with_capacity(costs, weight, capacity, 3)
    assert plan.objective == pytest.approx(best) if best is not None else plan.status == "infeasible"
    if best is not None:
        assert (np.bincount(plan.site, weight, minlength=m) <= capacity).all()


def _least_with_capacity(costs: Costs, weight: Costs, capacity: Costs, most: int) -> float | None:
    n, m = costs.shape
    best = None
    for code in range(m**n):
        site = np.array([code // m**i % m for i in range(n)])
        value = float(weight @ costs[np.arange(n), site])
        fits = (np.bincount(site, weight, minlength=m) <= capacity).all() and len(set(site.tolist())) <= most
        if fits and np.isfinite(value) and (best is None or value < best):
            best = value
    return best


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("goal", ["median", "cover"])
def test_the_worst_scenario_is_as_good_as_can_be(goal: Goal, number: int) -> None:
    costs, _weight = town(number)
    costs = np.where(np.isfinite(costs), costs, 40.0)
    weights = np.random.default_rng(number).integers(0, 7, (3, costs.shape[0])).astype(float)
    pairs = from_matrix(costs, weights[0], np.full(costs.shape[0], np.inf))
    plan = solve(Question(goal, pairs, weights, Candidates(costs.shape[1]), number=2, limit=12.0, worst=True))
    least = [costs[:, s].min(axis=1) for s in plans(costs.shape[1], 2)]
    if goal == "median":
        assert plan.objective == pytest.approx(min((weights @ cost).max() for cost in least))
    else:
        assert plan.objective == pytest.approx(max((weights @ (cost <= 12)).min() for cost in least))


WRONG = [
    ({"sites": Candidates(0)}, "There is no candidate site"),
    ({"sites": Candidates(7, banned=np.ones(7, bool))}, "Every candidate site is banned"),
    ({"number": 9}, "9 stations are wanted, but only"),
    ({"number": 1, "sites": Candidates(7, fixed=np.arange(7) < 2)}, "2 are fixed already"),
    ({"number": None, "budget": 3.0, "sites": Candidates(7, cost=np.full(7, 5.0))}, "below the cheapest site"),
    ({"number": None}, "Say how many stations"),
    ({"sites": Candidates(7, cost=np.full(7, -5.0))}, "numbers from 0 up"),
    ({"sites": Candidates(7, fixed=np.ones(7, bool), banned=np.arange(7) == 3)}, "Site number 4 is both"),
]


@pytest.mark.parametrize(("more", "said"), WRONG)
def test_a_question_that_makes_no_sense_is_refused_in_words(more: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        solve(question("median", 3, **more))


def test_stopping_keeps_the_best_plan_and_never_calls_it_optimal() -> None:
    rng = np.random.default_rng(5)
    costs = np.floor(rng.uniform(0, 1000, (150, 150)))
    pairs = from_matrix(costs, np.ones(150), np.full(150, np.inf))
    seen = []

    def stop(chosen: NDArray[np.bool_], lower: float, upper: float) -> bool:
        seen.append((lower, upper, int(chosen.sum())))
        return True

    plan = solve(Question("median", pairs, np.ones(150), Candidates(150), number=5), Manner(watch=stop))
    assert seen[-1][2] == 5
    assert plan.status == "stopped"
    assert plan.chosen is not None
    assert plan.lower < plan.upper == costs[:, plan.chosen].min(axis=1).sum()
    assert plan.words().startswith("Stopped early: within ")
