"""3,000 needs paired with 1,000 volunteers, beside scipy's HiGHS on the same ways at equal cost, in CPU seconds."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from geo.coverage import warm
from geo.coverage.pairing import Needs, Volunteers, Ways, pair
from geo.coverage.straight import within_straight
from tests.bench.case import Case, middle

NEEDS, VOLUNTEERS, COMPOUNDS = 3000, 1000, 150
SIDE_DEGREES, SPREAD_DEGREES = 0.09, 0.0012
CORNER = 115.9, 36.4
LIMIT_M = 1000.0
TURNS = 5
DEAR = 1e5
"""More than any chain of ways could save: an hour met comes before all metres."""
FIFTIETH = "ratio <= 0.02"
"""Beside the program with whole units, and beside the easier one that only happens to come out whole."""
CLOSE = 1e-6


class Town(NamedTuple):
    """A case with its name for people, and the hours that are handed out as one."""

    name: str
    needs: Needs
    volunteers: Volunteers
    ways: Ways
    unit: float


def cases(_buildings: int) -> Iterator[Case]:
    """Measure ours and HiGHS side by side."""
    warm.warm()
    for town in (
        _town("an hour each", 1, mixed=False),
        _town("circles of 1 to 3", 3, mixed=False),
        _town("half an hour to two hours", 1, mixed=True),
    ):
        yield _beside(town, "scipy milp (HiGHS)", _integer)
        yield _beside(town, "scipy linprog (HiGHS), parts of a unit allowed", _linear)


def _town(name: str, largest: int, *, mixed: bool) -> Town:
    """Return doors of needs and volunteers around the compounds of a city of some 8 by 10 km, 10,000 people a km²."""
    dice = np.random.default_rng(20261123)
    middles = dice.uniform(0, SIDE_DEGREES, (COMPOUNDS, 2)) + np.array(CORNER)
    helped, helpers = (
        (middles[dice.integers(0, COMPOUNDS, many)] + dice.normal(0, SPREAD_DEGREES, (many, 2))).T
        for many in (NEEDS, VOLUNTEERS)
    )
    found = within_straight(tuple(helpers), tuple(helped), LIMIT_M)
    ways = Ways(found.target.astype(np.int64), found.source().astype(np.int64), np.round(found.metres, 3))
    circle = dice.integers(1, largest + 1, NEEDS)
    hours = dice.integers(1, 5, NEEDS) / 2 if mixed else circle.astype(np.float64)
    everybody, anybody = np.ones(NEEDS, dtype=bool), np.ones(VOLUNTEERS, dtype=bool)
    offered = dice.integers(1, 6, VOLUNTEERS) * (2.0 if largest > 1 else 1.0)
    needs = Needs(hours, circle, ((),) * NEEDS, everybody, everybody)
    volunteers = Volunteers(offered, ((),) * VOLUNTEERS, np.full(VOLUNTEERS, np.inf), anybody)
    return Town(name, needs, volunteers, ways, 0.5 if mixed else 1.0)


def _beside(town: Town, peer: str, work: Callable[[Town], tuple[float, float]]) -> Case:
    ours = [_taken(lambda: pair(town.needs, town.volunteers, town.ways, keep_size=False)) for _turn in range(TURNS)]
    theirs, (hours, walk_m) = _taken(lambda: work(town))
    best = ours[0][1]
    if best.status != "optimal" or abs(best.hours_met - hours) > CLOSE or abs(best.walk_m - walk_m) > CLOSE * walk_m:
        raise AssertionError(f"not equal: {best.hours_met} h, {best.walk_m} m; {peer}: {hours} h, {walk_m} m")
    name = f"pairing, {NEEDS:,} needs, {VOLUNTEERS:,} volunteers, {len(town.ways):,} ways, {town.name}, equal cost"
    return Case(name, "CPU s", middle([seconds for seconds, _best in ours]), FIFTIETH, peer, theirs)


def _taken(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.process_time()
    answer = work()
    return time.process_time() - began, answer


def _program(town: Town) -> tuple[np.ndarray, sparse.csr_array, np.ndarray, np.ndarray]:
    """Return costs, rows and most of rows, and most of columns: units of each way and, of each need, nobody's."""
    needs, volunteers, ways = town.needs, town.volunteers, town.ways
    count = len(ways)
    rows = np.concatenate((ways.need, NEEDS + ways.volunteer, np.arange(NEEDS)))
    columns = np.concatenate((np.arange(count), np.arange(count), count + np.arange(NEEDS)))
    matrix = sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(NEEDS + VOLUNTEERS, count + NEEDS)).tocsr()
    cost = np.concatenate((ways.metres, np.full(NEEDS, DEAR)))
    most = np.concatenate(((needs.hours / needs.circle)[ways.need], needs.hours))
    return cost, matrix, np.concatenate((needs.hours, volunteers.hours)) / town.unit, most / town.unit


def _linear(town: Town) -> tuple[float, float]:
    cost, matrix, right, most = _program(town)
    bounds = np.column_stack((np.zeros(len(most)), most))
    rows = {"A_eq": matrix[:NEEDS], "b_eq": right[:NEEDS], "A_ub": matrix[NEEDS:], "b_ub": right[NEEDS:]}
    answer = linprog(cost, **rows, bounds=bounds, method="highs")
    return _amounts(town, answer.x)


def _integer(town: Town) -> tuple[float, float]:
    cost, matrix, right, most = _program(town)
    least = np.concatenate((right[:NEEDS], np.zeros(VOLUNTEERS)))
    constraints = LinearConstraint(matrix, least, right)
    whole, exact = np.ones(len(cost)), {"mip_rel_gap": 0}
    answer = milp(cost, constraints=constraints, bounds=Bounds(0, most), integrality=whole, options=exact)
    return _amounts(town, answer.x)


def _amounts(town: Town, units: np.ndarray) -> tuple[float, float]:
    given = units[: len(town.ways)] * town.unit
    return float(given.sum()), float(given @ town.ways.metres)
