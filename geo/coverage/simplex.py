"""Network simplex for handing out units from needs to volunteers: compiled, started from a greedy plan, exact.

The network has an arc for every way, one from each need to the root (units nobody gives, dearer than any way), and one
from the root to each volunteer (units left). A spanning tree of arcs carries what is divided; all other arcs are
empty or full. A pivot takes in the arc that promises most of a block of arcs, moves units around the ring it closes,
and lets go of an arc that came to its limit. Trees stay strongly feasible (Cunningham 1976: units can always be sent
from every node towards the root), so that it ends; the tree is kept as children and siblings.
"""

from dataclasses import dataclass
from math import isqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.errors import NoRoom
from geo.i18n import N_

Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Signs = npt.NDArray[np.int8]
EMPTY, TREE, FULL = 1, 0, -1
"""What an arc is; also the sign with which its price counts."""
UP, DOWN = 1, -1
NONE = -1
PARENT, LEADS, UNITS, ROOM, DEPTH, ARC, CHILD, AFTER = range(8)
SIZE = 8
UNBOUNDED = 1 << 60
PRICES = 4
TOO_LARGE = N_("There are too many needs and volunteers to be paired at once. Pair each street office for itself.")
LEAST_BLOCK, BLOCKS_A_ROOT = 20, 8


class Net(NamedTuple):
    """The arcs: ways grouped by need, then one arc for each node but the root; flow is kept of what is not divided."""

    tail: Positions
    head: Positions
    cost: Integers
    room: Integers
    flow: Integers
    state: Signs


class Tree(NamedTuple):
    """A row of SIZE numbers for each node, so that what is read together lies together, and its price.

    A row has the parent, whether the arc to it leads up, units and room of that arc, depth, the arc, and the lists of
    children: the first one, and the next of the same parent. before: the one before that.
    """

    rows: Integers
    price: Integers
    before: Positions
    waiting: Positions


@dataclass(frozen=True)
class Arcs:
    """Who may give to whom: need and volunteer (positions), the most units, and the cost of one (whole, any sign)."""

    need: Integers
    volunteer: Integers
    room: Integers
    cost: Integers


