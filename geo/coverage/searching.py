"""Shortest ways over compressed rows, compiled: to the nearest of many, to the k nearest, to all within a limit.

All of it is in one module, because what numba keeps on disk knows only of changes of its own file.

Every label is the smallest sum along a way, added from its beginning. Where only one way leads on, a label walks along
without waiting in the heap: town networks are mostly such chains.
"""

import numpy as np
from numba import njit

from geo.coverage.network import NONE, SEVERAL
from geo.coverage.search_rooms import Attached, Best, Heap, Pairs, Work

ARMS = 4
HALF, LOWER = 32, 0xFFFFFFFF
FIRST_ROOM, GROWTH = 65_536, 4


@njit(cache=True, inline="always")
def put(heap, size, key, item):  # type: ignore[no-untyped-def]
    """Put an item into a heap of this size."""
    keys, items = heap.keys, heap.items
    at = size
    while at > 0:
        parent = (at - 1) // ARMS
        if keys[parent] <= key:
            break
        keys[at], items[at] = keys[parent], items[parent]
        at = parent
    keys[at], items[at] = key, item


@njit(cache=True, inline="always")
def drop_first(heap, size):  # type: ignore[no-untyped-def]
    """Take the smallest item out of a heap that has this size afterwards."""
    keys, items = heap.keys, heap.items
    key, item = keys[size], items[size]
    at = 0
    while True:
        child = ARMS * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + ARMS, size)):
            if keys[other] < keys[least]:
                least = other
        if keys[least] >= key:
            break
        keys[at], items[at] = keys[least], items[least]
        at = least
    keys[at], items[at] = key, item


@njit(cache=True)
def _heap(room):  # type: ignore[no-untyped-def]
    return Heap(np.empty(room + 1), np.empty(room + 1, dtype=np.int64))


@njit(cache=True, inline="always")
def _ends(entries, place):  # type: ignore[no-untyped-def]
    return (
        (entries.first[place], entries.first_m[place]),
        (entries.second[place], entries.second_m[place]),
    )


@njit(cache=True)
def nearest_labels(graph, entries, limit_m):  # type: ignore[no-untyped-def]
    """Return for each node the metres to the nearest place and which it is, inf and -1 beyond the limit.

    graph: the ways backwards; entries: where the places stand.
    """
    nodes = len(graph.indptr) - 1
    metres, owner = np.full(nodes, np.inf), np.full(nodes, NONE, dtype=np.int32)
    heap, size = _heap(len(graph.indices) + 2 * len(entries.first)), 0
    for place in range(len(entries.first)):
        for node, begun_m in _ends(entries, place):
            if node >= 0 and begun_m <= limit_m and begun_m < metres[node]:
                metres[node], owner[node] = begun_m, place
                put(heap, size, begun_m, np.int64(node))
                size += 1
    while size:
        size -= 1
        key, node = heap.keys[0], heap.items[0]
        drop_first(heap, size)
        if key > metres[node]:
            continue
        for edge in range(graph.indptr[node], graph.indptr[node + 1]):
            on, way = edge, key
            while on >= 0:
                head = np.int64(graph.indices[on])
                way += graph.lengths_m[on]
                if way >= metres[head] or way > limit_m:
                    break
                metres[head], owner[head] = way, owner[node]
                on = graph.onward[on]
                if on == SEVERAL:
                    put(heap, size, way, head)
                    size += 1
    return metres, owner


@njit(cache=True, inline="always")
def insert(metres, owner, row, way, place):  # type: ignore[no-untyped-def]
    """Put a place into a row of the nearest ones, each once, the nearest first; tell whether the row changed."""
    last = metres.shape[1] - 1
    if way >= metres[row, last]:
        return False
    at = last
    for slot in range(last + 1):
        if owner[row, slot] == place:
            if metres[row, slot] <= way:
                return False
            at = slot
            break
    while at > 0 and metres[row, at - 1] > way:
        metres[row, at], owner[row, at] = metres[row, at - 1], owner[row, at - 1]
        at -= 1
    metres[row, at], owner[row, at] = way, place
    return True


@njit(cache=True, inline="always")
def _still_holds(metres, owner, row, way, place):  # type: ignore[no-untyped-def]
    for slot in range(metres.shape[1]):
        if owner[row, slot] == place:
            return metres[row, slot] == way
    return False


@njit(cache=True)
def k_nearest_labels(graph, entries, limit_m, k):  # type: ignore[no-untyped-def]
    """Return for each node the metres to its k nearest places and which they are, as `nearest_labels` does for one."""
    nodes = len(graph.indptr) - 1
    metres, owner = np.full((nodes, k), np.inf), np.full((nodes, k), NONE, dtype=np.int32)
    heap, size = _heap(k * len(graph.indices) + 2 * len(entries.first)), 0
    for place in range(len(entries.first)):
        for node, begun_m in _ends(entries, place):
            if node >= 0 and begun_m <= limit_m and insert(metres, owner, node, begun_m, place):
                put(heap, size, begun_m, (np.int64(node) << HALF) | place)
                size += 1
    while size:
        size -= 1
        key, item = heap.keys[0], heap.items[0]
        drop_first(heap, size)
        node, place = item >> HALF, item & LOWER
        if not _still_holds(metres, owner, node, key, place):
            continue
        for edge in range(graph.indptr[node], graph.indptr[node + 1]):
            on, way = edge, key
            while on >= 0:
                head = np.int64(graph.indices[on])
                way += graph.lengths_m[on]
                if way > limit_m or not insert(metres, owner, head, way, place):
                    break
                on = graph.onward[on]
                if on == SEVERAL:
                    put(heap, size, way, (head << HALF) | place)
                    size += 1
    return metres, owner


@njit(cache=True, inline="always")
def _begin(entries, place, limit_m, work):  # type: ignore[no-untyped-def]
    """Put a search to its beginning; return how many nodes have a label and how many wait in the heap."""
    count, size = 0, 0
    for node, begun_m in _ends(entries, place):
        if node >= 0 and begun_m <= limit_m and begun_m < work.metres[node]:
            if work.metres[node] == np.inf:
                work.touched[count] = node
                count += 1
            work.metres[node] = begun_m
            put(work.heap, size, begun_m, np.int64(node))
            size += 1
    return count, size


@njit(cache=True)
def reach_from(graph, entries, place, limit_m, work):  # type: ignore[no-untyped-def]
    """Label the nodes within the limit of one place; return how many, their numbers are at the front of `touched`.

    graph: the ways forwards; work: its metres are inf everywhere, and have to be so again afterwards.
    """
    metres, touched, heap = work.metres, work.touched, work.heap
    count, size = _begin(entries, place, limit_m, work)
    while size:
        size -= 1
        key, node = heap.keys[0], heap.items[0]
        drop_first(heap, size)
        if key > metres[node]:
            continue
        for edge in range(graph.indptr[node], graph.indptr[node + 1]):
            on, way = edge, key
            while on >= 0:
                head = np.int64(graph.indices[on])
                way += graph.lengths_m[on]
                before = metres[head]
                if way >= before or way > limit_m:
                    break
                if before == np.inf:
                    touched[count] = head
                    count += 1
                metres[head] = way
                on = graph.onward[on]
                if on == SEVERAL:
                    put(heap, size, way, head)
                    size += 1
    return count


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
        for node, begun_m in _ends(ends, place):
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
        for node, begun_m in _ends(ends, place):
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
    nodes = len(graph.indptr) - 1
    return Work(np.full(nodes, np.inf), np.empty(nodes, dtype=np.int32), _heap(len(graph.indices) + 2))


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
