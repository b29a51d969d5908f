"""The lower bound: Lagrangian dual of "every demand is served once", climbed by a deflected subgradient.

For prices v (per unit of weight, at most ``far``) every site scores ``Σ w min(0, c − v)``; the bound is ``Σ w v`` plus
the best choice of sites by score under the rows' own prices. Any prices give a valid bound, so stopping early is safe.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.siting.limits import FREE, IN, OUT, Rows, States
from geo.siting.neighbours import Flags, Floats, Ints, Lists


class Dual(NamedTuple):
    """Working memory of one climb; ``price``, ``toll``, ``score`` hold the best bound's prices and site scores."""

    price: Floats
    toll: Floats
    score: Floats
    now: Floats
    now_toll: Floats
    now_score: Floats
    slope: Floats
    toll_slope: Floats
    end: Ints
    chosen: Flags
    best_chosen: Flags
    share: Floats


class Climb(NamedTuple):
    """How to climb: at most how many stations, the value to reach, the best bound before, steps, and patience."""

    most: int
    upper: float
    enough: float
    steps: int
    patience: int
    pace: float
    keep: float = 0.8


def new_dual(lists: Lists, rows: Rows, sites: int) -> Dual:
    """Return working memory with the second-cheapest cost of each demand as its first price."""
    n, k = lists.weight.size, rows.limit.size
    return Dual(
        second_costs(lists),
        np.zeros(k),
        np.zeros(sites),
        np.zeros(n),
        np.zeros(k),
        np.zeros(sites),
        np.zeros(n),
        np.zeros(k),
        np.zeros(n, np.int64),
        np.zeros(sites, np.bool_),
        np.zeros(sites, np.bool_),
        np.zeros(sites),
    )


def copied(dual: Dual) -> Dual:
    """Return working memory that another climb may change."""
    parts: list[Any] = [part.copy() for part in dual]
    return Dual(*parts)


@njit(cache=True)
def second_costs(lists: Lists) -> Floats:
    """Return the second-cheapest cost of each demand, ``far`` where there is none."""
    price = np.empty(lists.weight.size)
    for i in range(price.size):
        at = lists.start[i] + 1
        price[i] = lists.cost[at] if at < lists.start[i + 1] else lists.far[i]
    return price


@njit(cache=True)
def prices_of(lists: Lists, chosen: Flags) -> Floats:
    """Return for each demand the middle between its cheapest and second-cheapest chosen site: prices to begin with.

    Where a list ends before, ``far`` stands for what is missing.
    """
    price = np.empty(lists.weight.size)
    for i in range(price.size):
        near, found = lists.far[i], 0
        price[i] = lists.far[i]
        for k in range(lists.start[i], lists.start[i + 1]):
            if chosen[lists.site[k]]:
                found += 1
                if found == 1:
                    near = lists.cost[k]
                else:
                    price[i] = lists.cost[k]
                    break
        price[i] = 0.5 * (near + price[i])
    return price


@njit(cache=True)
def _score(lists: Lists, rows: Rows, dual: Dual) -> float:
    score, price = dual.now_score, dual.now
    total = 0.0
    for k in range(rows.limit.size):
        total -= dual.now_toll[k] * rows.limit[k]
    for j in range(score.size):
        score[j] = 0.0
        for k in range(rows.start[j], rows.start[j + 1]):
            score[j] += rows.value[k] * dual.now_toll[rows.row[k]]
    for i in range(price.size):
        reach, weight = price[i], lists.weight[i]
        total += weight * reach
        k, stop = lists.start[i], lists.start[i + 1]
        while k < stop and lists.cost[k] < reach:
            score[lists.site[k]] -= weight * (reach - lists.cost[k])
            k += 1
        dual.end[i] = k
    return total


@njit(cache=True)
def choose(score: Floats, state: States, most: int, chosen: Flags) -> float:
    """Choose the sites of least total score that the states and the number allow; return that total."""
    total = 0.0
    left = most
    free = 0
    values = np.empty(score.size)
    for j in range(score.size):
        chosen[j] = state[j] == IN
        if state[j] == IN:
            total += score[j]
            left -= 1
        elif state[j] == FREE and score[j] < 0:
            values[free] = score[j]
            free += 1
    if left <= 0 or free == 0:
        return total
    edge = 0.0
    if free > left:
        edge = np.partition(values[:free], left - 1)[left - 1]
    for j in range(score.size):
        if state[j] == FREE and score[j] < edge and left > 0:
            chosen[j] = True
            total += score[j]
            left -= 1
    for j in range(score.size):
        if edge < 0 and left > 0 and state[j] == FREE and score[j] == edge:
            chosen[j] = True
            total += score[j]
            left -= 1
    return total


