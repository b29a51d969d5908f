"""Compiles what is compiled, so that nobody waits for it in the middle of a question."""

from dataclasses import replace
from time import monotonic

import numpy as np

from geo.siting.branch import Before, Effort, search
from geo.siting.coarse import coarse_of, search_near
from geo.siting.covering import gathered, nearest_within
from geo.siting.explain import reasons, rejected
from geo.siting.limits import rows_of
from geo.siting.neighbours import columns_of, from_matrix
from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plane import Plane
from geo.siting.question import GOALS, Candidates, Manner, Question
from geo.siting.swept import swept
from geo.siting.worst_off import solve_center


def warm() -> None:
    """Call every compiled function of the room once on a tiny town; the machine keeps what it compiled."""
    plane, question = tiny_town()
    for goal in GOALS:
        plan, asked = solve_on_plane(plane, replace(question, goal=goal, limit=1.0))
        reasons(asked, plan)
        rejected(asked, plan)
    solve_on_plane(plane, replace(question, goal="set-cover", limit=1.0, share=0.5))
    gathered(plane, question.weight(), 1.0)
    nearest_within(plane, np.arange(3), 1.0)
    solve_center(plane, replace(question, goal="center"), Manner(), monotonic())
    group = np.arange(question.sites.count, dtype=np.int64) % 3
    sites = replace(question.sites, group=group, at_most=1, cost=np.ones(group.size))
    solve_on_plane(plane, replace(question, sites=sites, budget=3.0))
    _warm_search()


def _warm_search() -> None:
    """Call what only large questions and changed ones come to: cells, cut lists, swaps, a plan with too many."""
    costs = np.abs(np.arange(12.0)[:, None] - np.arange(0.0, 12.0, 3.0))
    lists, rows, state = from_matrix(costs, np.ones(12), np.full(12, 40.0)), rows_of(4, []), np.zeros(4, np.int8)
    cells = coarse_of(lists, 4, cells=3, worth=0)
    if cells is not None:
        search_near(cells, lists, rows, state, 2, price=np.ones(4), effort=Effort(gap=0.01), chosen=state == 0)
    swept(lists, columns_of(lists, 4), state, 2, 10)
    search(lists, rows, state, 1, price=np.ones(4), effort=Effort(), before=Before(None, state == 0))


def tiny_town() -> tuple[Plane, Question]:
    """Return a plane with a few doors and sites, and a question about them.

    >>> tiny_town()[1].sites.count
    9
    """
    x, y = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(3), np.arange(3)))
    plane = Plane(x + 0.3, y, x, y + 0.2, False)
    return plane, Question("median", no_pairs(np.ones(9)), np.ones(9), Candidates(9), number=3)
