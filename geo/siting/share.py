"""Fewest stations that reach a share of all weight: the most that each number of them reaches, between two numbers."""

from time import monotonic

import numpy as np
from numba import njit

from geo.siting.bound import total_cost
from geo.siting.branch import Before, Effort, search
from geo.siting.cover import within
from geo.siting.limits import FREE, IN, OUT, States
from geo.siting.merging import merged
from geo.siting.neighbours import Columns, Flags, Lists, columns_of
from geo.siting.question import Manner, Question

CLOSE, HURRIED = 1e-12, 0.15


def fewest_for_share(question: Question, manner: Manner, began: float) -> tuple[Flags | None, float, float, bool]:
    """Find the fewest stations within whose limit the wanted share of all weight is.

    Returns a plan, the proven least number, the number of the plan, and whether it was stopped before these met.
    """
    state = question.sites.states()
    lists, _group = merged(
        within(question.pairs, float(question.limit or 0), question.weight(), state != OUT), state.size
    )
    weight = question.weight()
    outside = (1.0 - question.share) * float(weight.sum()) * (1 + CLOSE) - (
        float(weight.sum()) - float(lists.weight.sum())
    )
    hunt = _Numbers(question, lists, outside, manner, began + manner.seconds)
    hunt.begin()
    hunt.gallop()
    hunt.halve()
    return hunt.best, float(hunt.low), float(hunt.high), hunt.stopped and hunt.low < hunt.high


@njit(cache=True)
def _greedy(lists: Lists, columns: Columns, state: States, outside: float) -> Flags:
    """Open the site that reaches most weight not yet reached until no more than so much is outside."""
    chosen, reached = np.zeros(state.size, np.bool_), np.zeros(lists.weight.size, np.bool_)
    gain, left = np.zeros(state.size), lists.weight.sum()
    for i in range(lists.weight.size):
        for k in range(lists.start[i], lists.start[i + 1]):
            gain[lists.site[k]] += lists.weight[i]
    while True:
        come = -1
        for j in range(state.size):
            waits = not chosen[j] and (state[j] == IN or (state[j] == FREE and left > outside and gain[j] > 0))
            if waits and (come < 0 or (state[j] == IN) > (state[come] == IN) or gain[j] > gain[come]):
                come = j
        if come < 0:
            return chosen
        chosen[come] = True
        for k in range(columns.start[come], columns.start[come + 1]):
            i = columns.demand[k]
            if not reached[i]:
                reached[i] = True
                left -= lists.weight[i]
                for at in range(lists.start[i], lists.start[i + 1]):
                    gain[lists.site[at]] -= lists.weight[i]


class _Numbers:
    """Between low stations, of which fewer are proven not to do, and high, of which a plan is known."""

    def __init__(self, question: Question, lists: Lists, outside: float, manner: Manner, until: float) -> None:
        self.question, self.lists, self.outside = question, lists, outside
        self.manner, self.until = manner, until
        self.most = question.most()
        self.low: float = int((question.sites.states() == IN).sum())
        self.high: float = np.inf
        self.best: Flags | None = None
        self.stopped = False
        self.known: Before | None = None

    def begin(self) -> None:
        """Open what reaches most that is left, again and again, where no row has to be kept."""
        state = self.question.sites.states()
        if not self.question.rows().limit.size:
            chosen = _greedy(self.lists, columns_of(self.lists, state.size), state, self.outside)
            if chosen.any() and chosen.sum() <= self.most and total_cost(self.lists, chosen) <= self.outside:
                self.best, self.high = chosen, float(chosen.sum())

    def gallop(self) -> None:
        """Double the number until a plan reaches the share, or none with all that may be opened does."""
        number = max(int(self.low), 1)
        while not np.isfinite(self.high) and not self.stopped:
            self._try(min(number, self.most), hurried=True)
            if number >= self.most:
                break
            number *= 2
        if not np.isfinite(self.high) and self.low > self.most:
            self.low = np.inf

    def halve(self) -> None:
        """Halve what is between as quickly as it goes, then decide what is left with all the time there is."""
        for hurried in (True, False):
            low, high = self.low, self.high
            while np.isfinite(high) and low < high and not self.stopped:
                middle = int((low + high) // 2) if hurried else int(self.high) - 1
                decided = self._try(middle, hurried=hurried)
                low, high = (self.low, self.high) if decided or not hurried else (middle + 1, high)
                if not hurried and not decided:
                    break

    def _try(self, number: int, *, hurried: bool) -> bool:
        """Look for a plan with so many stations, or for the proof that there is none; True when decided."""
        lists, outside, question = self.lists, self.outside, self.question
        whole = bool((lists.weight == np.floor(lists.weight)).all())
        enough = np.floor(outside) + 1.0 - 1e-4 if whole else outside * (1 + 1e-9) + 1e-9

        def watch(_chosen: Flags, upper: float, _lower: float) -> bool:
            told = self.manner.watch
            if told is not None and self.best is not None and told(self.best, float(self.low), self.high):
                self.stopped = True
            return upper <= outside or self.stopped

        until = min(self.until, monotonic() + HURRIED * (self.until - monotonic())) if hurried else self.until
        effort = Effort(enough=enough, until=until, nodes=0 if hurried else 1_000_000, watch=watch)
        found = search(
            lists, question.rows(), question.sites.states(), number, price=np.ones(question.sites.count), effort=effort
        )
        self.stopped = self.stopped or monotonic() >= self.until
        if found.chosen is not None and found.upper <= outside:
            self.best, self.high = found.chosen, min(self.high, float(found.chosen.sum()))
            return True
        if found.lower > outside:
            self.low = max(self.low, number + 1)
            return True
        return False
