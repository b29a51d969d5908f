"""From labels of nodes to walks between places, compiled: the two ends of their edges, and walks along one edge."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.coverage.network import NONE, Floats, Integers, Positions
from geo.coverage.searching import Heap, Work, insert, reach_from

FIRST_ROOM, GROWTH = 65_536, 4


class Standing(NamedTuple):
    """Where on its edge each place stands: edge (-1 for none), metres from its first end, straight leg."""

    edge: Positions
    along_m: Floats
    access_m: Floats


class Beside(NamedTuple):
    """The places of each edge as compressed rows, which edges are one way, and whether walks are turned round."""

    starts: Integers
    places: Positions
    along_m: Floats
    access_m: Floats
    oneway: npt.NDArray[np.bool_]
    backwards: bool


class Attached(NamedTuple):
    """The places that can be walked to from each node as compressed rows, with the metres."""

    starts: Integers
    places: Positions
    metres: Floats


class Pairs(NamedTuple):
    """Room for pairs that are found: target and metres."""

    target: Positions
    metres: Floats


class Best(NamedTuple):
    """The smallest metres to each target, inf between searches, and the targets that have some."""

    metres: Floats
    touched: Positions


@njit(cache=True, inline="always")
def _direct_m(standing, place, beside, at):  # type: ignore[no-untyped-def]
    """Return the metres from a place to another on its edge without leaving it, inf against one way."""
    on_m = beside.along_m[at] - standing.along_m[place]
    if beside.backwards:
        on_m = -on_m
    if on_m < 0.0 and beside.oneway[standing.edge[place]]:
        return np.inf
    return standing.access_m[place] + abs(on_m) + beside.access_m[at]


@njit(cache=True)
def merge_labels(labels, ends, standing, beside, limit_m):  # type: ignore[no-untyped-def]
    """Return the k nearest of each place from those of the nodes at its ends and those on its own edge."""
    by_node, owner_by_node = labels
    k = by_node.shape[1]
    metres, owner = np.full((len(ends.first), k), np.inf), np.full((len(ends.first), k), NONE, dtype=np.int32)
    for place in range(len(ends.first)):
        for node, begun_m in (
            (ends.first[place], ends.first_m[place]),
            (ends.second[place], ends.second_m[place]),
        ):
            if node < 0:
                continue
            for slot in range(k):
                way = by_node[node, slot] + begun_m
                if way > limit_m or way == np.inf:
                    break
                insert(metres, owner, place, way, owner_by_node[node, slot])
        edge = standing.edge[place]
        if edge >= 0:
            for at in range(beside.starts[edge], beside.starts[edge + 1]):
                way = _direct_m(standing, place, beside, at)
                if way <= limit_m:
                    insert(metres, owner, place, way, beside.places[at])
    return metres, owner


@njit(cache=True)
def _attached(ends, nodes):  # type: ignore[no-untyped-def]
    starts = np.zeros(nodes + 2, dtype=np.int64)
    for place in range(len(ends.first)):
        for node in (ends.first[place], ends.second[place]):
            if node >= 0:
                starts[node + 2] += 1
    for node in range(nodes + 1):
        starts[node + 1] += starts[node]
    places, metres = np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1])
    for place in range(len(ends.first)):
        for node, begun_m in (
            (ends.first[place], ends.first_m[place]),
            (ends.second[place], ends.second_m[place]),
        ):
            if node >= 0:
                at = starts[node + 1]
                places[at], metres[at] = place, begun_m
                starts[node + 1] += 1
    return Attached(starts[:-1], places, metres)


@njit(cache=True, inline="always")
def _note(best, count, target, way):  # type: ignore[no-untyped-def]
    """Keep the way to a target when it is the smallest; return how many targets have one."""
    before = best.metres[target]
    if way < before:
        best.metres[target] = way
        if before == np.inf:
            best.touched[count] = target
            return count + 1
    return count


@njit(cache=True)
def _met(work, reached, attached, best, limit_m):  # type: ignore[no-untyped-def]
    """Note the targets at the nodes reached, forget the nodes' labels; return how many targets were met."""
    count = 0
    for position in range(reached):
        node = work.touched[position]
        label = work.metres[node]
        work.metres[node] = np.inf
        for at in range(attached.starts[node], attached.starts[node + 1]):
            way = label + attached.metres[at]
            if way <= limit_m:
                count = _note(best, count, attached.places[at], way)
    return count


