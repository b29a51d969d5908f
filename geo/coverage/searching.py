"""Shortest ways over compressed rows, compiled: to the nearest of many, to the k nearest, to all within a limit.

All of it is in one module, because what numba keeps on disk knows only of changes of its own file.

Every label is the smallest sum along a way, added from its beginning. Where only one way leads on, a label walks along
without waiting: town networks are mostly such chains. Elsewhere nodes wait in lines by distance, as Dial's do.
A node that is looked at too early is looked at again when it gets nearer, so the order decides nothing but the time.
"""

import numpy as np
from numba import njit

from geo.coverage.network import NONE, SEVERAL
from geo.coverage.search_rooms import Best, Pairs, Queue, Work

HALF, LOWER = 32, 0xFFFFFFFF
FIRST_ROOM, GROWTH = 65_536, 4
LINES, LINES_AN_EDGE = 4096, 4


@njit(cache=True, inline="always")
def _line_up(first, last, behind, line, slot):  # type: ignore[no-untyped-def]
    """Put a slot at the end of a line."""
    if first[line] == NONE:
        first[line] = slot
    else:
        behind[last[line]] = slot
    last[line], behind[slot] = slot, NONE


@njit(cache=True)
def _queue(graph, items):  # type: ignore[no-untyped-def]
    """Return an empty queue, with room for so many items, in lines a quarter of a usual edge wide."""
    mean_m = graph.lengths_m.mean() if len(graph.lengths_m) else 0.0
    lines_per_m = LINES_AN_EDGE / mean_m if mean_m > 0.0 else 1.0
    ends = np.full(LINES, NONE, dtype=np.int32), np.full(LINES, NONE, dtype=np.int32)
    return Queue(np.empty(len(items)), items, np.empty(len(items), dtype=np.int32), *ends, lines_per_m)


@njit(cache=True)
def _with_room(queue, used):  # type: ignore[no-untyped-def]
    """Return the queue with more room behind the slots that are used."""
    wider = GROWTH * len(queue.keys)
    keys, items, behind = np.empty(wider), np.empty(wider, dtype=queue.items.dtype), np.empty(wider, dtype=np.int32)
    keys[:used], items[:used], behind[:used] = queue.keys[:used], queue.items[:used], queue.behind[:used]
    return Queue(keys, items, behind, queue.first, queue.last, queue.lines_per_m)


@njit(cache=True, inline="always")
def _add(queue, used, at_m, item):  # type: ignore[no-untyped-def]
    """Put an item into the slot after the used ones and in line."""
    queue.keys[used], queue.items[used] = at_m, item
    _line_up(queue.first, queue.last, queue.behind, np.int64(at_m * queue.lines_per_m) & (LINES - 1), used)


@njit(cache=True, inline="always")
def _ends(entries, place):  # type: ignore[no-untyped-def]
    return (entries.first[place], entries.first_m[place]), (entries.second[place], entries.second_m[place])


@njit(cache=True)
def nearest_labels(graph, entries, limit_m):  # type: ignore[no-untyped-def]
    """Return for each node the metres to the nearest place and which it is, inf and -1 beyond the limit.

    graph: the ways backwards; entries: where the places stand.
    """
    nodes = len(graph.indptr) - 1
    metres, owner = np.full(nodes, np.inf), np.full(nodes, NONE, dtype=np.int32)
    queue, used = _queue(graph, np.empty(2 * len(entries.first) + 1, dtype=np.int32)), 0
    for place in range(len(entries.first)):
        for node, begun_m in _ends(entries, place):
            if node >= 0 and begun_m <= limit_m and begun_m < metres[node]:
                metres[node], owner[node] = begun_m, place
                _add(queue, used, begun_m, node)
                used += 1
    state = (used, used, np.int64(0))
    while state[1]:
        state = _label_nearest(graph, limit_m, (metres, owner), queue, state)
        if state[1]:
            queue = _with_room(queue, state[0])
    return metres, owner


@njit(cache=True)
def _label_nearest(graph, limit_m, labels, queue, state):  # type: ignore[no-untyped-def]
    """Label what lies on from the nodes in line, until none waits or there is no more room.

    state: slots used, slots that wait, line; returned as it is left.
    """
    indptr, indices, lengths_m, onward = graph
    keys, items, behind, first, last, lines_per_m = queue
    metres, owner = labels
    used, waiting, line = state
    while waiting:
        slot = first[line]
        if slot == NONE:
            line = (line + 1) & (LINES - 1)
            continue
        node = items[slot]
        if used + indptr[node + 1] - indptr[node] > len(keys):
            break
        first[line] = behind[slot]
        waiting -= 1
        key, place = keys[slot], owner[node]
        for edge in range(indptr[node], indptr[node + 1] if key <= metres[node] else 0):
            on, way = edge, key
            while on >= 0:
                head = indices[on]
                way += lengths_m[on]
                if way >= metres[head] or way > limit_m:
                    break
                metres[head], owner[head] = way, place
                on = onward[on]
                if on == SEVERAL:
                    keys[used], items[used] = way, head
                    _line_up(first, last, behind, np.int64(way * lines_per_m) & (LINES - 1), used)
                    used, waiting = used + 1, waiting + 1
    return used, waiting, line


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
    queue, used = _queue(graph, np.empty(2 * len(entries.first) + 1, dtype=np.int64)), 0
    for place in range(len(entries.first)):
        for node, begun_m in _ends(entries, place):
            if node >= 0 and begun_m <= limit_m and insert(metres, owner, node, begun_m, place):
                _add(queue, used, begun_m, (np.int64(node) << HALF) | place)
                used += 1
    state = (used, used, np.int64(0))
    while state[1]:
        state = _label_k_nearest(graph, limit_m, (metres, owner), queue, state)
        if state[1]:
            queue = _with_room(queue, state[0])
    return metres, owner


