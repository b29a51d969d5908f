"""How far it is on foot: the nearest place, the k nearest, and all within a limit, over the network."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.coverage.network import NONE, Floats, Integers, Network, Positions
from geo.coverage.search_rooms import Attached, Beside, Entries, Standing
from geo.coverage.searching import (
    k_nearest_labels,
    merge_labels,
    nearest_labels,
    rows_between_nodes,
    rows_within,
)
from geo.coverage.snapping import Snapped

FEW = 2
"""Ways are searched from the other side when it has so many times fewer places."""


@dataclass(frozen=True)
class Nearest:
    """For each origin its nearest targets: positions in the list of targets, -1 for none, and metres, inf for none.

    Of one nearest the arrays have one value an origin, of k nearest one row an origin, the nearest first.
    """

    target: Positions
    metres: Floats


@dataclass(frozen=True)
class Within:
    """For each source the targets within the limit, as compressed rows.

    Those of source s are `target[indptr[s]:indptr[s + 1]]` with `metres` beside, in no particular order.
    """

    indptr: Integers
    target: Positions
    metres: Floats

    def source(self) -> Positions:
        """Return the source of each pair."""
        return np.repeat(np.arange(len(self.indptr) - 1, dtype=np.int32), np.diff(self.indptr))


def leaving(network: Network, places: Snapped) -> Entries:
    """Return the nodes a walk from each place comes to first, with the metres to them."""
    return _entries(places, places.from_m, places.to_m, first_barred=_oneway(network, places))


def arriving(network: Network, places: Snapped) -> Entries:
    """Return the nodes a walk to each place comes from last, with the metres from them."""
    entries = _entries(places, places.from_m, places.to_m)
    barred = _oneway(network, places)
    return entries._replace(second=np.where(barred, NONE, entries.second).astype(np.int32))


def _oneway(network: Network, places: Snapped) -> npt.NDArray[np.bool_]:
    if not len(network.edges):
        return np.zeros(len(places), dtype=bool)
    return np.asarray((places.edge >= 0) & network.edges.oneway[places.edge])


def _entries(
    places: Snapped, from_m: Floats, to_m: Floats, first_barred: npt.NDArray[np.bool_] | None = None
) -> Entries:
    lost = np.isinf(places.access_m)
    on_node = places.edge < 0
    first_lost = lost if first_barred is None else lost | first_barred
    return Entries(
        np.where(first_lost, NONE, places.edge_from).astype(np.int32),
        places.access_m + from_m,
        np.where(lost | on_node, NONE, places.edge_to).astype(np.int32),
        places.access_m + to_m,
    )


def nearest_by_node(network: Network, targets: Snapped, *, limit_m: float = np.inf) -> Nearest:
    """Return for each node of the network the nearest target to walk to, and the metres, within the limit."""
    metres, target = nearest_labels(network.backwards, arriving(network, targets), float(limit_m))
    return Nearest(target, metres)


def nearest(network: Network, origins: Snapped, targets: Snapped, *, limit_m: float = np.inf) -> Nearest:
    """Return for each origin the nearest target to walk to, and the metres, within the limit (metres).

    Walks are directed, from origin to target, and count the straight legs of both to the road. Of targets that are
    equally near it is one of them. The sum along a way is added from the target on.

    >>> from geo.coverage.network import Drawn, build
    >>> from geo.coverage.snapping import at_nodes
    >>> town = build(np.arange(3), np.arange(3) / 1000, np.zeros(3), Drawn([0, 1], [1, 2], [100.0, 70.0]))
    >>> found = nearest(town, at_nodes([0, 1]), at_nodes([2, 0]))
    >>> found.target.tolist(), found.metres.tolist()
    ([1, 0], [0.0, 70.0])
    """
    by_node = nearest_by_node(network, targets, limit_m=limit_m)
    found = _merged(network, origins, targets, Nearest(by_node.target[:, None], by_node.metres[:, None]), limit_m)
    return Nearest(found.target[:, 0], found.metres[:, 0])


def k_nearest_by_node(network: Network, targets: Snapped, k: int, *, limit_m: float = np.inf) -> Nearest:
    """Return for each node of the network the k nearest targets to walk to, (n, k), within the limit."""
    metres, target = k_nearest_labels(network.backwards, arriving(network, targets), float(limit_m), int(k))
    return Nearest(target, metres)


def k_nearest(network: Network, origins: Snapped, targets: Snapped, k: int, *, limit_m: float = np.inf) -> Nearest:
    """Return for each origin the k nearest targets to walk to, (origins, k), the nearest first, as `nearest` does."""
    if k == 1:
        one = nearest(network, origins, targets, limit_m=limit_m)
        return Nearest(one.target[:, None], one.metres[:, None])
    by_node = k_nearest_by_node(network, targets, k, limit_m=limit_m)
    return _merged(network, origins, targets, by_node, limit_m)


def _merged(network: Network, origins: Snapped, targets: Snapped, by_node: Nearest, limit_m: float) -> Nearest:
    labels = np.ascontiguousarray(by_node.metres), np.ascontiguousarray(by_node.target)
    ends, beside = leaving(network, origins), _beside(network, targets)
    metres, target = merge_labels(labels, ends, _standing(origins), beside, float(limit_m))
    return Nearest(target, metres)


def within(network: Network, sources: Snapped, targets: Snapped, limit_m: float) -> Within:
    """Return for each source all targets within a walk of `limit_m` metres from it, straight legs included.

    Walks are directed, from source to target. They are searched from the side with fewer places, and the sum along a
    way is added from that side on.

    >>> from geo.coverage.network import Drawn, build
    >>> from geo.coverage.snapping import at_nodes
    >>> town = build(np.arange(3), np.arange(3) / 1000, np.zeros(3), Drawn([0, 1], [1, 2], [100.0, 70.0]))
    >>> found = within(town, at_nodes([0, 1]), at_nodes([2, 0]), 100)
    >>> found.indptr.tolist(), found.target.tolist(), found.metres.tolist()
    ([0, 1, 3], [1, 1, 0], [0.0, 100.0, 70.0])
    """
    turned = FEW * len(targets) < len(sources)
    graph = network.backwards if turned else network.forwards
    begin, there = (targets, sources) if turned else (sources, targets)
    entries = arriving(network, begin) if turned else leaving(network, begin)
    ends = leaving(network, there) if turned else arriving(network, there)
    attached = _attached(ends, len(network))
    if (there.edge < 0).all():
        found = Within(*rows_between_nodes(graph, entries, attached, float(limit_m)))
    else:
        beside = _beside(network, there)._replace(backwards=turned)
        found = Within(*rows_within(graph, entries, attached, _standing(begin), beside, float(limit_m)))
    return _turned(found, len(sources)) if turned else found


def _attached(ends: Entries, nodes: int) -> Attached:
    """Return the places of each node, those of an edge at both its ends."""
    node = np.concatenate((ends.first, ends.second))
    metres = np.concatenate((ends.first_m, ends.second_m))
    order = np.argsort(node, kind="stable")[np.count_nonzero(node < 0) :]
    starts = np.append(0, np.cumsum(np.bincount(node[order], minlength=nodes))).astype(np.int64)
    many = len(ends.first)
    return Attached(starts, (order % max(many, 1)).astype(np.int32), metres[order], many)


def _turned(found: Within, sources: int) -> Within:
    order = np.argsort(found.target, kind="stable")
    indptr = np.append(0, np.cumsum(np.bincount(found.target, minlength=sources))).astype(np.int64)
    return Within(indptr, found.source()[order], found.metres[order])


def _standing(places: Snapped) -> Standing:
    return Standing(places.edge, places.from_m, places.access_m)


def _beside(network: Network, places: Snapped) -> Beside:
    """Return the places of each edge, for walks that never leave it."""
    order = np.argsort(places.edge, kind="stable")[np.count_nonzero(places.edge < 0) :]
    starts = np.searchsorted(places.edge[order], np.arange(len(network.edges) + 1)).astype(np.int64)
    along = places.from_m[order], places.access_m[order]
    return Beside(starts, order.astype(np.int32), *along, network.edges.oneway, backwards=False)
