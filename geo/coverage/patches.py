"""Fair patches: a compound's doors divided among heads in connected patches along units and buildings."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.coverage.duty_inputs import UNKNOWN, Ints
from geo.coverage.patch_cuts import bound_of, component_of, divided, fewest_of, shares_of
from geo.coverage.patch_graph import PatchGraph
from geo.coverage.patch_search import stays_connected


class Move(IntEnum):
    """What became of the wish to give a node to another patch: refused ones leave everything as it was.

    NOT_NEXT: it touches no door of that patch; EMPTIES: its patch would have no door left; CUTS: its patch would fall
    in two.
    """

    DONE = 0
    SAME = 1
    NOT_NEXT = 2
    EMPTIES = 3
    CUTS = 4


@dataclass(frozen=True)
class Division:
    """The patch of every node, and by patch known households, uncounted rows and the load that was balanced.

    bound: no division into as many connected patches has a smaller largest load; proven: none has a smaller largest
    deviation from the mean either.
    """

    patch: Ints
    households: Ints
    uncounted: Ints
    load: Ints
    bound: int
    proven: bool

    @property
    def mean(self) -> float:
        """Return the mean load of a patch."""
        return float(self.load.mean())

    @property
    def deviation(self) -> float:
        """Return the largest difference of a load from the mean, in households."""
        return float(np.abs(self.load - self.load.mean()).max())


@dataclass(frozen=True)
class Fewest:
    """The division with the fewest patches found whose loads keep a limit.

    bound: fewer cannot do; too_large: nodes above the limit by themselves, each alone in a patch.
    """

    division: Division
    bound: int
    too_large: Ints

    @property
    def proven(self) -> bool:
        """Tell whether fewer patches are known to be impossible."""
        return len(self.division.load) == self.bound


def divide(graph: PatchGraph, heads: int) -> Division:
    """Divide all nodes among so many heads, every patch connected and with at least one node.

    The largest deviation of a load from the mean is made as small as found: exactly where the doors stand in one row,
    else from the best cuts of spanning trees, improved by passing doors over borders. Separate parts of a compound
    are divided apart. The same doors give the same answer. Raises BadInput for fewer heads than separate parts and
    for more heads than nodes.

    >>> from geo.coverage.patch_graph import patch_graph
    >>> pairs = np.array([[0, 1], [1, 2], [2, 3]])
    >>> row = patch_graph(np.arange(4), np.array([10, 20, 30, 5]), pairs, split_above=40)
    >>> fair = divide(row, 2)
    >>> fair.patch.tolist(), fair.load.tolist(), fair.bound, fair.proven
    ([0, 0, 1, 1], [30, 35], 35, True)
    """
    component = component_of(graph)
    shares = shares_of(graph, component, heads)
    mean = float(graph.weight.sum() / heads)
    patch, exact = divided(graph, component, shares, mean)
    return _division(graph, _in_order(patch), exact=exact)


def fewest(graph: PatchGraph, limit: int) -> Fewest:
    """Divide all nodes among as few heads as found, every load within a limit; a node above it stays alone.

    Raises BadInput when there is nothing to divide and for a limit below one household.

    >>> from geo.coverage.patch_graph import patch_graph
    >>> pairs = np.array([[0, 1], [1, 2], [2, 3]])
    >>> few = fewest(patch_graph(np.arange(4), np.array([15, 15, 15, 50]), pairs, split_above=60), 40)
    >>> few.division.load.tolist(), few.bound, few.proven, few.too_large.tolist()
    ([30, 15, 50], 3, True, [3])
    """
    patch, bound = fewest_of(graph, limit)
    return Fewest(_division(graph, _in_order(patch), exact=False), bound, np.flatnonzero(graph.weight > limit))


def move(graph: PatchGraph, division: Division, node: int, to: int) -> tuple[Move, Division]:
    """Give a node to another patch if both stay connected; returns what became of it and the division then."""
    home = int(division.patch[node])
    neighbours = graph.indices[graph.indptr[node] : graph.indptr[node + 1]]
    size = int((division.patch == home).sum())
    if to == home:
        return Move.SAME, division
    if not (division.patch[neighbours] == to).any():
        return Move.NOT_NEXT, division
    if size == 1:
        return Move.EMPTIES, division
    marks = np.zeros(len(graph.weight) + 1, dtype=np.int64)
    if not stays_connected((graph.indptr, graph.indices, graph.weight), division.patch, node, size, marks):
        return Move.CUTS, division
    patch = division.patch.copy()
    patch[node] = to
    return Move.DONE, _division(graph, patch, exact=False)


def patch_of_heads(graph: PatchGraph, division: Division, homes: Ints) -> Ints:
    """Return the patch of each head, so that together they live as few doors away from their own as can be.

    homes: the node each head lives in, UNKNOWN where not known (they take what the others leave). With fewer heads
    than patches some patches stay without, with more some heads get UNKNOWN.
    """
    many = len(graph.weight)
    steps = csr_array((np.ones(len(graph.indices)), graph.indices, graph.indptr), shape=(many, many))
    away = np.full((len(homes), len(division.load)), float(many))
    known = np.flatnonzero(homes != UNKNOWN)
    if len(known):
        hops = dijkstra(steps, unweighted=True, indices=homes[known])
        for patch in range(len(division.load)):
            away[known, patch] = hops[:, division.patch == patch].min(axis=1).clip(max=2 * many)
    head, patch_taken = linear_sum_assignment(away)
    taken = np.full(len(homes), UNKNOWN, dtype=np.int64)
    taken[head] = patch_taken
    return taken


def _in_order(patch: Ints) -> Ints:
    """Return the same patches numbered by their first nodes."""
    _values, first, place = np.unique(patch, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[place], dtype=np.int64)


def _division(graph: PatchGraph, patch: Ints, *, exact: bool) -> Division:
    heads = int(patch.max(initial=-1)) + 1
    households, uncounted, load = (
        np.bincount(patch, values, minlength=heads).astype(np.int64)
        for values in (graph.households, graph.uncounted, graph.weight)
    )
    bound = bound_of(graph, heads)
    mean = load.mean()
    unavoidable = max(bound - mean, mean - np.floor(mean))
    proven = exact or float(np.abs(load - mean).max()) <= unavoidable + 1e-9
    return Division(patch, households, uncounted, load, bound, bool(proven))
