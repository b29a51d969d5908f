"""The core against trying every plan: the same best value, bounds that hold, and an honest stop."""

import numpy as np
import pytest

from geo.siting.branch import Effort, search
from geo.siting.limits import rows_of
from geo.siting.neighbours import from_matrix
from tests.unit.siting.small_cases import SmallCase, cost_of, every_plan

KINDS = ("median", "cover", "gradual", "sparse")


def random_case(number: int) -> SmallCase:
    """A case of 2 to 9 sites, with whole or broken costs, with and without budget, groups and fixed sites."""
    rng = np.random.default_rng(number)
    n, m = int(rng.integers(1, 15)), int(rng.integers(2, 10))
    kind = KINDS[number % 4]
    costs = np.hypot(*(rng.uniform(0, 9, (n, 1, 2)) - rng.uniform(0, 9, (1, m, 2))).transpose(2, 0, 1))
    costs = np.floor(costs * 3) if number % 3 else costs
    far = np.full(n, 40.0)
    if kind == "cover":
        costs, far = np.where(costs < costs.mean() * 0.7, 0.0, np.inf), np.ones(n)
    elif kind == "gradual":
        costs, far = np.minimum(costs / 10, 1.0), np.ones(n)
    elif kind == "sparse":
        costs = np.where(rng.uniform(size=(n, m)) < 0.5, costs, np.inf)
    entries = []
    if rng.uniform() < 0.4:
        entries.append((np.arange(m), rng.integers(1, 9, m).astype(float), float(rng.integers(6, 20))))
    if rng.uniform() < 0.4:
        members = np.flatnonzero(rng.uniform(size=m) < 0.5)
        entries.append((members, np.ones(members.size), 1.0))
    if rng.uniform() < 0.3:
        members = np.flatnonzero(rng.uniform(size=m) < 0.6)
        entries.append((members, -np.ones(members.size), -1.0))
    state = np.where(rng.uniform(size=m) < 0.12, 1, np.where(rng.uniform(size=m) < 0.1, -1, 0)).astype(np.int8)
    weight = rng.integers(0, 9, n).astype(float)
    return SmallCase(costs, weight, far, rows_of(m, entries), state, int(rng.integers(1, m + 1)))


@pytest.mark.parametrize("hundred", range(10))
def test_a_hundred_small_cases_have_the_value_of_trying_everything(hundred: int) -> None:
    for number in range(hundred * 100, hundred * 100 + 100):
        case = random_case(number)
        best = min((cost_of(case, chosen) for chosen in every_plan(case)), default=None)
        lists = from_matrix(case.costs, case.weight, case.far)
        found = search(lists, case.rows, case.state, case.most, price=np.ones(case.state.size), effort=Effort())
        if best is None:
            assert found.chosen is None, number
        else:
            assert found.chosen is not None, number
            assert found.upper == pytest.approx(best, rel=1e-8, abs=1e-9), number
            assert found.lower <= best + 1e-6, number
            assert found.lower == found.upper, number
            assert not found.stopped
            assert any((found.chosen == plan).all() for plan in every_plan(case)), number
