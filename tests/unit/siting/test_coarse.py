"""Cells of demands: bounds that hold for every demand, plans counted over whole lists, cuts that keep what is near."""

import numpy as np
import pytest

from geo.siting.branch import Before, Effort, ground_of, search
from geo.siting.coarse import coarse_of, cut_short, lifted, search_near, two_nearest
from geo.siting.limits import Rows, rows_of
from geo.siting.neighbours import Lists, from_matrix
from tests.unit.siting.test_branch import random_case


def town(number: int, demands: int = 300, sites: int = 25) -> tuple[Lists, Rows, np.ndarray]:
    rng = np.random.default_rng(number)
    costs = np.hypot(*(rng.uniform(0, 900, (demands, 1, 2)) - rng.uniform(0, 900, (1, sites, 2))).transpose(2, 0, 1))
    weight = rng.integers(1, 9, demands).astype(float)
    lists = from_matrix(np.floor(costs), weight, np.full(demands, 5_000.0))
    return lists, rows_of(sites, []), np.zeros(sites, np.int8)


@pytest.mark.parametrize("number", range(8))
def test_a_search_by_cells_keeps_bounds_around_the_best_plan(number: int) -> None:
    lists, rows, state = town(number)
    most = 1 + number
    best = search(lists, rows, state, most, price=np.ones(25), effort=Effort())
    cells = coarse_of(lists, 25, cells=40, worth=0)
    assert cells is not None
    cells, near = search_near(
        cells, lists, rows, state, most, price=np.ones(25), effort=Effort(gap=0.01), chosen=None
    )  # fmt: skip
    assert near is not None
    assert near.chosen is not None
    open_costs = np.full((300, 25), np.inf)
    open_costs[np.repeat(np.arange(300), np.diff(lists.start)), lists.site] = lists.cost
    assert near.upper == pytest.approx(lists.weight @ open_costs[:, near.chosen].min(axis=1))
    assert near.lower <= best.upper * (1 + 1e-9)
    assert near.upper >= best.upper * (1 - 1e-9)
    assert cells.dual is not None


@pytest.mark.parametrize("number", range(4))
def test_the_next_number_of_stations_begins_with_the_last_plan(number: int) -> None:
    lists, rows, state = town(number)
    cells, plan = coarse_of(lists, 25, cells=40, worth=0), None
    assert cells is not None
    for most in (3, 5, 4):
        cells, found = search_near(
            cells, lists, rows, state, most, price=np.ones(25), effort=Effort(gap=0.01), chosen=plan
        )  # fmt: skip
        assert found is not None
        assert found.chosen is not None
        assert found.chosen.sum() <= most
        best = search(lists, rows, state, most, price=np.ones(25), effort=Effort())
        assert found.lower <= best.upper * (1 + 1e-9)
        assert found.upper >= best.upper * (1 - 1e-9)
        plan = found.chosen


def test_what_is_cut_off_costs_at_least_what_stands_for_it() -> None:
    lists, _rows, _state = town(3)
    reach = np.random.default_rng(1).uniform(0, 600, 300)
    short = cut_short(lists, reach)
    for i in range(300):
        kept = short.cost[short.start[i] : short.start[i + 1]]
        every = lists.cost[lists.start[i] : lists.start[i + 1]]
        assert kept.tolist() == every[every <= reach[i]].tolist()
        assert short.far[i] == min(every[every > reach[i]], default=lists.far[i])


def test_prices_of_cells_keep_their_mean_when_they_are_lifted() -> None:
    lists, _rows, _state = town(5)
    cell = np.arange(300, dtype=np.int64) % 7
    price = np.full(7, 2_000.0)
    near, second = two_nearest(lists, np.arange(25) < 3)
    assert (near <= second).all()
    lift = lifted(lists, cell, price, 0.5 * (near + second))
    assert np.bincount(cell, lists.weight * lift) / np.bincount(cell, lists.weight) == pytest.approx(price)


def test_a_plan_with_too_many_stations_to_begin_with_is_thinned() -> None:
    case = random_case(2)
    lists = from_matrix(case.costs, case.weight, case.far)
    ground = ground_of(lists, case.state.size)
    state = np.zeros(case.state.size, np.int8)
    rows = rows_of(state.size, [])
    begin = Before(None, np.ones(state.size, bool))
    found = search(lists, rows, state, 1, price=np.ones(state.size), effort=Effort(), before=begin, ground=ground)
    fresh = search(lists, rows, state, 1, price=np.ones(state.size), effort=Effort())
    assert found.chosen is not None
    assert found.chosen.sum() == 1
    assert found.upper == pytest.approx(fresh.upper)
