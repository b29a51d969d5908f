"""The worst-off of very many places: solved for a few of them, and again with those whom that plan leaves farthest.

The farthest of a few is never farther than the farthest of all, so each bound for a few holds for all.
"""

from dataclasses import replace
from time import monotonic

import numpy as np
from numba import njit

from geo.siting.neighbours import Floats, Ints
from geo.siting.plan import Plan, status_of
from geo.siting.plane import Plane, nearest_three, pairs_within
from geo.siting.question import Manner, Question
from geo.siting.solve import solve

FIRST, MORE, ROUNDS = 200, 60, 200


@njit(cache=True)
def _spread(x: Floats, y: Floats, first: int, count: int) -> Ints:
    """Return so many places, each the farthest from those before it."""
    far = np.full(x.size, np.inf)
    picked = np.empty(min(count, x.size), np.int64)
    at = first
    for number in range(picked.size):
        picked[number] = at
        worst, after = -1.0, at
        for i in range(x.size):
            away = (x[i] - x[at]) ** 2 + (y[i] - y[at]) ** 2
            far[i] = min(far[i], away)
            if far[i] > worst:
                worst, after = far[i], i
        at = after
    return picked


def solve_center(plane: Plane, question: Question, manner: Manner, began: float) -> tuple[Plan, Question]:
    """Find the plan whose farthest demand is nearest; return it, and the question with the pairs of those looked at."""
    heavy = np.flatnonzero(question.weight() > 0)
    few = heavy[_spread(plane.demand_x[heavy], plane.demand_y[heavy], 0, FIRST)] if heavy.size else np.arange(1)
    best, lower = None, 0.0
    for _round in range(ROUNDS):
        asked = _about(plane, question, few)
        plan = solve(asked, _left(manner, began, lower, best))
        if plan.chosen is None:
            break
        lower = max(lower, plan.lower)
        cost = nearest_three(plane, plan.chosen)[1][:, 0]
        farthest = float(cost[heavy].max(initial=0.0))
        if best is None or farthest < best[1]:
            best = (plan.chosen, farthest)
        worse = heavy[cost[heavy] > max(lower, plan.upper)]
        if best[1] - lower <= manner.gap * best[1] or plan.status == "stopped" or not worse.size:
            break
        begin = int(np.argmax(cost[worse]))
        few = np.union1d(few, worse[_spread(plane.demand_x[worse], plane.demand_y[worse], begin, MORE)])
    if best is None:
        return replace(plan, lower=max(lower, plan.lower), seconds=monotonic() - began), asked
    chosen, upper = best
    site, cost3 = nearest_three(plane, chosen)
    status = status_of(min(lower, upper), upper, gap=manner.gap, stopped=upper - lower > manner.gap * upper)
    seconds = monotonic() - began
    told = Plan("center", status, chosen, upper, min(lower, upper), upper, seconds, site, cost3[:, 0].copy())
    reach = np.where(np.isfinite(cost3[:, 1]), cost3[:, 1], cost3[:, 0])
    return told, replace(question, pairs=pairs_within(plane, reach, question.weight()))


def _about(plane: Plane, question: Question, few: Ints) -> Question:
    """Return the question about a few demands, with all their pairs."""
    part = plane._replace(demand_x=plane.demand_x[few], demand_y=plane.demand_y[few])
    weight = question.weight()[few]
    return replace(question, pairs=pairs_within(part, np.full(few.size, np.inf), weight), weights=weight, load=None)


def _left(manner: Manner, began: float, lower: float, best: tuple[Ints, float] | None) -> Manner:
    """Return the manner for what is left of the time; a watcher hears of the bounds for all demands."""
    seconds = max(manner.seconds - (monotonic() - began), 0.0)
    if manner.watch is None or best is None:
        return replace(manner, seconds=seconds)
    told, farthest = manner.watch, best[1]
    return replace(
        manner, seconds=seconds, watch=lambda chosen, low, _high: told(chosen, max(low, lower), farthest)
    )  # fmt: skip
