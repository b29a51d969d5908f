"""Plans by fast interchange (Resende and Werneck 2007) on sorted lists: gains, losses and overlaps kept up to date."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.siting.limits import FREE, IN, Rows, States, activity_of, fits
from geo.siting.neighbours import Columns, Flags, Floats, Lists, Sites


class Search(NamedTuple):
    """A plan and what each change of it would bring.

    seat (m,): the number of an open site among the open ones, -1 when closed; at (seats,): the site of each seat; near,
    near_cost, next_cost (n,); gain (m,) of opening; loss (seats,) of closing; overlap (m, seats): what both
    together save.
    """

    seat: Sites
    at: Sites
    taken: Sites
    near: Sites
    near_cost: Floats
    second: Sites
    next_cost: Floats
    gain: Floats
    loss: Floats
    overlap: NDArray[np.float64]
    activity: Floats


class Case(NamedTuple):
    """What a search works on: lists by demand and by site, rows, which sites may change, how many may be open."""

    lists: Lists
    columns: Columns
    rows: Rows
    state: States
    price: Floats
    most: int


@njit(cache=True)
def start_search(case: Case, chosen: Flags) -> Search:
    """Return the search standing at a plan."""
    n, m = case.lists.weight.size, chosen.size
    search = Search(
        np.full(m, -1, np.int32),
        np.full(case.most, -1, np.int32),
        np.zeros(1, np.int32),
        np.full(n, -1, np.int32),
        case.lists.far.copy(),
        np.full(n, -1, np.int32),
        case.lists.far.copy(),
        np.zeros(m),
        np.zeros(case.most),
        np.zeros((m, case.most)),
        activity_of(case.rows, chosen),
    )
    for j in range(m):
        if chosen[j]:
            search.seat[j] = search.taken[0]
            search.at[search.taken[0]] = j
            search.taken[0] += 1
    for i in range(n):
        _look(case.lists, search, i)
        _enter(case.lists, search, i, 1.0)
    return search


@njit(cache=True)
def _look(lists: Lists, search: Search, i: int) -> None:
    search.near[i] = -1
    search.second[i] = -1
    search.near_cost[i] = lists.far[i]
    search.next_cost[i] = lists.far[i]
    for k in range(lists.start[i], lists.start[i + 1]):
        if search.seat[lists.site[k]] >= 0:
            if search.near[i] < 0:
                search.near[i] = lists.site[k]
                search.near_cost[i] = lists.cost[k]
            else:
                search.second[i] = lists.site[k]
                search.next_cost[i] = lists.cost[k]
                return


@njit(cache=True)
def _enter(lists: Lists, search: Search, i: int, sign: float) -> None:
    near_cost, next_cost = search.near_cost[i], search.next_cost[i]
    weight = sign * lists.weight[i]
    seat = -1
    if search.near[i] >= 0:
        seat = search.seat[search.near[i]]
        search.loss[seat] += weight * (next_cost - near_cost)
    k, stop = lists.start[i], lists.start[i + 1]
    while k < stop and lists.cost[k] < near_cost:
        j = lists.site[k]
        search.gain[j] += weight * (near_cost - lists.cost[k])
        if seat >= 0:
            search.overlap[j, seat] += weight * (next_cost - near_cost)
        k += 1
    while seat >= 0 and k < stop and lists.cost[k] < next_cost:
        search.overlap[lists.site[k], seat] += weight * (next_cost - lists.cost[k])
        k += 1


@njit(cache=True)
def open_site(case: Case, search: Search, j: int) -> None:
    """Open a site in the first empty seat."""
    seat = search.taken[0]
    search.taken[0] += 1
    search.seat[j] = seat
    search.at[seat] = j
    search.loss[seat] = 0.0
    for other in range(search.seat.size):
        search.overlap[other, seat] = 0.0
    for k in range(case.rows.start[j], case.rows.start[j + 1]):
        search.activity[case.rows.row[k]] += case.rows.value[k]
    for k in range(case.columns.start[j], case.columns.start[j + 1]):
        i, cost = case.columns.demand[k], case.columns.cost[k]
        if cost < search.next_cost[i] or search.near[i] < 0 or search.second[i] < 0:
            _enter(case.lists, search, i, -1.0)
            if cost < search.near_cost[i] or search.near[i] < 0:
                search.second[i], search.next_cost[i] = search.near[i], search.near_cost[i]
                search.near[i], search.near_cost[i] = j, cost
            else:
                search.second[i], search.next_cost[i] = j, cost
            _enter(case.lists, search, i, 1.0)


@njit(cache=True)
def close_site(case: Case, search: Search, j: int) -> None:
    """Close a site; the last seat moves into the empty one."""
    lists = case.lists
    for k in range(case.columns.start[j], case.columns.start[j + 1]):
        i = case.columns.demand[k]
        if search.near[i] == j or search.second[i] == j:
            _enter(lists, search, i, -1.0)
    for k in range(case.rows.start[j], case.rows.start[j + 1]):
        search.activity[case.rows.row[k]] -= case.rows.value[k]
    seat, last = search.seat[j], search.taken[0] - 1
    search.seat[j] = -1
    if seat != last:
        search.at[seat] = search.at[last]
        search.seat[search.at[seat]] = seat
        search.loss[seat] = search.loss[last]
        for other in range(search.seat.size):
            search.overlap[other, seat] = search.overlap[other, last]
    search.at[last] = -1
    search.taken[0] = last
    for k in range(case.columns.start[j], case.columns.start[j + 1]):
        i = case.columns.demand[k]
        if search.near[i] == j or search.second[i] == j:
            _look(lists, search, i)
            _enter(lists, search, i, 1.0)


@njit(cache=True)
def _best_move(case: Case, search: Search) -> tuple[int, int, float]:
    """Return the site to open, the site to close (-1: none) and what it saves."""
    best, come, go = 0.0, -1, -1
    for j in range(search.seat.size):
        if search.seat[j] >= 0 or case.state[j] != FREE:
            continue
        if search.taken[0] < case.most and search.gain[j] > best and fits(case.rows, search.activity, j, -1):
            best, come, go = search.gain[j], j, -1
        for seat in range(search.taken[0]):
            saved = search.gain[j] - search.loss[seat] + search.overlap[j, seat]
            if saved > best:
                other = search.at[seat]
                if case.state[other] != IN and fits(case.rows, search.activity, j, other):
                    best, come, go = saved, j, other
    return come, go, best


@njit(cache=True)
def improve(case: Case, search: Search, moves: int) -> int:
    """Make the best move until none saves anything; return how many were made."""
    value = np.dot(case.lists.weight, search.near_cost)
    for made in range(moves):
        come, go, saved = _best_move(case, search)
        if come < 0 or saved <= 1e-11 * (1.0 + value):
            return made
        if go >= 0:
            close_site(case, search, go)
        open_site(case, search, come)
        value -= saved
    return moves


@njit(cache=True)
def fill(case: Case, search: Search) -> None:
    """Open sites while one may be opened and saves something: the most saved per yuan (``price``) first."""
    while search.taken[0] < case.most:
        best, come = 0.0, -1
        for j in range(search.seat.size):
            if search.seat[j] < 0 and case.state[j] == FREE:
                worth = search.gain[j] / case.price[j]
                if worth > best and fits(case.rows, search.activity, j, -1):
                    best, come = worth, j
        if come < 0:
            return
        open_site(case, search, come)


@njit(cache=True)
def thinned(case: Case, chosen: Flags, most: int) -> Flags:
    """Return a plan with the stations closed that are missed least, until there are not more than so many.

    The case must have room for all of them.
    """
    search = start_search(case, chosen)
    while search.taken[0] > most:
        least, seat = np.inf, -1
        for at in range(search.taken[0]):
            if case.state[search.at[at]] != IN and search.loss[at] < least:
                least, seat = search.loss[at], at
        if seat < 0:
            break
        close_site(case, search, search.at[seat])
    return search.seat >= 0


@njit(cache=True)
def polish(case: Case, chosen: Flags, moves: int) -> Flags:
    """Return a plan filled up and improved until no move helps."""
    search = start_search(case, chosen)
    fill(case, search)
    improve(case, search, moves)
    return search.seat >= 0
