"""What is asked: a goal, who needs a station and where one can be, and what the plan must keep to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.i18n import N_
from geo.siting.limits import FREE, IN, OUT, Rows, States, rows_of
from geo.siting.neighbours import Flags, Floats, Ints, Lists

Goal = Literal["median", "cover", "set-cover", "center", "backup"]
GOALS: tuple[Goal, ...] = ("median", "cover", "set-cover", "center", "backup")

NO_SITES = N_("There is no candidate site. Add at least one.")
ALL_BANNED = N_("Every candidate site is banned. Allow at least one.")
NO_DEMAND = N_("There is no demand. Add at least one place with a weight above 0.")
NEGATIVE = N_("Weights and costs are numbers from 0 up. Correct the {what} of number {at}.")
TOO_MANY = N_("{number} stations are wanted, but only {sites} sites can be used. Ask for fewer, or add sites.")
TOO_FEW = N_("{number} stations are wanted, but {fixed} are fixed already. Ask for at least that many.")
LOW_BUDGET = N_("The budget of {budget} is below the cheapest site, which costs {cheapest}. Raise it, or add sites.")
NO_SIZE = N_("Say how many stations there may be, or how much they may cost.")
BOTH_WAYS = N_("Site number {at} is both fixed and banned. Choose one.")


@dataclass(frozen=True)
class Candidates:
    """Sites: cost and capacity each, which stand already, which must or must not be used, and what goes together.

    fixed stations stand already and cost nothing; forced sites are paid for. group (m,): the community of each, -1 for
    none; at_most, at_least: how many of each group. apart (k, 2): pairs too close to both have a station. pots: further
    budgets as (cost (m,), limit).
    """

    count: int
    cost: Floats | None = None
    capacity: Floats | None = None
    fixed: Flags | None = None
    banned: Flags | None = None
    forced: Flags | None = None
    group: Ints | None = None
    at_most: int | None = None
    at_least: int | None = None
    apart: Ints | None = None
    pots: tuple[tuple[Floats, float], ...] = ()

    def flags(self, name: str) -> Flags:
        """Return one of the flags, False everywhere when it was not given."""
        given = getattr(self, name)
        return np.zeros(self.count, bool) if given is None else np.asarray(given, bool)

    def states(self) -> States:
        """Return which sites are open or closed before anything is decided."""
        state = np.full(self.count, FREE, np.int8)
        state[self.flags("banned")] = OUT
        state[self.flags("fixed") | self.flags("forced")] = IN
        return state

    def price(self) -> Floats:
        """Return what each site costs: nothing for fixed ones, 0 where no costs are known."""
        price = np.zeros(self.count) if self.cost is None else np.asarray(self.cost, np.float64).copy()
        price[self.flags("fixed")] = 0.0
        return price


@dataclass(frozen=True)
class Question:
    """One question about sites.

    pairs: for each demand the sites it may use and how far they are (every other pair is not allowed); weights (n,), or
    (scenarios, n) with worst telling whether the worst scenario counts instead of their mean; number: at most how many
    stations, those fixed included; limit: how far is still covered; fade_to: where gradual cover has fallen to nothing;
    share: how much of the demand a set cover must reach; load (n,): what each takes of a capacity, None for its weight.
    """

    goal: Goal
    pairs: Lists
    weights: NDArray[np.float64]
    sites: Candidates
    number: int | None = None
    budget: float | None = None
    limit: float | None = None
    fade_to: float | None = None
    share: float = 1.0
    worst: bool = False
    load: Floats | None = None

    def weight(self) -> Floats:
        """Return the weight of each demand; of several scenarios the mean."""
        return self.weights if self.weights.ndim == 1 else self.weights.mean(axis=0)

    def most(self) -> int:
        """Return how many stations there can be at most, by number and budget."""
        usable = int((self.sites.states() != OUT).sum())
        most = usable if self.number is None else min(self.number, usable)
        if self.budget is not None:
            price = np.sort(self.sites.price()[self.sites.states() == FREE])
            spent = self.sites.price()[self.sites.flags("forced")].sum()
            room = int((spent + np.cumsum(price) <= self.budget * (1 + 1e-12)).sum())
            most = min(most, room + int((self.sites.states() == IN).sum()))
        return most

    def rows(self) -> Rows:
        """Return budget, groups and distances between stations as rows."""
        sites, entries = self.sites, []
        everyone = np.arange(sites.count)
        if self.budget is not None:
            entries.append((everyone, sites.price(), float(self.budget)))
        for cost, limit in sites.pots:
            paid = np.flatnonzero(cost)
            entries.append((paid, np.asarray(cost, np.float64)[paid], float(limit)))
        if sites.group is not None:
            for group in np.unique(sites.group[sites.group >= 0]):
                members = np.flatnonzero(sites.group == group)
                if sites.at_most is not None:
                    entries.append((members, np.ones(members.size), float(sites.at_most)))
                if sites.at_least is not None:
                    entries.append((members, -np.ones(members.size), -float(sites.at_least)))
        entries += [(np.asarray(pair), np.ones(2), 1.0) for pair in ([] if sites.apart is None else sites.apart)]
        return rows_of(sites.count, entries)


@dataclass(frozen=True)
class Manner:
    """How to answer: relative gap to stop at, seconds to take at most, and who is told of better plans.

    watch(open sites, lower, upper) is called as plan and bound improve; when it returns True the best plan is kept.
    """

    gap: float = 0.0
    seconds: float = float("inf")
    watch: Callable[[Flags, float, float], bool] | None = field(default=None, compare=False)


def check(question: Question) -> None:
    """Raise BadInput in words for a question that makes no sense."""
    sites = question.sites
    if sites.count == 0:
        raise BadInput(NO_SITES)
    if question.pairs.weight.size == 0:
        raise BadInput(NO_DEMAND)
    state = sites.states()
    if (state == OUT).all():
        raise BadInput(ALL_BANNED)
    _check_numbers(question)
    clash = np.flatnonzero(sites.flags("fixed") & sites.flags("banned"))
    if clash.size:
        raise BadInput(BOTH_WAYS, at=int(clash[0]) + 1)
    if question.number is None and question.budget is None and question.goal != "set-cover":
        raise BadInput(NO_SIZE)
    _check_size(question, state)


def _check_numbers(question: Question) -> None:
    named = (("weight", np.atleast_2d(question.weights).min(axis=0)), ("cost", question.sites.price()))
    for what, values in named:
        wrong = np.flatnonzero(~(values >= 0))
        if wrong.size:
            raise BadInput(NEGATIVE, what=what, at=int(wrong[0]) + 1)


def _check_size(question: Question, state: States) -> None:
    if question.number is not None:
        usable, fixed = int((state != OUT).sum()), int((state == IN).sum())
        if question.number > usable:
            raise BadInput(TOO_MANY, number=question.number, sites=usable)
        if question.number < fixed:
            raise BadInput(TOO_FEW, number=question.number, fixed=fixed)
    if question.budget is not None and not (state == IN).any():
        cheapest = float(question.sites.price()[state == FREE].min())
        if question.budget < cheapest:
            raise BadInput(LOW_BUDGET, budget=f"{question.budget:g}", cheapest=f"{cheapest:g}")
