"""A million footprints into the database: our import beside ogr2ogr and GeoDataFrame.to_postgis."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.access.actor import OPERATOR
from geo.exchange.tasks import import_file
from geo.settings import settings
from geo.store import cluster, migrate
from geo.store.session import engine, owner_engine
from tests.bench.case import Case

LON, LAT = 115.9, 36.4
MOST_FOR_TO_POSTGIS = 250_000
"""to_postgis is measured on fewer rows and scaled up: it takes time in proportion."""


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
    """Measure the import of so many footprints, in a database of its own."""
    folder = Path(os.environ["YIZHAN_STATE_DIR"])
    os.environ["YIZHAN_STATE_DIR"] = str(folder.with_name("bench_import"))
    settings.cache_clear()
    made = cluster.private()
    made.ensure_running()
    try:
        migrate.upgrade()
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "footprints.gpkg"
            frame = footprints(buildings)
            frame.to_file(path, layer="footprints")
            yield from _measured(path, frame)
    finally:
        engine().dispose()
        owner_engine().dispose()
        made.remove()
        os.environ["YIZHAN_STATE_DIR"] = str(folder)
        settings.cache_clear()


def _measured(path: Path, frame: gpd.GeoDataFrame) -> Iterator[Case]:
    name = f"import of {len(frame):,} footprints"
    began = time.perf_counter()
    done = import_file(Quiet(), path=str(path), kind="buildings", datum="wgs84")  # type: ignore[arg-type]
    ours = time.perf_counter() - began
    assert done["counts"]["new"] == len(frame), done["counts"]
    yield Case(name, "s", ours, "ratio <= 1.0", "ogr2ogr", _ogr2ogr(path))
    part = frame.iloc[:MOST_FOR_TO_POSTGIS]
    began = time.perf_counter()
    part.to_postgis("bench_to_postgis", owner_engine(), index=False)
    theirs = (time.perf_counter() - began) * len(frame) / len(part)
    yield Case(name, "s", ours, "ratio <= 0.25", "GeoDataFrame.to_postgis", theirs)


def _ogr2ogr(path: Path) -> float | None:
    program = shutil.which("ogr2ogr")
    if program is None:
        return None
    where = cluster.private()
    target = f"PG:host={where.socket} port=5432 user=yizhan_owner dbname=yizhan"
    command = [program, "-f", "PostgreSQL", target, str(path), "-nln", "bench_ogr2ogr", "-lco", "GEOMETRY_NAME=geom",
               "-nlt", "PROMOTE_TO_MULTI", "--config", "PG_USE_COPY", "YES"]  # fmt: skip
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began