@njit(cache=True)
def _label_k_nearest(graph, limit_m, labels, queue, state):  # type: ignore[no-untyped-def]
    """Do what `_label_nearest` does with rows of k labels; an item is a node and a place."""
    indptr, indices, lengths_m, onward = graph
    keys, items, behind, first, last, lines_per_m = queue
    metres, owner = labels
    used, waiting, line = state
    while waiting:
        slot = first[line]
        if slot == NONE:
            line = (line + 1) & (LINES - 1)
            continue
        node, place, key = items[slot] >> HALF, items[slot] & LOWER, keys[slot]
        if used + indptr[node + 1] - indptr[node] > len(keys):
            break
        first[line] = behind[slot]
        waiting -= 1
        holds = _still_holds(metres, owner, node, key, place)
        for edge in range(indptr[node], indptr[node + 1] if holds else 0):
            on, way = edge, key
            while on >= 0:
                head = np.int64(indices[on])
                way += lengths_m[on]
                if way > limit_m or not insert(metres, owner, head, way, place):
                    break
                on = onward[on]
                if on == SEVERAL:
                    keys[used], items[used] = way, (head << HALF) | place
                    _line_up(first, last, behind, np.int64(way * lines_per_m) & (LINES - 1), used)
                    used, waiting = used + 1, waiting + 1
    return used, waiting, line


@njit(cache=True)
def reach_from(graph, entries, place, limit_m, work):  # type: ignore[no-untyped-def]
    """Label the nodes within the limit of one place; return how many, and where: at the front of `touched`.

    graph: the ways forwards; work: its metres are inf everywhere, and have to be so again afterwards. It is returned
    too, because it may have grown.
    """
    count, used = 0, 0
    for node, begun_m in _ends(entries, place):
        if node >= 0 and begun_m <= limit_m and begun_m < work.metres[node]:
            if work.metres[node] == np.inf:
                work.touched[count] = node
                count += 1
            work.metres[node] = begun_m
            _add(work.queue, used, begun_m, node)
            used += 1
    state = (used, used, np.int64(0), count)
    while state[1]:
        state = _label_reached(graph, limit_m, work.metres, work.touched, work.queue, state)
        if state[1]:
            work = Work(work.metres, work.touched, _with_room(work.queue, state[0]))
    return state[3], work


@njit(cache=True)
def _label_reached(graph, limit_m, metres, touched, queue, state):  # type: ignore[no-untyped-def]
    """Do what `_label_nearest` does for one place, and note the nodes that are reached."""
    indptr, indices, lengths_m, onward = graph
    keys, items, behind, first, last, lines_per_m = queue
    used, waiting, line, count = state
    while waiting:
        slot = first[line]
        if slot == NONE:
            line = (line + 1) & (LINES - 1)
            continue
        node, key = items[slot], keys[slot]
        if used + indptr[node + 1] - indptr[node] > len(keys):
            break
        first[line] = behind[slot]
        waiting -= 1
        for edge in range(indptr[node], indptr[node + 1] if key <= metres[node] else 0):
            on, way = edge, key
            while on >= 0 and way + lengths_m[on] < metres[indices[on]] and way + lengths_m[on] <= limit_m:
                head = indices[on]
                way += lengths_m[on]
                touched[count] = head
                count += metres[head] == np.inf
                metres[head] = way
                on = onward[on]
                if on == SEVERAL:
                    keys[used], items[used] = way, head
                    _line_up(first, last, behind, np.int64(way * lines_per_m) & (LINES - 1), used)
                    used, waiting = used + 1, waiting + 1
    return used, waiting, line, count


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
    queue = _queue(graph, np.empty(3, dtype=np.int32))
    return Work(np.full(nodes, np.inf), np.empty(nodes + 1, dtype=np.int32), queue)


@njit(cache=True)
def rows_between_nodes(graph, entries, attached, limit_m):  # type: ignore[no-untyped-def]
    """Return what `rows_within` does where every target stands at a node: none is met twice, none on an edge."""
    work = _workplace(graph)
    most = np.diff(attached.starts).max() if len(graph.indptr) > 1 else 0
    starts = np.zeros(len(entries.first) + 1, dtype=np.int64)
    pairs, used = Pairs(np.empty(FIRST_ROOM, dtype=np.int32), np.empty(FIRST_ROOM)), 0
    for place in range(len(entries.first)):
        reached, work = reach_from(graph, entries, place, limit_m, work)
        if used + most * reached > len(pairs.target):
            pairs = _wider(pairs, used, used + _attached_to(work, reached, attached))
        used = _met_once(work, reached, attached, pairs, used, limit_m)
        starts[place + 1] = used
    return starts, pairs.target[:used], pairs.metres[:used]


@njit(cache=True)
def rows_within(graph, entries, attached, standing, beside, limit_m):  # type: ignore[no-untyped-def]
    """Return starts, targets and metres of all pairs within the limit, searched from each place in turn."""
    work = _workplace(graph)
    best = Best(np.full(attached.many, np.inf), np.empty(attached.many, dtype=np.int32))
    starts = np.zeros(len(entries.first) + 1, dtype=np.int64)
    pairs, used = Pairs(np.empty(FIRST_ROOM, dtype=np.int32), np.empty(FIRST_ROOM)), 0
    for place in range(len(entries.first)):
        reached, work = reach_from(graph, entries, place, limit_m, work)
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
