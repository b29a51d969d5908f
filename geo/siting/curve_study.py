"""What each further station brings: one plan for each number of new stations, with the gap that is proven for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from geo.i18n import N_
from geo.siting.effect import Standing, figures_at
from geo.siting.ground_study import Ground
from geo.siting.plan import Plan
from geo.siting.question import Manner
from geo.siting.question_study import pose
from geo.siting.solve import solve
from geo.siting.wanted import Purse, Rules, Wanted

SECONDS, MOST = 20.0, 50


def curve(
    ground: Ground, wanted: Wanted, before: Standing, tell: Callable[..., None], stopped: Callable[[], bool]
) -> list[dict[str, Any]]:
    """Return for one station more each time households within the limit, the proven gap and the cost.

    Each point is the best plan for most households within the limit, with the sites that are left out but without
    pins, budgets and numbers by community. It ends where nothing is gained any more, or when it is stopped.
    """
    most = min(int(ground.site_ids.size) - len(wanted.banned), MOST)
    base = replace(wanted, goal="cover", budget_yuan=None, pinned=(), demand="today", purse=Purse(),
                   near=replace(wanted.near, fade_to_m=None, share=1.0),
                   rules=Rules(apart_m=wanted.rules.apart_m))  # fmt: skip
    households = ground.doors.households.astype(np.float64)[None, :]
    within, plan = figures_at(ground.doors, before, ground.limit_m)["within"], None
    found: list[dict[str, Any]] = []
    for number in range(1, most + 1):
        tell(0.8 + 0.18 * number / most, N_("Working out what station {number} brings"), number=number)
        posed = pose(ground, replace(base, number=number), households)
        plan = solve(posed.question, Manner(seconds=SECONDS / most, watch=lambda *_found: stopped()), before=plan)
        if stopped() or plan.chosen is None:
            break
        point = _point(ground, plan, number)
        found.append(point)
        if point["within"] <= within and not point["gap"]:
            break
        within = point["within"]
    return found


def _point(ground: Ground, plan: Plan, number: int) -> dict[str, Any]:
    fixed = ground.station_ids.size
    chosen = plan.chosen[plan.chosen >= fixed] - fixed if plan.chosen is not None else np.zeros(0, np.int64)
    after, costs = ground.standing(ground.targets(chosen)), ground.cost_fen[chosen]
    return {
        "number": number,
        "gap": plan.gap,
        "within": figures_at(ground.doors, after, ground.limit_m)["within"],
        "cost_fen": int(costs[costs >= 0].sum()),
        "cost_unknown": int((costs < 0).sum()),
    }
