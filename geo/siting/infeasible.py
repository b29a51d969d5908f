"""Why there is no plan, and the smallest change that would help."""

from dataclasses import replace
from time import monotonic
from typing import Literal, NamedTuple

import numpy as np

from geo.i18n import N_
from geo.siting.cover import fewest
from geo.siting.limits import OUT
from geo.siting.question import Manner, Question

Cause = Literal["unreachable", "number", "budget", "capacity", "rules"]

CAUSES: dict[Cause, str] = {
    "unreachable": N_("{count} places can be served by no site. Add a site near them, or leave them out."),
    "number": N_("So few stations cannot serve everybody. At least {needed} stations are needed."),
    "budget": N_("The budget cannot serve everybody. At least {needed} is needed."),
    "capacity": N_("The stations cannot hold everybody. Their capacity lacks {needed} at least."),
    "rules": N_("Budget, groups, distances, fixed and banned sites cannot all be kept. Relax one of them."),
}
FARTHER = N_("{count} places can be served by no site. With a limit of {needed} every place could be, or add a site.")
SECONDS = 10.0


class Trouble(NamedTuple):
    """What is in the way: a cause, and the stations, limit, budget or capacity that would help (None: unknown)."""

    cause: Cause
    needed: float | None


def trouble(question: Question, unreachable: np.typing.NDArray[np.int64]) -> Trouble:
    """Return what is in the way of a question that has no plan."""
    weight = question.weight()
    lost = unreachable[weight[unreachable] > 0]
    if lost.size and question.share >= 1.0:
        return Trouble("unreachable", _limit_needed(question, lost))
    if question.sites.capacity is not None:
        biggest = np.sort(np.asarray(question.sites.capacity)[question.sites.states() != OUT])[::-1]
        load = weight if question.load is None else question.load
        lacking = float(load.sum() - biggest[: question.most()].sum())
        if lacking > 0:
            return Trouble("capacity", lacking)
    needed = _stations_needed(question)
    if needed is not None and needed > (question.most() if question.budget is None else question.number or np.inf):
        return Trouble("number", needed)
    cost = _budget_needed(question)
    if cost is not None and question.budget is not None and cost > question.budget:
        return Trouble("budget", cost)
    return Trouble("rules", None)


def _limit_needed(question: Question, lost: np.typing.NDArray[np.int64]) -> float | None:
    """Return the limit with which each of these demands would have a site; None when some never have one."""
    pairs, usable = question.pairs, question.sites.states() != OUT
    owner = np.repeat(np.arange(pairs.weight.size), np.diff(pairs.start))
    nearest = np.full(pairs.weight.size, np.inf)
    np.minimum.at(nearest, owner[usable[pairs.site]], pairs.cost[usable[pairs.site]])
    needed = float(nearest[lost].max())
    return needed if np.isfinite(needed) and question.limit is not None else None


def _stations_needed(question: Question) -> float | None:
    solved = fewest(_unbounded(question, number=None), Manner(seconds=SECONDS), monotonic())
    return float(round(solved.objective)) if solved.values is not None and not solved.stopped else None


def _budget_needed(question: Question) -> float | None:
    """Return the least that sites cost which serve everybody, with the number that is allowed."""
    if question.budget is None:
        return None
    price = question.sites.price()
    free = _unbounded(question, number=question.number)
    solved = fewest(free, Manner(seconds=SECONDS), monotonic(), cost=price)
    if solved.values is None or solved.stopped:
        return None
    return float(price[solved.values[: price.size] > 0.5].sum())


def _unbounded(question: Question, *, number: int | None) -> Question:
    limit = question.limit if question.limit is not None else float(question.pairs.cost.max(initial=0.0))
    return replace(question, number=number, budget=None, limit=limit)
