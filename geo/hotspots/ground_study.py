"""What hotspots rest on: requests with place, category and day, buildings with households, visits."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from sqlalchemy import Connection, text

from geo.access.asking import refusals_told
from geo.access.reads import may, require
from geo.hotspots.cells import Floats
from geo.hotspots.geocodes import default_points
from geo.hotspots.ground import RequestGround
from geo.settings import settings
from geo.store.arrays import read_arrays
from geo.store.session import Actor, reading, writing

PURPOSE = "hotspots"
DOOR_AND_ROOM = r"([号楼栋幢座])\s*\d*\s*(单元|门|室|户|层).*$"
SEEN = (
    "SELECT r.community_id, coalesce(r.building_id, 0) AS building_id, coalesce(ST_X(r.geom), 'NaN') AS lon, "
    "coalesce(ST_Y(r.geom), 'NaN') AS lat, r.category_id, (r.received_at AT TIME ZONE %(zone)s)::date AS received_on, "
    "r.incident_id IS NOT NULL AS in_incident, "
    "coalesce(hashtextextended(regexp_replace(lower(r.address), %(door)s, '\\1'), 0), 0) AS address "
    "FROM request r WHERE r.status <> 'duplicate'"
)
OF_RUN = (
    "SELECT r.community_id, coalesce(r.building_id, 0) AS building_id, coalesce(r.lon, 'NaN') AS lon, "
    "coalesce(r.lat, 'NaN') AS lat, g.id AS category_id, (r.received_at AT TIME ZONE %(zone)s)::date AS received_on, "
    "r.in_incident, coalesce(r.address_hash, 0) AS address "
    "FROM app_requests_of_run(%(purpose)s) r JOIN request_category g ON g.code = r.category"
)
ROW_TYPES = {
    "community_id": "int8", "building_id": "int8", "lon": "float8", "lat": "float8", "category_id": "int8",
    "received_on": "date", "in_incident": "bool", "address": "int8",
}  # fmt: skip
HOMES = (
    "SELECT b.id, b.community_id, coalesce(b.compound_id, 0) AS compound_id, coalesce(b.households, 'NaN'::float8) AS "
    "households, ST_X(p.at) AS lon, ST_Y(p.at) AS lat FROM building b, ST_Centroid(b.geom) p (at) "
    "WHERE b.closed_on IS NULL AND b.geom IS NOT NULL ORDER BY b.id"
)
HOME_TYPES = {
    "id": "int8", "community_id": "int8", "compound_id": "int8", "households": "float8", "lon": "float8",
    "lat": "float8",
}  # fmt: skip
VISITS = "SELECT building_id, (visited_at AT TIME ZONE %(zone)s)::date AS visited_on FROM visit"
VISIT_TYPES = {"building_id": "int8", "visited_on": "date"}


def load_ground(actor: Actor) -> RequestGround:
    """Return what an actor may look for hotspots in.

    Who sees requests reads those they see; others who may look for hotspots read them all without text or anybody,
    which leaves an entry in the log. Raises NotAllowed for who may do neither.
    """
    values: dict[str, Any] = {"zone": settings().time_zone, "door": DOOR_AND_ROOM, "purpose": PURPOSE}
    with reading(actor) as connection:
        sees_rows = may(connection, "see_requests")
        found = _loaded(connection, values, read_arrays(connection, SEEN, ROW_TYPES, values) if sees_rows else None)
    if found is not None:
        return found
    with writing(actor) as session, refusals_told():
        require(session, "run_hotspots")
        connection = session.connection()
        found = _loaded(connection, values, read_arrays(connection, OF_RUN, ROW_TYPES, values), sees_rows=False)
    assert found is not None
    return found


def _loaded(
    connection: Connection, values: dict[str, Any], rows: dict[str, NDArray[Any]] | None, *, sees_rows: bool = True
) -> RequestGround | None:
    if rows is None:
        return None
    homes = read_arrays(connection, HOMES, HOME_TYPES)
    visits = read_arrays(connection, VISITS, VISIT_TYPES, values)
    srid = int(connection.scalar(text("SELECT metric_srid FROM city")) or 0)
    shape = Transformer.from_crs(4326, srid, always_xy=True) if srid else None
    x_m, y_m = _metric(shape, rows["lon"], rows["lat"])
    home_x_m, home_y_m = _metric(shape, homes["lon"], homes["lat"])
    names = np.array([str(code) if code else None for code in rows["address"].tolist()], dtype=object)
    return RequestGround(
        rows["community_id"], rows["building_id"], rows["category_id"], rows["received_on"].astype(np.int64),
        rows["in_incident"].astype(bool), x_m, y_m, default_points(rows["lon"], rows["lat"], names),
        homes["id"], homes["community_id"], homes["compound_id"], homes["households"], home_x_m, home_y_m,
        visits["building_id"], visits["visited_on"].astype(np.int64), sees_rows, srid,
    )  # fmt: skip


def _metric(shape: Transformer | None, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    if shape is None or not len(lon):
        return np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    x_m, y_m = shape.transform(lon, lat)
    known = np.isfinite(x_m) & np.isfinite(y_m)
    return np.where(known, x_m, np.nan), np.where(known, y_m, np.nan)
