"""Service areas: the stretches of road within a walk, the last ones in part, and an outline around them to draw.

Only for drawing: figures come from the distances of doors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from numba import njit

from geo.coverage.nearest import arriving, leaving
from geo.coverage.network import Edges, Floats, Integers, Network, Positions, unproject
from geo.coverage.searching import nearest_labels
from geo.coverage.snapping import Snapped

AROUND_M = 30.0
"""How far the outline lies from the roads."""
QUARTER = 3
COARSE = 0.1
LEAST_HOLE_M2 = 20_000.0


@dataclass(frozen=True)
class ServiceArea:
    """What lies within a walk of `limit_m`: roads and outline as shapely geometries in lon, lat, metres of road."""

    limit_m: float
    roads: Any
    outline: Any
    road_m: float


class Spans(NamedTuple):
    """Stretches of edges: edge, metres from its first end where it begins and where it ends."""

    edge: Positions
    begin_m: Floats
    end_m: Floats


def service_areas(
    network: Network, places: Snapped, limits_m: Sequence[float], *, towards: bool = True
) -> list[ServiceArea]:
    """Return for each limit in metres what lies within a walk to any of these places, or from them.

    towards: walks lead to the places, as people's do to a station; else away from them. It matters on one way edges.
    """
    graph = network.backwards if towards else network.forwards
    entries = arriving(network, places) if towards else leaving(network, places)
    metres, _owner = nearest_labels(graph, entries, float(max(limits_m, default=0.0)))
    return [_area(network, reached(network, places, metres, limit_m, towards=towards), limit_m) for limit_m in limits_m]


def reached(network: Network, places: Snapped, metres: Floats, limit_m: float, *, towards: bool) -> Spans:
    """Return the stretches of edges within the limit, each once, given the metres of every node."""
    edges = network.edges
    first_left, last_left = limit_m - metres[edges.from_node], limit_m - metres[edges.to_node]
    from_first = (first_left > 0) & ~(edges.oneway & towards)
    from_last = (last_left > 0) & ~(edges.oneway & (not towards))
    number, length_m = np.arange(len(edges), dtype=np.int32), edges.length_m
    standing = np.flatnonzero((places.edge >= 0) & (places.access_m < limit_m))
    edge, at_m, left = places.edge[standing], places.from_m[standing], limit_m - places.access_m[standing]
    back, on = (left, left) if not len(edge) else _both_ways(left, edges.oneway[edge], towards=towards)
    every = Spans(
        np.concatenate((number[from_first], number[from_last], edge)),
        np.concatenate((np.zeros(from_first.sum()), (length_m - last_left)[from_last], at_m - back)),
        np.concatenate((first_left[from_first], length_m[from_last], at_m + on)),
    )
    whole = length_m[every.edge]
    every = Spans(every.edge, np.clip(every.begin_m, 0, whole), np.clip(every.end_m, 0, whole))
    order = np.lexsort((every.begin_m, every.edge))
    return Spans(*_joined(every.edge[order], every.begin_m[order], every.end_m[order]))


def _both_ways(left: Floats, oneway: npt.NDArray[np.bool_], *, towards: bool) -> tuple[Floats, Floats]:
    """Return how far an edge is reached back and on from a place on it."""
    barred = np.where(oneway, 0.0, left)
    return (left, barred) if towards else (barred, left)


@njit(cache=True)
def _joined(edge, begin_m, end_m):  # type: ignore[no-untyped-def]
    """Return stretches, sorted by edge and beginning, with those that touch made one."""
    kept = -1
    edges, begins, ends = np.empty_like(edge), np.empty_like(begin_m), np.empty_like(end_m)
    for at in range(len(edge)):
        if kept >= 0 and edges[kept] == edge[at] and begin_m[at] <= ends[kept]:
            ends[kept] = max(ends[kept], end_m[at])
        else:
            kept += 1
            edges[kept], begins[kept], ends[kept] = edge[at], begin_m[at], end_m[at]
    return edges[: kept + 1], begins[: kept + 1], ends[: kept + 1]


def _area(network: Network, spans: Spans, limit_m: float) -> ServiceArea:
    x_m, y_m, line_of = _drawn(network.edges, spans)
    road_m = float((spans.end_m - spans.begin_m).sum())
    if not len(x_m):
        return ServiceArea(limit_m, shapely.MultiLineString(), shapely.MultiPolygon(), 0.0)
    lines = shapely.linestrings(np.column_stack((x_m, y_m)), indices=line_of)
    outline = shapely.simplify(shapely.union_all(shapely.buffer(lines, AROUND_M, quad_segs=QUARTER)), COARSE * AROUND_M)
    degrees = np.column_stack(unproject(network.crs, x_m, y_m))
    roads = shapely.multilinestrings(shapely.linestrings(degrees, indices=line_of))
    return ServiceArea(limit_m, roads, _in_degrees(network.crs, _without_small_holes(outline)), road_m)


def _without_small_holes(outline: Any) -> Any:
    """Return an outline without the holes that are only a block of houses between reached roads."""
    polygons = []
    for polygon in shapely.get_parts(outline):
        holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= LEAST_HOLE_M2]
        polygons.append(shapely.Polygon(polygon.exterior, holes))
    return shapely.MultiPolygon(polygons)


def _in_degrees(crs: str, shape: Any) -> Any:
    x_m, y_m = shapely.get_coordinates(shape).T
    return shapely.set_coordinates(shape, np.column_stack(unproject(crs, x_m, y_m)))


def _drawn(edges: Edges, spans: Spans) -> tuple[Floats, Floats, Integers]:
    """Return the vertices of stretches in metres, and the stretch of each."""
    corners = np.diff(edges.start)[spans.edge] if len(spans.edge) else np.empty(0, dtype=np.int64)
    room = int((corners + 2).sum())
    x_m, y_m, line_of = np.empty(room), np.empty(room), np.empty(room, dtype=np.int64)
    used = _cut(edges.start, edges.x_m, edges.y_m, edges.length_m, spans, (x_m, y_m, line_of))
    return x_m[:used], y_m[:used], line_of[:used]


@njit(cache=True)
def _cut(start, x, y, length_m, spans, out):  # type: ignore[no-untyped-def]
    """Write the vertices of stretches of edges, positions along an edge in proportion to its drawn length."""
    x_out, y_out, line_out = out
    used = 0
    for span in range(len(spans.edge)):
        edge = spans.edge[span]
        first, last = start[edge], start[edge + 1] - 1
        drawn = 0.0
        for v in range(first, last):
            drawn += np.hypot(x[v + 1] - x[v], y[v + 1] - y[v])
        scale = drawn / length_m[edge] if length_m[edge] > 0.0 else 0.0
        begin, end, run, begun = spans.begin_m[span] * scale, spans.end_m[span] * scale, 0.0, used
        for v in range(first, last):
            piece = np.hypot(x[v + 1] - x[v], y[v + 1] - y[v])
            low, high = max(begin, run), min(end, run + piece)
            if piece > 0.0 and high > low:
                for stop in (low, high):
                    if used == begun or stop == high:
                        share = (stop - run) / piece
                        x_out[used], y_out[used] = x[v] + share * (x[v + 1] - x[v]), y[v] + share * (y[v + 1] - y[v])
                        line_out[used] = span
                        used += 1
            run += piece
        if used == begun + 1:
            used = begun
    return used
