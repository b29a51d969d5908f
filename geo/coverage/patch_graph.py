"""The doors to divide as a graph: whole buildings or their units, and which of them are next to which."""

from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from geo.coverage.duty_inputs import UNKNOWN, Ints


@dataclass(frozen=True)
class PatchGraph:
    """Nodes that go to one head as a whole: a building, or a unit of a building above the limit.

    row_node: by unit (row) its node; households: known ones by node; uncounted: its rows whose households nobody
    knows; weight: what is balanced, every uncounted row taken for `assumed` households. The neighbours of node n are
    indices[indptr[n]:indptr[n + 1]].
    """

    row_node: Ints
    households: Ints
    uncounted: Ints
    weight: Ints
    assumed: int
    indptr: Ints
    indices: Ints

    def among(self, nodes: Ints) -> "PatchGraph":
        """Return the graph of some of the nodes, numbered in their order; it has no rows."""
        place = np.full(len(self.weight), -1, dtype=np.int64)
        place[nodes] = np.arange(len(nodes))
        from_node = np.repeat(np.arange(len(self.weight)), np.diff(self.indptr))
        kept = (place[from_node] >= 0) & (place[self.indices] >= 0)
        indptr, indices = rows_of_pairs(place[from_node[kept]], place[self.indices[kept]], len(nodes))
        empty = np.empty(0, dtype=np.int64)
        counts = self.households[nodes], self.uncounted[nodes], self.weight[nodes]
        return PatchGraph(empty, *counts, self.assumed, indptr, indices)


def patch_graph(
    row_building: Ints,
    row_households: Ints,
    building_pairs: Ints,
    *,
    split_above: int,
    assumed: int | None = None,
) -> PatchGraph:
    """Return what is divided, from units (and buildings without units) as rows and pairs of neighbouring buildings.

    row_building: the building of each row, the units of a building in the order they stand; row_households: UNKNOWN
    where nobody counted; building_pairs: (p, 2). A building with more than split_above households is divided by its
    rows, next to one another in their order, and touches other buildings with its first and last one. assumed: what an
    uncounted row is taken for, the median of the counted ones when left out (1 without any).

    >>> row = patch_graph(np.array([0, 0, 1]), np.array([30, 20, -1]), np.array([[0, 1]]), split_above=40)
    >>> row.row_node.tolist(), row.weight.tolist(), row.indptr.tolist(), row.indices.tolist()
    ([0, 1, 2], [30, 20, 25], [0, 2, 4, 6], [1, 2, 0, 2, 0, 1])
    """
    known = row_households != UNKNOWN
    if assumed is None:
        assumed = max(round(float(np.median(row_households[known]))), 1) if known.any() else 1
    weights = np.where(known, row_households, assumed)
    buildings = max(int(row_building.max(initial=-1)), int(building_pairs.max(initial=-1))) + 1
    split = np.bincount(row_building, weights, minlength=buildings) > split_above
    rows = np.arange(len(row_building))
    first = np.full(buildings, len(rows))
    np.minimum.at(first, row_building, rows)
    nodes, row_node = np.unique(np.where(split[row_building], rows, first[row_building]), return_inverse=True)
    many = len(nodes)
    pairs = _pairs(row_building, row_node, building_pairs)
    indptr, indices = rows_of_pairs(pairs[:, 0], pairs[:, 1], many)
    return PatchGraph(
        row_node=row_node,
        households=_sums(row_node, np.where(known, row_households, 0), many),
        uncounted=_sums(row_node, ~known, many),
        weight=_sums(row_node, weights, many),
        assumed=assumed,
        indptr=indptr,
        indices=indices,
    )


def rows_of_pairs(one: Ints, other: Ints, nodes: int) -> tuple[Ints, Ints]:
    """Return pairs, taken both ways and once each, as indptr and indices."""
    keys = np.unique(np.concatenate([one * nodes + other, other * nodes + one]))
    from_node, to_node = keys // max(nodes, 1), keys % max(nodes, 1)
    apart = from_node != to_node
    counts = np.bincount(from_node[apart], minlength=nodes)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), to_node[apart].astype(np.int64)


def _pairs(row_building: Ints, row_node: Ints, building_pairs: Ints) -> Ints:
    nodes_of: dict[int, list[int]] = {}
    for building, node in zip(row_building.tolist(), row_node.tolist(), strict=True):
        nodes_of.setdefault(building, []).append(node)
    pairs = [pair for nodes in nodes_of.values() for pair in pairwise(nodes)]
    for one, other in building_pairs.tolist():
        if one in nodes_of and other in nodes_of:
            ends = [(nodes[0], nodes[-1]) for nodes in (nodes_of[one], nodes_of[other])]
            pairs.extend(product(ends[0], ends[1]))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _sums(row_node: Ints, values: Ints, nodes: int) -> Ints:
    return np.bincount(row_node, values, minlength=nodes).astype(np.int64)