def transport(wanted: Integers, offered: Integers, arcs: Arcs) -> Integers:
    """Return the units of each arc in a plan that carries most, and among all of these costs least.

    wanted: units of each need; offered: units of each volunteer. Of equally cheap plans it is one whose divided arcs
    (neither empty nor full) form no ring, so that few needs are divided. Raises NoRoom when costs exceed 60 bits.

    >>> arcs = Arcs(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([2, 2, 1]), np.array([5, 90, 70]))
    >>> transport(np.array([2, 1]), np.array([1, 2]), arcs).tolist()
    [0, 2, 1]
    """
    dear = 1 + int(np.abs(arcs.cost).max(initial=0)) * 2 * (min(len(wanted), len(offered)) + 1)
    if dear > UNBOUNDED // PRICES:
        raise NoRoom(TOO_LARGE)
    columns = arcs.need, arcs.volunteer, arcs.room, arcs.cost, wanted, offered
    need, volunteer, room, cost, wanted, offered = (np.ascontiguousarray(one, dtype=np.int64) for one in columns)
    net, start, origin = _arranged((need, volunteer, room, cost), wanted, offered, dear)
    tree = _star(len(wanted), len(offered))
    _greedy(net, tree, start, _nearest_first(net, start), (wanted, offered.copy()))
    _hang_all(net, tree)
    _optimise(net, tree, max(LEAST_BLOCK, isqrt(len(origin)) // BLOCKS_A_ROOT))
    _put_back(net, tree)
    flow = np.zeros(len(need), dtype=np.int64)
    flow[origin] = net.flow[: len(origin)]
    return flow


def _star(needs: int, volunteers: int) -> Tree:
    """Return the tree in which every node hangs on the root, by its own arc."""
    nodes = needs + volunteers + 1
    rows = np.zeros((nodes, SIZE), dtype=np.int64)
    rows[:, PARENT], rows[-1, PARENT] = nodes - 1, NONE
    rows[:needs, LEADS], rows[needs:, LEADS] = UP, DOWN
    rows[:, CHILD] = rows[:, AFTER] = NONE
    empty = np.full(nodes, NONE, dtype=np.int32)
    return Tree(rows, np.zeros(nodes, dtype=np.int64), empty, empty.copy())


def _nearest_first(net: Net, start: Integers) -> Integers:
    """Return the needs in the order of their cheapest arc: begun this way a plan is nearly the best already."""
    cheapest = np.full(len(start) - 1, UNBOUNDED, dtype=np.int64)
    some = np.flatnonzero(np.diff(start))
    if some.size:
        cheapest[some] = np.minimum.reduceat(net.cost[: start[-1]], start[some])
    return np.argsort(cheapest, kind="stable")


@njit(cache=True)
def _arranged(
    arcs: tuple[Integers, Integers, Integers, Integers], wanted: Integers, offered: Integers, dear: int
) -> tuple[Net, Integers, Integers]:
    """Return the arcs of the network, where those of each need begin, and which way each of the first is."""
    need, volunteer, room, cost = arcs
    needs, nodes = len(wanted), len(wanted) + len(offered)
    start = np.zeros(needs + 1, dtype=np.int64)
    for way in range(len(need)):
        if room[way] > 0 and wanted[need[way]] > 0 and offered[volunteer[way]] > 0:
            start[need[way] + 1] += 1
    start = np.cumsum(start)
    ways, place = start[needs], start[:-1].copy()
    origin = np.empty(ways, dtype=np.int64)
    tail, head = np.empty(ways + nodes, dtype=np.int32), np.empty(ways + nodes, dtype=np.int32)
    price, most = np.zeros(ways + nodes, dtype=np.int64), np.full(ways + nodes, UNBOUNDED, dtype=np.int64)
    state = np.full(ways + nodes, np.int8(EMPTY), dtype=np.int8)
    for way in range(len(need)):
        one = need[way]
        if room[way] > 0 and wanted[one] > 0 and offered[volunteer[way]] > 0:
            at = place[one]
            place[one] += 1
            origin[at], tail[at], head[at], price[at] = way, one, needs + volunteer[way], cost[way]
            if room[way] < wanted[one]:
                most[at] = room[way]
    for node in range(nodes):
        at = ways + node
        state[at] = TREE
        tail[at], head[at] = (node, nodes) if node < needs else (nodes, node)
        if node < needs:
            price[at] = dear
    return Net(tail, head, price, most, np.zeros(ways + nodes, dtype=np.int64), state), start, origin


@njit(cache=True)
def _greedy(
    net: Net, tree: Tree, start: Integers, needs_in_order: Integers, amounts: tuple[Integers, Integers]
) -> None:
    """Let need after need take from the cheapest volunteers that have something left, and fit the tree to it."""
    wanted, left = amounts
    needs, ways = len(wanted), start[-1]
    for node in range(len(tree.rows) - 1):
        tree.rows[node, ARC] = ways + node
    for need in needs_in_order:
        rest = wanted[need]
        while rest > 0:
            arc = _cheapest(net, start[need], start[need + 1], left, needs)
            if arc == NONE:
                break
            volunteer = net.head[arc] - needs
            step = min(rest, net.room[arc], left[volunteer])
            net.flow[arc] = step
            rest -= step
            left[volunteer] -= step
            _take_in(net, tree.rows, arc, ways, left[volunteer] == 0)
        net.flow[ways + need] = rest
    net.flow[ways + needs :] = left


@njit(cache=True)
def _cheapest(net: Net, begin: int, end: int, left: Integers, needs: int) -> int:
    best = NONE
    for arc in range(begin, end):
        if net.flow[arc] == 0 and left[net.head[arc] - needs] > 0 and (best == NONE or net.cost[arc] < net.cost[best]):
            best = arc
    return best


@njit(cache=True)
def _take_in(net: Net, rows: Integers, arc: int, ways: int, used_up: bool) -> None:
    """Hang a volunteer who is used up on the need that did it, and a need that is met on its last volunteer."""
    need, volunteer = net.tail[arc], net.head[arc]
    if used_up:
        rows[volunteer, PARENT], rows[volunteer, ARC], rows[volunteer, LEADS] = need, arc, DOWN
        net.state[arc], net.state[ways + volunteer] = TREE, EMPTY
    elif net.flow[arc] == net.room[arc]:
        net.state[arc] = FULL
    else:
        rows[need, PARENT], rows[need, ARC], rows[need, LEADS] = volunteer, arc, UP
        net.state[arc], net.state[ways + need] = TREE, EMPTY


@njit(cache=True)
def _hang_all(net: Net, tree: Tree) -> None:
    """Make lists of children out of parents, and give every node its depth, price and units from the root on."""
    rows, root = tree.rows, len(tree.rows) - 1
    for node in range(root):
        arc = rows[node, ARC]
        rows[node, UNITS], rows[node, ROOM] = net.flow[arc], net.room[arc]
        _link(tree, node, rows[node, PARENT])
    tree.waiting[0], waiting = root, 1
    while waiting > 0:
        waiting -= 1
        node = tree.waiting[waiting]
        if node != root:
            parent = rows[node, PARENT]
            rows[node, DEPTH] = rows[parent, DEPTH] + 1
            tree.price[node] = tree.price[parent] - rows[node, LEADS] * net.cost[rows[node, ARC]]
        child = rows[node, CHILD]
        while child != NONE:
            tree.waiting[waiting] = child
            waiting += 1
            child = rows[child, AFTER]


@njit(cache=True)
def _put_back(net: Net, tree: Tree) -> None:
    """Write the units of all arcs into the network: those of the tree, and what is full or empty."""
    for arc in range(len(net.flow)):
        net.flow[arc] = net.room[arc] if net.state[arc] == FULL else 0
    for node in range(len(tree.rows) - 1):
        net.flow[tree.rows[node, ARC]] = tree.rows[node, UNITS]


@njit(cache=True)
def _link(tree: Tree, node: int, parent: int) -> None:
    rows, first = tree.rows, tree.rows[parent, CHILD]
    tree.before[node], rows[node, AFTER] = NONE, first
    if first != NONE:
        tree.before[first] = node
    rows[parent, CHILD] = node


@njit(cache=True)
def _unlink(tree: Tree, node: int, parent: int) -> None:
    rows, before, after = tree.rows, tree.before[node], tree.rows[node, AFTER]
    if before != NONE:
        rows[before, AFTER] = after
    else:
        rows[parent, CHILD] = after
    if after != NONE:
        tree.before[after] = before


@njit(cache=True)
def _optimise(net: Net, tree: Tree, block: int) -> None:
    at = 0
    while True:
        entering, at = _entering(net, tree.price, at, block)
        if entering == NONE:
            return
        _pivot(net, tree, entering)


@njit(cache=True)
def _entering(net: Net, price: Integers, at: int, block: int) -> tuple[int, int]:
    """Return the arc that promises most in the next block that has any, and where to go on; NONE after a full round."""
    tail, head, cost, state = net.tail, net.head, net.cost, net.state
    best, entering, left, arcs = 0, NONE, block, len(cost)
    for _seen in range(arcs):
        promise = state[at] * (cost[at] + price[tail[at]] - price[head[at]])
        if promise < best:
            best, entering = promise, at
        at = at + 1 if at + 1 < arcs else 0
        left -= 1
        if left == 0:
            if entering != NONE:
                break
            left = block
    return entering, at


@njit(cache=True)
def _pivot(net: Net, tree: Tree, entering: int) -> None:
    sign, room = net.state[entering], net.room[entering]
    first, second = net.tail[entering], net.head[entering]
    if sign == FULL:
        first, second = second, first
    join, step, outer, on_the_way_up = _ring(tree.rows, first, second, room)
    if step > 0:
        _push(tree.rows, first, join, -step)
        _push(tree.rows, second, join, step)
    if outer == NONE:
        net.state[entering] = -sign
        return
    inner, onto = (second, first) if on_the_way_up else (first, second)
    net.state[entering] = TREE
    net.state[tree.rows[outer, ARC]] = EMPTY if tree.rows[outer, UNITS] == 0 else FULL
    units = step if sign == EMPTY else room - step
    _rehang(tree, inner, outer, onto, (entering, UP if net.tail[entering] == inner else DOWN, units, room))
    _reprice(tree, inner, tree.price[onto] - tree.price[inner] - tree.rows[inner, LEADS] * net.cost[entering])


@njit(cache=True)
def _ring(rows: Integers, first: int, second: int, most: int) -> tuple[int, int, int, bool]:
    """Return the lowest node above both ends, how many units can go around, `most` at most, and who says so.

    Units go down from the join to first and up from second to the join. Of several nodes whose arc limits them it is
    the lowest on the way down, the highest on the way up, which keeps the tree strongly feasible.
    """
    down, up, on_down, on_up = most, UNBOUNDED + 1, NONE, NONE
    one, other = first, second
    while one != other:
        if rows[one, DEPTH] >= rows[other, DEPTH]:
            free = rows[one, ROOM] - rows[one, UNITS] if rows[one, LEADS] == DOWN else rows[one, UNITS]
            if free < down:
                down, on_down = free, one
            one = rows[one, PARENT]
        else:
            free = rows[other, ROOM] - rows[other, UNITS] if rows[other, LEADS] == UP else rows[other, UNITS]
            if free <= up:
                up, on_up = free, other
            other = rows[other, PARENT]
    if on_up != NONE and up <= down:
        return one, up, on_up, True
    return one, down, on_down, False


@njit(cache=True)
def _push(rows: Integers, node: int, join: int, units: int) -> None:
    """Send units up from a node to one above it; down to it where they are negative."""
    while node != join:
        rows[node, UNITS] += rows[node, LEADS] * units
        node = rows[node, PARENT]


@njit(cache=True)
def _rehang(tree: Tree, inner: int, outer: int, onto: int, by: tuple[int, int, int, int]) -> None:
    """Turn around the way from inner up to outer and hang inner, with all of it, on another node by an arc."""
    rows, node, parent = tree.rows, inner, onto
    arc, leads, units, room = by
    while True:
        old_parent, old_arc, old_leads = rows[node, PARENT], rows[node, ARC], rows[node, LEADS]
        old_units, old_room = rows[node, UNITS], rows[node, ROOM]
        _unlink(tree, node, old_parent)
        _link(tree, node, parent)
        rows[node, PARENT], rows[node, ARC], rows[node, LEADS] = parent, arc, leads
        rows[node, UNITS], rows[node, ROOM] = units, room
        if node == outer:
            return
        node, parent, arc, leads = old_parent, node, old_arc, -old_leads
        units, room = old_units, old_room


@njit(cache=True)
def _reprice(tree: Tree, top: int, more: int) -> None:
    """Raise the prices of a node and all below it, and count their depths anew."""
    rows, prices, stack = tree.rows, tree.price, tree.waiting
    stack[0], waiting = top, 1
    while waiting > 0:
        waiting -= 1
        node = stack[waiting]
        prices[node] += more
        rows[node, DEPTH] = rows[rows[node, PARENT], DEPTH] + 1
        child = rows[node, CHILD]
        while child != NONE:
            stack[waiting] = child
            waiting += 1
            child = rows[child, AFTER]
