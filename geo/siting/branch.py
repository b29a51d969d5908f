"""The search for a proof: best-first branch and bound on the Lagrangian bound, with plans improved on the way."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import NamedTuple

import numpy as np

from geo.siting.bound import Climb, Dual, climb, fix_sites, new_dual, prices_of, settle, total_cost
from geo.siting.limits import FREE, IN, OUT, Rows, States, activity_of, propagate, repaired
from geo.siting.neighbours import Columns, Flags, Floats, Lists, columns_of, focused, least_total
from geo.siting.swap import Case, polish, thinned

ROUND, ROUNDS, PATIENCE = 100, 20, 12
FIRST_STEPS, FIRST_PACE = 60, 0.3
NODE_STEPS, NODE_PATIENCE, NODE_PACE = 80, 10, 0.4
WORTH_A_LOOK = 1.03
MANY_PAIRS = 2_000_000
SETTLE_PACE, SETTLE_PATIENCE, SETTLE_STEPS, WARM_PACE = 0.1, 5, 60, 0.15
DEAD_PACE, WORTH_A_ROUND = 1e-3, 0.02
MOVES = 100_000
CLOSE = 1e-9

Watch = Callable[[Flags, float, float], bool]
"""Called with plan, upper and lower bound as they improve; True stops the search, which keeps the best plan."""


@dataclass(frozen=True)
class Effort:
    """When to stop: relative gap, a moment of ``time.monotonic``, most nodes; and who watches.

    total: where the goal is to save cost from so much, the gap is one of what is saved; enough: a bound that will do;
    pace: that of each branch's climb at its start; warm: that of a climb from known ones.
    """

    gap: float = 0.0
    total: float | None = None
    enough: float = np.inf
    until: float = np.inf
    nodes: int = 1_000_000
    pace: float = NODE_PACE
    warm: float = WARM_PACE
    watch: Watch | None = None


@dataclass
class Found:
    """What a search found: the best plan (None: none keeps to the rows), its cost, the proven bound, and the dual."""

    chosen: Flags | None
    upper: float
    lower: float
    dual: Dual
    stopped: bool = False
    nodes: int = 0


@dataclass
class Hunt:
    """One search under way."""

    lists: Lists
    columns: Columns
    rows: Rows
    price: Floats
    most: int
    effort: Effort
    grain: float
    state: States
    found: Found
    pruned: float = np.inf
    heap: list[tuple[float, int, States, Floats, Floats]] = field(default_factory=list)
    serial: "count[int]" = field(default_factory=count)

    @property
    def cut(self) -> float:
        """The bound from which a branch need not be followed."""
        upper, effort = self.found.upper, self.effort
        if not np.isfinite(upper):
            return effort.enough
        counted = abs(upper) if effort.total is None else effort.total - upper
        slack = max(self.grain - 1e-4 if self.grain else 0.0, CLOSE * abs(upper), effort.gap * counted)
        return min(upper - slack, effort.enough)

    def stop_asked(self) -> bool:
        """Tell whether time is up or somebody said stop."""
        watch, found = self.effort.watch, self.found
        late = monotonic() >= self.effort.until
        told = watch is not None and found.chosen is not None and watch(found.chosen, found.upper, found.lower)
        found.stopped = found.stopped or late or told
        return found.stopped

    @property
    def round_steps(self) -> int:
        """How many steps to climb before looking at plan, time and whoever watches."""
        return ROUND if self.lists.site.size < MANY_PAIRS else ROUND // 4

    def offer(self, chosen: Flags) -> None:
        """Keep a plan when it is better than the best so far and keeps to the rows."""
        if self.rows.limit.size and bool((activity_of(self.rows, chosen) > self.rows.limit + 1e-7).any()):
            return
        cost = total_cost(self.lists, chosen)
        if cost < self.found.upper:
            self.found.upper, self.found.chosen = cost, chosen

    def refine(self, chosen: Flags, state: States) -> None:
        """Improve a plan by moves and offer it."""
        start = chosen.copy()
        if self.rows.limit.size:
            start = repaired(self.rows, start, self.state)
        many = int(start.sum())
        if many > self.most:
            roomy = Case(self.lists, self.columns, self.rows, state, self.price, many)
            start = thinned(roomy, start, self.most)
        case = Case(self.lists, self.columns, self.rows, state, self.price, self.most)
        self.offer(polish(case, start, MOVES))


def grain_of(lists: Lists) -> float:
    """Return 1 when every plan costs a whole number, else 0.

    >>> from geo.siting.neighbours import from_matrix
    >>> grain_of(from_matrix(np.array([[1.0, 2.5]]), np.full(1, 2.0), np.full(1, 3.0)))
    0.0
    >>> grain_of(from_matrix(np.array([[1.0, 2.0]]), np.full(1, 2.0), np.full(1, 3.0)))
    1.0
    """
    whole = all(bool((values == np.floor(values)).all()) for values in (lists.cost, lists.weight, lists.far))
    return 1.0 if whole and float(np.dot(lists.weight, lists.far)) < 2**50 else 0.0


class Ground(NamedTuple):
    """What every search on the same lists needs: they, seen from the sites, too, and what divides every plan's cost."""

    lists: Lists
    columns: Columns
    grain: float


