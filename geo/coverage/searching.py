"""Shortest ways over compressed rows, compiled: to the nearest of many, to the k nearest, to all within a limit.

Every label is the smallest sum along a way, added from its beginning. Where only one way leads on, a label walks along
without waiting in the heap: town networks are mostly such chains.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.coverage.network import NONE, SEVERAL, Floats, Positions

ARMS = 4
HALF, LOWER = 32, 0xFFFFFFFF


class Heap(NamedTuple):
    """Room for a heap of (metres, item), the smallest first, with four branches at each fork."""

    keys: Floats
    items: npt.NDArray[np.int64]


class Entries(NamedTuple):
    """Where searches begin or places stand: up to two nodes each with the metres to them, -1 for none."""

    first: Positions
    first_m: Floats
    second: Positions
    second_m: Floats


class Work(NamedTuple):
    """Room for one search after the other: a label a node, inf between searches, and the nodes that have one."""

    metres: Floats
    touched: Positions
    heap: Heap


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
