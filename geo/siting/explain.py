"""Why each station is in a plan and each other site is not: exact losses by one change of the plan, and a proof."""

from dataclasses import dataclass

import numpy as np

from geo.siting.bound import Climb, climb, new_dual
from geo.siting.branch import grain_of
from geo.siting.changes import Changes, changes_of
from geo.siting.limits import FREE, IN, activity_of, fits
from geo.siting.merging import merged
from geo.siting.neighbours import Flags, Floats
from geo.siting.plan import MAXIMISED, Plan
from geo.siting.question import Question

STEPS, PATIENCE, ROUNDING = 150, 15, 1e-5


@dataclass(frozen=True)
class Reason:
    """What an open site does: demands and weight it serves, the loss without it, and the site that replaces it best.

    Losses are in the goal's own measure (of a set cover: weight that is not reached any more), for the plan as it is
    with only this one change: exact, not a bound. None where somebody would be served by nobody, and with capacities.
    """

    site: int
    demands: int
    weight: float
    loss: float | None = None
    substitute: int | None = None
    substitute_loss: float | None = None


def reasons(question: Question, plan: Plan, weight: Floats | None = None) -> list[Reason]:
    """Return the reason of each open site of a plan.

    weight (n,): that of each demand the plan tells of, where the question's demands are groups of those.
    """
    if plan.chosen is None:
        return []
    demands, by_weight = _served(question, plan, question.weight() if weight is None else weight)
    told = [Reason(int(j), int(demands[j]), float(by_weight[j])) for j in plan.chosen]
    changes = changes_of(question, plan)
    if changes is None:
        return told
    swap = _kept(question, plan, changes)
    best = swap.argmin(axis=0) if swap.size else np.zeros(len(told), np.int64)
    return [
        Reason(
            reason.site,
            reason.demands,
            reason.weight,
            _finite(changes.leave[at]),
            int(best[at]) if np.isfinite(swap[best[at], at]) else None,
            _finite(swap[best[at], at]),
        )
        for at, reason in enumerate(told)
    ]


def _served(question: Question, plan: Plan, weight: Floats) -> tuple[Floats, Floats]:
    """Return how many demands and how much weight each site serves within what the goal counts."""
    served = np.flatnonzero(plan.site >= 0)
    counted = np.isfinite(plan.cost[served])
    if (question.goal in MAXIMISED or question.goal == "set-cover") and question.limit is not None:
        counted &= plan.cost[served] <= max(question.limit, question.fade_to or 0.0)
    served, m = served[counted], question.sites.count
    count = np.bincount(plan.site[served], minlength=m).astype(np.float64)
    return count, np.bincount(plan.site[served], weight[served], minlength=m).astype(np.float64)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _kept(question: Question, plan: Plan, changes: Changes) -> Floats:
    """Return the swaps (m, p) that keep to number, budget and all other rows; inf for the others."""
    if plan.chosen is None:
        return changes.swap
    flags = np.zeros(question.sites.count, np.bool_)
    flags[plan.chosen] = True
    rows, free = question.rows(), (question.sites.states() == FREE) & ~flags
    activity = activity_of(rows, flags)
    swap = np.where(free[:, None], changes.swap, np.inf)
    if rows.limit.size:
        for seat, go in enumerate(plan.chosen.tolist()):
            for come in np.flatnonzero(free):
                if not fits(rows, activity, int(come), go):
                    swap[come, seat] = np.inf
    return swap


@dataclass(frozen=True)
class Rejected:
    """How much worse the plan gets when a site must be in it.

    loss: exact for the best single change that brings it in (with as many stations, where these are counted), so that
    no more than this is lost; instead_of: the station that would go (-1: none has to). at_least: every plan with this
    site is worse by so much, which is proven (None: not for this goal).
    """

    site: int
    loss: float
    instead_of: int
    at_least: float | None = None


def rejected(question: Question, plan: Plan) -> list[Rejected]:
    """Return for each free site that is not in a plan the cheapest change that brings it in, where one change does."""
    changes = changes_of(question, plan)
    if plan.chosen is None or changes is None:
        return []
    rows, state = question.rows(), question.sites.states()
    swap = _kept(question, plan, changes)
    swap[:, state[plan.chosen] == IN] = np.inf
    flags = np.zeros(state.size, np.bool_)
    flags[plan.chosen] = True
    activity, room = activity_of(rows, flags), plan.chosen.size < question.most() and question.goal != "set-cover"
    proven = _at_least(question, plan, state == FREE)
    told = []
    for j in np.flatnonzero((state == FREE) & ~flags).tolist():
        seat = int(np.argmin(swap[j])) if plan.chosen.size else -1
        loss, out = (float(swap[j, seat]), int(plan.chosen[seat])) if seat >= 0 else (np.inf, -1)
        if room and changes.enter[j] <= loss and fits(rows, activity, j, -1):
            loss, out = float(changes.enter[j]), -1
        if np.isfinite(loss):
            told.append(Rejected(j, loss, out, None if proven is None else float(min(proven[j], max(loss, 0.0)))))
    return told


def _at_least(question: Question, plan: Plan, free: Flags) -> Floats | None:
    """Return how much worse every plan with a site is, by the prices of the best bound; None where there are none."""
    from geo.siting.solve import core_lists

    if plan.kept is None or plan.objective is None:
        return None
    lists, _group = merged(core_lists(question), question.sites.count)
    rows, state = question.rows(), question.sites.states()
    dual = new_dual(lists, rows, state.size)
    if plan.kept.dual.price.size == dual.price.size and plan.kept.dual.toll.size == dual.toll.size:
        dual.price[:], dual.toll[:] = plan.kept.dual.price, plan.kept.dual.toll
    upper = float(lists.weight.sum()) - plan.objective if question.goal in MAXIMISED else plan.objective
    most = min(question.most(), int((state >= 0).sum()))
    bound, _pace, _taken = climb(lists, rows, state, dual, Climb(most, upper, np.inf, STEPS, PATIENCE, 0.5))
    in_play = dual.best_chosen & free
    edge = min(float(dual.score[in_play].max(initial=-np.inf)), 0.0) if dual.best_chosen.sum() >= most else 0.0
    more = np.where(dual.best_chosen, 0.0, dual.score - edge)
    worse = np.maximum(bound + more - upper, 0.0)
    return np.asarray(np.ceil(worse - ROUNDING) if grain_of(lists) else worse)