@njit(cache=True)
def _turn(lists: Lists, rows: Rows, dual: Dual, keep: float) -> float:
    """Turn the slope toward the present subgradient and return the squared length of the part along it."""
    length = 0.0
    for i in range(dual.now.size):
        served = 0
        first = lists.start[i]
        for k in range(first, dual.end[i]):
            served += dual.chosen[lists.site[k]]
        slope = 1.0 - served
        low = lists.cost[first] if first < lists.start[i + 1] else lists.far[i]
        if (slope > 0 and dual.now[i] >= lists.far[i]) or (slope < 0 and dual.now[i] <= low):
            slope = 0.0
            dual.slope[i] = 0.0
        dual.slope[i] = slope + keep * dual.slope[i]
        length += lists.weight[i] * dual.slope[i] * dual.slope[i]
    for k in range(rows.limit.size):
        dual.toll_slope[k] = -rows.limit[k] + keep * dual.toll_slope[k]
    for j in range(dual.chosen.size):
        if dual.chosen[j]:
            for k in range(rows.start[j], rows.start[j + 1]):
                dual.toll_slope[rows.row[k]] += rows.value[k]
    return length


@njit(cache=True)
def _move(lists: Lists, dual: Dual, step: float) -> None:
    for i in range(dual.now.size):
        first = lists.start[i]
        low = lists.cost[first] if first < lists.start[i + 1] else lists.far[i]
        dual.now[i] = min(max(dual.now[i] + step * dual.slope[i], low), lists.far[i])


@njit(cache=True)
def _keep_best(dual: Dual) -> None:
    dual.price[:] = dual.now
    dual.toll[:] = dual.now_toll
    dual.score[:] = dual.now_score
    dual.best_chosen[:] = dual.chosen


@njit(cache=True)
def climb(lists: Lists, rows: Rows, state: States, dual: Dual, how: Climb) -> tuple[float, float, int]:
    """Raise the bound from the best prices so far; stop at ``enough``, after the steps, or when the pace has died.

    Returns the best bound, the pace to go on with, and the steps taken.
    """
    dual.now[:] = dual.price
    dual.now_toll[:] = dual.toll
    dual.slope[:] = 0.0
    dual.toll_slope[:] = 0.0
    best, pace, idle = -np.inf, how.pace, 0
    for taken in range(how.steps):
        bound = _score(lists, rows, dual) + choose(dual.now_score, state, how.most, dual.chosen)
        dual.share[:] += (1.0 / (1 + min(taken, 15))) * (dual.chosen - dual.share)
        idle += 1
        if bound > best:
            if bound > best + 1e-4 * abs(how.upper - best):
                idle = 0
            best = bound
            _keep_best(dual)
        if best >= how.enough or pace < 1e-3:
            return best, pace, taken + 1
        if idle >= how.patience:
            pace, idle = pace * 0.7, 0
            dual.now[:] = dual.price
            dual.now_toll[:] = dual.toll
            continue
        length = _turn(lists, rows, dual, how.keep)
        for k in range(rows.limit.size):
            length += dual.toll_slope[k] ** 2 * _toll_scale(rows, k)
        if length <= 0:
            return best, pace, taken + 1
        step = pace * max(how.upper - bound, 1e-6 * abs(how.upper) + 1e-12) / length
        _move(lists, dual, step)
        for k in range(rows.limit.size):
            dual.now_toll[k] = max(0.0, dual.now_toll[k] + step * _toll_scale(rows, k) * dual.toll_slope[k])
    return best, pace, how.steps


