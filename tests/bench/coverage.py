"""Walking distances: all within 1 km, the nearest and the five nearest, beside pandana and scipy, in CPU seconds."""

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.coverage import warm
from geo.coverage.nearest import k_nearest_by_node, nearest_by_node, within
from geo.coverage.network import Drawn, Network, along_a_curve, build, unproject
from geo.coverage.snapping import at_nodes
from geo.exchange.walking_files import read_network
from tests.bench.case import Case, middle

LIMIT_M = 1000.0
SOURCES, TARGETS, K = 1000, 200, 5
TURNS = 5
SIDE = 200
CLOSE = 1e-3
"""pandana counts in millimetres and rounds each edge."""
PANDANA, SCIPY = "pandana", "scipy dijkstra with a limit"


class Town(NamedTuple):
    """A network with its name for people, sources for pairs, and targets to be near to."""

    name: str
    network: Network
    sources: np.ndarray
    targets: np.ndarray


def cases(_buildings: int) -> Iterator[Case]:
    """Measure ours and the peers side by side, on a real network where there is one."""
    warm.warm()
    here = _town()
    peer = _pandana(here.network)
    yield from pairs(here, peer)
    for k, target in ((1, "ratio <= 0.016667"), (K, "ratio <= 0.1")):
        yield nearest_of(here, peer, k, target)


def pairs(here: Town, peer: Any) -> Iterator[Case]:
    """Measure all pairs within 1 km from 1,000 nodes to every node."""
    network, everybody = here.network, at_nodes(np.arange(len(here.network)))
    graph = csr_array((network.lengths_m, network.indices, network.indptr), shape=(len(network), len(network)))
    found = within(network, at_nodes(here.sources), everybody, LIMIT_M)
    truth = dijkstra(graph, indices=here.sources, limit=LIMIT_M)
    _must_agree(np.array_equal(truth[found.source(), found.target], found.metres))
    _must_agree(np.isfinite(truth).sum() == len(found.target))
    name = f"all pairs within 1 km, {SOURCES:,} origins, {here.name}"
    works: list[Callable[[], Any]] = [
        lambda: within(network, at_nodes(here.sources), everybody, LIMIT_M),
        lambda: dijkstra(graph, indices=here.sources, limit=LIMIT_M),
    ]
    if peer is not None:
        _must_agree(abs(len(peer.nodes_in_range(here.sources, LIMIT_M)) / len(found.target) - 1) < CLOSE)
        works.append(lambda: peer.nodes_in_range(here.sources, LIMIT_M))
    ours, by_scipy, *by_pandana = _cpu_s(works)
    yield Case(name, "CPU s", ours, "ratio <= 0.1", PANDANA, *by_pandana)
    yield Case(name, "CPU s", ours, "ratio <= 0.1111", SCIPY, by_scipy)


def nearest_of(here: Town, peer: Any, k: int, target: str) -> Case:
    """Measure the nearest of 200 targets, or the k nearest, of every node."""
    network, goals = here.network, at_nodes(here.targets)

    def ours() -> np.ndarray:
        if k == 1:
            return nearest_by_node(network, goals).metres[:, None]
        return k_nearest_by_node(network, goals, k).metres

    works: list[Callable[[], Any]] = [ours]
    metres = ours()
    if peer is not None:
        farthest_m = float(metres[np.isfinite(metres)].max()) + 1
        peer.set_pois("goals", farthest_m, k, network.x_m[here.targets], network.y_m[here.targets])
        theirs = _pois(peer, farthest_m, k)
        reached = np.isfinite(metres)
        _must_agree(np.allclose(theirs[reached], metres[reached], atol=1.0))
        works.append(lambda: _pois(peer, farthest_m, k))
    mine, *by_pandana = _cpu_s(works)
    words = "the nearest" if k == 1 else f"the {k} nearest"
    return Case(
        f"{words} of {TARGETS} targets for every node, {here.name}", "CPU s", mine, target, PANDANA, *by_pandana
    )


def _pois(peer: Any, farthest_m: float, k: int) -> np.ndarray:
    found = peer.nearest_pois(farthest_m, "goals", num_pois=k, include_poi_ids=True)
    return np.asarray(found.iloc[:, :k].to_numpy())


def _must_agree(agree: bool | np.bool_) -> None:
    if not agree:
        raise AssertionError("the answers differ: what would be measured is not the same work")


def _cpu_s(works: list[Callable[[], Any]]) -> list[float]:
    """Return the middle CPU seconds of each piece of work, done in turns after one that does not count."""
    taken: list[list[float]] = [[] for _work in works]
    for turn in range(TURNS + 1):
        for own, work in zip(taken, works, strict=True):
            began = time.process_time()
            work()
            if turn:
                own.append(time.process_time() - began)
    return [middle(own) for own in taken]


def _town() -> Town:
    real = os.environ.get("YIZHAN_REAL_DATA")
    file = Path(real or "nowhere") / "network_porto_alegre" / "poa_osm.pbf"
    name, network = (
        ("Porto Alegre", with_every_vertex(read_network(file))) if file.exists() else ("a lattice", lattice())
    )
    name = f"{name}, {len(network):,} nodes"
    chosen = np.random.default_rng(1).permutation(len(network))
    return Town(name, network, chosen[:SOURCES], chosen[-TARGETS:])


def with_every_vertex(network: Network) -> Network:
    """Return a network in which every vertex of the roads is a node, as peers that know no bends have it."""
    edges = network.edges
    degrees = np.round(np.column_stack(unproject(network.crs, edges.x_m, edges.y_m)), 7)
    places, node = np.unique(degrees, axis=0, return_inverse=True)
    order = along_a_curve(*places.T)
    position = np.empty_like(order)
    position[order] = np.arange(len(order))
    node = position[node.ravel()]
    inner = np.ones(len(node) - 1, dtype=bool)
    inner[edges.start[1:-1] - 1] = False
    length_m = np.hypot(np.diff(edges.x_m), np.diff(edges.y_m))[inner]
    lon, lat = places[order].T
    return build(np.arange(len(order)), lon, lat, Drawn(node[:-1][inner], node[1:][inner], length_m))


def lattice() -> Network:
    """Return a lattice of streets of 50 to 150 m, where no real network is given."""
    number = np.arange(SIDE**2).reshape(SIDE, SIDE)
    first = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    last = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    length_m = np.random.default_rng(1).uniform(50, 150, len(first))
    lon, lat = 115.9 + number.ravel() % SIDE * 0.001, 36.4 + number.ravel() // SIDE * 0.0009
    return build(number.ravel(), lon, lat, Drawn(first, last, length_m))


def _pandana(network: Network) -> Any:
    """Return pandana's network of the same edges, None when it is not installed; its building is not measured."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pandana
            import pandas as pd
    except ImportError:
        return None
    tail = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    once = tail < network.indices
    ends = pd.Series(tail[once]), pd.Series(network.indices[once].astype(np.int64))
    with _told_elsewhere():
        metres = pd.DataFrame({"metres": network.lengths_m[once]})
        return pandana.Network(pd.Series(network.x_m), pd.Series(network.y_m), *ends, metres, twoway=True)


@contextmanager
def _told_elsewhere() -> Iterator[None]:
    """Send what compiled code prints to stderr: stdout holds one JSON line a case."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
