"""Small towns for tests of the walking network: drawn by hypothesis, and their truth worked out by networkx."""

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from geo.coverage.network import Drawn, Network, build

LON, LAT = 115.98, 36.45
STEP = 0.001


@st.composite
def towns(draw: st.DrawFn, most_nodes: int = 9, most_edges: int = 16) -> Network:
    """Nodes on a small grid of streets; edges between any of them, parallel, of length zero, one way, loops too."""
    nodes = draw(st.integers(1, most_nodes))
    ends = st.integers(0, nodes - 1)
    length_m = st.sampled_from([0.0, 0.1, 1.0, 33.3, 100.0, 1e-9, 250.7])
    edges = draw(st.lists(st.tuples(ends, ends, length_m, st.booleans()), max_size=most_edges))
    return town(nodes, edges)


def town(nodes: int, edges: list[tuple[int, int, float, bool]]) -> Network:
    """Return a network of so many nodes, three a row, and edges: ends, metres, one way."""
    number = np.arange(nodes)
    first, last, length_m, oneway = zip(*edges, strict=True) if edges else ((), (), (), ())
    ends = np.array(first, dtype=np.int64), np.array(last, dtype=np.int64)
    drawn = Drawn(*ends, np.array(length_m, dtype=float), oneway=np.array(oneway, dtype=bool))
    return build(number.astype(str), LON + number % 3 * STEP, LAT + number // 3 * STEP, drawn)


def as_graph(network: Network) -> nx.DiGraph:
    """Return the edges as drawn as a directed graph of networkx, the smallest of parallel ones."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(network)))
    edges = network.edges
    for a, b, length_m, oneway in zip(
        edges.from_node.tolist(), edges.to_node.tolist(), edges.length_m.tolist(), edges.oneway.tolist(), strict=True
    ):
        for tail, head in ((a, b),) if oneway else ((a, b), (b, a)):
            if tail != head and length_m < graph.get_edge_data(tail, head, {"weight": np.inf})["weight"]:
                graph.add_edge(tail, head, weight=length_m)
    return graph


def walks_m(network: Network) -> np.ndarray:
    """Return the metres from every node to every node as networkx adds them up, inf where there is no way."""
    metres = np.full((len(network), len(network)), np.inf)
    for tail, found in nx.all_pairs_dijkstra_path_length(as_graph(network)):
        for head, way in found.items():
            metres[tail, head] = way
    return metres
