from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import BadInput
from geo.exchange.claim import parsed_datum
from geo.exchange.prepare import prepare
from geo.exchange.surroundings import Surroundings

Maker = Callable[..., Path]
TextFile = Callable[..., Path]
CITY = Surroundings(bounds=(115.2, 35.8, 116.6, 37.0))


def test_an_unknown_datum_lists_the_choices(written: Maker) -> None:
    with pytest.raises(BadInput, match="wgs84, cgcs2000, gcj02, bd09, or EPSG"):
        prepare(written("b.gpkg"), "buildings", datum="beijing54")


@pytest.mark.parametrize("spelling", ["WGS84", "wgs 84", "WGS-84"])
def test_a_datum_may_be_spelled_as_people_do(spelling: str) -> None:
    assert parsed_datum(spelling) == "wgs84"


def test_an_epsg_code_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="not a known datum"):
        parsed_datum("EPSG:999999")


def test_a_system_of_heights_is_no_datum_for_a_map() -> None:
    with pytest.raises(BadInput, match="not a known datum"):
        parsed_datum("EPSG:5773")


def test_degrees_in_a_file_that_declares_metres_are_read_as_the_datum_says(
    written: Maker, buildings: gpd.GeoDataFrame
) -> None:
    lying = buildings.set_crs(3857, allow_override=True)
    prepared = prepare(written("b.gpkg", lying), "buildings", datum="wgs84", surroundings=CITY)
    assert prepared.findings.by_code()["crs_differs"] == 1
    assert np.allclose(prepared.rows.total_bounds, buildings.total_bounds, atol=1e-8)


def test_a_projected_file_is_brought_to_degrees(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    prepared = prepare(written("b.gpkg", buildings.to_crs(3857)), "buildings", datum="wgs84")
    assert np.allclose(prepared.rows.total_bounds, buildings.total_bounds, atol=1e-8)


def test_gcj02_coordinates_in_web_mercator_are_unprojected_first(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    straight = prepare(written("a.gpkg"), "buildings", datum="gcj02")
    projected = prepare(written("b.gpkg", buildings.to_crs(3857)), "buildings", datum="gcj02")
    assert np.allclose(straight.rows.total_bounds, projected.rows.total_bounds, atol=1e-8)
    assert not np.allclose(straight.rows.total_bounds, buildings.total_bounds, atol=1e-3)


def test_a_declared_crs_that_lies_is_overruled_by_an_epsg_code_and_noted(
    written: Maker, buildings: gpd.GeoDataFrame
) -> None:
    lying = buildings.to_crs(4548).set_crs(3857, allow_override=True)
    prepared = prepare(written("b.gpkg", lying), "buildings", datum="EPSG:4548", surroundings=CITY)
    assert prepared.findings.by_code()["crs_differs"] == 1
    assert np.allclose(prepared.rows.total_bounds, buildings.total_bounds, atol=1e-8)


def test_a_declared_crs_that_cannot_be_true_is_refused(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    lying = buildings.to_crs(4548).set_crs(32633, allow_override=True)
    with pytest.raises(BadInput, match="Name the right datum"):
        prepare(written("b.gpkg", lying), "buildings", datum="wgs84", surroundings=CITY)


def test_metres_without_a_system_propose_the_ones_that_land_in_the_city(
    written: Maker, buildings: gpd.GeoDataFrame
) -> None:
    lying = buildings.to_crs(4548).set_crs(4326, allow_override=True)
    with pytest.raises(BadInput, match=r"look like metres.*EPSG:4548"):
        prepare(written("b.gpkg", lying), "buildings", datum="wgs84", surroundings=CITY)


@pytest.mark.parametrize("epsg", [4527, 4548, 4498])
def test_cgcs2000_metres_find_their_zone(text_file: TextFile, epsg: int) -> None:
    point = gpd.GeoSeries([shapely.Point(115.98, 36.45)], crs=4326).to_crs(epsg).iloc[0]
    path = text_file("s.csv", f"name,x,y\n花园驿站,{point.x},{point.y}\n")
    if epsg == 4527:
        point = gpd.GeoSeries([shapely.Point(115.98, 36.45)], crs=4326).to_crs(4527).iloc[0]
    prepared = prepare(path, "stations", datum="cgcs2000", surroundings=CITY)
    assert prepared.rows.geometry.iloc[0].distance(shapely.Point(115.98, 36.45)) < 1e-8


def test_cgcs2000_metres_of_an_unknown_zone_before_any_city_ask_for_the_code(text_file: TextFile) -> None:
    path = text_file("s.csv", "name,x,y\n花园驿站,500000,4034000\n")
    with pytest.raises(BadInput, match="Name their system"):
        prepare(path, "stations", datum="cgcs2000")


def test_northing_before_easting_is_turned(text_file: TextFile) -> None:
    point = gpd.GeoSeries([shapely.Point(115.98, 36.45)], crs=4326).to_crs(4548).iloc[0]
    path = text_file("s.csv", f"name,x,y\n花园驿站,{point.y},{point.x}\n")
    prepared = prepare(path, "stations", datum="EPSG:4548", surroundings=CITY)
    assert prepared.findings.by_code()["lon_lat_swapped"] == 1
    assert prepared.rows.geometry.iloc[0].distance(shapely.Point(115.98, 36.45)) < 1e-8
