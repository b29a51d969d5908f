"""Questions that need to know who goes where: capacities per station, and the worst of several scenarios."""

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from geo.siting.cover import site_columns
from geo.siting.exact import Model, Solved, run
from geo.siting.neighbours import Floats, Ints, Lists
from geo.siting.question import Manner, Question


@dataclass(frozen=True)
class Placed:
    """The columns of an assignment model: sites, pairs, and the demands left out (none where all must be served)."""

    sites: Ints
    pairs: Ints
    out: Ints


def _placed(model: Model, question: Question, lists: Lists, *, single: bool) -> Placed:
    """Add sites and pairs: each demand goes to one open site, or where the goal allows it to none."""
    owner = np.repeat(np.arange(lists.weight.size), np.diff(lists.start))
    n, k = lists.weight.size, lists.site.size
    sites = site_columns(model, question, np.full(question.sites.count, 1.0 if question.goal == "set-cover" else 0.0))
    mean = lists.weight[owner] * lists.cost if not question.worst and question.goal != "set-cover" else np.zeros(k)
    pairs = model.columns(mean, np.zeros(k), np.ones(k), whole=single)
    penalty = lists.weight * lists.far if question.goal == "cover" and not question.worst else np.zeros(n)
    allowed = np.full(n, 1.0 if question.goal == "cover" else 0.0)
    out = model.columns(penalty, np.zeros(n), allowed, whole=False)
    row, column = np.concatenate((owner, np.arange(n))), np.concatenate((pairs, out))
    model.add(row, column, np.ones(row.size), np.ones(n), np.ones(n))
    number = np.arange(k)
    model.add(
        np.concatenate((number, number)),
        np.concatenate((pairs, sites[lists.site])),
        np.concatenate((np.ones(k), -np.ones(k))),
        np.full(k, -np.inf),
        np.zeros(k),
    )
    return Placed(sites, pairs, out)


def with_capacity(question: Question, lists: Lists, manner: Manner, began: float) -> tuple[Solved, Ints]:
    """Find the best plan in which no station serves more load than its capacity, each demand going to one station.

    lists: what serving costs, as for the core. Returns the plan and for each demand its site (-1: none).
    """
    model = Model()
    placed = _placed(model, question, lists, single=True)
    capacity = np.asarray(question.sites.capacity, np.float64)
    owner = np.repeat(np.arange(lists.weight.size), np.diff(lists.start))
    load = lists.weight if question.load is None else question.load
    room = np.where(np.isfinite(capacity), capacity, load.sum())
    model.add(
        np.concatenate((lists.site, np.arange(capacity.size))),
        np.concatenate((placed.pairs, placed.sites)),
        np.concatenate((load[owner], -room)),
        np.full(capacity.size, -np.inf),
        np.zeros(capacity.size),
    )
    solved = run(model, gap=manner.gap, seconds=manner.seconds - (monotonic() - began))
    site = np.full(lists.weight.size, -1, np.int64)
    if solved.values is not None:
        used = solved.values[placed.pairs] > 0.5
        site[owner[used]] = lists.site[used]
        if question.goal != "set-cover":
            left = lists.weight[site < 0] * lists.far[site < 0] if question.goal == "cover" else np.zeros(0)
            value = float((lists.weight[owner[used]] * lists.cost[used]).sum() + left.sum())
            solved = replace(solved, objective=value, bound=min(solved.bound, value))
    return solved, site


def worst_scenario(question: Question, lists: Lists, manner: Manner, began: float) -> Solved:
    """Find the plan whose dearest scenario is cheapest (of what is left out, for coverage)."""
    model = Model()
    placed = _placed(model, question, lists, single=False)
    [worst] = model.columns(np.ones(1), np.zeros(1), np.full(1, np.inf), whole=False)[None, :]
    owner = np.repeat(np.arange(lists.weight.size), np.diff(lists.start))
    for weight in np.atleast_2d(question.weights):
        left_out = weight * lists.far if question.goal == "cover" else np.zeros(weight.size)
        column = np.concatenate((placed.pairs, placed.out, worst))
        value: Floats = np.concatenate((weight[owner] * lists.cost, left_out, [-1.0]))
        base = float(weight.sum()) if question.goal == "cover" else 0.0
        heaviest = float(np.atleast_2d(question.weights).sum(axis=1).max()) if question.goal == "cover" else 0.0
        model.add(np.zeros(column.size, int), column, value, np.full(1, -np.inf), np.full(1, base - heaviest))
    return run(model, gap=manner.gap, seconds=manner.seconds - (monotonic() - began))
