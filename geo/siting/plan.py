"""What is answered: a plan with both bounds, how true it is in words, and who is served from where."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.i18n import N_, _, number
from geo.siting.bound import Dual
from geo.siting.branch import Found, Ground
from geo.siting.coarse import Coarse
from geo.siting.infeasible import CAUSES, FARTHER, Trouble
from geo.siting.neighbours import Flags, Floats, Lists, Sites
from geo.siting.question import Goal, Question

Status = Literal["optimal", "within_gap", "stopped", "infeasible"]

WORDS: dict[Status, str] = {
    "optimal": N_("Proven: no plan is better."),
    "within_gap": N_("Proven to be within {percent} % of the best plan."),
    "stopped": N_("Stopped early: within {percent} % of the best plan."),
    "infeasible": N_("No plan keeps to all of this."),
}
NO_PLAN = N_("Stopped before any plan was found.")
MAXIMISED = frozenset({"cover", "backup"})


class Kept(NamedTuple):
    """What a similar question can begin with, and the pairs, weights and measure it belongs to."""

    dual: Dual
    chosen: Flags
    ground: Ground
    coarse: Coarse | None
    pairs: Lists
    weights: Floats
    measure: tuple[Goal, float | None, float | None]

    def fits(self, question: Question) -> bool:
        """Tell whether a question counts the same costs, whatever it says of sites and their number."""
        same = question.pairs is self.pairs and question.weights is self.weights
        return same and self.measure == (question.goal, question.limit, question.fade_to)


def kept_of(question: Question, ground: Ground, coarse: Coarse | None, found: Found) -> Kept | None:
    """Return what a question leaves to similar ones; None without a plan."""
    if found.chosen is None:
        return None
    measure = (question.goal, question.limit, question.fade_to)
    return Kept(found.dual, found.chosen, ground, coarse, question.pairs, question.weights, measure)


@dataclass(frozen=True)
class Plan:
    """The stations to open, with bounds that are both proven.

    objective: what the goal counts (median: weight times distance; cover, backup: weight; set-cover: stations; center:
    distance), lower and upper: the best plan lies between. chosen: positions of the open sites, None without a plan;
    site, cost (n,): where each demand goes and how far (-1 and inf: to none); unreachable: demands no site can serve;
    trouble: for an infeasible question what is in the way and the smallest change that would help;
    kept: what a similar question can begin with.
    """

    goal: Goal
    status: Status
    chosen: NDArray[np.int64] | None
    objective: float | None
    lower: float
    upper: float
    seconds: float
    site: Sites = field(default_factory=lambda: np.zeros(0, np.int32))
    cost: Floats = field(default_factory=lambda: np.zeros(0))
    unreachable: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    trouble: Trouble | None = None
    kept: Kept | None = field(default=None, compare=False, repr=False)

    @property
    def gap(self) -> float | None:
        """(upper - lower) / upper; 0 when both are equal, None without a plan."""
        if self.chosen is None or not np.isfinite(self.upper - self.lower):
            return None
        return 0.0 if self.upper == self.lower else (self.upper - self.lower) / abs(self.upper)

    def words(self) -> str:
        """Return the status in words that are true."""
        if self.status == "stopped" and self.gap is None:
            return _(NO_PLAN)
        if self.trouble is not None:
            needed = self.trouble.needed
            message = (
                FARTHER if self.trouble.cause == "unreachable" and needed is not None else CAUSES[self.trouble.cause]
            )
            told = (
                number(needed, 2).rstrip("0").rstrip(".") if needed is not None and needed % 1 else number(needed or 0)
            )
            return _(message, count=number(self.unreachable.size), needed=told)
        percent = f"{np.ceil((self.gap or 0.0) * 1e4) / 100:g}"
        return _(WORDS[self.status], percent=percent)


def status_of(lower: float, upper: float, *, gap: float, stopped: bool) -> Status:
    """Return the status of a plan between proven bounds.

    >>> status_of(10.0, 10.0, gap=0.0, stopped=True), status_of(9.0, 10.0, gap=0.2, stopped=False)
    ('optimal', 'within_gap')
    """
    if upper == lower:
        return "optimal"
    within = upper - lower <= gap * abs(upper) * (1 + 1e-12)
    return "within_gap" if within or not stopped else "stopped"


def unreachable_in(question: Question) -> NDArray[np.int64]:
    """Return the demands that no site that may be used can serve."""
    reach = np.inf
    if question.limit is not None and question.goal != "median":
        reach = question.fade_to if question.fade_to is not None else question.limit
    return np.flatnonzero(_without_site(question.pairs, question.sites.states() >= 0, float(reach)))


@njit(cache=True)
def _without_site(lists: Lists, usable: Flags, reach: float) -> Flags:
    """Tell of each demand whether no usable site is within reach."""
    without = np.ones(lists.weight.size, np.bool_)
    for i in range(without.size):
        for k in range(lists.start[i], lists.start[i + 1]):
            if usable[lists.site[k]] and lists.cost[k] <= reach:
                without[i] = False
                break
    return without


def assigned(lists: Lists, chosen: NDArray[np.int64], sites: int) -> tuple[Sites, Floats]:
    """Return for each demand the nearest open site it may use (-1: none) and how far it is (inf)."""
    from geo.siting.bound import nearest_open

    flags = np.zeros(sites, np.bool_)
    flags[chosen] = True
    return nearest_open(lists._replace(far=np.full(lists.weight.size, np.inf)), flags)


def cost_to(lists: Lists, site: NDArray[np.int64]) -> Floats:
    """Return how far each demand is from the site it was given, inf for none (-1)."""
    owner = np.repeat(np.arange(site.size), np.diff(lists.start))
    cost = np.full(site.size, np.inf)
    here = lists.site == site[owner]
    cost[owner[here]] = lists.cost[here]
    return cost
