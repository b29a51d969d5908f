"""Drawn shapes: what is accepted and how it is stored."""

import pytest
import shapely

from geo.errors import BadInput
from geo.places.shapes import drawn_shape, ewkb_hex, grown, shape_code

EXTENT = (115.9, 36.4, 116.0, 36.5)


def _ring(*corners: tuple[float, float]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def test_an_outline_becomes_a_multipolygon_and_keeps_its_corners() -> None:
    shape = drawn_shape(_ring((115.95, 36.45), (115.96, 36.45), (115.96, 36.46)), "building", EXTENT)
    assert shape.geom_type == "MultiPolygon"
    assert shape.bounds == (115.95, 36.45, 115.96, 36.46)


def test_heights_are_dropped() -> None:
    shape = drawn_shape({"type": "Point", "coordinates": [115.95, 36.45, 30.0]}, "gate", EXTENT)
    assert not shape.has_z


def test_drawing_a_little_outside_the_city_is_fine_and_far_outside_is_not() -> None:
    west = grown(EXTENT)[0]
    assert drawn_shape({"type": "Point", "coordinates": [west + 0.001, 36.45]}, "gate", EXTENT)
    with pytest.raises(BadInput, match="outside the city"):
        drawn_shape({"type": "Point", "coordinates": [west - 0.001, 36.45]}, "gate", EXTENT)
    with pytest.raises(BadInput, match="outside the city"):
        drawn_shape({"type": "Point", "coordinates": [36.45, 115.95]}, "gate", EXTENT)


def test_an_outline_with_too_many_corners_is_refused() -> None:
    circle = shapely.Point(115.95, 36.45).buffer(0.01, quad_segs=13_000)
    with pytest.raises(BadInput, match="corners"):
        drawn_shape(shapely.geometry.mapping(circle), "building", EXTENT)
    assert drawn_shape(shapely.geometry.mapping(circle), "community", EXTENT)


@pytest.mark.parametrize(
    "geometry",
    [
        {},
        {"type": "Polygon", "coordinates": []},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[115.95, 36.45]]]},
        {"type": "Point", "coordinates": None},
        {"type": "GeometryCollection", "geometries": []},
        _ring((115.95, 36.45), (115.96, 36.45), (115.97, 36.45)),
    ],
)
def test_what_is_no_outline_is_refused_with_what_to_do(geometry: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="Draw"):
        drawn_shape(geometry, "building", EXTENT)


def test_the_stored_form_carries_the_srid_and_comes_back_exactly() -> None:
    point = shapely.Point(115.123456789012, 36.987654321098)
    back = shapely.from_wkb(bytes.fromhex(ewkb_hex(point)))
    assert back.equals(point)
    assert shapely.get_srid(back) == 4326


def test_a_code_does_not_depend_on_where_an_outline_begins() -> None:
    corners = [(115.95, 36.45), (115.96, 36.45), (115.96, 36.46)]
    one = drawn_shape(_ring(*corners), "building", EXTENT)
    other = drawn_shape(_ring(*corners[1:], corners[0]), "building", EXTENT)
    assert shape_code(one) == shape_code(other)
    assert shape_code(one) != shape_code(shapely.transform(one, lambda xy: xy + 1e-5))
