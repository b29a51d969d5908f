"""One door for every question: sorts it to the method that answers it and brings the answer into one form."""

from dataclasses import replace
from time import monotonic
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.i18n import N_
from geo.siting.assignment import with_capacity, worst_scenario
from geo.siting.backup import best_backup
from geo.siting.bound import copied
from geo.siting.branch import NODE_PACE, Before, Effort, Ground, ground_of, search
from geo.siting.coarse import Coarse, coarse_of, search_near
from geo.siting.cover import center, fewest
from geo.siting.exact import Solved
from geo.siting.infeasible import trouble
from geo.siting.limits import IN, OUT, Rows, activity_of, fits
from geo.siting.merging import merged
from geo.siting.neighbours import Flags, Floats, Lists
from geo.siting.plan import MAXIMISED, Kept, Plan, assigned, cost_to, kept_of, status_of, unreachable_in
from geo.siting.question import Manner, Question, check
from geo.siting.share import fewest_for_share

NO_CAPACITY = N_("Capacities cannot be kept for the goal {goal} yet. Choose median, cover or set-cover.")
NO_SCENARIOS = N_("The worst of several scenarios cannot be sought for the goal {goal}. Choose median or cover.")
COVER_PACE = 1.2
NO_LIMIT = N_("This goal needs a limit: how far is still covered.")


def solve(question: Question, manner: Manner | None = None, *, before: Plan | None = None) -> Plan:
    """Return the best plan that was found, how good it is, and why there is none if there is none.

    before: the answer to the same question with other fixed, banned or forced sites or another number, to begin with.

    Raises BadInput in words for a question that makes no sense.
    """
    manner = manner or Manner()
    check(question)
    if question.limit is None and question.goal in {"cover", "set-cover", "backup"}:
        raise BadInput(NO_LIMIT)
    began = monotonic()
    return _plan(question, manner, _answered(question, manner, began, before), began)


def core_lists(question: Question) -> Lists:
    """Return the question's lists with the cost the core minimises, per unit of weight.

    median: the distance, and for being served by none more than all distances together; cover: 0 within the limit, up
    to 1 where gradual cover has faded, and 1 for none.
    """
    pairs, weight = question.pairs, question.weight()
    if question.goal == "median":
        return _with_penalty(pairs._replace(weight=weight))
    limit, fade = float(question.limit or 0.0), question.fade_to
    if fade is None or fade <= limit:
        cost = np.where(pairs.cost <= limit, 0.0, 1.0)
    else:
        cost = np.clip((pairs.cost - limit) / (fade - limit), 0.0, 1.0)
    return _kept(pairs._replace(cost=cost, weight=weight, far=np.ones(weight.size)), by_site=fade is None)


def _with_penalty(lists: Lists) -> Lists:
    heavy = lists.weight > 0
    least = np.where(heavy, lists.weight, 1.0)
    return lists._replace(far=np.where(heavy, _farthest(lists) + np.ceil(all_served(lists) / least), 0.0))


def _farthest(lists: Lists) -> Floats:
    """Return the last cost of each list, 0 for an empty one."""
    filled = lists.start[1:] > lists.start[:-1]
    last = np.zeros(lists.weight.size)
    last[filled] = lists.cost[lists.start[1:][filled] - 1]
    return last


def all_served(lists: Lists) -> float:
    """Return more than any plan costs that serves everybody."""
    return float(np.ceil(np.dot(lists.weight, _farthest(lists)))) + 1.0


def _kept(lists: Lists, *, by_site: bool) -> Lists:
    """Return the lists without pairs that serve no better than none; by_site: in the order of sites, to merge more."""
    keep = lists.cost < 1.0
    owner = np.repeat(np.arange(lists.weight.size), np.diff(lists.start))
    if keep.all() and by_site and bool(((np.diff(owner) > 0) | (np.diff(lists.site) > 0)).all()):
        return lists
    owner, site, cost = owner[keep], lists.site[keep], lists.cost[keep]
    if by_site:
        order = np.lexsort((site, owner))
        site, cost = site[order], cost[order]
    start = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=lists.weight.size)))).astype(np.int64)
    return lists._replace(start=start, site=site, cost=cost)


