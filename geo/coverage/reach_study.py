"""Walks in the city as the database has it: the network, where doors enter it, and how far the next station is."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.coverage.nearest import Nearest, Within, nearest, within
from geo.coverage.network import SHUT_BARRIERS, Drawn, Network, build
from geo.coverage.service_areas import ServiceArea, service_areas
from geo.coverage.snapping import Snapped, snap
from geo.coverage.straight import DETOUR, within_straight
from geo.coverage.straight_lines import k_nearest_straight
from geo.planning.reads import parameters
from geo.store import versions
from geo.store.arrays import read_arrays
from geo.store.session import sync_driver
from geo.store.statements import statement

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CIRCLES = (5, 10, 15)
KEPT_NETWORKS = 2


@dataclass(frozen=True)
class Points:
    """Places on the walking network: degrees (EPSG:4326), and where they enter it (None: there is no network)."""

    lon: Floats
    lat: Floats
    entered: Snapped | None

    def part(self, chosen: Ints) -> "Points":
        """Return some of the places, by position."""
        entered = self.entered.part(chosen) if self.entered is not None else None
        return Points(self.lon[chosen], self.lat[chosen], entered)

    def at(self, chosen: Ints) -> "Points":
        """Return who lives at some of the places, by position; at -1 somebody who lives nowhere that is known."""
        nowhere = np.full(len(chosen), np.nan)
        found = self.part(chosen.clip(min=0)) if len(self.lon) else Points(nowhere, nowhere, None)
        known = chosen >= 0
        entered = found.entered
        if entered is not None:
            entered = replace(entered, access_m=np.where(known, entered.access_m, np.inf))
        return Points(np.where(known, found.lon, np.nan), np.where(known, found.lat, np.nan), entered)

    def cut_off(self) -> NDArray[np.bool_]:
        """Return by place whether no road leads there."""
        if self.entered is None:
            return np.isnan(self.lon)
        return np.isinf(self.entered.access_m)


@dataclass(frozen=True)
class Walks:
    """How walks are measured: over the network, or, where none is loaded, straight lines times a factor.

    snap_limit_m: a place farther from every road is cut off; factor: walked metres for a straight metre.
    """

    network: Network | None
    snap_limit_m: float
    factor: float

    def enter(self, lon: Floats, lat: Floats) -> Points:
        """Return places with where they enter the network."""
        if self.network is None:
            return Points(lon, lat, None)
        return Points(lon, lat, snap(self.network, lon, lat, most_m=self.snap_limit_m))

    def nearest(self, origins: Points, targets: Points, limit_m: float) -> Nearest:
        """Return for each origin the nearest target within the limit and the metres walked (-1 and inf for none)."""
        if self.network is not None and origins.entered is not None and targets.entered is not None:
            return nearest(self.network, origins.entered, targets.entered, limit_m=limit_m)
        stretched = self.factor / DETOUR
        found = k_nearest_straight(_degrees(origins), _degrees(targets), 1, limit_m=limit_m / stretched)
        return Nearest(found.target[:, 0], found.metres[:, 0] * stretched)

    def within(self, sources: Points, targets: Points, limit_m: float) -> Within:
        """Return for each source the targets within a walk of limit_m metres."""
        if self.network is not None and sources.entered is not None and targets.entered is not None:
            return within(self.network, sources.entered, targets.entered, limit_m)
        return within_straight(_degrees(sources), _degrees(targets), limit_m, detour=self.factor)


def _degrees(points: Points) -> tuple[Floats, Floats]:
    return points.lon, points.lat


_networks: dict[tuple[int, int], Network | None] = {}
_loading = threading.Lock()


def walks(connection: Connection) -> Walks:
    """Return how walks are measured in this city; the network is read once for each version of the roads."""
    chosen = parameters(connection)
    srid, database = connection.execute(
        text("SELECT (SELECT metric_srid FROM city), (SELECT oid::bigint FROM pg_database "
             "WHERE datname = current_database())")
    ).one()  # fmt: skip
    crs = f"EPSG:{srid}" if srid is not None else None
    key = (database, versions.current(connection)["base"])
    with _loading:
        if key not in _networks:
            for old in list(_networks)[: 1 - KEPT_NETWORKS]:
                del _networks[old]
            _networks[key] = load_network(connection, crs)
        network = _networks[key]
    return Walks(network, chosen["snap_limit_m"], chosen["straight_line_factor"])


def load_network(connection: Connection, crs: str | None) -> Network | None:
    """Return the walkable network of the database in a metric system (None: its own), None when no road is loaded."""
    with sync_driver(connection).cursor(binary=True) as cursor:
        rows = cursor.execute(statement("coverage", "walk_edges"), {"shut": sorted(SHUT_BARRIERS)}).fetchall()
    if not rows:
        return None
    from_id, to_id, length_m, oneway, shapes = zip(*rows, strict=True)
    vertices, edge = shapely.get_coordinates(shapely.from_wkb(list(shapes)), return_index=True)
    last = np.append(np.flatnonzero(np.diff(edge)), len(edge) - 1)
    first = np.append(0, last[:-1] + 1)
    ends = np.concatenate([np.array(from_id, dtype=np.int64), np.array(to_id, dtype=np.int64)])
    node_ids, where, node = np.unique(ends, return_index=True, return_inverse=True)
    places = vertices[np.concatenate([first, last])][where]
    many = len(rows)
    drawn = Drawn(
        node[:many], node[many:], np.array(length_m, dtype=np.float64), oneway=np.array(oneway),
        vertices=vertices, vertex_edge=edge.astype(np.int64),
    )  # fmt: skip
    return build(node_ids, places[:, 0].copy(), places[:, 1].copy(), drawn, crs=crs)


def load_doors(connection: Connection, way: Walks, unit_building: Ints) -> Points:
    """Return where the parts of the duty chain enter the network: every unit at its entrance, then every building.

    unit_building: by unit the position of its building. A unit without an entrance is entered at its building, the
    rest of a building with units at the first of them that has one, and a building without at its middle.
    """
    columns = {"id": "int8", "lon": "float8", "lat": "float8"}
    units = _read(connection, "door_units", columns)
    buildings = _read(connection, "door_buildings", columns)
    lon, lat = (np.concatenate([units[name], buildings[name]]) for name in ("lon", "lat"))
    many = len(unit_building)
    known = np.flatnonzero(~np.isnan(lon[:many]))
    lost = np.flatnonzero(np.isnan(lon[:many]))
    with_unit, first = np.unique(unit_building[known], return_index=True)
    for values in (lon, lat):
        values[lost] = values[many + unit_building[lost]]
        values[many + with_unit] = values[known[first]]
    return way.enter(lon, lat)


def load_stations(connection: Connection, way: Walks) -> tuple[Ints, Points]:
    """Return the ids of the open stations and where they enter the network."""
    found = _read(connection, "open_stations", {"id": "int8", "lon": "float8", "lat": "float8"})
    return found["id"], way.enter(found["lon"], found["lat"])


def load_station_floors(connection: Connection) -> Floats:
    """Return the floor area in m² of the open stations in the order of load_stations, NaN where it is not known."""
    return _read(connection, "open_stations", {"id": "int8", "floor_m2": "float8"})["floor_m2"]


def load_station_areas(connection: Connection, station_id: int, limits_m: Sequence[float]) -> list[ServiceArea]:
    """Return what lies within a walk of each limit to an open station; nothing without roads or such a station."""
    way = walks(connection)
    ids, stations = load_stations(connection, way)
    chosen = np.flatnonzero(ids == station_id)
    if way.network is None or stations.entered is None or not len(chosen):
        return []
    return service_areas(way.network, stations.entered.part(chosen), limits_m)


def load_walk_area(connection: Connection, lon: float, lat: float, limit_m: float) -> ServiceArea | None:
    """Return what lies within a walk to a place (degrees, EPSG:4326); None without roads or far from all of them."""
    way = walks(connection)
    place = way.enter(np.array([lon]), np.array([lat]))
    if way.network is None or place.entered is None or place.cut_off()[0]:
        return None
    return service_areas(way.network, place.entered, [limit_m])[0]


@dataclass(frozen=True)
class StationReach:
    """The way to the next open station by part of the duty chain: which (-1: none), metres, and who is cut off.

    doors: where the parts enter the network, for whoever asks about other ways; floor_m2: of the stations, NaN unknown.
    """

    station_ids: Ints
    station: NDArray[np.int32]
    metres: Floats
    cut_off: NDArray[np.bool_]
    by_network: bool
    doors: Points
    floor_m2: Floats


def load_station_reach(connection: Connection, unit_building: Ints) -> StationReach:
    """Return the way from every part of the duty chain to the next open station, however far."""
    way = walks(connection)
    doors = load_doors(connection, way, unit_building)
    ids, stations = load_stations(connection, way)
    found = way.nearest(doors, stations, np.inf)
    floors = load_station_floors(connection)
    return StationReach(ids, found.target, found.metres, doors.cut_off(), way.network is not None, doors, floors)


def circle_limits(chosen: dict[str, Any], *, old: bool) -> tuple[float, float, float]:
    """Return the walking limits in metres of the three life circles; old: for doors of people over 70."""
    start = "old_walk" if old else "walk"
    five, ten, fifteen = (float(chosen[f"{start}_{minutes}_minutes_m"]) for minutes in CIRCLES)
    return five, ten, fifteen


def _read(connection: Connection, name: str, columns: dict[str, str]) -> dict[str, NDArray[Any]]:
    return read_arrays(connection, statement("coverage", name), columns)
