"""Places of the coverage page as a GeoPackage: their outlines with the numbers of the table."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely
from sqlalchemy import Connection, text

from geo.exchange.downloads import Cell
from geo.store.base import STORED_SRID

TABLES = {"compound": "compound", "community": "area"}


def as_geopackage(
    connection: Connection, kind: str, place_ids: Sequence[int], columns: dict[str, Sequence[Cell]]
) -> bytes:
    """Return a GeoPackage (EPSG:4326) of compounds or communities in the order of their ids.

    columns: values by field name, one for each id. A place whose outline is not known has no geometry.
    """
    query = f"SELECT id, ST_AsBinary(geom) AS geom FROM {TABLES[kind]} WHERE id = ANY (:ids)"  # noqa: S608
    rows = connection.execute(text(query), {"ids": list(place_ids)})
    shapes = {row.id: row.geom for row in rows}
    known = [shapes.get(place) for place in place_ids]
    outlines = shapely.from_wkb([None if shape is None else bytes(shape) for shape in known])
    frame = gpd.GeoDataFrame({"id": list(place_ids), **columns}, geometry=outlines, crs=STORED_SRID)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.gpkg"
        pyogrio.write_dataframe(frame, path, layer=kind, driver="GPKG", geometry_type="MultiPolygon")
        return path.read_bytes()
