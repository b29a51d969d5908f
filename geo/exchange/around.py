"""The surroundings of a file, read from the database: what is on the map already."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geo.exchange.failures import in_words, wait_briefly
from geo.exchange.kinds import kind_named
from geo.exchange.request_words import CategoryWords, categories
from geo.exchange.surroundings import METRES_PER_DEGREE, Bounds, ReferencePoints, Surroundings
from geo.store.statements import statement

MOST_ROADS = 20_000
MOST_BUILDINGS = 100_000
ROAD_STEP_M = 50.0
BY_ADDRESS = ("posts", "volunteers", "care_needs", "units", "households", "stations", "candidates", "buildings")
HOLDERS = {
    "compounds": ("area", "NOT placeholder AND level <> 'grid'"),
    "buildings": ("compound", "NOT placeholder"),
}
COMMUNITIES = text(
    "SELECT id, code, name, ST_AsBinary(geom) AS geom FROM area WHERE level = 'community' AND NOT placeholder "
    "AND closed_on IS NULL ORDER BY id"
)
CATEGORIES = text("SELECT code, name, name_zh, words FROM request_category WHERE active ORDER BY position, id")
PLACE_COLUMNS = ("kind", "id", "code", "name", "address", "compound", "number", "lon", "lat")


def surroundings_of(connection: Connection, kind: str) -> Surroundings:
    """Return what is on the map as far as reading a file of this kind needs it, for what the actor may see.

    Raises Conflict when somebody else holds the records locked for more than 20 s.
    """
    with in_words(kind):
        wait_briefly(connection)
        bounds = _bounds(connection)
        if bounds is None:
            return Surroundings(codes=_codes(connection, kind))
        if kind == "requests":
            return _for_requests(connection, bounds)
        return Surroundings(
            bounds=bounds,
            roads=_roads(connection),
            buildings=_buildings(connection),
            places=_places(connection) if kind in BY_ADDRESS else None,
            codes=_codes(connection, kind),
            same_kind=_same_kind(connection, kind),
            held=_held(connection, kind),
            holders=_outlines(connection, *HOLDERS[kind]) if kind in HOLDERS else None,
            streets=_streets(connection) if kind == "compounds" else None,
        )


def _for_requests(connection: Connection, bounds: Bounds) -> Surroundings:
    outlined = connection.execute(COMMUNITIES).all()
    communities = pd.DataFrame.from_records([tuple(row) for row in outlined], columns=["id", "code", "name", "geom"])
    communities["geom"] = shapely.from_wkb([None if row.geom is None else bytes(row.geom) for row in outlined])
    return Surroundings(
        bounds=bounds,
        roads=_roads(connection),
        buildings=_buildings(connection),
        places=_places(connection),
        communities=communities,
        categories=known_categories(connection),
    )


def known_categories(connection: Connection) -> CategoryWords:
    """Return the categories of requests in use, with what each goes by."""
    return categories(tuple(row) for row in connection.execute(CATEGORIES))


def _bounds(connection: Connection) -> Bounds | None:
    row = connection.execute(
        text("SELECT ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent) FROM city")
    ).one_or_none()
    return None if row is None else (float(row[0]), float(row[1]), float(row[2]), float(row[3]))


def _step(connection: Connection, table: str, most: int) -> int:
    count: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
    return max(1, -(-count // most))


def _roads(connection: Connection) -> ReferencePoints | None:
    rows = connection.execute(
        text("SELECT ST_AsBinary(geom), name FROM walk_edge WHERE id % :step = 0"),
        {"step": _step(connection, "walk_edge", MOST_ROADS)},
    ).all()
    if not rows:
        return None
    coordinates, index = shapely.get_coordinates(_in_steps([row[0] for row in rows]), return_index=True)
    names = _objects([row[1] for row in rows])
    return ReferencePoints(coordinates[:, 0], coordinates[:, 1], names[index])


def _in_steps(lines: list[Any]) -> npt.NDArray[Any]:
    """Return lines given as WKB with a point at least every ROAD_STEP_M."""
    read = shapely.from_wkb([bytes(line) for line in lines])
    return np.asarray(shapely.segmentize(read, ROAD_STEP_M / METRES_PER_DEGREE))


def _streets(connection: Connection) -> npt.NDArray[Any] | None:
    lines = connection.scalars(
        text("SELECT ST_AsBinary(geom) FROM walk_edge WHERE kind = 'road' ORDER BY id LIMIT :most"),
        {"most": MOST_ROADS},
    ).all()
    return shapely.points(shapely.get_coordinates(_in_steps(list(lines)))) if lines else None


def _held(connection: Connection, kind: str) -> npt.NDArray[Any] | None:
    """Return what lies in areas or compounds: the buildings; while there are none, the compounds for areas."""
    if kind not in ("areas", "compounds"):
        return None
    found = _outlines(connection, "building", "true")
    return _outlines(connection, *HOLDERS["buildings"]) if found is None and kind == "areas" else found


def _outlines(connection: Connection, table: str, which: str) -> npt.NDArray[Any] | None:
    rows = connection.scalars(
        text(
            f"SELECT ST_AsBinary(geom) FROM {table} WHERE {which} AND geom IS NOT NULL "  # noqa: S608
            "AND closed_on IS NULL AND id % :step = 0"
        ),
        {"step": _step(connection, table, MOST_BUILDINGS)},
    ).all()
    return np.asarray(shapely.from_wkb([bytes(row) for row in rows])) if rows else None


def _buildings(connection: Connection) -> ReferencePoints | None:
    rows = connection.execute(
        text(
            "SELECT ST_X(ST_Centroid(geom)), ST_Y(ST_Centroid(geom)), coalesce(address, name) FROM building "
            "WHERE closed_on IS NULL AND id % :step = 0"
        ),
        {"step": _step(connection, "building", MOST_BUILDINGS)},
    ).all()
    if not rows:
        return None
    lon, lat, names = zip(*rows, strict=True)
    return ReferencePoints(np.array(lon), np.array(lat), _objects(list(names)))


def _same_kind(connection: Connection, kind: str) -> ReferencePoints | None:
    wanted = kind_named(kind)
    if wanted.geometry == "none" or kind in ("roads", "buildings"):
        return None
    rows = connection.execute(
        text(
            f"SELECT ST_X(ST_Centroid(geom)), ST_Y(ST_Centroid(geom)), code FROM {wanted.table} "  # noqa: S608
            "WHERE geom IS NOT NULL AND closed_on IS NULL AND id % :step = 0"
        ),
        {"step": _step(connection, wanted.table, MOST_BUILDINGS)},
    ).all()
    if not rows:
        return None
    lon, lat, codes = zip(*rows, strict=True)
    return ReferencePoints(np.array(lon), np.array(lat), _objects(list(codes)))


def _places(connection: Connection) -> pd.DataFrame:
    rows = connection.execute(text(statement("exchange", "known_places"))).all()
    return pd.DataFrame.from_records([tuple(row) for row in rows], columns=list(PLACE_COLUMNS))


def _codes(connection: Connection, kind: str) -> frozenset[str]:
    wanted = kind_named(kind)
    if not wanted.geometry_required:
        return frozenset()
    return frozenset(connection.scalars(text(f"SELECT code FROM {wanted.table}")))  # noqa: S608


def _objects(values: list[Any]) -> npt.NDArray[Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
