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
UNBOUNDED = 1 << 60
PRICES = 4
TOO_LARGE = N_("There are too many needs and volunteers to be paired at once. Pair each street office for itself.")
LEAST_BLOCK, BLOCKS_A_ROOT = 20, 8


class Net(NamedTuple):
    """The arcs: ways grouped by need, then one arc for each node but the root."""

    tail: Positions
    head: Positions
    cost: Integers
    room: Integers
    flow: Integers
    state: Signs


class Tree(NamedTuple):
    """For each node its parent, the arc to it and whether that leads up, its depth and price; children as lists."""

    parent: Positions
    arc: Positions
    up: Signs
    depth: Positions
    price: Integers
    child: Positions
    after: Positions
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
    kept = np.flatnonzero((wanted[need] > 0) & (offered[volunteer] > 0) & (room > 0))
    start, order = _by_need(need[kept], len(wanted))
    kept = kept[order]
    chosen = Arcs(need[kept], volunteer[kept], room[kept], cost[kept])
    net = _net(chosen, wanted, len(offered), dear)
    tree = _star(len(wanted), len(offered))
    _greedy(net, tree, start, _nearest_first(net, start), (wanted, offered.copy()))
    _hang_all(net, tree)
    _optimise(net, tree, max(LEAST_BLOCK, isqrt(len(kept)) // BLOCKS_A_ROOT))
    flow = np.zeros(len(need), dtype=np.int64)
    flow[kept] = net.flow[: len(kept)]
    return flow


def _net(ways: Arcs, wanted: Integers, volunteers: int, dear: int) -> Net:
    needs = len(wanted)
    nodes = needs + volunteers
    room = np.where(ways.room >= wanted[ways.need], UNBOUNDED, ways.room)
    tail = np.concatenate((ways.need, np.arange(needs), np.full(volunteers, nodes)))
    head = np.concatenate((needs + ways.volunteer, np.full(needs, nodes), np.arange(needs, nodes)))
    arcs = len(tail)
    state = np.full(arcs, EMPTY, dtype=np.int8)
    state[arcs - nodes :] = TREE
    return Net(
        tail.astype(np.int32),
        head.astype(np.int32),
        np.concatenate((ways.cost, np.full(needs, dear), np.zeros(volunteers, dtype=np.int64))),
        np.concatenate((room, np.full(nodes, UNBOUNDED))),
        np.zeros(arcs, dtype=np.int64),
        state,
    )


def _star(needs: int, volunteers: int) -> Tree:
    """Return the tree in which every node hangs on the root, by its own arc."""
    nodes = needs + volunteers + 1
    none, zero = np.full(nodes, NONE, dtype=np.int32), np.zeros(nodes, dtype=np.int32)
    parent = np.append(np.full(nodes - 1, nodes - 1, dtype=np.int32), np.int32(NONE))
    up = np.concatenate((np.full(needs, UP, dtype=np.int8), np.full(volunteers + 1, DOWN, dtype=np.int8)))
    price = np.zeros(nodes, dtype=np.int64)
    return Tree(parent, none.copy(), up, zero, price, none.copy(), none.copy(), none.copy(), zero.copy())


def _nearest_first(net: Net, start: Integers) -> Integers:
    """Return the needs in the order of their cheapest arc: begun this way a plan is nearly the best already."""
    cheapest = np.full(len(start) - 1, UNBOUNDED, dtype=np.int64)
    some = np.flatnonzero(np.diff(start))
    if some.size:
        cheapest[some] = np.minimum.reduceat(net.cost[: start[-1]], start[some])
    return np.argsort(cheapest, kind="stable")


@njit(cache=True)
def _by_need(need: Integers, needs: int) -> tuple[Integers, Integers]:
    """Return where the arcs of each need begin in an order by need, and that order."""
    start = np.zeros(needs + 1, dtype=np.int64)
    for one in need:
        start[one + 1] += 1
    start = np.cumsum(start)
    place = start[:-1].copy()
    order = np.empty(len(need), dtype=np.int64)
    for arc in range(len(need)):
        order[place[need[arc]]] = arc
        place[need[arc]] += 1
    return start, order


@njit(cache=True)
def _greedy(
    net: Net, tree: Tree, start: Integers, needs_in_order: Integers, amounts: tuple[Integers, Integers]
) -> None:
    """Let need after need take from the cheapest volunteers that have something left, and fit the tree to it."""
    wanted, left = amounts
    needs, ways = len(wanted), start[-1]
    for node in range(len(tree.parent) - 1):
        tree.arc[node] = ways + node
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
            _take_in(net, tree, arc, ways, left[volunteer] == 0)
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
def _take_in(net: Net, tree: Tree, arc: int, ways: int, used_up: bool) -> None:
    """Hang a volunteer who is used up on the need that did it, and a need that is met on its last volunteer."""
    need, volunteer = net.tail[arc], net.head[arc]
    if used_up:
        tree.parent[volunteer], tree.arc[volunteer], tree.up[volunteer] = need, arc, DOWN
        net.state[arc], net.state[ways + volunteer] = TREE, EMPTY
    elif net.flow[arc] == net.room[arc]:
        net.state[arc] = FULL
    else:
        tree.parent[need], tree.arc[need], tree.up[need] = volunteer, arc, UP
        net.state[arc], net.state[ways + need] = TREE, EMPTY


@njit(cache=True)
def _hang_all(net: Net, tree: Tree) -> None:
    """Make lists of children out of parents, and give every node its depth and price from the root on."""
    root = len(tree.parent) - 1
    for node in range(root):
        _link(tree, node, tree.parent[node])
    tree.waiting[0], waiting = root, 1
    while waiting > 0:
        waiting -= 1
        node = tree.waiting[waiting]
        if node != root:
            tree.depth[node] = tree.depth[tree.parent[node]] + 1
            tree.price[node] = tree.price[tree.parent[node]] - tree.up[node] * net.cost[tree.arc[node]]
        child = tree.child[node]
        while child != NONE:
            tree.waiting[waiting] = child
            waiting += 1
            child = tree.after[child]


@njit(cache=True)
def _link(tree: Tree, node: int, parent: int) -> None:
    tree.before[node], tree.after[node] = NONE, tree.child[parent]
    if tree.child[parent] != NONE:
        tree.before[tree.child[parent]] = node
    tree.child[parent] = node


@njit(cache=True)
def _unlink(tree: Tree, node: int, parent: int) -> None:
    if tree.before[node] != NONE:
        tree.after[tree.before[node]] = tree.after[node]
    else:
        tree.child[parent] = tree.after[node]
    if tree.after[node] != NONE:
        tree.before[tree.after[node]] = tree.before[node]


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
        if state[at] != TREE:
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
    sign = net.state[entering]
    first, second = net.tail[entering], net.head[entering]
    if sign == FULL:
        first, second = second, first
    join = _join(tree, first, second)
    step, outer = _step(net, tree, first, join, DOWN, net.room[entering])
    step, later = _step(net, tree, second, join, UP, step)
    inner, onto = first, second
    if later != NONE:
        outer, inner, onto = later, second, first
    if step > 0:
        net.flow[entering] += sign * step
        _push(net, tree, first, join, -step)
        _push(net, tree, second, join, step)
    if outer == NONE:
        net.state[entering] = -sign
        return
    leaving = tree.arc[outer]
    net.state[entering] = TREE
    net.state[leaving] = EMPTY if net.flow[leaving] == 0 else FULL
    _rehang(tree, inner, outer, onto, (entering, UP if net.tail[entering] == inner else DOWN))
    _reprice(tree, inner, tree.price[onto] - tree.price[inner] - tree.up[inner] * net.cost[entering])


@njit(cache=True)
def _step(net: Net, tree: Tree, node: int, join: int, way: int, most: int) -> tuple[int, int]:
    """Return how many units can go between a node and one above it, `most` at most, and the node whose arc says so.

    way: UP from the node or DOWN to it. Of several that say so it is the lowest on the way down, the highest on the way
    up, which keeps the tree strongly feasible.
    """
    room, flow, parents, arcs, ups = net.room, net.flow, tree.parent, tree.arc, tree.up
    outer = NONE
    while node != join:
        arc = arcs[node]
        free = room[arc] - flow[arc] if ups[node] == way else flow[arc]
        if free < most or (way == UP and free == most):
            most, outer = free, node
        node = parents[node]
    return most, outer


@njit(cache=True)
def _push(net: Net, tree: Tree, node: int, join: int, units: int) -> None:
    """Send units up from a node to one above it; down to it where they are negative."""
    flow, parents, arcs, ups = net.flow, tree.parent, tree.arc, tree.up
    while node != join:
        flow[arcs[node]] += ups[node] * units
        node = parents[node]


@njit(cache=True)
def _rehang(tree: Tree, inner: int, outer: int, onto: int, by: tuple[int, int]) -> None:
    """Turn around the way from inner up to outer and hang inner, with all of it, on another node by an arc."""
    node, parent = inner, onto
    arc, up = by
    while True:
        old_parent, old_arc, old_up = tree.parent[node], tree.arc[node], tree.up[node]
        _unlink(tree, node, old_parent)
        _link(tree, node, parent)
        tree.parent[node], tree.arc[node], tree.up[node] = parent, arc, up
        if node == outer:
            return
        node, parent, arc, up = old_parent, node, old_arc, -old_up


@njit(cache=True)
def _reprice(tree: Tree, top: int, more: int) -> None:
    """Raise the prices of a node and all below it, and count their depths anew."""
    parents, depths, prices = tree.parent, tree.depth, tree.price
    children, afters, stack = tree.child, tree.after, tree.waiting
    stack[0], waiting = top, 1
    while waiting > 0:
        waiting -= 1
        node = stack[waiting]
        prices[node] += more
        depths[node] = depths[parents[node]] + 1
        child = children[node]
        while child != NONE:
            stack[waiting] = child
            waiting += 1
            child = afters[child]


@njit(cache=True)
def _join(tree: Tree, one: int, other: int) -> int:
    """Return the lowest node that is above both."""
    depths, parents = tree.depth, tree.parent
    while one != other:
        if depths[one] >= depths[other]:
            one = parents[one]
        else:
            other = parents[other]
    return one
