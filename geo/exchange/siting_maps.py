"""Siting studies and scenarios as GeoPackages: the stations, and the buildings with the ways of their doors."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from sqlalchemy import Connection, text

from geo.briefing.siting_results import SiteRow
from geo.planning.scenario_reads import ScenarioSiteView
from geo.store.base import STORED_SRID

BUILDINGS = text("SELECT id, ST_AsBinary(ST_Centroid(geom)) AS geom FROM building WHERE id = ANY (:ids)")


def siting_geopackage(connection: Connection, sites: Sequence[SiteRow], doors: pd.DataFrame) -> bytes:
    """Return a GeoPackage (EPSG:4326) with a layer of stations and a layer of doors at the middle of their building.

    doors: the frame of a siting study; -1 stands for an unknown household count and for no way.
    """
    stations = gpd.GeoDataFrame(
        {
            "candidate_site_id": [one.id for one in sites],
            "name": [one.name for one in sites],
            "cost_fen": [one.cost_fen for one in sites],
            "new_households": [one.new_households for one in sites],
            "lost_without": [one.only_here for one in sites],
        },
        geometry=shapely.points([(one.lon, one.lat) for one in sites]) if sites else [],
        crs=STORED_SRID,
    )
    return _packed(connection, stations, doors)


def scenario_geopackage(connection: Connection, sites: Sequence[ScenarioSiteView], doors: pd.DataFrame) -> bytes:
    """Return a GeoPackage (EPSG:4326) with what a scenario says of each site, and the doors of its study if it is kept.

    sites: at least one; phase_year is the year a site is paid for, station_id the planned station it became.
    """
    names = ("name", "candidate_site_id", "chosen", "pinned", "banned", "cost_fen", "capacity", "phase_year",
             "station_id")  # fmt: skip
    stations = gpd.GeoDataFrame(
        {name: [getattr(one, name) for one in sites] for name in names},
        geometry=shapely.points([(one.lon, one.lat) for one in sites]),
        crs=STORED_SRID,
    )
    return _packed(connection, stations, doors)


def _packed(connection: Connection, stations: gpd.GeoDataFrame, doors: pd.DataFrame) -> bytes:
    ids = [int(key) for key in doors["building_id"].unique()] if len(doors) else []
    known = {row.id: bytes(row.geom) for row in connection.execute(BUILDINGS, {"ids": ids})}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "siting.gpkg"
        pyogrio.write_dataframe(stations, path, layer="stations", driver="GPKG", geometry_type="Point")
        if not ids:
            return path.read_bytes()
        shapes = shapely.from_wkb([known.get(int(key)) for key in doors["building_id"]])
        frame = gpd.GeoDataFrame(doors, geometry=shapes, crs=STORED_SRID)
        pyogrio.write_dataframe(frame, path, layer="doors", driver="GPKG", geometry_type="Point", append=True)
        return path.read_bytes()
