"""What a siting question rests on: doors, open stations and candidate sites of an area, as the database has them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.coverage.chain_study import positions
from geo.coverage.duty_inputs import UNKNOWN, Places
from geo.coverage.duty_parts import parts_of
from geo.coverage.reach_study import Points, Walks, circle_limits, load_doors, load_stations, walks
from geo.coverage.snapping import Snapped
from geo.errors import BadInput
from geo.i18n import N_
from geo.planning.reads import parameters
from geo.siting.effect import Doors, Standing
from geo.siting.neighbours import Ints
from geo.siting.question import NO_SITES
from geo.siting.wanted import CIRCLES, Near, Wanted
from geo.store.arrays import read_arrays
from geo.store.statements import statement

MINUTE_S = 60
NO_DOORS = N_("Nobody is known to live here. Choose another area, or import households first.")


@dataclass(frozen=True)
class Ground:
    """What a question rests on: the doors of the area, open stations, candidate sites, and how walks are measured.

    unit, building, compound, community: ids of each door's part (-1: doors no unit accounts for); station_community,
    site_community: ids of where stations and sites lie; cost_fen: -1 where nobody knows it.
    """

    way: Walks
    limit_m: float
    unit: Ints
    building: Ints
    compound: Ints
    community: Ints
    doors: Doors
    at: Points
    station_ids: Ints
    stations: Points
    station_community: Ints
    site_ids: Ints
    sites: Points
    site_community: Ints
    cost_fen: Ints

    def targets(self, chosen: Ints) -> Points:
        """Return the open stations and after them the chosen sites, by position."""
        return joined(self.stations, self.sites.part(chosen))

    def standing(self, targets: Points) -> Standing:
        """Return the nearest of some stations for every door, however far."""
        found = self.way.nearest(self.at, targets, np.inf)
        return Standing(found.target, np.asarray(found.metres, np.float64))


def load_ground(connection: Connection, wanted: Wanted) -> Ground:
    """Return doors, stations and candidate sites of the area of a question; raises BadInput where there are none."""
    units = _read(connection, "coverage", "chain_units", id="int8", building_id="int8", households="int4")
    buildings = _read(
        connection, "coverage", "chain_buildings", id="int8", compound_id="int8", community_id="int8", households="int4"
    )
    sites = _read(
        connection, "siting", "candidate_sites", {"community": wanted.community_id},
        id="int8", lon="float8", lat="float8", cost_fen="int8", community_id="int8",
    )  # fmt: skip
    if not sites["id"].size:
        raise BadInput(NO_SITES)
    many = len(buildings["id"])
    places = Places(
        unit_building=positions(buildings["id"], units["building_id"]),
        unit_households=units["households"].astype(np.int64),
        building_compound=buildings["compound_id"],
        building_community=buildings["community_id"],
        building_households=buildings["households"].astype(np.int64),
        compounds=0,
        communities=0,
    )
    parts, way = parts_of(places), walks(connection)
    here = np.ones(many, bool) if wanted.community_id is None else buildings["community_id"] == wanted.community_id
    lived = parts.unknown | (parts.households > 0)
    chosen = np.flatnonzero(parts.real & here[parts.building] & lived)
    if not chosen.size:
        raise BadInput(NO_DOORS)
    doors = load_doors(connection, way, places.unit_building)
    station_ids, stations = load_stations(connection, way)
    unit, building = parts.unit[chosen], parts.building[chosen]
    return Ground(
        way, limit_of(connection, wanted.near),
        unit=np.where(unit >= 0, np.append(units["id"], UNKNOWN)[unit], UNKNOWN),
        building=buildings["id"][building],
        compound=buildings["compound_id"][building],
        community=buildings["community_id"][building],
        doors=Doors(parts.households[chosen], parts.unknown[chosen]),
        at=doors.part(chosen),
        station_ids=station_ids, stations=stations, station_community=_communities_of(connection, station_ids),
        site_ids=sites["id"], sites=way.enter(sites["lon"], sites["lat"]), site_community=sites["community_id"],
        cost_fen=_costs(sites, wanted),
    )  # fmt: skip


def limit_of(connection: Connection, near: Near) -> float:
    """Return how many metres on foot are near: the city's limit, or the minutes of the circle at another speed."""
    if near.speed_m_s is not None:
        return float(near.circle * MINUTE_S * near.speed_m_s)
    limits = circle_limits(parameters(connection), old=near.old)
    return limits[CIRCLES.index(near.circle)]


def _communities_of(connection: Connection, station_ids: Ints) -> Ints:
    found = _read(connection, "siting", "open_station_communities", id="int8", community_id="int8")
    known = dict(zip(found["id"].tolist(), found["community_id"].tolist(), strict=True))
    return np.array([known.get(station, UNKNOWN) for station in station_ids.tolist()], np.int64)


def _costs(sites: dict[str, NDArray[Any]], wanted: Wanted) -> Ints:
    cost = sites["cost_fen"].astype(np.int64)
    for at, site in enumerate(sites["id"].tolist()):
        cost[at] = wanted.cost_fen.get(site, cost[at])
    return cost


def joined(first: Points, second: Points) -> Points:
    """Return the places of both, those of the first before those of the second."""
    entered = None
    if first.entered is not None and second.entered is not None:
        both = zip(vars(first.entered).values(), vars(second.entered).values(), strict=True)
        entered = Snapped(*(np.append(one, other) for one, other in both))
    return Points(np.append(first.lon, second.lon), np.append(first.lat, second.lat), entered)


def _read(
    connection: Connection, room: str, name: str, params: dict[str, Any] | None = None, **columns: str
) -> dict[str, NDArray[Any]]:
    return read_arrays(connection, statement(room, name), columns, params)