def order_price(question: Question) -> Floats:
    """Return what first plans weigh savings by: the cost of each site under a budget, else 1."""
    price = question.sites.price()
    if question.budget is None:
        return np.ones(price.size)
    return np.maximum(price, 1e-6 * max(price.max(initial=0.0), 1.0))


class _Answer(NamedTuple):
    """What a method found, in the goal's own measure; a plan may come with its assignment."""

    chosen: Flags | None
    lower: float
    upper: float
    stopped: bool
    site: NDArray[np.int64] | None = None
    kept: Kept | None = None


def _answered(question: Question, manner: Manner, began: float, before: Plan | None) -> _Answer:
    if question.sites.capacity is not None:
        return _with_capacity(question, manner, began)
    if question.worst and question.weights.ndim == 2:
        return _worst(question, manner, began)
    if question.goal == "center":
        return _Answer(*center(question, manner, began))
    if question.goal == "set-cover":
        if question.share < 1.0:
            return _Answer(*fewest_for_share(question, manner, began))
        return _from_model(question, fewest(question, manner, began))
    if question.goal == "backup":
        return _Answer(*best_backup(question, manner, began))
    return _by_core(question, manner, began, None if before is None else before.kept)


def _by_core(question: Question, manner: Manner, began: float, kept: Kept | None) -> _Answer:
    ground, coarse = _grounds(question, kept, near=manner.gap > 0)
    total = float(question.weight().sum())
    maximise = question.goal in MAXIMISED

    def watch(chosen: Flags, upper: float, lower: float) -> bool:
        if manner.watch is None:
            return False
        return manner.watch(chosen, *((total - upper, total - lower) if maximise else (lower, upper)))

    pace = COVER_PACE if maximise else NODE_PACE
    effort = Effort(manner.gap, total if maximise else None, until=began + manner.seconds, pace=pace, watch=watch)
    state = question.sites.states()
    rows, price = question.rows(), order_price(question)
    known, found, most = _fitting(kept, ground, rows), None, question.most()
    if coarse is not None:
        plan = None if known is None else known.chosen
        coarse, found = search_near(coarse, ground.lists, rows, state, most, price=price, effort=effort, chosen=plan)
    if found is None or (found.upper - found.lower > manner.gap * found.upper and not found.stopped):
        known = known if found is None or found.chosen is None else Before(found.dual, found.chosen)
        found = search(ground.lists, rows, state, most, price=price, effort=effort, before=known, ground=ground)
    begin = kept_of(question, ground, coarse, found)
    if maximise:
        return _Answer(found.chosen, total - found.upper, total - found.lower, found.stopped, kept=begin)
    limit = float((ground.lists.weight * ground.lists.far).min(initial=np.inf))
    if found.chosen is None or found.upper >= limit:
        return _Answer(None, found.lower, found.upper, found.stopped and found.lower < limit)
    return _Answer(found.chosen, found.lower, found.upper, found.stopped, kept=begin)


def _grounds(question: Question, kept: Kept | None, *, near: bool) -> tuple[Ground, Coarse | None]:
    """Return what the searches of a question share: kept where it fits, and cells where near the best is enough."""
    if kept is not None and kept.fits(question):
        return kept.ground, kept.coarse
    ground = ground_of(merged(core_lists(question), question.sites.count)[0], question.sites.count)
    return ground, coarse_of(ground.lists, question.sites.count) if near and question.goal == "median" else None


def _fitting(kept: Kept | None, ground: Ground, rows: Rows) -> Before | None:
    """Return copies of kept prices when they belong to lists and rows of this size."""
    if kept is None or kept.dual.price.size != ground.lists.weight.size or kept.dual.toll.size != rows.limit.size:
        return None
    return Before(copied(kept.dual), kept.chosen)


def _from_model(question: Question, solved: Solved) -> _Answer:
    """Return a set cover's answer with the stations counted again and whole numbers made whole."""
    if solved.values is None:
        return _Answer(None, solved.bound, solved.objective, solved.stopped)
    chosen = solved.values[: question.sites.count] > 0.5
    count = float(chosen.sum())
    return _Answer(chosen, min(count, float(np.ceil(solved.bound - 1e-6))), count, solved.stopped)


