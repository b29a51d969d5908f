"""Hotspots as GeoPackages."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from geo.exchange.downloads import Cell, harmless
from geo.maps.cells import Cells
from geo.store.base import STORED_SRID


def outlines_geopackage(
    titles: Sequence[str], rows: Sequence[Sequence[Cell]], shapes: Sequence[shapely.Geometry]
) -> bytes:
    """Return a GeoPackage (EPSG:4326) with one layer of outlines, a column a title; at least one row."""
    columns = {title: [harmless(row[at]) for row in rows] for at, title in enumerate(titles)}
    clusters = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=STORED_SRID)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clusters.gpkg"
        pyogrio.write_dataframe(clusters, path, layer="clusters", driver="GPKG", promote_to_multi=True)
        return path.read_bytes()


def cell_shapes(cells: Cells, ids: Sequence[int]) -> list[shapely.Geometry]:
    """Return the outlines (EPSG:4326) of some cells, in the order of their numbers; empty for one that is not drawn."""
    known = {cell.id: cell for cell in cells.cells}
    shapes = []
    for number in ids:
        cell = known.get(number)
        if cell is None:
            shapes.append(shapely.MultiPolygon())
        elif cell.rings:
            shapes.append(shapely.MultiPolygon([shapely.Polygon(ring) for ring in cell.rings]))
        else:
            corners = [(cell.lon + east, cell.lat + north) for east, north in cells.corners]
            shapes.append(shapely.MultiPolygon([shapely.Polygon(corners)]))
    return shapes
