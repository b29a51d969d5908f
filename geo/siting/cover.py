"""Fewest stations, two stations in reach, and the least farthest distance: models about who is within reach."""

from dataclasses import dataclass
from time import monotonic

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.siting.branch import Effort, search
from geo.siting.exact import Model, Solved, run
from geo.siting.limits import IN, OUT, States
from geo.siting.merging import merged
from geo.siting.neighbours import Flags, Floats, Ints, Lists, columns_of
from geo.siting.question import Manner, Question
from geo.siting.swept import possible, swaps_for, swept

DENSE = 4_000_000


def within(pairs: Lists, radius: float, weight: Floats, usable: Flags) -> Lists:
    """Return coverage lists (cost 0, outside 1) of the pairs within a radius, in the order of sites."""
    owner = np.repeat(np.arange(pairs.weight.size), np.diff(pairs.start))
    keep = (pairs.cost <= radius) & usable[pairs.site]
    owner, site = owner[keep], pairs.site[keep]
    order = np.lexsort((site, owner))
    start = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=weight.size)))).astype(np.int64)
    return Lists(start, site[order], np.zeros(site.size), weight, np.ones(weight.size))


def _owners(lists: Lists) -> Ints:
    return np.repeat(np.arange(lists.weight.size), np.diff(lists.start))


def site_columns(model: Model, question: Question, cost: Floats) -> Ints:
    """Add a column per site, with the states, the number, the budget and all other rows of the question."""
    state, rows = question.sites.states(), question.rows()
    sites = model.columns(
        cost, np.where(state == IN, 1.0, 0.0), np.where(state == OUT, 0.0, 1.0), whole=True
    )  # fmt: skip
    owner = np.repeat(np.arange(sites.size), np.diff(rows.start))
    model.add(rows.row.astype(np.int64), sites[owner], rows.value, np.full(rows.limit.size, -np.inf), rows.limit)
    if question.number is not None:
        limit = np.full(1, float(question.number))
        model.add(np.zeros(sites.size, np.int64), sites, np.ones(sites.size), np.full(1, -np.inf), limit)
    return sites


def fewest(question: Question, manner: Manner, began: float, *, cost: Floats | None = None) -> Solved:
    """Find the fewest stations, or those of least cost, that cover everybody or the wanted share within the limit.

    Everybody means every demand with a weight that some site can cover at all.
    """
    usable = question.sites.states() != OUT
    lists, _group = merged(within(question.pairs, float(question.limit or 0), question.weight(), usable), usable.size)
    model = Model()
    sites = site_columns(model, question, np.ones(usable.size) if cost is None else cost)
    owner, n = _owners(lists), lists.weight.size
    if question.share >= 1.0:
        model.add(owner, sites[lists.site], np.ones(owner.size), np.ones(n), np.full(n, np.inf))
    else:
        served = model.columns(np.zeros(n), np.zeros(n), np.ones(n), whole=False)
        row = np.concatenate((owner, np.arange(n)))
        column = np.concatenate((sites[lists.site], served))
        value = np.concatenate((np.ones(owner.size), -np.ones(n)))
        model.add(row, column, value, np.zeros(n), np.full(n, np.inf))
        needed = question.share * question.weight().sum() * (1 - 1e-12)
        model.add(np.zeros(n, int), served, lists.weight, np.full(1, needed), np.full(1, np.inf))
    return _solved(model, usable.size, manner, began)


def twice(question: Question, manner: Manner, began: float) -> Solved:
    """Find the plan with the most weight that has two stations within the limit."""
    usable = question.sites.states() != OUT
    lists, _group = merged(within(question.pairs, float(question.limit or 0), question.weight(), usable), usable.size)
    model = Model()
    sites = site_columns(model, question, np.zeros(usable.size))
    owner, n = _owners(lists), lists.weight.size
    served = model.columns(-lists.weight, np.zeros(n), np.ones(n), whole=True)
    row = np.concatenate((owner, np.arange(n)))
    column = np.concatenate((sites[lists.site], served))
    value = np.concatenate((np.ones(owner.size), np.full(n, -2.0)))
    model.add(row, column, value, np.zeros(n), np.full(n, np.inf))
    solved = _solved(model, usable.size, manner, began)
    return Solved(solved.values, -solved.objective, -solved.bound, solved.stopped)


