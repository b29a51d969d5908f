"""The walking network: lines cut where they meet, junctions numbered so that shared ones stay shared."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Geod

from geo.exchange.draft import Draft, Mask

Numbers = npt.NDArray[np.int64]
Coordinates = npt.NDArray[np.float64]
UNITS_PER_DEGREE = 1e7
LAT_BITS = 31
WGS84 = Geod(ellps="WGS84")


def node_numbers(coordinates: Coordinates) -> Numbers:
    """Return a positive number per n x 2 lon/lat, equal for points that agree to 1e-7 degrees (about 1 cm).

    The number packs both rounded coordinates, so the same junction has the same number in every file. OSM node ids
    are far
    smaller and never collide with it.

    >>> same, too, other = node_numbers(np.array([[115.98, 36.45], [115.98000000001, 36.45], [115.99, 36.45]]))
    >>> bool(same == too), bool(same == other)
    (True, False)
    """
    units = np.round((coordinates + np.array([180.0, 90.0])) * UNITS_PER_DEGREE).astype(np.int64)
    return np.asarray((units[:, 0] << LAT_BITS) | units[:, 1])


def edge_spans(nodes: Numbers, line_of: Numbers, cuts: Mask) -> tuple[Numbers, Numbers]:
    """Return first and last vertex position of every edge of a set of lines.

    nodes: the node number of every vertex; line_of: the line of every vertex (rising); cuts: vertices to cut at
    whatever meets
    there. Lines are cut at their ends, at nodes that occur more than once, and at `cuts`.

    >>> first, last = edge_spans(np.array([1, 2, 3, 9, 2, 8]), np.array([0, 0, 0, 1, 1, 1]), np.zeros(6, dtype=bool))
    >>> list(zip(first.tolist(), last.tolist()))
    [(0, 1), (1, 2), (3, 4), (4, 5)]
    """
    _values, inverse, counts = np.unique(nodes, return_inverse=True, return_counts=True)
    starts = np.append(True, line_of[1:] != line_of[:-1])
    ends = np.append(starts[1:], True)
    stops = np.flatnonzero(starts | ends | cuts | (counts[inverse] > 1))
    first, last = stops[:-1], stops[1:]
    same_line = line_of[first] == line_of[last]
    return first[same_line], last[same_line]


def span_lines(coordinates: Coordinates, first: Numbers, last: Numbers) -> npt.NDArray[Any]:
    """Return a LineString per span of vertices, both ends included."""
    sizes = last - first + 1
    edge_of = np.repeat(np.arange(len(first)), sizes)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(shapely.linestrings(coordinates[first[edge_of] + within], indices=edge_of), dtype=object)


def lengths_m(lines: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return geodesic lengths in metres of lon/lat LineStrings on the WGS 84 ellipsoid.

    >>> float(lengths_m(np.array([shapely.from_wkt("LINESTRING (115.98 36.45, 115.99 36.45)")])).round()[0])
    896.0
    """
    coordinates, line_of = shapely.get_coordinates(lines, return_index=True)
    if len(coordinates) < 2:
        return np.zeros(len(lines))
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    step_m = np.asarray(WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2])
    within = line_of[:-1] == line_of[1:]
    return np.bincount(line_of[:-1][within], weights=step_m[within], minlength=len(lines)).astype(np.float64)


def cut_at_junctions(draft: Draft) -> None:
    """Cut the draft's lines into edges with from_node, to_node and length_m; lines that name both nodes stay whole."""
    _single_parts(draft)
    whole = draft.frame["from_node"].notna().to_numpy(dtype=bool) & draft.frame["to_node"].notna().to_numpy(dtype=bool)
    if not whole.all():
        _cut(draft, whole)
    draft.frame["length_m"] = lengths_m(draft.geometry)
    draft.frame["kind"] = draft.frame["kind"].fillna("street")
    draft.frame["walkable"] = draft.frame["walkable"].fillna(value=True)
    draft.frame["oneway"] = draft.frame["oneway"].fillna(value=False)


def _single_parts(draft: Draft) -> None:
    parts, row_of = shapely.get_parts(draft.geometry, return_index=True)
    if len(parts) != len(draft):
        _repeat(draft, row_of)
    draft.geometry = np.asarray(parts, dtype=object)


def _repeat(draft: Draft, row_of: Numbers) -> None:
    draft.rows = draft.rows[row_of]
    draft.frame = draft.frame.iloc[row_of].reset_index(drop=True)


def _cut(draft: Draft, whole: Mask) -> None:
    coordinates, line_of = shapely.get_coordinates(draft.geometry, return_index=True)
    repeated = np.append(False, (coordinates[1:] == coordinates[:-1]).all(axis=1) & (line_of[1:] == line_of[:-1]))
    coordinates, line_of = coordinates[~repeated], line_of[~repeated]
    nodes = node_numbers(coordinates)
    first, last = edge_spans(nodes, line_of, np.zeros(len(nodes), dtype=bool))
    inner = whole[line_of[first]]
    lines = span_lines(coordinates, first, last)
    old = {name: draft.frame[name] for name in ("from_node", "to_node")}
    kept_geometry, kept_at = draft.geometry[whole], np.flatnonzero(whole)
    row_of = np.concatenate((line_of[first][~inner], kept_at))
    geometry = np.concatenate((lines[~inner], kept_geometry))
    order = np.argsort(row_of, kind="stable")
    ends = {
        "from_node": np.concatenate((nodes[first][~inner], old["from_node"][whole].to_numpy(dtype=np.int64))),
        "to_node": np.concatenate((nodes[last][~inner], old["to_node"][whole].to_numpy(dtype=np.int64))),
    }
    _repeat(draft, row_of[order])
    draft.geometry = geometry[order]
    for name, values in ends.items():
        draft.frame[name] = pd.array(values[order], dtype="Int64")
    _number_pieces(draft, row_of[order])


def _number_pieces(draft: Draft, row_of: Numbers) -> None:
    """Give the pieces of a line with a code their own codes: the line's code and their number."""
    pieces = pd.Series(row_of).groupby(row_of)
    number, count = pieces.cumcount().to_numpy(), pieces.transform("size").to_numpy()
    codes = draft.frame["code"]
    several = (count > 1) & codes.notna().to_numpy(dtype=bool)
    draft.frame["code"] = codes.mask(several, codes + "-" + pd.Series(number, dtype="string"))