class Before(NamedTuple):
    """What is known of a similar case: its prices, None where only the plan is known, and its plan."""

    dual: Dual | None
    chosen: Flags


def ground_of(lists: Lists, sites: int) -> Ground:
    """Return the ground of lists, which searches with other states, rows or numbers share."""
    return Ground(lists, columns_of(lists, sites), grain_of(lists))


def search(  # noqa: PLR0913
    lists: Lists,
    rows: Rows,
    state: States,
    most: int,
    *,
    price: Floats,
    effort: Effort,
    before: Before | None = None,
    ground: Ground | None = None,
) -> Found:
    """Find the plan of least cost with at most so many sites that keeps to the rows, and prove how good it is.

    lists: what serving costs; state (m,) int8: 0 free, 1 open, -1 closed; price (m,) > 0: what orders the first plan;
    before: a similar case to begin with; ground: the lists' own, when known. The plan is None when rows and states
    cannot be kept.
    """
    state, ground = state.copy(), ground or ground_of(lists, state.size)
    most = min(most, int((state >= 0).sum()))
    known = None if before is None else before.dual
    working = new_dual(lists, rows, state.size) if known is None else known
    found = Found(None, np.inf, -np.inf, working)
    if not propagate(rows, state, most):
        return Found(None, np.inf, np.inf, working)
    hunt = Hunt(lists, ground.columns, rows, price, most, effort, ground.grain, state, found)
    start = state == IN if before is None else before.chosen & (state >= 0) | (state == IN)
    whole = known is not None and int(start.sum()) == most
    if whole:
        hunt.offer(start)
    else:
        hunt.refine(start, state)
    warm = _first_prices(hunt, known=known is not None)
    found.lower = max(found.lower, least_total(lists))
    if whole and found.lower < hunt.cut:
        hunt.refine(start, state)
    if found.lower < hunt.cut:
        _root(hunt, warm=warm)
    else:
        hunt.pruned = found.lower
    while hunt.heap and not found.stopped and hunt.heap[0][0] < hunt.cut:
        _branch(hunt)
        found.lower = max(found.lower, min(_open_bound(hunt), found.upper))
        if found.nodes >= effort.nodes or hunt.stop_asked():
            found.stopped = found.stopped or bool(hunt.heap and hunt.heap[0][0] < hunt.cut)
            break
    _settle(hunt)
    return found


def _first_prices(hunt: Hunt, *, known: bool) -> bool:
    """Begin with the prices of the first plan, or those known from before where their bound is higher: then True."""
    found, dual = hunt.found, hunt.found.dual
    if found.chosen is None:
        return known
    kept, fresh = dual.price.copy(), prices_of(hunt.lists, found.chosen)
    once = Climb(hunt.most, found.upper, np.inf, 1, 1, 1.0)
    bound = climb(hunt.lists, hunt.rows, hunt.state, dual, once)[0] if known else -np.inf
    found.lower = min(bound, found.upper)
    if bound >= hunt.cut:
        return True
    dual.price[:] = fresh
    if known and climb(hunt.lists, hunt.rows, hunt.state, dual, once)[0] < bound:
        dual.price[:] = kept
        return True
    return False


def _settle(hunt: Hunt) -> None:
    found = hunt.found
    lower = max(found.lower, _open_bound(hunt))
    if hunt.grain and np.isfinite(lower):
        lower = float(np.ceil(lower - 1e-5))
    slack = max(CLOSE * abs(found.upper), hunt.grain - 1e-4 if hunt.grain else 0.0)
    found.lower = found.upper if lower >= found.upper - slack else lower
    counted = found.upper if hunt.effort.total is None else hunt.effort.total - found.lower
    found.stopped = found.stopped and found.upper - found.lower > hunt.effort.gap * counted


def _open_bound(hunt: Hunt) -> float:
    return min(hunt.pruned, hunt.heap[0][0] if hunt.heap else np.inf)