def twice_covered(question: Question, chosen: Flags) -> float:
    """Return the weight that has two of the chosen sites within the limit."""
    lists = within(question.pairs, float(question.limit or 0), question.weight(), chosen)
    return float(lists.weight[np.diff(lists.start) >= 2].sum())


def _solved(model: Model, sites: int, manner: Manner, began: float) -> Solved:
    solved = run(model, gap=manner.gap, seconds=manner.seconds - (monotonic() - began))
    if manner.watch is not None and solved.values is not None:
        low, high = sorted((abs(solved.objective), abs(solved.bound)))
        manner.watch(solved.values[:sites] > 0.5, low, high)
    return solved


def farthest(question: Question, chosen: Flags) -> float:
    """Return the distance of the worst-off demand with a weight to its nearest open site, inf when one has none."""
    from geo.siting.bound import nearest_open

    pairs, heavy = question.pairs, question.weight() > 0
    cost = nearest_open(pairs._replace(far=np.full(pairs.weight.size, np.inf)), chosen)[1]
    return float(cost[heavy].max(initial=0.0))


def center(question: Question, manner: Manner, began: float) -> tuple[Flags | None, float, float, bool]:
    """Find the plan whose farthest demand is nearest: the least radius the relaxed cover allows, then up from there.

    Returns plan, proven lower bound, its radius, and whether it was stopped before it was decided.
    """
    state = question.sites.states()
    pairs, heavy = question.pairs, question.weight() > 0
    least = _least_radius(pairs, heavy, state)
    if not np.isfinite(least):
        return None, np.inf, np.inf, False
    radii = np.unique(pairs.cost[heavy[_owners(pairs)] & (pairs.cost >= least)])
    until = began + manner.seconds
    hunt = _Radii(question, radii, manner, until)
    hunt.offer(_first_plan(question))
    hunt.raise_relaxed()
    hunt.decide()
    low = float(radii[hunt.at]) if hunt.at < radii.size else np.inf
    return hunt.best, min(low, hunt.high), hunt.high, hunt.stopped and low < hunt.high


@dataclass
class _Radii:
    """The radii still in question: from at on it is open whether a plan exists, from end on there is one."""

    question: Question
    radii: Floats
    manner: Manner
    until: float
    at: int = 0
    high: float = np.inf
    best: Flags | None = None
    stopped: bool = False

    @property
    def end(self) -> int:
        return int(np.searchsorted(self.radii, self.high))

    def offer(self, chosen: Flags) -> None:
        """Keep a plan when its farthest demand is nearer than before."""
        radius = farthest(self.question, chosen)
        if radius < self.high:
            self.best, self.high = chosen, radius

    def ended(self) -> bool:
        """Tell whether nothing is left to decide, time is up, or somebody said stop."""
        low = self.radii[min(self.at, self.radii.size - 1)]
        if self.at >= self.end or self.high - low <= self.manner.gap * self.high:
            return True
        watch = self.manner.watch
        told = watch is not None and self.best is not None and watch(self.best, float(low), self.high)
        self.stopped = self.stopped or told or monotonic() >= self.until
        return self.stopped

    def raise_relaxed(self) -> None:
        """Raise the lower end to the least radius that the cover with shares of stations allows."""
        low, high = self.at, self.end
        while low < high and not self.ended():
            middle = low + (high - low) // 3
            solved = _counted(self.question, _reduced(self.question, self.radii[middle]), self.until, relaxed=True)
            if solved.stopped:
                self.stopped = True
            elif solved.values is None:
                low = self.at = middle + 1
            else:
                high = middle

    def decide(self) -> None:
        """Go up from the lower end in growing steps until there is a plan, then halve what is between."""
        step, found = 1, False
        while not self.ended():
            middle = (self.at + self.end) // 2 if found else min(self.at + step - 1, self.end - 1)
            verdict = _probe(self.question, self.radii[middle], self.until)
            if verdict is None:
                self.stopped = True
            elif isinstance(verdict, bool):
                self.at, step = middle + 1, 2 * step
            else:
                self.offer(verdict)
                found = True


