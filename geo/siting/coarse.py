"""Many demands gathered into cells: what the cells pay, lifted to the demands, begins the search on all of them.

A cell costs at each site what its demands cost there on average. Its prices are no proof for the demands, but lifted
ones are prices like any others, and any prices prove a bound.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit

from geo.siting.bound import Dual, copied, new_dual, total_cost
from geo.siting.branch import Before, Effort, Found, Ground, ground_of, search
from geo.siting.limits import Rows, States
from geo.siting.neighbours import Flags, Floats, Ints, Lists, columns_of, from_matrix

WORTH_PAIRS, CELLS, WIDEST = 2_000_000, 2_000, 20_000_000
COARSE_GAP, SPARE = 0.4, 1.05


class Coarse(NamedTuple):
    """The ground of the cells and the cell of each demand; from the last search, None before the first, the prices.

    dual: of the cells; beside: what each demand paid beside what was lifted from its cell.
    """

    ground: Ground
    cell: Ints
    dual: Dual | None = None
    beside: Floats | None = None


def coarse_of(lists: Lists, sites: int, *, cells: int = CELLS, worth: int = WORTH_PAIRS) -> Coarse | None:
    """Return the demands gathered into about so many cells; None where that is not worth the work.

    Demands of one cell have the same nearest site, and mostly the same second-nearest. worth: from so many pairs on.
    """
    n = lists.weight.size
    if lists.site.size < worth or n < 4 * cells or (cells + sites) * sites > WIDEST:
        return None
    first, second, cost = _heads(lists)
    order = np.lexsort((cost, second, first))
    cell = _cells(first, order.astype(np.int64), n // cells + 1)
    table, far, weight = _averages(lists, cell, int(cell.max()) + 1, sites)
    return Coarse(ground_of(from_matrix(table, weight, far), sites), cell)


@njit(cache=True)
def _heads(lists: Lists) -> tuple[Ints, Ints, Floats]:
    """Return the nearest and second-nearest site of each demand (-1: none) and how far the nearest is."""
    n = lists.weight.size
    first, second, cost = np.full(n, -1, np.int64), np.full(n, -1, np.int64), lists.far.copy()
    for i in range(n):
        at, stop = lists.start[i], lists.start[i + 1]
        if at < stop:
            first[i], cost[i] = lists.site[at], lists.cost[at]
        if at + 1 < stop:
            second[i] = lists.site[at + 1]
    return first, second, cost


@njit(cache=True)
def _cells(first: Ints, order: Ints, most: int) -> Ints:
    """Return the cell of each demand: in this order, a new one for another nearest site or after so many."""
    cell = np.empty(order.size, np.int64)
    number, members = 0, 0
    for at in range(order.size):
        if at > 0 and (members == most or first[order[at]] != first[order[at - 1]]):
            number, members = number + 1, 0
        cell[order[at]] = number
        members += 1
    return cell


@njit(cache=True)
def _averages(lists: Lists, cell: Ints, cells: int, sites: int) -> tuple[Floats, Floats, Floats]:
    """Return what each cell costs at each site on average (inf: no better than far), its far, and its weight."""
    table, far, weight = np.zeros((cells, sites)), np.zeros(cells), np.zeros(cells)
    for i in range(cell.size):
        c, mass = cell[i], lists.weight[i]
        weight[c] += mass
        far[c] += mass * lists.far[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            table[c, lists.site[k]] -= mass * (lists.far[i] - lists.cost[k])
    for c in range(cells):
        for j in range(sites):
            table[c, j] = (far[c] + table[c, j]) / weight[c] if table[c, j] < 0 else np.inf
        far[c] /= weight[c]
    return table, far, weight


@njit(cache=True)
def two_nearest(lists: Lists, chosen: Flags) -> tuple[Floats, Floats]:
    """Return how far the two nearest open sites of each demand are: far for none, for the second the first's."""
    near, second = lists.far.copy(), lists.far.copy()
    for i in range(near.size):
        found = 0
        for k in range(lists.start[i], lists.start[i + 1]):
            if chosen[lists.site[k]]:
                found += 1
                second[i] = lists.cost[k]
                if found == 2:
                    break
                near[i] = lists.cost[k]
    return near, second


@njit(cache=True)
def lifted(lists: Lists, cell: Ints, price: Floats, standing: Floats) -> Floats:
    """Return a price for each demand: its cell's, and how far it stands from a plan beside the others of the cell."""
    total, weight = np.zeros(price.size), np.zeros(price.size)
    for i in range(cell.size):
        total[cell[i]] += lists.weight[i] * standing[i]
        weight[cell[i]] += lists.weight[i]
    lift = np.empty(cell.size)
    for i in range(cell.size):
        c = cell[i]
        lift[i] = min(max(price[c] + standing[i] - total[c] / weight[c], 0.0), lists.far[i])
    return lift


@njit(cache=True)
def cut_short(lists: Lists, reach: Floats) -> Lists:
    """Return the lists without what is farther than a reach for each demand; ``far`` is the first cost left out."""
    n = reach.size
    start = np.zeros(n + 1, np.int64)
    far = lists.far.copy()
    for i in range(n):
        first, stop = lists.start[i], lists.start[i + 1]
        k = first + np.searchsorted(lists.cost[first:stop], reach[i], side="right")
        if k < stop:
            far[i] = lists.cost[k]
        start[i + 1] = start[i] + k - first
    site, cost = np.empty(start[n], np.int32), np.empty(start[n])
    for i in range(n):
        first, length = lists.start[i], start[i + 1] - start[i]
        site[start[i] : start[i + 1]] = lists.site[first : first + length]
        cost[start[i] : start[i + 1]] = lists.cost[first : first + length]
    return Lists(start, site, cost, lists.weight, far)


def search_near(  # noqa: PLR0913
    coarse: Coarse,
    lists: Lists,
    rows: Rows,
    state: States,
    most: int,
    *,
    price: Floats,
    effort: Effort,
    chosen: Flags | None,
) -> tuple[Coarse, Found | None]:
    """Search on the cells, then on lists cut short about their plan; return the cells with their prices, and the plan.

    chosen: a plan to begin with, None for none. What is found keeps its cost over the whole lists and a bound that is
    proven for them, but may be farther from it than asked.
    """
    before = None
    if chosen is not None:
        same = coarse.dual is not None and coarse.dual.toll.size == rows.limit.size
        before = Before(copied(coarse.dual) if coarse.dual is not None and same else None, chosen)
    rough = replace(effort, gap=COARSE_GAP * effort.gap, nodes=0, watch=None)
    ground = coarse.ground
    rough_plan = search(ground.lists, rows, state, most, price=price, effort=rough, before=before, ground=ground)
    if rough_plan.chosen is None:
        return coarse, None
    near_cost, second = two_nearest(lists, rough_plan.chosen)
    level = lifted(lists, coarse.cell, rough_plan.dual.price, 0.5 * (near_cost + second))
    prices = level if coarse.beside is None else np.maximum(level + coarse.beside, 0.0)
    short = cut_short(lists, SPARE * np.maximum(second, prices))
    dual = new_dual(short, rows, state.size)
    dual.price[:] = np.minimum(prices, short.far)
    dual.toll[:] = rough_plan.dual.toll
    near, begin = replace(effort, nodes=0), Before(dual, rough_plan.chosen)
    ground = Ground(short, columns_of(short, state.size), 0.0)
    found = search(short, rows, state, most, price=price, effort=near, before=begin, ground=ground)
    if found.chosen is not None:
        found.upper = total_cost(lists, found.chosen)
    return coarse._replace(dual=rough_plan.dual, beside=found.dual.price - level), found
