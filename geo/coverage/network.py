"""The walking network: directed edges as compressed rows, their shapes in metres, islands and what is odd about them.

All lengths are metres. Positions are lon, lat (EPSG:4326) and x_m, y_m in the network's own metric system `crs`: by
default a transverse Mercator projection around its middle, in which a city of 100 km is true to 3 in 100,000.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit
from pyproj import Transformer
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from geo.errors import BadInput
from geo.i18n import N_

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

SHUT_BARRIERS = frozenset(
    {
        "locked_gate",
        "locked",
        "closed",
        "wall",
        "city_wall",
        "retaining_wall",
        "fence",
        "hedge",
        "ditch",
        "guard_rail",
        "jersey_barrier",
        "debris",
    }
)
"""Barriers nobody walks through; gates, bollards, stiles and every other kind let people pass."""
UNKNOWN_END = N_("An edge ends at a node that is not in the network. Add the node, or take the edge out.")
BAD_LENGTH = N_("An edge has a length that is no number of metres from 0 up. Correct it, then try again.")
CURVE_BITS = 16
NONE, SEVERAL = -1, -2


@dataclass(frozen=True)
class Edges:
    """The walkable edges as drawn, parallel ones and loops included: ends, metres, one way or not, vertices in metres.

    The vertices of edge e are `x_m[start[e]:start[e + 1]]` and likewise `y_m`, from its first to its second end.
    """

    from_node: Positions
    to_node: Positions
    length_m: Floats
    oneway: Flags
    start: Integers
    x_m: Floats
    y_m: Floats

    def __len__(self) -> int:
        return len(self.length_m)


class Graph(NamedTuple):
    """Directed edges as compressed rows: starts, heads, metres, and the edge that leads on beyond each of them.

    onward: the only edge that leads on without going back, NONE at a dead end, SEVERAL where the way forks.
    """

    indptr: Integers
    indices: Positions
    lengths_m: Floats
    onward: Positions


@dataclass(frozen=True)
class Network:
    """Nodes, and for each the nodes that can be walked to: a directed graph in compressed sparse rows.

    node_ids, lon, lat, x_m, y_m: one value a node. The edges out of node n are `indices[indptr[n]:indptr[n + 1]]` with
    `lengths_m` beside: the smallest of parallel edges, no loops, edges of length zero included. `component` numbers the
    islands from 0, the largest first, one way edges counting both ways. `edges` are the edges as drawn.
    """

    node_ids: npt.NDArray[Any]
    lon: Floats
    lat: Floats
    x_m: Floats
    y_m: Floats
    indptr: Integers
    indices: Positions
    lengths_m: Floats
    component: Positions
    edges: Edges
    crs: str

    def __len__(self) -> int:
        return len(self.node_ids)

    def island_sizes(self) -> Integers:
        """Return how many nodes each component has, the largest first; one entry means all of it is connected."""
        return np.bincount(self.component).astype(np.int64)

    @cached_property
    def forwards(self) -> Graph:
        """The ways out of each node."""
        return Graph(self.indptr, self.indices, self.lengths_m, _onward(self.indptr, self.indices))

    @cached_property
    def backwards(self) -> Graph:
        """The ways into each node: searched from a target, they are the walks to it."""
        if not self.edges.oneway.any():
            return self.forwards
        places = np.arange(len(self.indices), dtype=np.int64)
        turned = csr_array((places, self.indices, self.indptr), shape=(len(self), len(self))).tocsc()
        indptr, indices = turned.indptr.astype(np.int64), turned.indices.astype(np.int32)
        return Graph(indptr, indices, self.lengths_m[turned.data], _onward(indptr, indices))


@njit(cache=True)
def _onward(indptr, indices):  # type: ignore[no-untyped-def]
    onward = np.empty(len(indices), dtype=np.int32)
    for node in range(len(indptr) - 1):
        for edge in range(indptr[node], indptr[node + 1]):
            begin, end = indptr[indices[edge]], indptr[indices[edge] + 1]
            back = (begin < end and indices[begin] == node) + 2 * (begin + 1 < end and indices[begin + 1] == node)
            onward[edge] = SEVERAL
            if begin == end or (end - begin == 1 and back):
                onward[edge] = NONE
            elif end - begin == 1:
                onward[edge] = begin
            elif end - begin == 2 and back:
                onward[edge] = begin + 1 if back == 1 else begin
    return onward


@dataclass(frozen=True)
class Drawn:
    """The edges of a network as they are found: ends as positions in the list of nodes, metres, and what bars them.

    vertices: (v, 2) lon, lat of all edges in a row; vertex_edge: the edge of each (rising); None for straight edges.
    oneway, walkable: None for none and all. barrier: the kind of barrier on the edge, None or "" for none.
    """

    from_node: npt.NDArray[Any]
    to_node: npt.NDArray[Any]
    length_m: Floats
    oneway: Flags | None = None
    walkable: Flags | None = None
    barrier: npt.NDArray[Any] | None = None
    vertices: Floats | None = None
    vertex_edge: Integers | None = None


def build(node_ids: npt.NDArray[Any], lon: Floats, lat: Floats, drawn: Drawn, *, crs: str | None = None) -> Network:
    """Return the network of these nodes and edges; nodes keep their order.

    lon, lat: degrees, one pair a node. Edges that are not walkable or have a shut barrier are left out; an edge that is
    one way leads from `from_node` to `to_node` only. crs: the metric system to measure in, any name PROJ knows.
    Raises BadInput when an edge ends nowhere or has no proper length.

    >>> lon, lat = np.array([0.0, 0.001, 0.002]), np.zeros(3)
    >>> ends = np.array([0, 1, 0]), np.array([1, 2, 1])
    >>> town = build(np.array(["a", "b", "c"]), lon, lat, Drawn(*ends, np.array([120.0, 111.0, 111.3])))
    >>> town.indices[town.indptr[1] : town.indptr[2]].tolist(), town.lengths_m[:1].tolist()
    ([0, 2], [111.3])
    """
    lon, lat = np.ascontiguousarray(lon, dtype=np.float64), np.ascontiguousarray(lat, dtype=np.float64)
    crs = crs or _around(lon, lat)
    x_m, y_m = project(crs, lon, lat)
    edges = _edges(drawn, x_m, y_m, crs)
    indptr, indices, lengths_m = _rows(edges, len(lon))
    component = _components(indptr, indices)
    return Network(np.asarray(node_ids), lon, lat, x_m, y_m, indptr, indices, lengths_m, component, edges, crs)


def project(crs: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return x and y in metres of degrees of EPSG:4326, in the metric system `crs`."""
    x_m, y_m = _transformer(crs).transform(lon, lat)
    return np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)


