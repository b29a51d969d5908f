"""Footprints into the database: our import beside ogr2ogr and GeoDataFrame.to_postgis."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.access.actor import OPERATOR
from geo.exchange.tasks import import_file
from geo.store import cluster
from geo.store.copy import copy_columns
from geo.store.session import owner_engine
from tests.bench import city
from tests.bench.case import Case, middle, seconds

LON, LAT = 115.9, 36.4
MOST_FOR_TO_POSTGIS = 250_000
"""to_postgis is measured on fewer rows and scaled up: it takes time in proportion."""
TURNS, MANY = 3, 250_000
"""Up to so many rows everything is measured in turns, and the middle one counts."""
WRITTEN = {"code": "text", "number": "text", "floors": "int4", "address": "text", "geom": "geometry"}


class Quiet:
    """What a task is told about its job, kept to itself."""

    actor = OPERATOR
    job_id = None

    def progress(self, *_said: Any, **_values: Any) -> None:
        """Say nothing."""

    best = progress

    def check_cancelled(self) -> None:
        """Never cancelled."""


def footprints(many: int) -> gpd.GeoDataFrame:
    """Return six-cornered footprints 40 m apart with code, number, floors and address."""
    at = np.arange(many)
    side = int(np.ceil(np.sqrt(many)))
    corners = np.array([(0, 0), (3, 0), (3, 1), (1, 1), (1, 2), (0, 2), (0, 0)]) * 0.0001
    origin = np.column_stack([LON + (at % side) * 0.000447, LAT + (at // side) * 0.00036])
    shapes = shapely.polygons(origin[:, None, :] + corners[None, :, :])
    columns = {
        "code": [f"bench-{one}" for one in at],
        "number": (1 + at % 60).astype(str),
        "floors": (1 + at % 30).astype(np.int32),
        "address": [f"湖滨路{one}号" for one in at],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def cases(buildings: int) -> Iterator[Case]:
    """Measure the import of so many footprints, and writing them alone, in a database of its own."""
    with city.apart("import"), tempfile.TemporaryDirectory() as place:
        path = Path(place) / "footprints.gpkg"
        frame = footprints(buildings)
        frame.to_file(path, layer="footprints")
        yield from _whole_import(path, frame)
        yield from _writing_alone(frame)


def _whole_import(path: Path, frame: gpd.GeoDataFrame) -> Iterator[Case]:
    """Beside ours, both peers write the same file or frame into a table with a spatial index, and check nothing."""
    name = f"import of {len(frame):,} footprints, read, judged and written"
    turns = TURNS if len(frame) <= MANY else 1
    ours, ogr = [], []
    for _turn in range(turns):
        ours += seconds(lambda: _import(path, len(frame)), 1)
        ogr += seconds(lambda: _ogr2ogr(path), 1)
        _emptied()
    yield Case(name, "s", middle(ours), "ratio <= 1.0", "ogr2ogr", middle(ogr) if shutil.which("ogr2ogr") else None)
    theirs = middle([_to_postgis(frame) for _turn in range(turns)])
    yield Case(name, "s", middle(ours), "ratio <= 0.25", "GeoDataFrame.to_postgis", theirs)


def _writing_alone(frame: gpd.GeoDataFrame) -> Iterator[Case]:
    """Rows in memory into a plain table, spatial index included on both sides."""
    turns = TURNS if len(frame) <= MANY else 1
    ours, theirs = [], []
    for _turn in range(turns):
        ours += seconds(lambda: _copied(frame), 1)
        theirs.append(_to_postgis(frame))
    name = f"writing {len(frame):,} footprints, index included"
    yield Case(name, "s", middle(ours), "ratio <= 0.25", "GeoDataFrame.to_postgis", middle(theirs))


def _import(path: Path, many: int) -> None:
    done = import_file(Quiet(), path=str(path), kind="buildings", datum="wgs84")  # type: ignore[arg-type]
    assert done["counts"]["new"] == many, done["counts"]


def _emptied() -> None:
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("TRUNCATE building, import_run RESTART IDENTITY CASCADE")
        connection.exec_driver_sql("DROP TABLE IF EXISTS bench_ogr2ogr")


def _copied(frame: gpd.GeoDataFrame) -> None:
    values = {name: frame[name].to_numpy() for name in WRITTEN if name != "geom"} | {"geom": frame.geometry.to_numpy()}
    with owner_engine().begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS bench_copied")
        columns = ", ".join(f"{name} {WRITTEN[name]}" for name in WRITTEN if name != "geom")
        connection.exec_driver_sql(f"CREATE TABLE bench_copied ({columns}, geom geometry(Polygon, 4326))")
        copy_columns(connection, "bench_copied", WRITTEN, values)
        connection.exec_driver_sql("CREATE INDEX ON bench_copied USING gist (geom)")


def _to_postgis(frame: gpd.GeoDataFrame) -> float:
    """Return the seconds to_postgis takes, its own spatial index included; on many rows scaled up from fewer."""
    part = frame.iloc[:MOST_FOR_TO_POSTGIS]
    taken = seconds(lambda: part.to_postgis("bench_to_postgis", owner_engine(), index=False, if_exists="replace"), 1)
    return taken[0] * len(frame) / len(part)


def _ogr2ogr(path: Path) -> None:
    program = shutil.which("ogr2ogr")
    if program is None:
        return
    where = cluster.private()
    target = f"PG:host={where.socket} port=5432 user=yizhan_owner dbname=yizhan"
    command = [program, "-f", "PostgreSQL", target, str(path), "-nln", "bench_ogr2ogr", "-lco", "GEOMETRY_NAME=geom",
               "-nlt", "PROMOTE_TO_MULTI", "--config", "PG_USE_COPY", "YES"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
