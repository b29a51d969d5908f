import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.exchange import shapes
from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared

Maker = Callable[..., Path]
TextFile = Callable[..., Path]
LON, LAT = 115.98, 36.45


def given(written: Maker, *geometries: object, kind: str = "buildings", **columns: object) -> Prepared:
    frame = gpd.GeoDataFrame(
        columns or {"number": [str(n) for n in range(len(geometries))]}, geometry=list(geometries), crs=4326
    )
    return prepare(written("shapes.geojson", frame), kind, datum="wgs84")


def moved(wkt: str) -> shapely.Geometry:
    return shapely.transform(shapely.from_wkt(wkt), lambda xy: xy * 1e-4 + np.array([LON, LAT]))


BOWTIE = moved("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
SPIKE = moved("POLYGON ((0 0, 4 0, 4 2, 4 9, 4 2, 0 2, 0 0))")
SQUARE = moved("POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))")


@pytest.mark.parametrize("outline", [BOWTIE, SPIKE], ids=["bowtie", "spike"])
def test_an_invalid_outline_is_repaired_with_reason_and_area(written: Maker, outline: shapely.Polygon) -> None:
    prepared = given(written, outline)
    noted = next(finding for finding in prepared.findings if finding.code == "ring_repaired")
    assert prepared.rows.geometry.iloc[0].is_valid
    assert prepared.rows.geometry.iloc[0].geom_type == "MultiPolygon"
    assert noted.detail["reason"]
    assert noted.detail["area_m2"] > 100


def test_an_outline_without_any_area_is_refused(written: Maker) -> None:
    flat = moved("POLYGON ((0 0, 1 0, 2 0, 0 0))")
    assert given(written, SQUARE, flat).findings.by_code()["ring_not_repairable"] == 1


def test_a_sliver_is_refused_with_its_area(written: Maker) -> None:
    prepared = given(written, SQUARE, moved("POLYGON ((0 0, 0.01 0, 0.01 0.01, 0 0.01, 0 0))"))
    assert prepared.findings.by_code()["sliver"] == 1
    assert prepared.counts["refused"] == 1


def test_heights_are_dropped_and_noted(text_file: TextFile) -> None:
    ring = [[x, y, 12.0] for x, y in SQUARE.exterior.coords]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    prepared = prepare(text_file("a.json", json.dumps([feature])), "buildings", datum="wgs84")
    assert prepared.findings.by_code()["z_dropped"] == 1
    assert not prepared.rows.geometry.has_z.any()


def test_a_closed_line_is_an_outline_and_an_open_one_is_refused(written: Maker) -> None:
    prepared = given(written, shapely.LineString(SQUARE.exterior.coords), moved("LINESTRING (5 0, 6 1)"))
    assert prepared.findings.by_code()["closed_line"] == 1
    assert prepared.findings.by_code()["geometry_type"] == 1
    assert prepared.rows.geometry.iloc[0].area == pytest.approx(SQUARE.area, rel=1e-3)


def test_a_collection_keeps_its_outlines(written: Maker) -> None:
    mixed = shapely.GeometryCollection([SQUARE, shapely.Point(LON, LAT)])
    prepared = given(written, mixed)
    assert prepared.findings.by_code()["parts_dropped"] == 1
    assert prepared.counts["repaired"] == 1


def test_an_outline_where_a_point_is_needed_gives_a_point_inside(written: Maker) -> None:
    prepared = given(written, SQUARE, kind="stations", name=["花园驿站"])
    assert SQUARE.contains(prepared.rows.geometry.iloc[0])
    assert prepared.findings.by_code()["point_of_outline"] == 1


def test_an_empty_geometry_is_a_missing_one(written: Maker) -> None:
    assert given(written, SQUARE, shapely.Polygon()).findings.by_code()["geometry_missing"] == 1


def test_too_many_points_are_simplified(written: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_VERTICES", 50)
    prepared = given(written, shapely.Point(LON, LAT).buffer(1e-3, quad_segs=100))
    noted = next(finding for finding in prepared.findings if finding.code == "simplified")
    assert noted.detail["before"] == 401
    assert shapely.get_num_coordinates(prepared.rows.geometry.iloc[0]) <= 50


def test_what_cannot_be_simplified_enough_is_refused(written: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_VERTICES", 4)
    assert given(written, shapely.Point(LON, LAT).buffer(1e-2)).findings.by_code()["too_many_vertices"] == 1


def test_areas_in_square_metres_are_right_to_a_percent() -> None:
    square = shapely.box(115.98, 36.45, 115.99, 36.46)
    exact = gpd.GeoSeries([square], crs=4326).to_crs("ESRI:54034").area.iloc[0]
    assert shapes.outline_areas_m2(np.array([square]))[0] == pytest.approx(exact, rel=0.01)


def test_a_line_without_length_is_refused(written: Maker) -> None:
    line = moved("LINESTRING (0 0, 1 0)")
    prepared = given(written, line, moved("LINESTRING (3 3, 3 3)"), kind="roads", name=["a", "b"])
    assert prepared.findings.by_code()["line_too_short"] == 1