def unproject(crs: str, x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """Return degrees of EPSG:4326 of x and y in metres of the metric system `crs`."""
    lon, lat = _transformer(crs).transform(x_m, y_m, direction="INVERSE")
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


@lru_cache(maxsize=16)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def local_crs(lon: float, lat: float) -> str:
    """Return a metric system true around a place in degrees: transverse Mercator on WGS 84.

    >>> local_crs(115.98, 36.45)
    '+proj=tmerc +lat_0=36.45 +lon_0=115.98 +k=1 +ellps=WGS84 +units=m +no_defs'
    """
    return f"+proj=tmerc +lat_0={lat:.5g} +lon_0={lon:.6g} +k=1 +ellps=WGS84 +units=m +no_defs"


def _around(lon: Floats, lat: Floats) -> str:
    return local_crs(float(np.median(lon)), float(np.median(lat))) if len(lon) else local_crs(0, 0)


def _edges(drawn: Drawn, x_m: Floats, y_m: Floats, crs: str) -> Edges:
    length_m = np.asarray(drawn.length_m, dtype=np.float64)
    many = len(length_m)
    from_node, to_node = np.asarray(drawn.from_node), np.asarray(drawn.to_node)
    if many and not (0 <= min(from_node.min(), to_node.min()) <= max(from_node.max(), to_node.max()) < len(x_m)):
        raise BadInput(UNKNOWN_END)
    if not (np.isfinite(length_m) & (length_m >= 0)).all():
        raise BadInput(BAD_LENGTH)
    kept = np.flatnonzero(_open(drawn, many))
    oneway = np.zeros(many, dtype=bool) if drawn.oneway is None else np.asarray(drawn.oneway, dtype=bool)
    ends = from_node[kept].astype(np.int32), to_node[kept].astype(np.int32)
    start, x_m, y_m = _vertices(drawn, kept, ends, (x_m, y_m), crs)
    return Edges(*ends, length_m[kept], oneway[kept], start, x_m, y_m)


def is_open(walkable: Flags, barrier: npt.NDArray[Any]) -> Flags:
    """Tell which edges can be walked: those that are walkable and have no shut barrier (None or "": no barrier).

    >>> is_open(np.array([True, False, True]), np.array(["gate", None, "locked_gate"], dtype=object)).tolist()
    [True, False, False]
    """
    shut = np.fromiter((kind in SHUT_BARRIERS for kind in barrier), dtype=bool, count=len(walkable))
    return np.asarray(walkable, dtype=bool) & ~shut


def _open(drawn: Drawn, many: int) -> Flags:
    walkable = np.ones(many, dtype=bool) if drawn.walkable is None else np.asarray(drawn.walkable, dtype=bool)
    return walkable if drawn.barrier is None else is_open(walkable, drawn.barrier)


def _vertices(
    drawn: Drawn, kept: Integers, ends: tuple[Positions, Positions], nodes: tuple[Floats, Floats], crs: str
) -> tuple[Integers, Floats, Floats]:
    if drawn.vertices is None or drawn.vertex_edge is None:
        pairs = np.column_stack(ends).ravel()
        return np.arange(0, 2 * len(kept) + 1, 2, dtype=np.int64), nodes[0][pairs], nodes[1][pairs]
    counts = np.bincount(drawn.vertex_edge, minlength=len(drawn.length_m))
    mask = np.zeros(len(drawn.length_m), dtype=bool)
    mask[kept] = True
    vertices = drawn.vertices[mask[drawn.vertex_edge]]
    x_m, y_m = project(crs, vertices[:, 0], vertices[:, 1])
    return np.append(0, np.cumsum(counts[kept])).astype(np.int64), x_m, y_m


def _rows(edges: Edges, nodes: int) -> tuple[Integers, Positions, Floats]:
    """Return the directed graph in compressed rows, columns rising, the smallest of parallel edges, without loops."""
    back = ~edges.oneway
    tail = np.concatenate((edges.from_node, edges.to_node[back])).astype(np.int64)
    head = np.concatenate((edges.to_node, edges.from_node[back]))
    length_m = np.concatenate((edges.length_m, edges.length_m[back]))
    order = np.lexsort((length_m, head, tail))
    tail, head, length_m = tail[order], head[order], length_m[order]
    first = np.ones(len(tail), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    first &= tail != head
    counts = np.bincount(tail[first], minlength=nodes)
    return np.append(0, np.cumsum(counts)).astype(np.int64), head[first].astype(np.int32), length_m[first]


def _components(indptr: Integers, indices: Positions) -> Positions:
    nodes = len(indptr) - 1
    tail = np.repeat(np.arange(nodes), np.diff(indptr))
    graph = coo_array((np.ones(len(indices), dtype=np.int8), (tail, indices)), shape=(nodes, nodes))
    _count, labels = connected_components(graph, directed=False)
    sizes = np.bincount(labels, minlength=1)
    rank = np.empty(len(sizes), dtype=np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return np.asarray(rank[labels], dtype=np.int32)


def along_a_curve(lon: Floats, lat: Floats) -> Integers:
    """Return an order of places in which what is near in town is mostly near in the order (Morton's curve).

    Networks whose nodes are numbered this way are searched faster, because neighbours share the processor's cache.

    >>> along_a_curve(np.array([0.0, 9.0, 0.1, 9.1]), np.array([0.0, 9.0, 0.0, 9.0])).tolist()
    [0, 2, 1, 3]
    """
    codes = np.zeros(len(lon), dtype=np.int64)
    for at, values in enumerate((lon, lat)):
        span = float(np.ptp(values)) if len(values) else 0.0
        cells = ((values - values.min()) / span * (2**CURVE_BITS - 1)).astype(np.int64) if span else codes * 0
        for bit in range(CURVE_BITS):
            codes |= ((cells >> bit) & 1) << (2 * bit + at)
    return np.argsort(codes, kind="stable")
