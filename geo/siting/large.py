"""Mean walk for very many places on a plane: solved coarsely first, whose prices and plan start the fine problem.

The fine lists are cut short at a reach per demand that the coarse plan suggests. What is left out costs at least that
reach, so the bound stays proven; the plan's own cost is counted over all distances.
"""

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from scipy.spatial import cKDTree

from geo.siting.bound import new_dual
from geo.siting.branch import Before, Effort, Found, search
from geo.siting.limits import Rows, States
from geo.siting.merging import merged
from geo.siting.neighbours import Flags, Floats, Ints
from geo.siting.plane import Plane, nearest_three, pairs_within

LEVELS, COARSE_PART, COARSE_GAP = (2_500, 12_000), 0.3, 0.6
SPARE, WARM_PACE = 1.15, 0.03


@dataclass(frozen=True)
class Wide:
    """A plan for a wide problem: open sites, its cost over all distances, the proven bound, whether it was stopped."""

    chosen: Flags
    upper: float
    lower: float
    stopped: bool


@dataclass(frozen=True)
class Terms:
    """What a plan must keep to: rows, states, most stations, and what orders first plans."""

    rows: Rows
    state: States
    most: int
    price: Floats


def cells_of(plane: Plane, weight: Floats, cells: int) -> tuple[Plane, Floats, Ints]:
    """Return the demand gathered into about so many square cells: the plane, their weights, the cell of each demand."""
    x, y = plane.demand_x, plane.demand_y
    wide, high = max(float(np.ptp(x)), 1e-9), max(float(np.ptp(y)), 1e-9)
    size = np.sqrt(wide * high / cells)
    for _turn in range(12):
        number = ((x - x.min()) / size).astype(np.int64) * (int(high / size) + 1) + ((y - y.min()) / size).astype(
            np.int64
        )
        used, cell = np.unique(number, return_inverse=True)
        if used.size >= 0.8 * cells or used.size >= 0.8 * x.size:
            break
        size *= 0.8
    total = np.bincount(cell, weight).astype(np.float64)
    mass = np.where(total > 0, total, 1.0)
    middle_x, middle_y = (np.bincount(cell, weight * axis) / mass for axis in (x, y))
    return plane._replace(demand_x=middle_x, demand_y=middle_y, floor=False), np.asarray(total), cell.astype(np.int64)


def solve_wide(plane: Plane, weight: Floats, terms: Terms, effort: Effort) -> Wide:
    """Find a plan of least mean distance and its bound for demands and sites on a plane."""
    chosen: Flags | None = None
    known: tuple[Plane, Floats] | None = None
    for cells in LEVELS:
        if 2 * cells > weight.size:
            break
        coarse, mass, _cell = cells_of(plane, weight, cells)
        if chosen is None:
            chosen = _coarse_start(coarse, mass, terms)
        until = monotonic() + COARSE_PART * (effort.until - monotonic())
        rough = Effort(gap=COARSE_GAP * effort.gap, until=until, nodes=0, warm=WARM_PACE)
        found, price = _searched(coarse, mass, terms, rough, (chosen, known))
        chosen, known = found.chosen if found.chosen is not None else chosen, (coarse, price)
    if chosen is None:
        chosen = _coarse_start(plane, weight, terms)
    found, _price = _searched(plane, weight, terms, replace(effort, warm=WARM_PACE), (chosen, known))
    best = found.chosen if found.chosen is not None else chosen
    _site, cost = nearest_three(plane, np.flatnonzero(best))
    upper = float(weight @ cost[:, 0])
    return Wide(best, upper, min(found.lower, upper), found.stopped)


def _coarse_start(coarse: Plane, mass: Floats, terms: Terms) -> Flags:
    """Return a first plan: a few sites spread by weight, improved on short lists by the search that follows."""
    rng = np.random.default_rng(1)
    state = terms.state
    chosen = state == 1
    seeds = rng.choice(mass.size, size=min(4 * terms.most, mass.size), replace=False, p=mass / mass.sum())
    free = np.flatnonzero(state == 0)
    tree = cKDTree(np.column_stack((coarse.site_x[free], coarse.site_y[free])))
    near = free[tree.query(np.column_stack((coarse.demand_x[seeds], coarse.demand_y[seeds])))[1]]
    for j in near:
        if chosen.sum() < terms.most:
            chosen[j] = True
    return chosen


def _reach(plane: Plane, chosen: Flags) -> Floats:
    _site, cost = nearest_three(plane, np.flatnonzero(chosen))
    widest = np.where(np.isfinite(cost), cost, 0.0).max(axis=1)
    return np.maximum(np.minimum(widest, 1.5 * np.where(np.isfinite(cost[:, 1]), cost[:, 1], widest)), 1e-9) * SPARE


def _standing(plane: Plane, chosen: Flags) -> Floats:
    """Return the middle between the distances to the nearest and the second-nearest open site."""
    cost = nearest_three(plane, np.flatnonzero(chosen))[1]
    return np.asarray(0.5 * (cost[:, 0] + np.where(np.isfinite(cost[:, 1]), cost[:, 1], cost[:, 0])))


def _spread(known: tuple[Plane, Floats], plane: Plane, chosen: Flags) -> Floats:
    """Return the price of each demand: how far it stands from the plan, and what the nearest cells pay beside that."""
    cells, price = known
    beside = price - _standing(cells, chosen)
    tree = cKDTree(np.column_stack((cells.demand_x, cells.demand_y)))
    far, near = tree.query(np.column_stack((plane.demand_x, plane.demand_y)), k=min(4, price.size))
    share = 1.0 / (far.reshape(plane.demand_x.size, -1) + 1e-9 * (1.0 + float(far.max())))
    spread = (share * beside[near.reshape(share.shape)]).sum(axis=1) / share.sum(axis=1)
    return np.asarray(np.maximum(spread + _standing(plane, chosen), 0.0))


def _searched(
    plane: Plane, weight: Floats, terms: Terms, effort: Effort, start: tuple[Flags, tuple[Plane, Floats] | None]
) -> tuple[Found, Floats]:  # fmt: skip
    """Search on lists cut at a reach, from a plan and the prices of cells; return what was found and each price."""
    chosen, known = start
    reach = _reach(plane, chosen)
    price = None if known is None else _spread(known, plane, chosen)
    if price is not None:
        reach = np.maximum(reach, SPARE * price)
    lists = pairs_within(plane, reach, weight)
    small, group = merged(lists, terms.state.size)
    dual = None if price is None else new_dual(small, terms.rows, terms.state.size)
    if price is not None and dual is not None:
        heavy = group >= 0
        dual.price[group[heavy]] = np.minimum(price[heavy], lists.far[heavy])
    before = Before(dual, chosen)
    found = search(small, terms.rows, terms.state, terms.most, price=terms.price, effort=effort, before=before)
    return found, np.where(group >= 0, found.dual.price[np.maximum(group, 0)], lists.far)
