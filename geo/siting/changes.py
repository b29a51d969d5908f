"""What one change of a plan does: a station leaves, a site comes in, or one takes the place of another."""

from dataclasses import dataclass, replace

import numpy as np
from numba import njit

from geo.siting.bound import nearest_open
from geo.siting.cover import within
from geo.siting.limits import OUT
from geo.siting.merging import merged
from geo.siting.neighbours import Floats, Ints, Lists, Sites, columns_of
from geo.siting.plan import MAXIMISED, Plan
from geo.siting.question import Question
from geo.siting.swap import Case, start_search


@dataclass(frozen=True)
class Changes:
    """How much worse a plan gets by each single change, in the goal's own measure; inf: somebody is left unserved.

    leave (p,): without one of its p stations; enter (m,): with one more site; swap (m, p): a site for a station.
    Of a set cover the measure is the weight that is not reached any more. Columns are in the order of the plan.
    """

    leave: Floats
    enter: Floats
    swap: Floats


def changes_of(question: Question, plan: Plan) -> Changes | None:
    """Return what each change of a plan does; None where who goes where would have to be decided anew (capacities)."""
    if plan.chosen is None or question.sites.capacity is not None:
        return None
    if question.goal == "center":
        return _farther(question, plan.chosen)
    if question.goal == "backup":
        return _less_backup(question, plan.chosen)
    if question.worst and question.weights.ndim == 2:
        return _worst_of([_added_up(question, plan.chosen, weight) for weight in question.weights])
    value, changes = _added_up(question, plan.chosen, question.weight())
    return _worst_of([(value, changes)])


def _worst_of(scenarios: list[tuple[float, Changes]]) -> Changes:
    """Return how much the dearest scenario changes."""
    before = max(value for value, _changes in scenarios)

    def dearest(name: str) -> Floats:
        after = [value + np.asarray(getattr(changes, name)) for value, changes in scenarios]
        return np.asarray(np.maximum.reduce(after) - before) if len(after) > 1 else getattr(scenarios[0][1], name)

    return Changes(dearest("leave"), dearest("enter"), dearest("swap"))


def _added_up(question: Question, chosen: Ints, weight: Floats) -> tuple[float, Changes]:
    """Return what a plan costs where costs of demands add up (coverage: less what there is), and what changes do."""
    from geo.siting.solve import all_served, core_lists

    asked = replace(question, weights=weight, goal="cover" if question.goal == "set-cover" else question.goal)
    m, lists = question.sites.count, core_lists(asked)
    most = all_served(lists) if question.goal == "median" else np.inf
    lists = merged(lists, m)[0]
    flags = np.zeros(m, np.bool_)
    flags[chosen] = True
    case = Case(lists, columns_of(lists, m), question.rows(), question.sites.states(), np.ones(m), max(chosen.size, 1))
    search = start_search(case, flags)
    seats = search.seat[chosen]
    value = float(np.dot(lists.weight, search.near_cost))
    leave, enter = search.loss[seats], -search.gain
    swap = search.loss[seats][None, :] + enter[:, None] - search.overlap[:, seats]
    told = [np.where(value + change < most, change, np.inf) for change in (leave, enter, swap)]
    return value - (float(weight.sum()) if question.goal in MAXIMISED else 0.0), Changes(*told)


def _less_backup(question: Question, chosen: Ints) -> Changes:
    lists = within(question.pairs, float(question.limit or 0), question.weight(), question.sites.states() != OUT)
    small = merged(lists, question.sites.count)[0]
    seat = np.full(question.sites.count, -1, np.int32)
    seat[chosen] = np.arange(chosen.size)
    leave, gain, overlap = twice_changes(small, seat, chosen.size, 0.0)
    return Changes(leave, -gain, leave[None, :] - gain[:, None] - overlap)


@njit(cache=True)
def _seats_of(lists: Lists, seat: Sites, i: int) -> tuple[int, int, int]:
    """Return the last two seats in the list of a demand (-1: none) and how many there are."""
    one, other, count = -1, -1, 0
    for k in range(lists.start[i], lists.start[i + 1]):
        if seat[lists.site[k]] >= 0:
            one, other, count = seat[lists.site[k]], one, count + 1
    return one, other, count


@njit(cache=True)
def twice_changes(lists: Lists, seat: Sites, seats: int, once: float) -> tuple[Floats, Floats, Floats]:
    """Return what leaving loses, coming gains, and what both together save, of the weight with two stations in reach.

    seat (m,): the number of an open site among the open ones, -1 when closed; once: what one station in reach counts.
    """
    leave, gain, overlap = np.zeros(seats), np.zeros(seat.size), np.zeros((seat.size, seats))
    for i in range(lists.weight.size):
        one, other, count = _seats_of(lists, seat, i)
        if count > 2:
            continue
        first, second = lists.weight[i] * once, lists.weight[i] * (1.0 - once)
        coming, going = (first, second, 0.0)[count], (0.0, first, second)[count]
        if count > 0:
            leave[one] += going
        if count > 1:
            leave[other] += going
        for k in range(lists.start[i], lists.start[i + 1]):
            j = lists.site[k]
            if seat[j] < 0:
                gain[j] += coming
                if count > 0:
                    overlap[j, one] += going - coming
                if count > 1:
                    overlap[j, other] += going - coming
    return leave, gain, overlap


def _farther(question: Question, chosen: Ints) -> Changes:
    heavy = np.flatnonzero(question.weight() > 0)
    m, pairs = question.sites.count, question.pairs._replace(far=np.full(question.pairs.weight.size, np.inf))
    flags = np.zeros(m, np.bool_)
    flags[chosen] = True
    near, cost = nearest_open(pairs, flags)
    value = float(cost[heavy].max(initial=0.0))
    leave, swap = np.empty(chosen.size), np.empty((m, chosen.size))
    for seat, site in enumerate(chosen.tolist()):
        flags[site] = False
        without = np.where(near == site, nearest_open(pairs, flags)[1], cost)
        flags[site] = True
        leave[seat], swap[:, seat] = without[heavy].max(initial=0.0), _with_each(pairs, without, heavy, m)
    return Changes(leave - value, _with_each(pairs, cost, heavy, m) - value, swap - value)


def _with_each(lists: Lists, cost: Floats, heavy: Ints, sites: int) -> Floats:
    """Return for each site how far the worst-off is when it is opened besides what makes these costs."""
    return _least_worst(lists, cost, heavy[np.argsort(-cost[heavy], kind="stable")], sites)


@njit(cache=True)
def _least_worst(lists: Lists, cost: Floats, order: Ints, sites: int) -> Floats:
    worst, done, seen = np.zeros(sites), np.zeros(sites, np.bool_), np.full(sites, -1, np.int64)
    left = sites
    for i in order:
        for k in range(lists.start[i], lists.start[i + 1]):
            if lists.cost[k] >= cost[i]:
                break
            j = lists.site[k]
            if not done[j]:
                seen[j] = i
                worst[j] = max(worst[j], lists.cost[k])
        for j in range(sites):
            if not done[j] and (seen[j] != i or worst[j] >= cost[i]):
                worst[j] = max(worst[j], cost[i]) if seen[j] != i else worst[j]
                done[j] = True
                left -= 1
        if left == 0:
            break
    return worst