def _root(hunt: Hunt, *, warm: bool) -> None:
    """Raise the bound and improve the plan until no more comes of it, then put what is left up for branching."""
    settles = warm and not hunt.rows.limit.size
    found, pace, last = hunt.found, hunt.effort.warm if settles else FIRST_PACE, -np.inf
    for number in range(int(settles), ROUNDS * ROUND // hunt.round_steps):
        bound, pace = _climbed(hunt, pace, number)
        found.lower = max(found.lower, min(bound, found.upper))
        if bound >= hunt.cut or hunt.stop_asked():
            break
        if not _narrowed(hunt, bound):
            found.lower = hunt.cut
            break
        if pace < DEAD_PACE:
            break
        if number * hunt.round_steps % ROUND == 0:
            if number > 0 and bound - last < WORTH_A_ROUND * (hunt.cut - bound):
                break
            last = bound
        if number == 0 and not hunt.rows.limit.size:
            pace = SETTLE_PACE
    if found.lower < hunt.cut and (hunt.state == OUT).sum() > hunt.state.size // 4:
        hunt.lists = focused(hunt.lists, hunt.state)
        hunt.columns = columns_of(hunt.lists, hunt.state.size)
    hunt.pruned = np.inf
    node = (found.lower, next(hunt.serial), hunt.state, found.dual.price.copy(), found.dual.toll.copy())
    heapq.heappush(hunt.heap, node)


def _climbed(hunt: Hunt, pace: float, number: int) -> tuple[float, float]:
    """Climb a round, look for a plan where it ended, and return bound and pace.

    Single slopes climb fastest at first; then their average does, but it cannot move tolls.
    """
    dual, steps = hunt.found.dual, hunt.round_steps
    if number > 0 and not hunt.rows.limit.size:
        how = Climb(hunt.most, _reach(hunt), hunt.cut, steps, SETTLE_PATIENCE, pace, float(number > 1))
        bound, pace = settle(hunt.lists, hunt.rows, hunt.state, dual, how)
    else:
        steps = min(FIRST_STEPS, steps) if number == 0 else steps
        how = Climb(hunt.most, _reach(hunt), hunt.cut, steps, PATIENCE, pace)
        bound, pace, _taken = climb(hunt.lists, hunt.rows, hunt.state, dual, how)
    if bound < hunt.cut:
        hunt.refine(dual.best_chosen, hunt.state)
    return bound, pace


def _narrowed(hunt: Hunt, bound: float) -> bool:
    """Fix what the bound allows; False when no better plan is left."""
    dual = hunt.found.dual
    fix_sites(dual, hunt.state, hunt.most, hunt.cut - bound + CLOSE * abs(bound))
    return propagate(hunt.rows, hunt.state, hunt.most)


def _reach(hunt: Hunt) -> float:
    """Return the value the climb aims at: the plan's cost, or while there is none something above the bound."""
    if np.isfinite(hunt.found.upper):
        return hunt.found.upper
    return float(np.dot(hunt.lists.weight, hunt.lists.far)) + 1.0


def _raised(hunt: Hunt, lists: Lists, state: States) -> float:
    """Return the bound of a branch, climbed from the prices it inherits."""
    dual, effort = hunt.found.dual, hunt.effort
    if hunt.rows.limit.size or effort.total is not None:
        how = Climb(hunt.most, _reach(hunt), hunt.cut, NODE_STEPS, NODE_PATIENCE, effort.pace)
        return climb(lists, hunt.rows, state, dual, how)[0]
    how = Climb(hunt.most, _reach(hunt), hunt.cut, SETTLE_STEPS, SETTLE_PATIENCE, 0.5 * SETTLE_PACE, 0.0)
    return settle(lists, hunt.rows, state, dual, how)[0]


def _branch(hunt: Hunt) -> None:
    """Take the branch of least bound: raise it, close what can be closed, and split it."""
    found, dual = hunt.found, hunt.found.dual
    inherited, _serial, state, price, toll = heapq.heappop(hunt.heap)
    found.nodes += 1
    dual.price[:], dual.toll[:] = price, toll
    bound = _raised(hunt, focused(hunt.lists, state), state)
    bound = max(bound, inherited)
    if bound < hunt.cut and total_cost(hunt.lists, dual.best_chosen) < WORTH_A_LOOK * found.upper:
        hunt.refine(dual.best_chosen, hunt.state)
    if bound >= hunt.cut:
        hunt.pruned = min(hunt.pruned, bound)
        return
    fix_sites(dual, state, hunt.most, hunt.cut - bound + CLOSE * abs(bound))
    if not propagate(hunt.rows, state, hunt.most):
        return
    free = np.flatnonzero(state == FREE)
    if free.size == 0:
        hunt.offer(state == IN)
        return
    share = dual.share[free]
    site = free[int(np.argmax(np.minimum(share, 1 - share) - 1e-9 * np.arange(free.size)))]
    for value in (IN, OUT):
        child = state.copy()
        child[site] = value
        if propagate(hunt.rows, child, hunt.most):
            heapq.heappush(hunt.heap, (bound, next(hunt.serial), child, dual.price.copy(), dual.toll.copy()))