def _with_capacity(question: Question, manner: Manner, began: float) -> _Answer:
    if question.goal in {"center", "backup"}:
        raise BadInput(NO_CAPACITY, goal=question.goal)
    lists = question.pairs if question.goal == "median" else _covered(question)
    lists = lists._replace(weight=question.weight(), far=np.ones(lists.weight.size))
    solved, site = with_capacity(question, lists, manner, began)
    if solved.values is None:
        return _Answer(None, solved.bound, solved.objective, solved.stopped)
    chosen = solved.values[: question.sites.count] > 0.5
    if question.goal == "cover":
        total = float(lists.weight.sum())
        return _Answer(
            chosen, total - solved.objective, total - _snapped(solved.bound, solved.objective), solved.stopped, site
        )
    return _Answer(chosen, _snapped(solved.bound, solved.objective), solved.objective, solved.stopped, site)


def _worst(question: Question, manner: Manner, began: float) -> _Answer:
    if question.goal not in {"median", "cover"}:
        raise BadInput(NO_SCENARIOS, goal=question.goal)
    lists = question.pairs if question.goal == "median" else _covered(question)
    heaviest = np.atleast_2d(question.weights).max(axis=0)
    lists = lists._replace(weight=heaviest, far=np.ones(heaviest.size))
    solved = worst_scenario(question, lists, manner, began)
    if solved.values is None:
        return _Answer(None, solved.bound, solved.objective, solved.stopped)
    chosen = solved.values[: question.sites.count] > 0.5
    bound, value = _snapped(solved.bound, solved.objective), solved.objective
    if question.goal == "cover":
        total = float(question.weights.sum(axis=1).max())
        return _Answer(chosen, total - value, total - bound, solved.stopped)
    return _Answer(chosen, bound, value, solved.stopped)


def _covered(question: Question) -> Lists:
    return core_lists(replace(question, goal="cover"))


def _snapped(bound: float, value: float) -> float:
    """Return the bound, or the value where they differ by rounding only.

    >>> _snapped(9.9999999999, 10.0), _snapped(9.0, 10.0)
    (10.0, 9.0)
    """
    return value if abs(bound - value) <= 1e-7 * max(1.0, abs(value)) else bound


def _plan(question: Question, manner: Manner, answer: _Answer, began: float) -> Plan:
    unreachable = unreachable_in(question)
    goal = question.goal
    if answer.chosen is None:
        if answer.stopped:
            return Plan(goal, "stopped", None, None, answer.lower, np.inf, monotonic() - began, unreachable=unreachable)
        why = trouble(question, unreachable)
        return Plan(
            goal, "infeasible", None, None, np.inf, np.inf, monotonic() - began, unreachable=unreachable, trouble=why
        )
    chosen = np.flatnonzero(answer.chosen) if goal == "set-cover" else _filled(question, answer.chosen)
    site, cost = assigned(question.pairs, chosen, question.sites.count)
    if answer.site is not None:
        site, cost = answer.site.astype(np.int32), cost_to(question.pairs, answer.site)
    status = status_of(answer.lower, answer.upper, gap=manner.gap, stopped=answer.stopped)
    objective = answer.lower if goal in MAXIMISED else answer.upper
    seconds = monotonic() - began
    plan = Plan(goal, status, chosen, objective, answer.lower, answer.upper, seconds, site, cost, unreachable)
    return replace(plan, kept=answer.kept)


def _filled(question: Question, flags: Flags) -> NDArray[np.int64]:
    """Return the open sites, with more of them up to the wanted number where that breaks no rule."""
    chosen = flags.copy()
    rows, state = question.rows(), question.sites.states()
    if question.number is not None:
        activity = activity_of(rows, chosen)
        for j in np.flatnonzero(~chosen & (state != OUT) & (state != IN)):
            if chosen.sum() < question.number and fits(rows, activity, j, -1):
                chosen[j] = True
                activity = activity_of(rows, chosen)
    return np.flatnonzero(chosen)
