from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.errors import BadInput
from geo.exchange.prepare import prepare
from geo.exchange.surroundings import Surroundings

TextFile = Callable[..., Path]
CITY = Surroundings(bounds=(115.2, 35.8, 116.6, 37.0))
HEAD = "name,lon,lat\n"


def rows(*pairs: tuple[float, float]) -> str:
    return HEAD + "".join(f"站{number},{lon},{lat}\n" for number, (lon, lat) in enumerate(pairs))


def test_swapped_longitude_and_latitude_are_put_in_order(text_file: TextFile) -> None:
    prepared = prepare(text_file("s.csv", rows((115.98, 36.45), (36.46, 115.99))), "stations", datum="wgs84")
    assert prepared.counts == {"read": 2, "accepted": 1, "repaired": 1, "refused": 0}
    assert prepared.rows.geometry.x.tolist() == [115.98, 115.99]


def test_a_swap_that_both_ways_is_on_the_globe_is_told_by_the_city(text_file: TextFile) -> None:
    vaduz = Surroundings(bounds=(9.4, 47.0, 9.7, 47.3))
    prepared = prepare(text_file("s.csv", rows((47.14, 9.52))), "stations", datum="wgs84", surroundings=vaduz)
    assert prepared.findings.by_code()["lon_lat_swapped"] == 1
    assert prepared.rows.geometry.x.tolist() == [9.52]


def test_a_swap_among_many_is_told_by_the_others(text_file: TextFile) -> None:
    listed = [(9.5 + step / 100, 47.1) for step in range(10)]
    prepared = prepare(text_file("s.csv", rows(*listed, (47.14, 9.52))), "stations", datum="wgs84")
    assert prepared.findings.by_code()["lon_lat_swapped"] == 1


def test_points_far_outside_the_city_are_refused_with_their_distance(text_file: TextFile) -> None:
    path = text_file("s.csv", rows((115.98, 36.45), (121.47, 31.23), (0, 0)))
    prepared = prepare(path, "stations", datum="wgs84", surroundings=CITY)
    assert prepared.counts == {"read": 3, "accepted": 1, "repaired": 0, "refused": 2}
    first = next(finding for finding in prepared.findings if finding.code == "far_outside")
    assert 500 < first.detail["distance_km"] < 800


def test_before_there_is_a_city_the_middle_of_the_file_counts(text_file: TextFile) -> None:
    listed = [(115.98 + step / 1000, 36.45) for step in range(20)]
    prepared = prepare(text_file("s.csv", rows(*listed, (-73.98, 40.75))), "stations", datum="wgs84")
    assert prepared.findings.by_code()["far_outside"] == 1


def test_coordinates_that_are_not_on_the_globe_are_refused(text_file: TextFile) -> None:
    prepared = prepare(text_file("s.csv", rows((115.98, 36.45), (115.98, 36.46), (250, 95))), "stations", datum="wgs84")
    assert prepared.findings.by_code()["off_globe"] == 1


def test_a_file_that_cannot_be_checked_says_so(text_file: TextFile) -> None:
    prepared = prepare(text_file("s.csv", rows((115.98, 36.45))), "stations", datum="gcj02")
    assert prepared.evidence["verdict"] == "unchecked"
    assert "datum_unchecked" in prepared.findings.by_code()


def test_a_file_without_any_position_needs_no_datum_check(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.csv", "code,name\n371502001,古楼街道\n"), "areas", datum="wgs84")
    assert prepared.evidence["verdict"] == "no_geometry"


def test_every_row_of_a_file_of_metres_in_degrees_is_a_clear_error(text_file: TextFile) -> None:
    with pytest.raises(BadInput, match="look like metres"):
        prepare(text_file("s.csv", rows((500000, 4034000))), "stations", datum="gcj02")


def test_of_a_few_first_rows_the_one_without_company_is_refused(text_file: TextFile) -> None:
    path = text_file("s.csv", rows((115.98, 36.45), (115.99, 36.46), (121.47, 31.23)))
    prepared = prepare(path, "stations", datum="wgs84")
    assert prepared.counts["refused"] == 1
    assert next(f for f in prepared.findings if f.outcome == "refused").code == "far_outside"


def test_two_first_rows_too_far_apart_for_one_city_are_both_questioned(text_file: TextFile) -> None:
    prepared = prepare(text_file("s.csv", rows((115.98, 36.45), (121.47, 31.23))), "stations", datum="wgs84")
    assert prepared.findings.by_code()["far_apart"] == 2
    told = next(finding for finding in prepared.findings if finding.code == "far_apart").text()
    assert told.startswith("The rows lie 7")
    assert "too far for one city" in told


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "cgcs2000"])
def test_a_single_first_row_outside_china_is_not_of_a_chinese_datum(text_file: TextFile, datum: str) -> None:
    prepared = prepare(text_file("s.csv", rows((9.52, 47.14))), "stations", datum=datum)
    assert prepared.findings.by_code()["outside_use"] == 1
    assert prepare(text_file("s.csv", rows((115.98, 36.45))), "stations", datum=datum).counts["refused"] == 0


def test_a_first_row_outside_the_area_of_its_system_is_refused(text_file: TextFile) -> None:
    metres = "name,x,y\n站1,498500,4035000\n站2,498600,4035100\n站3,1498500,9035000\n"
    prepared = prepare(text_file("s.csv", metres), "stations", datum="EPSG:4548")
    assert prepared.findings.by_code()["outside_use"] == 1


def test_degrees_of_a_european_system_that_are_turned_are_put_in_order(written: Callable[..., Path]) -> None:
    turned = gpd.GeoDataFrame({"name": ["站"]}, geometry=[shapely.Point(47.14, 9.52)], crs=4258)
    prepared = prepare(written("s.gpkg", turned), "stations", datum="wgs84")
    assert prepared.findings.by_code()["lon_lat_swapped"] == 1
    assert prepared.rows.geometry.x.tolist() == [9.52]
