"""The compiled searches behind fair patches: cutting paths and trees exactly, then moving doors over borders."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Graph = tuple[Ints, Ints, Ints]
"""indptr and indices of the neighbours of each node, and the weight of each node."""

FAR = 1e300
ABOVE = 1e9
COMPACT = 0.05
HOT, COLD = 2.0, 0.02
"""Border edges and temperatures are weighed in squares of the mean weight of a node."""


@njit(cache=True)
def cut_path(weight: Ints, count: int, mean: float, limit: int) -> Ints:
    """Return the patch of each node of a path cut into count pieces with the least largest deviation from the mean.

    weight: households in the order of the path. What is above the limit (in pieces of several nodes) comes first.
    Exact, by dynamic programming over prefix sums.
    """
    nodes = len(weight)
    prefix = np.zeros(nodes + 1, dtype=np.int64)
    prefix[1:] = np.cumsum(weight)
    best = np.full((count + 1, nodes + 1), FAR)
    start = np.zeros((count + 1, nodes + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for piece in range(1, count + 1):
        for end in range(piece, nodes - (count - piece) + 1):
            for begin in range(end - 1, piece - 2, -1):
                load = prefix[end] - prefix[begin]
                deviation = abs(load - mean)
                if load > limit and end - begin > 1:
                    deviation += (load - limit) * ABOVE
                worst = max(best[piece - 1, begin], deviation)
                if worst < best[piece, end]:
                    best[piece, end], start[piece, end] = worst, begin
                if load > mean and deviation >= best[piece, end]:
                    break
    patch = np.zeros(nodes, dtype=np.int64)
    end = nodes
    for piece in range(count, 0, -1):
        begin = start[piece, end]
        patch[begin:end] = piece - 1
        end = begin
    return patch


@njit(cache=True)
def spanning_tree(indptr: Ints, indices: Ints, root: int, deep: bool) -> tuple[Ints, Ints]:
    """Return nodes in the order they are met from a root and the parent of each: breadth first, or deep first."""
    nodes = len(indptr) - 1
    parent = np.full(nodes, -2, dtype=np.int64)
    order = np.empty(nodes, dtype=np.int64)
    waiting = np.empty(len(indices) + 1, dtype=np.int64)
    come_from = np.empty(len(indices) + 1, dtype=np.int64)
    waiting[0], come_from[0] = root, -1
    first, last, met = 0, 1, 0
    while first < last:
        if deep:
            last -= 1
            at = last
        else:
            at = first
            first += 1
        node = waiting[at]
        if parent[node] != -2:
            continue
        parent[node] = come_from[at]
        order[met] = node
        met += 1
        for edge in range(indptr[node], indptr[node + 1]):
            if parent[indices[edge]] == -2:
                waiting[last], come_from[last] = indices[edge], node
                last += 1
    return order[:met], parent


@njit(cache=True)
def cut_tree(order: Ints, parent: Ints, weight: Ints, limit: int) -> tuple[int, Ints]:
    """Return the fewest pieces of a tree with at most limit each, and the top node of every node's piece.

    A node heavier than the limit is a piece of its own with nothing added. Kundu and Misra (1977): from the leaves
    up, the heaviest child is cut off as long as the sum is above the limit.
    """
    nodes = len(parent)
    load = weight.copy()
    cut = np.zeros(nodes, dtype=np.bool_)
    children = np.zeros(nodes + 1, dtype=np.int64)
    for node in order:
        if parent[node] >= 0:
            children[parent[node] + 1] += 1
    start = np.cumsum(children)
    fill = start.copy()
    below = np.empty(max(nodes, 1), dtype=np.int64)
    pieces = 1
    for node in order[::-1]:
        mine = below[start[node] : fill[node]]
        loads = np.array([load[child] for child in mine], dtype=np.int64)
        load[node] += loads.sum()
        for at in np.argsort(-loads, kind="mergesort"):
            if load[node] <= limit:
                break
            cut[mine[at]] = True
            load[node] -= loads[at]
            pieces += 1
        if parent[node] >= 0:
            below[fill[parent[node]]] = node
            fill[parent[node]] += 1
    top = np.full(nodes, -1, dtype=np.int64)
    for node in order:
        top[node] = node if parent[node] < 0 or cut[node] else top[parent[node]]
    return pieces, top


@njit(cache=True)
def loads_and_sizes(patch: Ints, weight: Ints, count: int) -> tuple[Ints, Ints]:
    """Return the weight and the number of nodes of each patch."""
    loads = np.zeros(count, dtype=np.int64)
    sizes = np.zeros(count, dtype=np.int64)
    for node in range(len(patch)):
        loads[patch[node]] += weight[node]
        sizes[patch[node]] += 1
    return loads, sizes


@njit(cache=True)
def stays_connected(graph: Graph, patch: Ints, node: int, size: int, marks: Ints) -> bool:
    """Tell whether a patch of so many nodes is still one piece without a node of it.

    marks: scratch, one value a node and one more; zeros at first, then as it was left.
    """
    indptr, indices = graph[0], graph[1]
    home, stamp = patch[node], marks[-1] + 1
    marks[-1] = stamp
    marks[node] = stamp
    waiting = np.empty(size, dtype=np.int64)
    last, met = 0, 1
    for edge in range(indptr[node], indptr[node + 1]):
        if patch[indices[edge]] == home and indices[edge] != node:
            waiting[0], last, met = indices[edge], 1, 2
            marks[indices[edge]] = stamp
            break
    while last > 0:
        last -= 1
        at = waiting[last]
        for edge in range(indptr[at], indptr[at + 1]):
            other = indices[edge]
            if patch[other] == home and marks[other] != stamp:
                marks[other] = stamp
                waiting[last] = other
                last += 1
                met += 1
    return size > 1 and met == size


@njit(cache=True)
def quality(loads: Ints, sizes: Ints, mean: float, limit: int) -> tuple[float, float]:
    """Return how far patches are above a limit (more than one node in them) and the largest deviation from the mean."""
    above, deviation = 0.0, 0.0
    for at in range(len(loads)):
        if sizes[at] > 1 and loads[at] > limit:
            above += loads[at] - limit
        deviation = max(deviation, abs(loads[at] - mean))
    return above, deviation


@njit(cache=True)
def border(graph: Graph, patch: Ints, node: int, to: int) -> int:
    """Return how many border edges more there are when a node passes to another patch."""
    indptr, indices = graph[0], graph[1]
    more = 0
    for edge in range(indptr[node], indptr[node + 1]):
        if patch[indices[edge]] == patch[node]:
            more += 1
        elif patch[indices[edge]] == to:
            more -= 1
    return more


@njit(cache=True)
def anneal(graph: Graph, start: Ints, mean: float, limit: int, steps: int, seed: int) -> Ints:
    """Return the best division met while doors pass over borders, warm at first and then colder.

    start: the patch of each node, every patch connected and none empty; stays so. Best: least above the limit, then
    the least largest deviation, then the shortest border. The same seed gives the same answer.
    """
    indptr, indices, weight = graph
    marks = np.zeros(len(weight) + 1, dtype=np.int64)
    patch, best = start.copy(), start.copy()
    loads, sizes = loads_and_sizes(patch, weight, start.max() + 1)
    scale = max(weight.mean(), 1.0) ** 2
    found, length, shortest = quality(loads, sizes, mean, limit), 0, 0
    dice = np.uint64(seed * 2 + 1) * np.uint64(0x9E3779B97F4A7C15)
    for step in range(steps):
        heat = HOT * scale * (COLD / HOT) ** (step / steps)
        dice ^= dice << np.uint64(13)
        dice ^= dice >> np.uint64(7)
        dice ^= dice << np.uint64(17)
        node = np.int64(dice % np.uint64(len(weight)))
        degree = indptr[node + 1] - indptr[node]
        if degree == 0:
            continue
        home, to = patch[node], patch[indices[indptr[node] + np.int64((dice >> np.uint64(24)) % np.uint64(degree))]]
        if home == to or sizes[home] == 1:
            continue
        more = border(graph, patch, node, to)
        rise = 2.0 * weight[node] * (weight[node] + loads[to] - loads[home]) + COMPACT * scale * more
        luck = np.float64(dice >> np.uint64(11)) / 9007199254740992.0
        if rise > 0 and luck >= np.exp(-rise / heat):
            continue
        if not stays_connected(graph, patch, node, sizes[home], marks):
            continue
        patch[node] = to
        loads[home] -= weight[node]
        loads[to] += weight[node]
        sizes[home] -= 1
        sizes[to] += 1
        length += more
        now = quality(loads, sizes, mean, limit)
        if now < found or (now == found and length < shortest):
            found, shortest = now, length
            best[:] = patch
    return best
