"""The first import of a city: its record with metric CRS and extent, and placeholders where rows wait for a parent."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from sqlalchemy import Connection, text

from geo.places.rules import UNASSIGNED
from geo.store.base import STORED_SRID
from geo.store.session import sync_driver
from geo.store.statements import statement

CHINA = (73.5, 18.0, 135.1, 53.6)
ZONE_OF_75_EAST = 4534
ZONE_WIDTH_DEG = 3
CITY_CODE = "city"

Bounds = tuple[float, float, float, float]


def metric_srid(lon: float, lat: float) -> int:
    """Return the EPSG code of the metric CRS of a city whose centre this is, in degrees of EPSG:4326.

    In China the CGCS2000 3-degree zone by its central meridian (EPSG:4534 to 4554), elsewhere the UTM zone (WGS 84).

    >>> metric_srid(115.98, 36.45), metric_srid(9.52, 47.14), metric_srid(-51.2, -30.0)
    (4548, 32632, 32722)
    """
    west, south, east, north = CHINA
    if west <= lon <= east and south <= lat <= north:
        return ZONE_OF_75_EAST + round((lon - 75) / ZONE_WIDTH_DEG)
    zone = min(math.floor((lon + 180) / 6) + 1, 60)
    return (32600 if lat >= 0 else 32700) + zone


def lengths_m(lines: npt.NDArray[Any], srid: int) -> npt.NDArray[np.float64]:
    """Return the length in metres of each line (EPSG:4326), measured in the metric CRS."""
    turn = Transformer.from_crs(STORED_SRID, srid, always_xy=True)
    flat = np.column_stack(turn.transform(*shapely.get_coordinates(lines).T))
    return np.asarray(shapely.length(shapely.set_coordinates(lines.copy(), flat)), dtype=np.float64)


def city_srid(connection: Connection) -> int | None:
    """Return the metric CRS of the city, None before it is founded."""
    srid: int | None = connection.scalar(text("SELECT metric_srid FROM city"))
    return srid


def found_city(connection: Connection, bounds: Bounds | None, name: str, *, widen: bool) -> None:
    """Make the city's record and its area when they are missing.

    bounds: west, south, east, north of the rows in degrees (None: no row has a geometry, the record waits).
    widen: let the extent grow by these bounds when the city is there already (areas define the city's extent).
    """
    connection.execute(
        text(
            "INSERT INTO area (level, code, name, placeholder) SELECT 'city', :code, :name, true "
            "WHERE NOT EXISTS (SELECT FROM area WHERE level = 'city')"
        ),
        {"code": CITY_CODE, "name": name},
    )
    if bounds is None:
        return
    west, south, east, north = bounds
    corners = {"w": max(west, -180), "s": max(south, -90), "e": min(east, 180), "n": min(north, 90)}
    connection.execute(
        text(
            "INSERT INTO city (id, name, metric_srid, extent) "
            "SELECT 1, a.name, :srid, ST_Envelope(ST_Buffer(ST_MakeEnvelope(:w, :s, :e, :n, 4326), 1e-6)) "
            "FROM area a WHERE a.level = 'city' ON CONFLICT (id) DO NOTHING"
        ),
        {"srid": metric_srid((west + east) / 2, (south + north) / 2), **corners},
    )
    if widen:
        connection.execute(
            text(
                "UPDATE city SET extent = ST_Envelope(ST_Collect(extent, ST_MakeEnvelope(:w, :s, :e, :n, 4326))), "
                "version = version + 1 WHERE NOT ST_Covers(extent, ST_MakeEnvelope(:w, :s, :e, :n, 4326))"
            ),
            corners,
        )


def adopt_city(connection: Connection, run_id: int, code: str, name: str | None) -> None:
    """Give the city under a stand-in code its own code and name (None: keep the name); undo restores both."""
    waiting = {"run": run_id, "code": code, "name": name}
    connection.execute(
        text(
            "INSERT INTO import_change (import_run_id, entity, entity_id, before) "
            "SELECT :run, 'area', id, jsonb_build_object('code', code, 'name', name, "
            "'placeholder', placeholder, 'version', version) "
            "FROM area WHERE level = 'city' AND placeholder AND (code <> :code OR name <> coalesce(:name, name))"
        ),
        waiting,
    )
    connection.execute(
        text(
            "UPDATE area SET code = :code, name = coalesce(:name, name), placeholder = (CAST(:name AS text) IS NULL), "
            "version = version + 1, changed_at = now() "
            "WHERE level = 'city' AND placeholder AND (code <> :code OR name <> coalesce(:name, name))"
        ),
        waiting,
    )
    if name is not None:
        connection.execute(
            text("UPDATE city SET name = :name, version = version + 1 WHERE name <> :name AND demo_seed IS NULL"),
            {"name": name},
        )


def city_area(connection: Connection) -> int:
    """Return the id of the area of level city."""
    found: int = connection.execute(text("SELECT id FROM area WHERE level = 'city'")).scalar_one()
    return found


def placeholders(connection: Connection) -> tuple[int, int]:
    """Return the ids of the community and the compound where rows without a known parent wait, made when missing."""
    connection.execute(
        text(
            "INSERT INTO area (level, code, name, parent_id, placeholder) "
            "SELECT 'community', :code, :code, id, true FROM area WHERE level = 'city' "
            "ON CONFLICT (level, code) DO NOTHING"
        ),
        {"code": UNASSIGNED},
    )
    connection.execute(
        text(
            "INSERT INTO compound (code, name, community_id, placeholder) SELECT :compound, :code, id, true "
            "FROM area WHERE level = 'community' AND code = :code ON CONFLICT (code) DO NOTHING"
        ),
        {"code": UNASSIGNED, "compound": f"{UNASSIGNED}-{UNASSIGNED}"},
    )
    row = connection.execute(
        text("SELECT community_id, id FROM compound WHERE code = :compound"), {"compound": f"{UNASSIGNED}-{UNASSIGNED}"}
    ).one()
    return int(row.community_id), int(row.id)


def remove_traces(connection: Connection) -> None:
    """Remove placeholders that hold nothing, and the city's record once nothing is left on the map (after an undo)."""
    sync_driver(connection).execute(statement("exchange", "remove_traces"))
