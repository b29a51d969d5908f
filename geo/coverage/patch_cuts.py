"""How patches are found: bounds, shares of separate parts, cuts of spanning trees, and the best of several searches."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.coverage.duty_inputs import Ints
from geo.coverage.patch_graph import PatchGraph
from geo.coverage.patch_search import anneal, cut_path, cut_tree, loads_and_sizes, quality, spanning_tree
from geo.errors import BadInput
from geo.i18n import N_

NO_LIMIT = np.iinfo(np.int64).max // 4
STEPS_A_NODE, LEAST_STEPS, MOST_STEPS = 2_000, 60_000, 1_000_000
SEEDS = (1, 2, 3, 4, 5)
TOO_FEW = N_("{parts} parts of this compound are not next to one another: choose at least {parts} heads.")
TOO_MANY = N_("There are only {nodes} buildings or units to divide: choose at most {nodes} heads.")
NOTHING = N_("There are no doors to divide, or the limit is below one household. Choose another compound or limit.")
Tree = tuple[Ints, Ints]


def component_of(graph: PatchGraph) -> Ints:
    """Return by node the number of the connected part it is in."""
    many = len(graph.weight)
    steps = csr_array((np.ones(len(graph.indices)), graph.indices, graph.indptr), shape=(many, many))
    return np.asarray(connected_components(steps, directed=False)[1], dtype=np.int64)


def shares_of(graph: PatchGraph, component: Ints, heads: int) -> list[int]:
    """Return how many heads each part gets: one, then each further one where most are left to a head.

    Raises BadInput for fewer heads than parts and for more heads than nodes.
    """
    parts, nodes = int(component.max(initial=-1)) + 1, np.bincount(component)
    if heads < max(parts, 1):
        raise BadInput(TOO_FEW, parts=max(parts, 1))
    if heads > len(graph.weight):
        raise BadInput(TOO_MANY, nodes=len(graph.weight))
    total = np.bincount(component, graph.weight)
    shares = np.ones(parts, dtype=np.int64)
    for _head in range(heads - parts):
        shares[np.argmax(np.where(shares < nodes, total / shares, -1.0))] += 1
    return shares.tolist()


def divided(graph: PatchGraph, component: Ints, shares: Sequence[int], mean: float) -> tuple[Ints, bool]:
    """Return the patch of every node, part by part, and whether the answer is known to be the best."""
    patch = np.zeros(len(graph.weight), dtype=np.int64)
    first, exact = 0, len(shares) == 1
    for number, share in enumerate(shares):
        nodes = np.flatnonzero(component == number)
        patch[nodes], solved = _solved(graph.among(nodes), share, mean, NO_LIMIT)
        patch[nodes] += first
        first, exact = first + share, exact and solved
    return patch, exact


def fewest_of(graph: PatchGraph, limit: int) -> tuple[Ints, int]:
    """Return the patch of every node for as few patches within a limit as found, and a bound on how few can do.

    Raises BadInput when there is nothing to divide and for a limit below one household.
    """
    if not len(graph.weight) or limit < 1:
        raise BadInput(NOTHING)
    component = component_of(graph)
    patch, first, bound = np.zeros(len(graph.weight), dtype=np.int64), 0, 0
    for number in range(int(component.max(initial=-1)) + 1):
        nodes = np.flatnonzero(component == number)
        part = graph.among(nodes)
        least, most = _fewest_bounds(part, limit)
        found, share = _least_share(part, limit, least, most)
        patch[nodes] = found + first
        first, bound = first + share, bound + least
    return patch, bound


def bound_of(graph: PatchGraph, heads: int) -> int:
    """Return what the largest load of so many patches is at least.

    The mean rounded up; the heaviest node; the two lightest of the heads + 1 heaviest nodes, two of which must share a
    patch; on a tree the exact answer.
    """
    weight = np.sort(graph.weight)[::-1]
    bound = max(-(-int(weight.sum()) // heads), int(weight[0]))
    if len(weight) > heads:
        bound = max(bound, int(weight[heads - 1] + weight[heads]))
    if _is_tree(graph):
        bound = max(bound, _least_limit(graph, _tree(graph, 0, deep=False), heads)[0])
    return bound


def _is_tree(graph: PatchGraph) -> bool:
    return len(graph.indices) == 2 * (len(graph.weight) - 1) and component_of(graph).max() == 0


def _least_share(part: PatchGraph, limit: int, least: int, most: int) -> tuple[Ints, int]:
    """Return a division within a limit into as few patches as found, by halving: most is known to do."""
    best, share = _solved(part, most, float(part.weight.sum() / most), limit)[0], most
    low, high = least, most
    while low < high:
        middle = (low + high) // 2
        found, _exact = _solved(part, middle, float(part.weight.sum() / middle), limit)
        if _judged(part, found, 0.0, limit)[0] == 0:
            best, share, high = found, middle, middle
        else:
            low = middle + 1
    return best, share


def _fewest_bounds(part: PatchGraph, limit: int) -> tuple[int, int]:
    large = part.weight > limit
    least = int(large.sum()) + _packed(part.weight[~large], limit)
    most = min(cut_tree(*tree, part.weight, limit)[0] for tree in _trees(part))
    if _is_tree(part) and not large.any():
        least = most
    return max(least, 1), max(most, 1)


def _packed(weight: Ints, limit: int) -> int:
    """Return how many boxes of a size weights need at least, next to one another or not (Martello and Toth, 1990)."""
    bounds = [0]
    for small in np.unique(np.append(weight[2 * weight <= limit], 0)).tolist():
        alone, half = weight > limit - small, (2 * weight > limit) & (weight <= limit - small)
        little = (weight >= small) & (2 * weight <= limit)
        room = int(half.sum()) * limit - int(weight[half].sum())
        bounds.append(int(alone.sum() + half.sum()) + max(0, -(-(int(weight[little].sum()) - room) // limit)))
    return max(bounds)


def _solved(part: PatchGraph, heads: int, mean: float, limit: int) -> tuple[Ints, bool]:
    nodes = len(part.weight)
    if heads == 1:
        return np.zeros(nodes, dtype=np.int64), True
    if heads == nodes:
        return np.arange(nodes), True
    if _is_tree(part) and np.diff(part.indptr).max() <= 2:
        order = _tree(part, int(np.argmin(np.diff(part.indptr))), deep=True)[0]
        patch = np.empty(nodes, dtype=np.int64)
        patch[order] = cut_path(part.weight[order], heads, mean, limit)
        return patch, True
    starts = [_pieces(part, tree, heads) for tree in _trees(part)]
    start = min(starts, key=lambda patch: _judged(part, patch, mean, limit))
    steps = int(np.clip(STEPS_A_NODE * nodes, LEAST_STEPS, MOST_STEPS))
    graph = part.indptr, part.indices, part.weight
    tries = [anneal(graph, start, mean, limit, steps, seed) for seed in SEEDS]
    return min(tries, key=lambda patch: _judged(part, patch, mean, limit)), False


def _judged(part: PatchGraph, patch: Ints, mean: float, limit: int) -> tuple[float, float]:
    loads, sizes = loads_and_sizes(patch, part.weight, int(patch.max()) + 1)
    above, deviation = quality(loads, sizes, mean, limit)
    return above, deviation


def _tree(part: PatchGraph, root: int, *, deep: bool) -> Tree:
    order, parent = spanning_tree(part.indptr, part.indices, root, deep)
    return order, parent


def _trees(part: PatchGraph) -> Iterator[Tree]:
    far = int(_tree(part, 0, deep=False)[0][-1])
    for root in dict.fromkeys((0, far, int(np.argmax(part.weight)))):
        for deep in (False, True):
            yield _tree(part, root, deep=deep)


def _least_limit(part: PatchGraph, tree: Tree, heads: int) -> tuple[int, Ints]:
    """Return the least largest load with which a tree falls into at most so many pieces, and those pieces' tops."""
    low, high = int(part.weight.max()), int(part.weight.sum())
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if cut_tree(*tree, part.weight, middle)[0] <= heads else (middle + 1, high)
    return low, cut_tree(*tree, part.weight, low)[1]


def _pieces(part: PatchGraph, tree: Tree, heads: int) -> Ints:
    """Return exactly so many connected patches: the best cut of a tree, its heaviest pieces cut further if need be."""
    order, parent = tree
    top = _least_limit(part, tree, heads)[1]
    while True:
        tops, patch = np.unique(top, return_inverse=True)
        if len(tops) == heads:
            return np.asarray(patch, dtype=np.int64)
        loads, sizes = loads_and_sizes(patch, part.weight, len(tops))
        heaviest = int(tops[np.argmax(np.where(sizes > 1, loads, -1))])
        _cut_once(order, parent, part.weight, top, heaviest)


def _cut_once(order: Ints, parent: Ints, weight: Ints, top: Ints, piece: int) -> None:
    below = weight.copy()
    inside = [node for node in order.tolist() if top[node] == piece]
    for node in reversed(inside):
        if node != piece:
            below[parent[node]] += below[node]
    total = int(below[piece])
    cut = min((node for node in inside if node != piece), key=lambda node: (abs(2 * int(below[node]) - total), node))
    for node in inside:
        if node == cut or (node != piece and top[parent[node]] == cut and node != cut):
            top[node] = cut
