"""Questions about places on a plane: which pairs have to be looked at, and which answer does without a full table."""

from dataclasses import replace
from time import monotonic

import numpy as np

from geo.siting.branch import Effort
from geo.siting.covering import gathered, nearest_within
from geo.siting.large import Terms, solve_wide
from geo.siting.neighbours import Flags, Floats, Lists
from geo.siting.plan import Plan, status_of
from geo.siting.plane import Plane, nearest_three, pairs_within
from geo.siting.question import Manner, Question, check
from geo.siting.solve import order_price, solve
from geo.siting.worst_off import solve_center

FULL = 4_000_000
"""So many pairs are laid out as lists; beyond, lists are cut at a reach."""


def no_pairs(weight: Floats) -> Lists:
    """Return lists without any pair, for a question whose pairs are still to be found."""
    return Lists(
        np.zeros(weight.size + 1, np.int64),
        np.zeros(0, np.int32),
        np.zeros(0),
        np.asarray(weight, np.float64),
        np.full(weight.size, np.inf),
    )


def solve_on_plane(plane: Plane, question: Question, manner: Manner | None = None) -> tuple[Plan, Question]:
    """Answer a question whose pairs are all pairs of the plane; return the plan, and the question with the pairs used.

    The question's own pairs are not looked at. Nothing is laid out as a full table beyond some million pairs.
    """
    manner = manner or Manner()
    began = monotonic()
    check(question)
    n, m = plane.demand_x.size, plane.site_x.size
    weight = question.weight()
    plain = question.sites.capacity is None and not question.worst
    if question.goal == "median" and question.limit is None and n * m > FULL and plain:
        return _wide(plane, question, manner, began)
    if question.goal == "cover" and question.fade_to is None and n * m > FULL and plain:
        return _gathered_cover(plane, question, manner, began)
    if question.goal == "center" and n * m > FULL and plain:
        return solve_center(plane, question, manner, began)
    reach = np.inf
    if question.goal != "center" and question.limit is not None:
        reach = max(question.limit, question.fade_to or 0.0)
    asked = replace(question, pairs=pairs_within(plane, np.full(n, reach), weight))
    left = replace(manner, seconds=max(manner.seconds - (monotonic() - began), 0.0))
    plan = solve(asked, left)
    if plan.trouble is not None and plan.trouble.cause == "unreachable" and question.limit is not None:
        plan = replace(plan, trouble=plan.trouble._replace(needed=_limit_needed(plane, question, plan)))
    return replace(plan, seconds=monotonic() - began), asked


def _limit_needed(plane: Plane, question: Question, plan: Plan) -> float:
    usable = np.flatnonzero(question.sites.states() >= 0)
    lost = plan.unreachable[question.weight()[plan.unreachable] > 0]
    part = plane._replace(demand_x=plane.demand_x[lost], demand_y=plane.demand_y[lost])
    return float(nearest_three(part, usable)[1][:, 0].max())


def _wide(plane: Plane, question: Question, manner: Manner, began: float) -> tuple[Plan, Question]:
    def watch(chosen: Flags, upper: float, lower: float) -> bool:
        return manner.watch is not None and manner.watch(chosen, lower, upper)

    terms = Terms(question.rows(), question.sites.states(), question.most(), order_price(question))
    effort = Effort(gap=manner.gap, until=began + manner.seconds, watch=watch)
    wide = solve_wide(plane, question.weight(), terms, effort)
    chosen = np.flatnonzero(wide.chosen)
    site, cost = nearest_three(plane, chosen)
    status = status_of(wide.lower, wide.upper, gap=manner.gap, stopped=wide.stopped or wide.lower < wide.upper)
    plan = Plan(
        "median", status, chosen, wide.upper, wide.lower, wide.upper, monotonic() - began, site, cost[:, 0].copy()
    )  # fmt: skip
    reach = np.where(np.isfinite(cost[:, 1]), cost[:, 1], cost[:, 0])
    return plan, replace(question, pairs=pairs_within(plane, reach, question.weight()))


def _gathered_cover(plane: Plane, question: Question, manner: Manner, began: float) -> tuple[Plan, Question]:
    """Answer for groups of demands with the same sites in reach, and tell it of every demand."""
    limit, usable = float(question.limit or 0.0), np.flatnonzero(question.sites.states() >= 0)
    part = plane._replace(site_x=plane.site_x[usable], site_y=plane.site_y[usable])
    lists, unreachable = gathered(part, question.weight(), limit)
    lists = lists._replace(site=usable[lists.site].astype(np.int32), far=np.full(lists.weight.size, np.inf))
    few = replace(question, pairs=lists, weights=lists.weight, load=None)
    if not lists.weight.size:
        few = replace(question, pairs=no_pairs(np.ones(1)), weights=np.zeros(1), load=None)
    left = replace(manner, seconds=max(manner.seconds - (monotonic() - began), 0.0))
    plan = solve(few, left)
    site, metres = nearest_within(plane, np.zeros(0, np.int64) if plan.chosen is None else plan.chosen, limit)
    told = replace(plan, site=site, cost=metres, unreachable=unreachable)
    return replace(told, seconds=monotonic() - began), few
