"""Buildings and walking network from OpenStreetMap files, with node ids kept so that shared nodes stay shared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import osmium
import pandas as pd
import shapely

from geo.errors import BadInput
from geo.exchange.content import Content
from geo.exchange.findings import Findings
from geo.exchange.network import edge_spans, span_lines
from geo.exchange.sources import HALF_A_FILE, Source
from geo.i18n import N_

BUILDING_TAGS = (
    "name",
    "building:levels",
    "height",
    "start_date",
    "addr:full",
    "addr:street",
    "addr:housenumber",
    "elevator",
)
ROADS = {"motorway", "trunk", "primary", "secondary", "tertiary"}
PATHS = {"pedestrian", "footway", "path", "track", "cycleway", "bridleway", "corridor", "platform"}
NO_WAY = {"proposed", "construction", "razed", "abandoned", "raceway", "no", "rest_area", "services"}
NOT_FOR_WALKING = {"motorway", "trunk", "busway"}
FORBIDDEN = {"no", "private", "use_sidepath"}
OPEN_BARRIERS = {"entrance", "kerb", "no", "border_control", "height_restrictor"}


def walk_class(tags: Mapping[str, str]) -> tuple[str, bool, bool] | None:
    """Return kind, walkable and one way (for walking) of a way's tags, None when it is no way to go.

    >>> walk_class({"highway": "steps"}), walk_class({"highway": "motorway_link"}), walk_class({"highway": "proposed"})
    (('stairs', True, False), ('road', False, False), None)
    >>> walk_class({"highway": "footway", "footway": "crossing", "oneway:foot": "yes"})
    ('crossing', True, True)
    """
    highway = tags.get("highway", "no").removesuffix("_link")
    if highway in NO_WAY:
        return None
    foot, access = tags.get("foot"), tags.get("access")
    walkable = highway not in NOT_FOR_WALKING and tags.get("motorroad") != "yes" and access != "no"
    if foot is not None:
        walkable = foot not in FORBIDDEN
    return _edge_kind(highway, tags), walkable, tags.get("oneway:foot") == "yes"


def _edge_kind(highway: str, tags: Mapping[str, str]) -> str:
    if highway == "steps":
        return "stairs"
    if tags.get("footway") == "crossing" or highway == "crossing" or tags.get("path") == "crossing":
        return "crossing"
    if highway in ROADS:
        return "road"
    return "path" if highway in PATHS else "street"


def read_osm(source: Source, layer: str, limit: int | None) -> Content:
    """Return the buildings or the roads of an OSM file, at most about `limit`; raises BadInput for a damaged file."""
    try:
        return (_buildings if layer == "buildings" else _roads)(source, limit)
    except (RuntimeError, osmium.InvalidLocationError, OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(HALF_A_FILE, file=source.name) from error


def _processor(source: Source) -> Any:
    return osmium.FileProcessor(str(source.path)).with_locations()


@dataclass
class _Ways:
    """Vertices of all ways in one run: node ids, positions, and which way they belong to."""

    nodes: list[int] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    run_of: list[int] = field(default_factory=list)
    way_of_run: list[int] = field(default_factory=list)
    ways: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)

    def add(self, way: Any, described: dict[str, Any]) -> None:
        """Add a way; where nodes are missing from the file it falls into several runs."""
        self.ways.append(described)
        fresh, previous, gap = True, None, False
        for node in way.nodes:
            if not node.location.valid():
                fresh, gap = True, True
                continue
            if fresh:
                self.way_of_run.append(len(self.ways) - 1)
                fresh, previous = False, None
            if node.ref != previous:
                self.nodes.append(node.ref)
                self.lon.append(node.lon)
                self.lat.append(node.lat)
                self.run_of.append(len(self.way_of_run) - 1)
            previous = node.ref
        if gap:
            self.gaps.append(len(self.ways))


def _roads(source: Source, limit: int | None) -> Content:
    found, barriers = _Ways(), {}
    for item in _processor(source):
        if item.is_node():
            barrier = item.tags.get("barrier")
            if barrier and barrier not in OPEN_BARRIERS:
                barriers[item.id] = barrier
        elif item.is_way() and "highway" in item.tags and (limit is None or len(found.ways) < limit):
            described = walk_class(item.tags)
            if described is not None:
                kind, walkable, oneway = described
                name = item.tags.get("name") or item.tags.get("ref")
                found.add(item, {"way": item.id, "kind": kind, "walkable": walkable, "oneway": oneway, "name": name})
    if not found.nodes:
        raise BadInput(N_("{file} holds no roads. Choose another layer or file."), file=source.name)
    return _edges(found, barriers)


def _edges(found: _Ways, barriers: Mapping[int, str]) -> Content:
    nodes, run_of = np.array(found.nodes, dtype=np.int64), np.array(found.run_of, dtype=np.int64)
    blocked = np.isin(nodes, np.fromiter(barriers, dtype=np.int64, count=len(barriers)))
    first, last = edge_spans(nodes, run_of, blocked)
    coordinates = np.column_stack((found.lon, found.lat))
    way_of = np.array(found.way_of_run, dtype=np.int64)[run_of[first]]
    ways = pd.DataFrame(found.ways).iloc[way_of].reset_index(drop=True)
    number = ways.groupby("way").cumcount().astype("string")
    ends = nodes[first], nodes[last]
    barrier = [barriers.get(a) or barriers.get(b) for a, b in zip(*(end.tolist() for end in ends), strict=True)]
    columns = pd.DataFrame(
        {
            "code": "osm-w" + ways["way"].astype("string") + "-" + number,
            "from_node": ends[0],
            "to_node": ends[1],
            "kind": ways["kind"],
            "name": ways["name"].astype("string"),
            "walkable": ways["walkable"].astype("boolean"),
            "oneway": ways["oneway"].astype("boolean"),
            "barrier": pd.array(barrier, dtype="string"),
        }
    )
    findings = Findings()
    findings.add("nodes_missing", found.gaps, field="geom")
    return Content(columns, span_lines(coordinates, first, last), way_of + 1, "EPSG:4326", findings)


def _buildings(source: Source, limit: int | None) -> Content:
    tags: list[dict[str, Any]] = []
    geometry: list[Any] = []
    for number, tagged, outline in _outlines(source):
        tags.append({"osm_id": number, **tagged})
        geometry.append(outline)
        if limit is not None and len(tags) >= limit:
            break
    if not tags:
        raise BadInput(N_("{file} holds no buildings. Choose another layer or file."), file=source.name)
    columns = pd.DataFrame(tags, columns=["osm_id", *BUILDING_TAGS]).astype("string")
    columns["address"] = columns["addr:full"].fillna(columns["addr:street"] + " " + columns["addr:housenumber"])
    outlines = np.empty(len(geometry), dtype=object)
    outlines[:] = geometry
    rows = np.arange(1, len(tags) + 1, dtype=np.int64)
    findings = Findings()
    findings.add("relation_incomplete", rows[shapely.is_missing(outlines)], field="geom")
    return Content(columns.drop(columns=["addr:full", "addr:street"]), outlines, rows, "EPSG:4326", findings)


def _outlines(source: Source) -> Iterator[tuple[str, dict[str, str], Any]]:
    """Yield id, tags and outline of every building: closed ways as drawn, multipolygon relations as assembled."""
    factory = osmium.geom.WKBFactory()
    for item in _processor(source).with_areas(osmium.filter.KeyFilter("building")):
        if "building" not in item.tags or item.tags["building"] == "no":
            continue
        if item.is_way() and item.is_closed() and len(item.nodes) >= 4:
            yield f"osm-w{item.id}", _picked(item.tags), _ring(item)
        elif item.is_area() and not item.from_way():
            yield f"osm-r{item.orig_id()}", _picked(item.tags), _assembled(factory, item)


def _picked(tags: Any) -> dict[str, str]:
    return {key: tags[key] for key in BUILDING_TAGS if key in tags}


def _ring(way: Any) -> Any:
    positions = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return shapely.Polygon(positions) if len(positions) == len(way.nodes) else None


def _assembled(factory: Any, area: Any) -> npt.NDArray[Any] | None:
    try:
        return shapely.from_wkb(factory.create_multipolygon(area), on_invalid="fix")
    except RuntimeError:
        return None
