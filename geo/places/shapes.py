"""Shapes drawn on the map: checked against kind, size, validity and the city, before they become geometry."""

import hashlib
import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import BadInput
from geo.i18n import N_
from geo.places.rules import AREA_KINDS
from geo.store.base import MAX_VERTICES, STORED_SRID

POINT_KINDS = frozenset({"unit", "gate", "station", "candidate_site"})
GROWTH_SHARE = 0.2
GROWTH_LEAST_DEG = 0.02
CODE_DIGITS = 7
CODE_HEX = 16

Bounds = tuple[float, float, float, float]


def grown(extent: Bounds) -> Bounds:
    """Return the extent of a city in which drawing makes sense: a fifth wider, at least 0.02 degrees each side.

    >>> grown((115.0, 36.0, 116.0, 36.05))
    (114.8, 35.98, 116.2, 36.07)
    """
    west, south, east, north = extent
    by_lon = max((east - west) * GROWTH_SHARE, GROWTH_LEAST_DEG)
    by_lat = max((north - south) * GROWTH_SHARE, GROWTH_LEAST_DEG)
    edges = (west - by_lon, south - by_lat, east + by_lon, north + by_lat)
    return tuple(round(edge, CODE_DIGITS) for edge in edges)  # type: ignore[return-value]


def drawn_shape(geometry: dict[str, Any], kind: str, extent: Bounds) -> BaseGeometry:
    """Return a GeoJSON geometry (EPSG:4326 lon, lat) as the shape its kind of place has: Point or MultiPolygon.

    extent is the city's (west, south, east, north). Raises BadInput when the geometry is of another type, too
    detailed, not valid, or lies outside the extent as grown() widens it.

    >>> drawn_shape({"type": "Point", "coordinates": [115.98, 36.45]}, "gate", (115.9, 36.4, 116.0, 36.5)).wkt
    'POINT (115.98 36.45)'
    """
    shape = _parsed(geometry)
    wanted = "Point" if kind in POINT_KINDS else "MultiPolygon"
    if shape.geom_type == "Polygon" and wanted == "MultiPolygon":
        shape = shapely.MultiPolygon([shape])
    if shape.geom_type != wanted or shape.is_empty:
        if wanted == "Point":
            raise BadInput(N_("This kind of place is a point. Set one point on the map."))
        raise BadInput(N_("This kind of place is an area. Draw its outline on the map."))
    _check_size(shape, kind)
    _check_position(shape, extent)
    if not shape.is_valid:
        raise BadInput(
            N_("The outline is not valid: {reason}. Draw it again so that it does not cross itself."),
            reason=shapely.is_valid_reason(shape),
        )
    if wanted == "MultiPolygon" and shape.area <= 0:
        raise BadInput(N_("The outline holds no area. Draw it with at least three corners."))
    return shapely.force_2d(shape)


def _parsed(geometry: dict[str, Any]) -> BaseGeometry:
    try:
        shape = shapely.geometry.shape(geometry)
        coordinates = shapely.get_coordinates(shape)
    except (shapely.errors.ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise BadInput(N_("What was drawn cannot be read as a shape. Draw it again.")) from error
    if not np.isfinite(coordinates).all():
        raise BadInput(N_("What was drawn holds a coordinate that is not a number. Draw it again."))
    return shape


def _check_size(shape: BaseGeometry, kind: str) -> None:
    most = MAX_VERTICES * 10 if kind in AREA_KINDS else MAX_VERTICES
    count = shapely.get_num_coordinates(shape)
    if count > most:
        raise BadInput(
            N_("The outline has {count} corners, more than {most}. Draw it with fewer."), count=int(count), most=most
        )


def _check_position(shape: BaseGeometry, extent: Bounds) -> None:
    west, south, east, north = grown(extent)
    left, bottom, right, top = shape.bounds
    if left < west or right > east or bottom < south or top > north:
        raise BadInput(
            N_("The shape at {lon}, {lat} lies outside the city. Move the map to the city and draw it there."),
            lon=round(math.fsum((left, right)) / 2, 5),
            lat=round(math.fsum((bottom, top)) / 2, 5),
        )


def ewkb_hex(shape: BaseGeometry) -> str:
    """Return a shape as hex EWKB with the stored SRID.

    >>> ewkb_hex(shapely.Point(1, 2))[:18]
    '0101000020E6100000'
    """
    return shapely.to_wkb(shapely.set_srid(shape, STORED_SRID), hex=True, include_srid=True)


def shape_code(shape: BaseGeometry) -> str:
    """Return the code of a place that has no other: "g-" and 16 hex digits of SHA-256 of the shape rounded to 1e-7°.

    >>> shape_code(shapely.Point(115.98, 36.45)) == shape_code(shapely.Point(115.98000000001, 36.45))
    True
    """
    rounded = shapely.transform(shape, lambda corners: np.round(corners, CODE_DIGITS) + 0.0)
    return "g-" + hashlib.sha256(shapely.to_wkb(shapely.normalize(rounded), byte_order=1)).hexdigest()[:CODE_HEX]
