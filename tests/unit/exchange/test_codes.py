from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.exchange.codes import geometry_codes
from geo.exchange.prepare import prepare

Maker = Callable[..., Path]
TextFile = Callable[..., Path]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 3), st.floats(-4e-9, 4e-9))
def test_a_code_survives_another_first_corner_and_rounding(turn: int, noise: float) -> None:
    ring = [(115.98, 36.45), (115.9801, 36.45), (115.9801, 36.4501), (115.98, 36.4501)]
    other = [(lon + noise, lat + noise) for lon, lat in ring[turn:] + ring[:turn]]
    codes = geometry_codes(np.array([shapely.Polygon(ring), shapely.Polygon(other)]))
    assert codes[0] == codes[1]


def test_different_places_get_different_codes() -> None:
    codes = geometry_codes(shapely.points(np.arange(500) * 1e-6, 36.0))
    assert len(set(codes)) == 500


def test_a_file_without_keys_gets_the_same_codes_every_time(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    path = written("b.geojson", buildings.drop(columns="code"))
    first, second = (prepare(path, "buildings", datum="gcj02").rows["code"].tolist() for _time in range(2))
    assert first == second
    assert all(code.startswith("g-") and len(code) == 18 for code in first)


def test_a_column_that_repeats_its_value_is_no_key(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    prepared = prepare(written("b.geojson", buildings.assign(code=0)), "buildings", datum="wgs84")
    assert prepared.findings.by_code()["code_not_key"] == 1
    assert prepared.rows["code"].is_unique


def test_a_row_counter_is_no_key_because_the_next_file_counts_too(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    counted = buildings.drop(columns="code").assign(OBJECTID=[1, 2, 3])
    assert prepare(written("b.geojson", counted), "buildings", datum="wgs84").findings.by_code()["code_counter"] == 1


def test_a_counter_the_user_names_as_code_is_the_code(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    counted = buildings.drop(columns="code").assign(OBJECTID=[1, 2, 3])
    prepared = prepare(written("b.geojson", counted), "buildings", datum="wgs84", mapping={"code": "OBJECTID"})
    assert prepared.rows["code"].tolist() == ["1", "2", "3"]


def test_a_unit_without_code_is_called_after_its_building(text_file: TextFile) -> None:
    prepared = prepare(text_file("u.csv", "number,building_code\n1,B1\n2,B1\n"), "units", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["B1-1", "B1-2"]


def test_a_unit_of_no_building_and_no_place_is_refused(text_file: TextFile) -> None:
    prepared = prepare(text_file("u.csv", "number,households\n1,12\n"), "units", datum="wgs84")
    assert prepared.findings.by_code()["required_missing"] == 1


def test_flats_without_code_are_called_after_their_unit(text_file: TextFile) -> None:
    prepared = prepare(text_file("h.csv", "单元编码,房号,楼层\nB1-1,101,1\nB1-1,102,1\n"), "households", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["B1-1-101", "B1-1-102"]
    assert "geom" not in prepared.rows


def test_codes_of_placeholders_are_refused(text_file: TextFile) -> None:
    listed = "unassigned,甲,community\nunassigned-1,乙,community\ncity,丙,city\n371502001001,丁,community\n"
    prepared = prepare(text_file("a.csv", "code,name,level\n" + listed), "areas", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["371502001001"]
    refused = [(finding.row, finding.detail["value"]) for finding in prepared.findings if finding.outcome == "refused"]
    assert refused == [(2, "unassigned"), (3, "unassigned-1"), (4, "city")]


def test_a_building_may_have_the_code_city(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    frame = buildings.assign(code=["city", "unassigned-unassigned", "B3"])
    prepared = prepare(written("b.geojson", frame), "buildings", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["city", "B3"]
    assert prepared.findings.by_code()["code_reserved"] == 1
