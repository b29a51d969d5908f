"""Shapes made fit for the map: outlines valid and of one type, points single, lines plain, nothing with heights."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.exchange.draft import Draft, Geometries, Mask
from geo.exchange.surroundings import METRES_PER_DEGREE
from geo.store.base import MAX_VERTICES

POINT, LINE, RING, POLYGON, MULTIPOINT, MULTILINE, MULTIPOLYGON, COLLECTION = range(8)
AREA_MAX_VERTICES = 500_000
SLIVER_M2 = 0.5
SIMPLIFY_DEGREES = (1e-7, 1e-6, 1e-5, 1e-4)
TYPE_NAMES = np.array(["point", "line", "line", "outline", "points", "lines", "outlines", "collection"], dtype=object)
WANTED = {"polygon": "outline", "line": "line", "point": "point"}


def flatten(draft: Draft) -> None:
    """Drop heights and empty geometries."""
    draft.geometry = np.array(draft.geometry, dtype=object)
    empty = shapely.is_empty(draft.geometry)
    if empty.any():
        draft.geometry[empty] = None
    high = np.asarray(shapely.has_z(draft.geometry))
    if high.any():
        draft.note(high, "z_dropped", field="geom")
        draft.geometry = np.asarray(shapely.force_2d(draft.geometry))


def fit_shapes(draft: Draft) -> None:
    """Give every row the geometry type of its kind, repaired; rows that cannot have it are taken out."""
    {"polygon": _outlines, "line": _lines, "point": _points}.get(draft.kind.geometry, _nothing)(draft)


def _nothing(draft: Draft) -> None:
    draft.geometry = np.full(len(draft), None, dtype=object)


def _wrong_type(draft: Draft, wrong: Mask) -> None:
    found = TYPE_NAMES[shapely.get_type_id(draft.geometry)]
    draft.take_out(
        wrong & ~draft.missing(), "geometry_type", field="geom", found=found, wanted=WANTED[draft.kind.geometry]
    )


def _outlines(draft: Draft) -> None:
    closed = _closed_lines(draft.geometry)
    if closed.any():
        draft.geometry[closed] = _filled(draft.geometry[closed])
        draft.note(closed, "closed_line", field="geom")
    _repair(draft)
    types = shapely.get_type_id(draft.geometry)
    _wrong_type(draft, ~np.isin(types, (POLYGON, MULTIPOLYGON)))
    _bound_vertices(draft)
    _take_out_slivers(draft)
    single = shapely.get_type_id(draft.geometry) == POLYGON
    if single.any():
        draft.geometry[single] = shapely.multipolygons(draft.geometry[single][:, None])


def _closed_lines(geometry: Geometries) -> Mask:
    lines = np.isin(shapely.get_type_id(geometry), (LINE, RING))
    return np.asarray(lines & shapely.is_closed(geometry) & (shapely.get_num_coordinates(geometry) >= 4))


def _filled(lines: Geometries) -> Geometries:
    coordinates, line_of = shapely.get_coordinates(lines, return_index=True)
    return np.asarray(shapely.polygons(shapely.linearrings(coordinates, indices=line_of)), dtype=object)


def _repair(draft: Draft) -> None:
    """Make invalid outlines valid (polygonal parts only) and take the outlines out of collections."""
    collections = shapely.get_type_id(draft.geometry) == COLLECTION
    for position in np.flatnonzero(collections):
        draft.geometry[position] = polygonal(draft.geometry[position]) or draft.geometry[position]
    outline = np.isin(shapely.get_type_id(draft.geometry), (POLYGON, MULTIPOLYGON))
    draft.note(collections & outline, "parts_dropped", field="geom")
    invalid = outline & ~shapely.is_valid(draft.geometry)
    if not invalid.any():
        return
    reasons = _reasons(draft.geometry, invalid)
    for position in np.flatnonzero(invalid):
        draft.geometry[position] = polygonal(
            shapely.make_valid(draft.geometry[position], method="structure", keep_collapsed=False)
        )
    empty = invalid & draft.missing()
    draft.note(
        invalid & ~empty,
        "ring_repaired",
        field="geom",
        reason=reasons,
        area_m2=np.round(outline_areas_m2(draft.geometry)),
    )
    draft.take_out(empty, "ring_not_repairable", field="geom", reason=reasons)


def _reasons(geometry: Geometries, invalid: Mask) -> npt.NDArray[Any]:
    reasons = np.full(len(geometry), "", dtype=object)
    reasons[invalid] = [str(text).partition("[")[0] for text in shapely.is_valid_reason(geometry[invalid])]
    return reasons


def polygonal(geometry: Any) -> Any:
    """Return the polygons of a geometry as one Polygon or MultiPolygon, None when it has none.

    >>> polygonal(shapely.from_wkt("GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((0 0, 1 0, 1 1, 0 0)))")).geom_type
    'Polygon'
    """
    parts = shapely.get_parts(shapely.get_parts(geometry))
    polygons = parts[(shapely.get_type_id(parts) == POLYGON) & ~shapely.is_empty(parts)]
    if not len(polygons):
        return None
    return polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)


def outline_areas_m2(geometry: Geometries) -> npt.NDArray[np.float64]:
    """Return areas in m² of lon/lat outlines (sphere, scaled at each outline's latitude: right to about 1 %)."""
    bounds = shapely.bounds(geometry)
    return np.asarray(
        shapely.area(geometry) * METRES_PER_DEGREE**2 * np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    )


def _take_out_slivers(draft: Draft) -> None:
    areas_m2 = outline_areas_m2(draft.geometry)
    with np.errstate(invalid="ignore"):
        draft.take_out(np.asarray(areas_m2 < SLIVER_M2), "sliver", field="geom", area_m2=np.round(areas_m2, 2))


def _bound_vertices(draft: Draft) -> None:
    limit = AREA_MAX_VERTICES if draft.kind.name == "areas" else MAX_VERTICES
    before = shapely.get_num_coordinates(draft.geometry)
    for position in np.flatnonzero(before > limit):
        draft.geometry[position] = _simplified(draft.geometry[position], limit)
    after = shapely.get_num_coordinates(draft.geometry)
    draft.note((before > limit) & (after <= limit), "simplified", field="geom", before=before, after=after, limit=limit)
    draft.take_out(after > limit, "too_many_vertices", field="geom", before=before, limit=limit)


def _simplified(geometry: Any, limit: int) -> Any:
    for tolerance in SIMPLIFY_DEGREES:
        simpler = polygonal(shapely.make_valid(shapely.simplify(geometry, tolerance)))
        if simpler is not None and shapely.get_num_coordinates(simpler) <= limit:
            return simpler
    return geometry


def _points(draft: Draft) -> None:
    types = shapely.get_type_id(draft.geometry)
    outline = np.isin(types, (POLYGON, MULTIPOLYGON))
    if outline.any():
        draft.geometry[outline] = shapely.point_on_surface(shapely.make_valid(draft.geometry[outline]))
        draft.note(outline, "point_of_outline", field="geom")
    lonely = (types == MULTIPOINT) & (shapely.get_num_geometries(draft.geometry) == 1)
    draft.geometry[lonely] = shapely.get_geometry(draft.geometry[lonely], 0)
    _wrong_type(draft, shapely.get_type_id(draft.geometry) != POINT)


def _lines(draft: Draft) -> None:
    types = shapely.get_type_id(draft.geometry)
    _wrong_type(draft, ~np.isin(types, (LINE, RING, MULTILINE)))
    draft.take_out(np.asarray(shapely.length(draft.geometry) == 0), "line_too_short", field="geom")
