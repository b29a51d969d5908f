"""Why each station is in a plan and each other site is not: exact losses by one change of the plan."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from geo.siting.limits import FREE, fits
from geo.siting.merging import merged
from geo.siting.neighbours import Floats, columns_of
from geo.siting.plan import MAXIMISED, Plan
from geo.siting.question import Question
from geo.siting.swap import Case, Search, start_search


@dataclass(frozen=True)
class Reason:
    """What an open site does: demands and weight it serves, the loss without it, and the site that replaces it best.

    Losses are in the goal's own measure, for the plan as it is with only this one change: exact, not a bound. None
    where the goal does not add up over demands (center, set-cover, backup).
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
    served = np.flatnonzero(plan.site >= 0)
    counted = np.isfinite(plan.cost[served])
    if question.goal in MAXIMISED and question.limit is not None:
        counted &= plan.cost[served] <= (question.fade_to or question.limit)
    served = served[counted]
    m = question.sites.count
    demands = np.bincount(plan.site[served], minlength=m)
    by_weight = np.bincount(plan.site[served], (question.weight() if weight is None else weight)[served], minlength=m)
    told = [Reason(int(j), int(demands[j]), float(by_weight[j])) for j in plan.chosen]
    if question.goal not in {"median", "cover"} or question.sites.capacity is not None or question.worst:
        return told
    case, search = _standing(question, plan)
    worth = [_best_substitute(case, search, int(search.seat[reason.site])) for reason in told]
    return [
        Reason(
            reason.site,
            reason.demands,
            reason.weight,
            _known(case, float(search.loss[search.seat[reason.site]])),
            come if come >= 0 else None,
            lost if come >= 0 else None,
        )
        for reason, (come, lost) in zip(told, worth, strict=True)
    ]


def _known(case: Case, loss: float) -> float | None:
    """Return a loss, None where it is so large because somebody would be served by nobody."""
    return loss if loss < float(case.lists.far.max(initial=0.0)) or case.lists.far.max(initial=0.0) <= 1.0 else None


def _standing(question: Question, plan: Plan) -> tuple[Case, Search]:
    from geo.siting.solve import core_lists

    m = question.sites.count
    lists, _group = merged(core_lists(question), m)
    chosen = np.zeros(m, np.bool_)
    chosen[plan.chosen] = True
    state = question.sites.states()
    case = Case(lists, columns_of(lists, m), question.rows(), state, np.ones(m), max(int(chosen.sum()), 1))
    return case, start_search(case, chosen)


@njit(cache=True)
def _best_substitute(case: Case, search: Search, seat: int) -> tuple[int, float]:
    """Return the closed site that replaces the one in a seat best, and what is lost by that; -1 for none."""
    best, come = np.inf, -1
    for j in range(search.seat.size):
        if search.seat[j] < 0 and case.state[j] == FREE:
            lost = search.loss[seat] - search.gain[j] - search.overlap[j, seat]
            if lost < best and fits(case.rows, search.activity, j, search.at[seat]):
                best, come = lost, j
    return come, best


@dataclass(frozen=True)
class Rejected:
    """How much worse the plan gets when a site must be in it: exact for one swap, with the station that would go."""

    site: int
    loss: float
    instead_of: int


def rejected(question: Question, plan: Plan) -> list[Rejected]:
    """Return for each free site that is not in a plan the cheapest swap that brings it in."""
    if plan.chosen is None or question.goal not in {"median", "cover"}:
        return []
    case, search = _standing(question, plan)
    table = search.loss[None, :] - search.gain[:, None] - search.overlap
    table[:, [seat for seat, j in enumerate(search.at) if j < 0 or case.state[j] != FREE]] = np.inf
    if not np.isfinite(table).any():
        return []
    outside = np.flatnonzero((search.seat < 0) & (case.state == FREE))
    seats = np.argmin(table[outside], axis=1)
    return [
        Rejected(int(j), float(table[j, seat]), int(search.at[seat])) for j, seat in zip(outside, seats, strict=True)
    ]
