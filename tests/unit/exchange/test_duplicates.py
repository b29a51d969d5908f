from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared

Maker = Callable[..., Path]
TextFile = Callable[..., Path]
LON, LAT = 115.98, 36.45


def box(x: float, y: float, width: float = 1, height: float = 1) -> shapely.Polygon:
    unit = 1e-4
    return shapely.box(LON + x * unit, LAT + y * unit, LON + (x + width) * unit, LAT + (y + height) * unit)


def given(written: Maker, geometries: list[object], kind: str = "buildings", **columns: list[object]) -> Prepared:
    return prepare(written("d.geojson", gpd.GeoDataFrame(columns, geometry=geometries, crs=4326)), kind, datum="wgs84")


def outcomes(prepared: Prepared) -> dict[str, int]:
    return {
        code: count
        for code, count in prepared.findings.by_code().items()
        if code not in {"datum_unchecked", "code_made"}
    }


def test_the_same_row_twice_is_kept_once(written: Maker) -> None:
    prepared = given(written, [box(0, 0), box(0, 0), box(5, 0)], number=["1", "1", "2"])
    assert outcomes(prepared) == {"duplicate_row": 1}
    assert prepared.counts == {"read": 3, "accepted": 2, "repaired": 1, "refused": 0}
    assert (
        next(f for f in prepared.findings if f.code == "duplicate_row").text() == "The same as row 1: it was kept once."
    )


def test_one_code_at_two_places_refuses_the_second(written: Maker) -> None:
    prepared = given(written, [box(0, 0), box(50, 0)], code=["B1", "B1"], number=["1", "2"])
    assert outcomes(prepared) == {"duplicate_code": 1}
    assert prepared.rows["number"].tolist() == ["1"]


def test_a_building_cut_at_a_tile_edge_is_joined_by_its_id(written: Maker) -> None:
    pieces = [box(0, 0), box(1, 0), box(2, 0), box(50, 0)]
    prepared = given(written, pieces, code=["B1", "B1", "B1", "B2"], number=["1", "1", "1", "2"])
    assert outcomes(prepared) == {"pieces_joined": 3}
    assert prepared.counts == {"read": 4, "accepted": 1, "repaired": 3, "refused": 0}
    joined = prepared.rows.geometry.iloc[0]
    assert len(joined.geoms) == 1
    assert joined.area == pytest.approx(box(0, 0, 3).area)


def test_the_parts_of_a_compound_belong_together_wherever_they_lie(written: Maker) -> None:
    prepared = given(written, [box(0, 0), box(9, 0)], "compounds", code=["C1", "C1"], name=["花园小区", "花园小区"])
    assert len(prepared.rows) == 1
    assert len(prepared.rows.geometry.iloc[0].geoms) == 2


def test_areas_of_two_levels_may_share_a_code(written: Maker) -> None:
    prepared = given(
        written,
        [box(0, 0, 9, 9), box(0, 0, 9, 9)],
        "areas",
        code=["A", "A"],
        name=["x", "x"],
        level=["district", "community"],
    )
    assert len(prepared.rows) == 2


def test_label_points_name_the_outline_they_lie_in(written: Maker) -> None:
    label, lost = shapely.Point(LON + 5e-5, LAT + 5e-5), shapely.Point(LON + 0.01, LAT)
    prepared = given(written, [box(0, 0), box(5, 0), label, lost], number=[None, "2", "7号楼", "9"])
    assert prepared.rows["number"].tolist() == ["7号楼", "2"]
    assert outcomes(prepared) == {"label_used": 1, "label_named": 1, "label_alone": 1}
    assert prepared.counts == {"read": 4, "accepted": 1, "repaired": 2, "refused": 1}


def test_a_label_never_overwrites_what_the_outline_says(written: Maker) -> None:
    label = shapely.Point(LON + 5e-5, LAT + 5e-5)
    assert given(written, [box(0, 0), label], number=["1", "7"]).rows["number"].tolist() == ["1"]


def test_a_label_in_an_invalid_outline_is_used_too(written: Maker) -> None:
    bowtie = shapely.Polygon([(LON, LAT), (LON + 2e-4, LAT + 2e-4), (LON + 2e-4, LAT), (LON, LAT + 2e-4)])
    prepared = given(written, [bowtie, shapely.Point(LON + 3e-5, LAT + 1e-4)], number=[None, "7"])
    assert prepared.rows["number"].tolist() == ["7"]


def test_compounds_given_as_points_are_listed_without_an_outline(text_file: TextFile) -> None:
    path = text_file("c.csv", "小区编码,小区名称,经度,纬度\nC1,花园小区,115.98,36.45\nC2,阳光家园,115.99,36.45\n")
    prepared = prepare(path, "compounds", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["C1", "C2"]
    assert prepared.rows["geom"].isna().all()
    assert prepared.counts == {"read": 2, "accepted": 0, "repaired": 2, "refused": 0}


def test_a_point_with_a_code_of_its_own_is_no_label(written: Maker) -> None:
    point = shapely.Point(LON + 5e-5, LAT + 5e-5)
    prepared = given(written, [box(0, 0), point], "compounds", code=["C1", "C2"], name=["花园小区", "阳光家园"])
    assert prepared.rows["name"].tolist() == ["花园小区", "阳光家园"]
    assert prepared.rows["geom"].isna().tolist() == [False, True]


def test_points_alone_are_no_buildings(written: Maker) -> None:
    prepared = given(written, [shapely.Point(LON, LAT)], number=["1"])
    assert outcomes(prepared) == {"label_alone": 1}


def test_a_default_geocode_is_no_place(text_file: TextFile) -> None:
    lines = [f"驿站{n},115.98,36.45,柳园路{n}号" for n in range(12)] + ["花园驿站,115.99,36.46,花园小区"]
    prepared = prepare(text_file("s.csv", "name,lon,lat,address\n" + "\n".join(lines)), "stations", datum="wgs84")
    assert prepared.findings.by_code()["default_geocode_refused"] == 12
    assert prepared.rows["name"].tolist() == ["花园驿站"]


def test_units_of_one_building_may_share_a_point(text_file: TextFile) -> None:
    lines = [f"{n},B1,115.98,36.45,花园小区3号楼{n}单元" for n in range(1, 13)]
    header = "number,building_code,lon,lat,address\n"
    prepared = prepare(text_file("u.csv", header + "\n".join(lines)), "units", datum="wgs84")
    assert prepared.counts["accepted"] == 12


def test_a_default_point_of_units_is_dropped_but_the_unit_stays(text_file: TextFile) -> None:
    lines = [f"1,B{n},115.98,36.45,花园小区{n}号楼" for n in range(1, 13)]
    header = "number,building_code,lon,lat,address\n"
    prepared = prepare(text_file("u.csv", header + "\n".join(lines)), "units", datum="wgs84")
    assert prepared.findings.by_code()["default_geocode"] == 12
    assert prepared.rows.geometry.isna().all()
    assert prepared.counts["repaired"] == 12
