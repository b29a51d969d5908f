"""Walking networks and places for commands that work on files alone: OpenStreetMap, or tables of edges and nodes."""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.coverage.network import Drawn, Floats, Integers, Network, along_a_curve, build, is_open
from geo.errors import BadInput
from geo.exchange.content import Content
from geo.exchange.network import lengths_m
from geo.exchange.plain_tables import POINT, Column, read_numbered_table, read_plain_table
from geo.exchange.readers import opened, read_layer
from geo.i18n import N_
from geo.store.texts import shown

NO_OSM = N_("{file} is no OpenStreetMap file. Give one, or edges and nodes as tables.")
NO_ROADS = N_("{file} holds no road that can be walked. Choose another file.")
NO_NODE = N_("{file}: row {row}: {field} {node} is no node of {nodes}. Add the node, or take the edge out.")
NODES = (Column("node", "id", required=True), *POINT[1:])
EDGES = (
    Column("from", "id", required=True, repeat=True),
    Column("to", "id", required=True, repeat=True),
    Column("length_m", "number", required=True, low=0),
    Column("oneway", "flag"),
)


def read_network(path: Path, nodes: Path | None = None) -> Network:
    """Return the walking network of an OpenStreetMap file (.osm.pbf, .osm), or of a table of edges and one of nodes.

    Edges have the columns from, to, length_m and perhaps oneway, nodes the columns node, lon, lat (EPSG:4326). Lengths
    of OSM edges are geodesic. Nodes are ordered along a curve through the town; `node_ids` has their own names.
    Raises BadInput naming file, row and field for what cannot be used.
    """
    return _of_osm(path) if nodes is None else _of_tables(path, nodes)


def is_osm(path: Path) -> bool:
    """Tell whether a file is one of OpenStreetMap, by its content; raises BadInput when it cannot be read at all."""
    with opened(path, path.name) as layers:
        return layers[0].source.format.startswith("osm")


def read_places(path: Path) -> pd.DataFrame:
    """Return places with id, lon, lat (EPSG:4326): the rows of a table, or the middles of an OSM file's buildings.

    lon and lat are NaN for a building whose outline is not whole in the file.
    """
    if not is_osm(path):
        return read_plain_table(path, POINT)
    content = _osm_layer(path, "buildings")
    middle = shapely.centroid(content.geometry)
    ids = content.columns["osm_id"].astype(object)
    return pd.DataFrame({"id": ids, "lon": shapely.get_x(middle), "lat": shapely.get_y(middle)})


def _osm_layer(path: Path, wanted: str) -> Content:
    with opened(path, path.name) as layers:
        found = [layer for layer in layers if layer.inner == wanted and layer.source.format.startswith("osm")]
        if not found:
            raise BadInput(NO_OSM, file=path.name)
        return read_layer(found[0])


def _of_osm(path: Path) -> Network:
    content = _osm_layer(path, "roads")
    lines = np.asarray(content.geometry)
    roads = content.columns
    barrier = roads["barrier"].to_numpy(dtype=object, na_value=None)
    walkable = is_open(roads["walkable"].to_numpy(dtype=bool), barrier)
    if not walkable.any():
        raise BadInput(NO_ROADS, file=path.name)
    lines, roads = lines[walkable], roads[walkable]
    many = len(lines)
    ends = np.concatenate((roads["from_node"].to_numpy(np.int64), roads["to_node"].to_numpy(np.int64)))
    points = np.concatenate((shapely.get_point(lines, 0), shapely.get_point(lines, -1)))
    ids, first, node_of = np.unique(ends, return_index=True, return_inverse=True)
    lon, lat = shapely.get_coordinates(points[first]).T
    order, place = _along_a_curve(lon, lat)
    vertices, vertex_edge = shapely.get_coordinates(lines, return_index=True)
    drawn = Drawn(
        place[node_of[:many]],
        place[node_of[many:]],
        lengths_m(lines),
        oneway=roads["oneway"].to_numpy(dtype=bool),
        vertices=vertices,
        vertex_edge=vertex_edge,
    )
    return build(ids[order], lon[order], lat[order], drawn)


def _of_tables(path: Path, nodes_path: Path) -> Network:
    nodes = read_plain_table(nodes_path, NODES)
    edges, rows = read_numbered_table(path, EDGES)
    index = pd.Index(nodes["node"])
    ends = {field: index.get_indexer(edges[field]) for field in ("from", "to")}
    for field, found in ends.items():
        if (found < 0).any():
            at = int(np.argmax(found < 0))
            told = {"file": path.name, "row": int(rows[at]), "field": field, "nodes": nodes_path.name}
            raise BadInput(NO_NODE, node=shown(edges[field].iloc[at]), **told)
    lon, lat = nodes["lon"].to_numpy(), nodes["lat"].to_numpy()
    order, place = _along_a_curve(lon, lat)
    length_m, oneway = edges["length_m"].to_numpy(), edges["oneway"].to_numpy()
    drawn = Drawn(place[ends["from"]], place[ends["to"]], length_m, oneway=oneway)
    return build(nodes["node"].to_numpy(dtype=object)[order], lon[order], lat[order], drawn)


def _along_a_curve(lon: Floats, lat: Floats) -> tuple[Integers, Integers]:
    """Return the order of nodes along a curve, and the new place of each."""
    order = along_a_curve(lon, lat)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return order, place
