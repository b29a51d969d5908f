"""Small random cases and the best plan of each by trying every one."""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.siting.limits import Rows, activity_of


class SmallCase(NamedTuple):
    """Costs (n, m; inf not allowed), weights, cost of being served by none, rows, states, most stations."""

    costs: NDArray[np.float64]
    weight: NDArray[np.float64]
    far: NDArray[np.float64]
    rows: Rows
    state: NDArray[np.int8]
    most: int


def every_plan(case: SmallCase) -> list[NDArray[np.bool_]]:
    """Return every set of sites that number, states and rows allow."""
    m = case.state.size
    plans = []
    for size in range(case.most + 1):
        for sites in combinations(range(m), size):
            chosen = np.zeros(m, bool)
            chosen[list(sites)] = True
            kept = bool((chosen >= (case.state == 1)).all()) and not (chosen & (case.state == -1)).any()
            if kept and not (activity_of(case.rows, chosen) > case.rows.limit + 1e-9).any():
                plans.append(chosen)
    return plans


def cost_of(case: SmallCase, chosen: NDArray[np.bool_]) -> float:
    """Return what a plan costs."""
    return float(case.weight @ np.minimum(case.costs[:, chosen].min(axis=1, initial=np.inf), case.far))