def _first_plan(question: Question) -> Flags:
    heavy = (question.weight() > 0).astype(np.float64)
    farthest_pair = float(question.pairs.cost.max(initial=0.0))
    lists = question.pairs._replace(weight=heavy, far=np.full(heavy.size, 4 * farthest_pair + 1))
    effort = Effort(nodes=0, gap=0.05)
    found = search(
        lists,
        question.rows(),
        question.sites.states(),
        question.most(),
        price=np.ones(question.sites.count),
        effort=effort,
    )
    return found.chosen if found.chosen is not None else question.sites.states() == IN


def _least_radius(pairs: Lists, heavy: Flags, state: States) -> float:
    owner = _owners(pairs)
    usable = state[pairs.site] != OUT
    nearest = np.full(heavy.size, np.inf)
    np.minimum.at(nearest, owner[usable], pairs.cost[usable])
    return float(nearest[heavy].max(initial=0.0))


def _without_dominated(lists: Lists, sites: int, *, columns: bool) -> Lists:
    """Return the lists without demands that any plan for the others serves, and without sites another one replaces."""
    if lists.weight.size * sites > DENSE:
        return lists
    table = np.zeros((lists.weight.size, sites), np.bool_)
    table[_owners(lists), lists.site] = True
    left, before = np.arange(table.shape[0]), -1
    while table.size != before:
        before = table.size
        implied = _implied(table)
        table, left = table[~implied], left[~implied]
        if columns:
            table = table & ~_implied(~table.T)[None, :]
    row, site = np.nonzero(table)
    start = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=left.size)))).astype(np.int64)
    return Lists(start, site.astype(np.int32), np.zeros(site.size), lists.weight[left], lists.far[left])


def _implied(table: Flags) -> Flags:
    """Return which rows hold all of another row; of equal rows all but the first."""
    packed = np.packbits(table, axis=1)
    words = np.zeros((len(packed), -(-packed.shape[1] // 8) * 8), np.uint8)
    words[:, : packed.shape[1]] = packed
    return np.asarray(_holding(words.view(np.uint64)))


@njit(cache=True)
def _holding(words: NDArray[np.uint64]) -> Flags:
    implied = np.zeros(len(words), np.bool_)
    for i in range(len(words)):
        for other in range(len(words)):
            if other == i:
                continue
            held, equal = True, True
            for at in range(words.shape[1]):
                both = words[i, at] & words[other, at]
                equal = equal and words[i, at] == words[other, at]
                if both != words[other, at]:
                    held = False
                    break
            if held and (not equal or other < i):
                implied[i] = True
                break
    return implied


def _reduced(question: Question, radius: float) -> Lists:
    """Return who reaches which site within a radius, without what does not matter."""
    state, heavy = question.sites.states(), question.weight() > 0
    lists, _group = merged(within(question.pairs, radius, heavy.astype(np.float64), state != OUT), state.size)
    alone = question.rows().limit.size == 0 and not (state == IN).any()
    return _without_dominated(lists, state.size, columns=alone)


def _counted(question: Question, lists: Lists, until: float, *, relaxed: bool) -> Solved:
    """Look for a plan that serves every list; stations are counted, which gives the stronger bound."""
    model = Model()
    sites = site_columns(model, question, np.ones(question.sites.count))
    owner, n = _owners(lists), lists.weight.size
    model.add(owner, sites[lists.site], np.ones(owner.size), np.ones(n), np.full(n, np.inf))
    if relaxed:
        model.whole = [np.zeros(model.size, bool)]
    return run(model, gap=0.0, seconds=until - monotonic(), any_plan=not relaxed)


def _probe(question: Question, radius: float, until: float) -> Flags | bool | None:
    """Return a plan that leaves nobody outside a radius, False for the proof that there is none, None for undecided."""
    state, lists = question.sites.states(), _reduced(question, radius)
    if question.rows().limit.size == 0:
        swaps = swaps_for(lists, state.size)
        served, chosen = swept(lists, columns_of(lists, state.size), state, question.most(), swaps)
        if served:
            return np.asarray(chosen)
        if not (state == IN).any():
            lists = possible(lists, state.size, question.most(), until - monotonic())
    solved = _counted(question, lists, until, relaxed=False)
    if solved.values is not None:
        return solved.values[: state.size] > 0.5
    return None if solved.stopped else False