@njit(cache=True)
def _met_once(work, reached, attached, pairs, used, limit_m):  # type: ignore[no-untyped-def]
    """Write the pairs with the targets at the nodes reached, each of which stands at one node; forget the labels."""
    for position in range(reached):
        node = work.touched[position]
        label = work.metres[node]
        work.metres[node] = np.inf
        for at in range(attached.starts[node], attached.starts[node + 1]):
            way = label + attached.metres[at]
            if way <= limit_m:
                pairs.target[used], pairs.metres[used] = attached.places[at], way
                used += 1
    return used


@njit(cache=True)
def _attached_to(work, reached, attached):  # type: ignore[no-untyped-def]
    """Return how many times targets stand at the nodes reached."""
    count = 0
    for position in range(reached):
        node = work.touched[position]
        count += attached.starts[node + 1] - attached.starts[node]
    return count


@njit(cache=True)
def _wider(pairs, used, wanted):  # type: ignore[no-untyped-def]
    """Return room for `wanted` pairs with the used ones in it; room that is never used costs nothing."""
    room = max(GROWTH * len(pairs.target), wanted)
    target, metres = np.empty(room, dtype=np.int32), np.empty(room)
    target[:used], metres[:used] = pairs.target[:used], pairs.metres[:used]
    return Pairs(target, metres)


@njit(cache=True)
def _workplace(graph):  # type: ignore[no-untyped-def]
    nodes, room = len(graph.indptr) - 1, len(graph.indices) + 3
    heap = Heap(np.empty(room), np.empty(room, dtype=np.int64))
    return Work(np.full(nodes, np.inf), np.empty(nodes, dtype=np.int32), heap)


@njit(cache=True)
def rows_between_nodes(graph, entries, ends, limit_m):  # type: ignore[no-untyped-def]
    """Return what `rows_within` does where every target stands at a node: none is met twice, none on an edge."""
    work, attached = _workplace(graph), _attached(ends, len(graph.indptr) - 1)
    most = np.diff(attached.starts).max() if len(graph.indptr) > 1 else 0
    starts = np.zeros(len(entries.first) + 1, dtype=np.int64)
    pairs, used = Pairs(np.empty(FIRST_ROOM, dtype=np.int32), np.empty(FIRST_ROOM)), 0
    for place in range(len(entries.first)):
        reached = reach_from(graph, entries, place, limit_m, work)
        if used + most * reached > len(pairs.target):
            pairs = _wider(pairs, used, used + _attached_to(work, reached, attached))
        used = _met_once(work, reached, attached, pairs, used, limit_m)
        starts[place + 1] = used
    return starts, pairs.target[:used], pairs.metres[:used]


@njit(cache=True)
def rows_within(graph, entries, ends, standing, beside, limit_m):  # type: ignore[no-untyped-def]
    """Return starts, targets and metres of all pairs within the limit, searched from each place in turn."""
    work, attached = _workplace(graph), _attached(ends, len(graph.indptr) - 1)
    best = Best(np.full(len(ends.first), np.inf), np.empty(len(ends.first), dtype=np.int32))
    starts = np.zeros(len(entries.first) + 1, dtype=np.int64)
    pairs, used = Pairs(np.empty(FIRST_ROOM, dtype=np.int32), np.empty(FIRST_ROOM)), 0
    for place in range(len(entries.first)):
        reached = reach_from(graph, entries, place, limit_m, work)
        count = _met(work, reached, attached, best, limit_m)
        edge = standing.edge[place]
        if edge >= 0:
            for at in range(beside.starts[edge], beside.starts[edge + 1]):
                way = _direct_m(standing, place, beside, at)
                if way <= limit_m:
                    count = _note(best, count, beside.places[at], way)
        if used + count > len(pairs.target):
            pairs = _wider(pairs, used, used + count)
        for position in range(count):
            target = best.touched[position]
            pairs.target[used], pairs.metres[used] = target, best.metres[target]
            best.metres[target] = np.inf
            used += 1
        starts[place + 1] = used
    return starts, pairs.target[:used], pairs.metres[:used]
