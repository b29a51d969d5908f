"""Where places enter the walking network: the nearest point of the nearest edge, found with a grid of edge pieces."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.coverage.network import Edges, Floats, Integers, Network, Positions, project

MOST_M = 500.0
"""A place farther from every edge than this is on no road, unless the caller says otherwise."""
AT_NODE_M = 0.01
"""A place this close to a node stands on it: seven decimals of a degree tell no more."""
LEAST_CELL_M = 20.0
NOWHERE = -1
ROUNDING = 1e-9


@dataclass(frozen=True)
class Snapped:
    """Where each place enters the network, one value a place.

    edge: position of its edge in `network.edges`, -1 for a place on a node or on no road. edge_from, edge_to: the nodes
    at its ends (the same node twice for a place on it; -1 on no road). from_m, to_m: metres along the edge to them.
    access_m: the straight leg to the edge, inf for a place too far from any road. The walk from the place to the first
    end is `access_m + from_m`.
    """

    edge: Positions
    edge_from: Positions
    edge_to: Positions
    from_m: Floats
    to_m: Floats
    access_m: Floats

    def __len__(self) -> int:
        return len(self.edge)

    def off_road(self) -> Integers:
        """Return the positions of the places that are too far from any road, or have no position at all."""
        return np.flatnonzero(np.isinf(self.access_m))

    def part(self, chosen: npt.NDArray[Any]) -> "Snapped":
        """Return some of the places: positions, or a flag for each."""
        return Snapped(
            self.edge[chosen], self.edge_from[chosen], self.edge_to[chosen],
            self.from_m[chosen], self.to_m[chosen], self.access_m[chosen],
        )  # fmt: skip


def at_nodes(nodes: npt.NDArray[Any]) -> Snapped:
    """Return places that stand on these nodes (positions in the network).

    >>> at_nodes(np.array([4, 2])).edge_to.tolist()
    [4, 2]
    """
    node = np.ascontiguousarray(nodes, dtype=np.int32)
    zero = np.zeros(len(node))
    return Snapped(np.full(len(node), NOWHERE, dtype=np.int32), node, node, zero, zero, zero)


def snap(network: Network, lon: Floats, lat: Floats, *, most_m: float = MOST_M) -> Snapped:
    """Return where places enter the network: at the nearest point of the nearest walkable edge, at most `most_m` away.

    lon, lat: degrees (EPSG:4326), one pair a place; NaN where the position is not known. A place on a node (to 1 cm)
    enters there with all three legs 0, so that distances between such places are those between the nodes.
    """
    x_m, y_m = project(network.crs, np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    edges = network.edges
    first, edge_of = _pieces(edges)
    lines = Lines(edges.x_m, edges.y_m, first)
    grid = _grid(lines)
    cells = Cells(*_sorted_into_cells(lines, grid))
    piece, share, access_m = _nearest_pieces(x_m, y_m, lines, grid, cells, float(most_m))
    return _entered(edges, first, edge_of, (piece, share, access_m))


def _pieces(edges: Edges) -> tuple[Integers, Integers]:
    """Return the first vertex and the edge of every straight piece of an edge."""
    counts = np.diff(edges.start)
    edge_of_vertex = np.repeat(np.arange(len(edges), dtype=np.int64), counts)
    last = np.zeros(len(edge_of_vertex), dtype=bool)
    last[edges.start[1:] - 1] = True
    first = np.flatnonzero(~last)
    return first, edge_of_vertex[first]


class Lines(NamedTuple):
    """Vertices in metres, and the first vertex of every straight piece between two of them."""

    x: Floats
    y: Floats
    first: Integers


class Grid(NamedTuple):
    """Square cells over a town: how many, how wide in metres, and where the first one lies."""

    columns: int
    rows: int
    cell: float
    west: float
    south: float


class Cells(NamedTuple):
    """The pieces of each cell of a grid as compressed rows."""

    starts: Integers
    pieces: Positions


def _grid(lines: Lines) -> Grid:
    if not len(lines.first):
        return Grid(1, 1, LEAST_CELL_M, 0.0, 0.0)
    west, south = float(lines.x.min()), float(lines.y.min())
    wide, high, many = float(lines.x.max()) - west, float(lines.y.max()) - south, len(lines.first)
    cell = max(LEAST_CELL_M, (wide * high / many) ** 0.5, max(wide, high) / (4 * many + 64))
    return Grid(int(wide / cell) + 1, int(high / cell) + 1, cell, west, south)


@njit(cache=True)
def _columns_in_row(xa, ya, xb, yb, low, high):  # type: ignore[no-untyped-def]
    """Return the least and largest x of a piece within a band of y."""
    if ya == yb:
        return min(xa, xb), max(xa, xb)
    a = min(max((low - ya) / (yb - ya), 0.0), 1.0)
    b = min(max((high - ya) / (yb - ya), 0.0), 1.0)
    p, q = xa + a * (xb - xa), xa + b * (xb - xa)
    return min(p, q), max(p, q)


@njit(cache=True)
def _clipped(value, most):  # type: ignore[no-untyped-def]
    return min(max(int(value), 0), most)


@njit(cache=True)
def _place_piece(lines, grid, piece, starts, pieces):  # type: ignore[no-untyped-def]
    """Count a piece in every cell it touches, or, once there is room for the pieces, put it there from the back."""
    v = lines.first[piece]
    xa, ya, xb, yb = lines.x[v], lines.y[v], lines.x[v + 1], lines.y[v + 1]
    low_row = _clipped((min(ya, yb) - grid.south) / grid.cell, grid.rows - 1)
    high_row = _clipped((max(ya, yb) - grid.south) / grid.cell, grid.rows - 1)
    for row in range(low_row, high_row + 1):
        band = grid.south + row * grid.cell
        least, most = _columns_in_row(xa, ya, xb, yb, band, band + grid.cell)
        low = _clipped((least - grid.west) / grid.cell - ROUNDING, grid.columns - 1)
        high = _clipped((most - grid.west) / grid.cell + ROUNDING, grid.columns - 1)
        for at in range(row * grid.columns + low, row * grid.columns + high + 1):
            if len(pieces):
                starts[at + 1] -= 1
                pieces[starts[at + 1]] = piece
            else:
                starts[at + 1] += 1


@njit(cache=True)
def _sorted_into_cells(lines, grid):  # type: ignore[no-untyped-def]
    ends, none = np.zeros(grid.columns * grid.rows + 1, dtype=np.int64), np.empty(0, dtype=np.int32)
    for piece in range(len(lines.first)):
        _place_piece(lines, grid, piece, ends, none)
    for at in range(len(ends) - 1):
        ends[at + 1] += ends[at]
    pieces = np.empty(ends[-1], dtype=np.int32)
    for piece in range(len(lines.first) - 1, -1, -1):
        _place_piece(lines, grid, piece, ends, pieces)
    starts = np.empty_like(ends)
    starts[:-1] = ends[1:]
    starts[-1] = len(pieces)
    return starts, pieces


@njit(cache=True)
def _beside(lines, piece, px, py):  # type: ignore[no-untyped-def]
    """Return the share of the way along a piece and the squared distance of its point nearest to p."""
    v = lines.first[piece]
    xa, ya, xb, yb = lines.x[v], lines.y[v], lines.x[v + 1], lines.y[v + 1]
    dx, dy = xb - xa, yb - ya
    square = dx * dx + dy * dy
    share = 0.0
    if square > 0.0:
        share = min(max(((px - xa) * dx + (py - ya) * dy) / square, 0.0), 1.0)
    qx, qy = xa + share * dx, ya + share * dy
    if share == 1.0:
        qx, qy = xb, yb
    return share, (px - qx) * (px - qx) + (py - qy) * (py - qy)


@njit(cache=True)
def _nearest_in_cell(lines, cells, at, place, best):  # type: ignore[no-untyped-def]
    """Return the better of the best piece so far (squared distance, share, piece) and those of a cell."""
    for position in range(cells.starts[at], cells.starts[at + 1]):
        piece = cells.pieces[position]
        share, square = _beside(lines, piece, place[0], place[1])
        if square < best[0] or (square == best[0] and piece < best[2]):
            best = (square, share, np.int64(piece))
    return best


@njit(cache=True)
def _nearest_piece(lines, grid, cells, place, most_m):  # type: ignore[no-untyped-def]
    """Return squared distance, share and number of the piece nearest to a place, ring by ring around its cell."""
    column, row = int(np.floor((place[0] - grid.west) / grid.cell)), int(np.floor((place[1] - grid.south) / grid.cell))
    right, above = column - grid.columns + 1, row - grid.rows + 1
    ring, last = max(0, -column, -row, right, above), max(abs(column), abs(row), abs(right), abs(above))
    best = (np.inf, 0.0, np.int64(NOWHERE))
    while ring <= last:
        seen_m = max(ring - 1, 0) * grid.cell
        if best[0] <= seen_m * seen_m or seen_m > most_m:
            break
        for r in range(max(row - ring, 0), min(row + ring, grid.rows - 1) + 1):
            step = 1 if abs(r - row) == ring else 2 * ring
            for c in range(column - ring, column + ring + 1, step):
                if 0 <= c < grid.columns:
                    best = _nearest_in_cell(lines, cells, r * grid.columns + c, place, best)
        ring += 1
    return best


@njit(cache=True)
def _nearest_pieces(px, py, lines, grid, cells, most_m):  # type: ignore[no-untyped-def]
    found, shares = np.full(len(px), NOWHERE, dtype=np.int64), np.zeros(len(px))
    access_m = np.full(len(px), np.inf)
    for p in range(len(px)):
        if np.isfinite(px[p]) and np.isfinite(py[p]):
            square, share, piece = _nearest_piece(lines, grid, cells, (px[p], py[p]), most_m)
            if np.sqrt(square) <= most_m:
                found[p], shares[p], access_m[p] = piece, share, np.sqrt(square)
    return found, shares, access_m


def _entered(edges: Edges, first: Integers, edge_of: Integers, nearest: tuple[Integers, Floats, Floats]) -> Snapped:
    piece, share, access_m = nearest
    on_road = np.flatnonzero(piece >= 0)
    edge = np.full(len(piece), NOWHERE, dtype=np.int32)
    ends = edge.copy(), edge.copy()
    legs = np.zeros(len(piece)), np.zeros(len(piece))
    if len(on_road):
        here = piece[on_road]
        edge[on_road] = edge_of[here]
        length_m = edges.length_m[edge[on_road]]
        from_m, to_m = _along(edges, first[here], edge_of[here], share[on_road])
        legs[0][on_road], legs[1][on_road] = from_m * length_m, to_m * length_m
        ends[0][on_road], ends[1][on_road] = edges.from_node[edge[on_road]], edges.to_node[edge[on_road]]
    _stand_on_nodes(edge, ends, legs, access_m)
    return Snapped(edge, *ends, *legs, access_m)


def _along(edges: Edges, vertex: Integers, edge: Integers, share: Floats) -> tuple[Floats, Floats]:
    """Return the shares of an edge before and after the point at `share` of the piece that begins at `vertex`."""
    piece_m = np.hypot(np.diff(edges.x_m, append=0.0), np.diff(edges.y_m, append=0.0))
    piece_m[edges.start[1:] - 1] = 0.0
    run_m = np.append(0.0, np.cumsum(piece_m))
    whole = run_m[edges.start[edge + 1] - 1] - run_m[edges.start[edge]]
    before = run_m[vertex] - run_m[edges.start[edge]] + share * piece_m[vertex]
    before = np.divide(before, whole, out=np.zeros(len(whole)), where=whole > 0)
    before[(share == 1.0) & (vertex + 2 == edges.start[edge + 1])] = 1.0
    before = np.minimum(before, 1.0)
    return before, 1.0 - before


def _stand_on_nodes(
    edge: Positions, ends: tuple[Positions, Positions], legs: tuple[Floats, Floats], access_m: Floats
) -> None:
    """Put places whose way begins at an end of their edge on that node; legs within 1 cm of a node are none."""
    for near, far in ((0, 1), (1, 0)):
        here = (edge >= 0) & (legs[near] <= AT_NODE_M) & (legs[near] <= legs[far])
        ends[far][here] = ends[near][here]
        legs[0][here] = legs[1][here] = 0.0
        edge[here] = NOWHERE
    access_m[(ends[0] == ends[1]) & (edge < 0) & (access_m <= AT_NODE_M)] = 0.0