@njit(cache=True)
def settle(lists: Lists, rows: Rows, state: States, dual: Dual, how: Climb) -> tuple[float, float]:
    """Raise the bound from good prices by steps along an average of slopes (the volume algorithm).

    The average stands for shares of stations, as in Barahona and Anbil (2000), so it goes on where single slopes only
    swing; the tolls stay as they are. how.keep: 0 begins anew. Returns the best bound, and the pace to go on with.
    """
    dual.now[:] = dual.price
    dual.now_toll[:] = dual.toll
    best, pace, idle, widest = -np.inf, how.pace, 0, 0.3
    for taken in range(how.steps):
        bound = _score(lists, rows, dual) + choose(dual.now_score, state, how.most, dual.chosen)
        dual.share[:] += (1.0 / (1 + min(taken, 15))) * (dual.chosen - dual.share)
        uphill, length = _average(lists, dual, 1.0 if taken == 0 and how.keep == 0 else widest)
        idle += 1
        if bound > best:
            pace = min(1.1 * pace, 2.0) if uphill > 0 else pace
            best, idle = bound, 0
            _keep_best(dual)
        if best >= how.enough or pace < 1e-4 or length <= 0:
            break
        if idle >= how.patience:
            pace, idle, widest = 0.66 * pace, 0, max(0.95 * widest, 1e-3)
        dual.now[:] = dual.price
        _move(lists, dual, pace * max(how.upper - best, 1e-6 * abs(how.upper) + 1e-12) / length)
    return best, pace


@njit(cache=True)
def _average(lists: Lists, dual: Dual, widest: float) -> tuple[float, float]:
    """Move the kept slope toward the present one as far as makes it shortest; return their product and its length."""
    n = dual.now.size
    toward, apart, uphill, length = 0.0, 0.0, 0.0, 0.0
    fresh = np.empty(n)
    for i in range(n):
        served = 0
        first = lists.start[i]
        for k in range(first, dual.end[i]):
            served += dual.chosen[lists.site[k]]
        slope = 1.0 - served
        low = lists.cost[first] if first < lists.start[i + 1] else lists.far[i]
        if (slope > 0 and dual.now[i] >= lists.far[i]) or (slope < 0 and dual.now[i] <= low):
            slope = 0.0
        fresh[i] = slope
        weight, change = lists.weight[i], slope - dual.slope[i]
        toward -= weight * dual.slope[i] * change
        apart += weight * change * change
        uphill += weight * slope * dual.slope[i]
    part = widest
    if widest < 1.0 and apart > 0:
        part = min(max(toward / apart, 0.1 * widest), widest)
    for i in range(n):
        dual.slope[i] += part * (fresh[i] - dual.slope[i])
        length += lists.weight[i] * dual.slope[i] * dual.slope[i]
    return uphill, length


@njit(cache=True)
def _toll_scale(rows: Rows, row: int) -> float:
    return 1.0 / max(1.0, rows.limit[row] * rows.limit[row])


@njit(cache=True)
def fix_sites(dual: Dual, state: States, most: int, gap: float) -> int:
    """Close sites that no plan better than the gap can open and open those it cannot miss; return how many.

    dual.score and dual.best_chosen must belong to the bound; gap = value to beat minus bound.
    """
    worst, spare = -np.inf, 0.0
    count = 0
    for j in range(state.size):
        count += dual.best_chosen[j]
        if state[j] == FREE and dual.best_chosen[j]:
            worst = max(worst, dual.score[j])
        elif state[j] == FREE:
            spare = min(spare, dual.score[j])
    edge = min(worst, 0.0) if count >= most else 0.0
    fixed = 0
    for j in range(state.size):
        if state[j] == FREE and not dual.best_chosen[j] and dual.score[j] - edge > gap:
            state[j] = OUT
            fixed += 1
        elif state[j] == FREE and dual.best_chosen[j] and spare - dual.score[j] > gap:
            state[j] = IN
            fixed += 1
    return fixed


def total_cost(lists: Lists, chosen: Flags) -> float:
    """Return what a plan costs by the lists, demands none of its sites serves at ``far``."""
    return float(np.dot(lists.weight, nearest_open(lists, chosen)[1]))


@njit(cache=True)
def nearest_open(lists: Lists, chosen: Flags) -> tuple[NDArray[np.int32], Floats]:
    """Return for each demand the cheapest chosen site in its list (-1: none) and that cost (``far``)."""
    n = lists.weight.size
    site = np.full(n, -1, np.int32)
    cost = lists.far.copy()
    for i in range(n):
        for k in range(lists.start[i], lists.start[i + 1]):
            if chosen[lists.site[k]]:
                site[i], cost[i] = lists.site[k], lists.cost[k]
                break
    return site, cost
