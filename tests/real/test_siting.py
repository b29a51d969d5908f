"""Siting on published instances: OR-Library's medians, centers and capacities; San Francisco by enumeration."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from geo.siting.neighbours import from_matrix
from geo.siting.question import Candidates, Question
from geo.siting.solve import solve

CAPACITATED = (1, 2, 11)


def instance(folder: Path, number: int) -> tuple[NDArray[np.float64], int]:
    """Return the distances between all nodes of pmedN and p; of an edge named twice the last counts."""
    values = np.array((folder / "pmedian" / "orlib" / f"pmed{number}.txt").read_text().split(), np.int64)
    n, p, edges = int(values[0]), int(values[2]), values[3:].reshape(-1, 3)
    length = {(min(a, b), max(a, b)): c for a, b, c in edges.tolist()}
    table = np.zeros((n, n))
    for (a, b), c in length.items():
        table[a - 1, b - 1] = table[b - 1, a - 1] = c
    return dijkstra(table, directed=False), p


def optima(folder: Path, name: str) -> dict[int, int]:
    lines = [line.split() for line in (folder / "pmedian" / "orlib" / name).read_text().splitlines()]
    return {int(line[0][4:]): int(line[1]) for line in lines if line and line[0].startswith("pmed")}


def asked(costs: NDArray[np.float64], p: int, goal: str, **more: object) -> Question:
    n, m = costs.shape
    pairs = from_matrix(costs, np.ones(n), np.full(n, np.inf))
    given = {"weights": np.ones(n), "sites": Candidates(m), "number": p} | more
    return Question(goal, pairs, **given)  # type: ignore[arg-type]


def test_all_forty_medians_are_proven_and_equal_to_the_published_optima(real_data: Path) -> None:
    published = optima(real_data, "pmedopt.txt")
    assert len(published) == 40
    for number, best in published.items():
        costs, p = instance(real_data, number)
        plan = solve(asked(costs, p, "median"))
        assert (plan.status, plan.lower, plan.upper) == ("optimal", best, best), number
        assert plan.chosen is not None
        assert costs[:, plan.chosen].min(axis=1).sum() == best
        assert plan.chosen.size == p


def test_all_forty_centers_are_proven_and_equal_to_the_published_optima(real_data: Path) -> None:
    published = optima(real_data, "kcenteropt.txt")
    assert len(published) == 40
    for number, best in published.items():
        costs, p = instance(real_data, number)
        plan = solve(asked(costs, p, "center"))
        assert (plan.status, plan.lower, plan.upper) == ("optimal", best, best), number
        assert plan.chosen is not None
        assert costs[:, plan.chosen].min(axis=1).max() == best
        assert plan.chosen.size == p


@pytest.mark.parametrize("number", CAPACITATED)
def test_capacities_are_kept_at_the_published_optimum(real_data: Path, number: int) -> None:
    text = (real_data / "pmedian" / "capacitated" / f"pmedcap_{number}.txt").read_text().split()
    best, n, p, capacity = (int(float(word)) for word in text[1:5])
    _id, x, y, weight = np.array(text[5:], np.float64).reshape(n, 4).T
    costs = np.floor(np.hypot(x[:, None] - x, y[:, None] - y))
    sites = Candidates(n, capacity=np.full(n, float(capacity)))
    plan = solve(asked(costs, p, "median", sites=sites, load=weight))
    assert plan.status == "optimal"
    assert (plan.objective, plan.lower) == (best, best)
    assert (np.bincount(plan.site, weight, minlength=n) <= capacity).all()


@pytest.fixture(scope="module")
def san_francisco(real_data: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Distances (205, 16) and the people of each tract."""
    folder = real_data / "facility_location_sf"
    table = pd.read_csv(
        folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv", dtype={1: str, 2: str}
    )
    costs = table.pivot_table(index="DestinationName", columns="name", values="distance")
    people = table.groupby("DestinationName")["demand"].first().loc[costs.index]
    return costs.to_numpy(), people.to_numpy(np.float64)


@pytest.mark.parametrize("p", [2, 3, 4, 5])
def test_san_francisco_agrees_with_trying_every_plan(
    san_francisco: tuple[NDArray[np.float64], NDArray[np.float64]], p: int
) -> None:
    costs, people = san_francisco
    assert costs.shape == (205, 16)
    least = [costs[:, list(sites)].min(axis=1) for sites in combinations(range(16), p)]
    expected = {
        "median": min(float(people @ cost) for cost in least),
        "center": min(float(cost.max()) for cost in least),
        "cover": max(float(people[cost <= 5000].sum()) for cost in least),
    }
    for goal, best in expected.items():
        plan = solve(asked(costs, p, goal, weights=people, limit=None if goal == "median" else 5000.0))
        assert plan.status == "optimal", goal
        assert plan.objective == pytest.approx(best, rel=1e-12), goal
