"""Real files of buildings and areas, read whole: every row counted, every outline fit for the map."""

from pathlib import Path

import pandas as pd
import pytest
import shapely

from geo.errors import BadInput
from geo.exchange.prepare import inspect, prepare
from geo.exchange.surroundings import ReferencePoints, Surroundings


def fit_for_the_map(rows: pd.DataFrame) -> bool:
    outlines = rows.geometry.to_numpy()
    return bool(shapely.is_valid(outlines).all()) and set(rows.geom_type) == {"MultiPolygon"} and rows["code"].is_unique


def test_the_suzhou_footprints_have_floors_and_no_key(real_data: Path) -> None:
    prepared = prepare(real_data / "china_buildings" / "pybdshadow_bd_demo_2.json", "buildings", datum="wgs84")
    assert prepared.counts == {"read": 3076, "accepted": 3076, "repaired": 0, "refused": 0}
    assert (prepared.rows["floors"].min(), prepared.rows["floors"].median(), prepared.rows["floors"].max()) == (
        1,
        3,
        28,
    )
    assert prepared.rows["households"].isna().all()
    assert prepared.findings.by_code()["code_not_key"] == 1
    assert fit_for_the_map(prepared.rows)


def test_the_boulder_footprints_are_repaired_where_they_are_invalid(real_data: Path) -> None:
    prepared = prepare(real_data / "other_buildings" / "boulder_buildings.zip", "buildings", datum="wgs84")
    assert prepared.counts == {"read": 13_491, "accepted": 13_481, "repaired": 10, "refused": 0}
    assert prepared.findings.by_code()["ring_repaired"] == 10
    assert (prepared.rows["built_year"].min(), prepared.rows["built_year"].max()) == (1950, 2014)
    assert fit_for_the_map(prepared.rows)


@pytest.mark.parametrize(
    ("file", "repaired"), [("371500_tnnevol_gmap.json", 1), ("liaocheng_echarts_cities_js.geojson", 6)]
)
def test_the_districts_of_liaocheng_are_eight(real_data: Path, file: str, repaired: int) -> None:
    prepared = prepare(real_data / "liaocheng_admin" / file, "areas", datum="gcj02")
    assert prepared.counts == {"read": 8, "accepted": 8 - repaired, "repaired": repaired, "refused": 0}
    districts = prepared.rows.set_index("code")
    assert set(districts["level"]) == {"district"}
    assert set(districts["parent_code"]) == {"371500"}
    assert districts.loc["371502", "name"] == "东昌府区"
    assert districts.loc[["371502"]].to_crs(32650).area.iloc[0] / 1e6 == pytest.approx(1438, abs=3)
    assert fit_for_the_map(prepared.rows)


def test_the_code_tree_below_the_districts_has_no_boundaries(real_data: Path) -> None:
    folder = real_data / "liaocheng_admin"
    streets = prepare(folder / "streets_3715.csv", "areas", datum="wgs84")
    villages = prepare(folder / "villages_3715.csv", "areas", datum="wgs84")
    assert streets.counts == {"read": 136, "accepted": 136, "repaired": 0, "refused": 0}
    assert villages.counts == {"read": 2408, "accepted": 2408, "repaired": 0, "refused": 0}
    assert set(streets.rows["level"]) == {"street_office"}
    assert set(villages.rows["level"]) == {"community"}
    assert set(villages.rows["parent_code"]) <= set(streets.rows["code"])
    assert (villages.rows["code"].str.startswith("371502")).sum() == 338
    assert villages.rows["geom"].isna().all()


def test_a_gb18030_copy_of_the_villages_is_the_same(real_data: Path, tmp_path: Path) -> None:
    source = real_data / "liaocheng_admin" / "villages_3715.csv"
    copy = tmp_path / "villages_gb18030.csv"
    copy.write_bytes(source.read_text(encoding="utf-8").encode("gb18030"))
    original, copied = (prepare(path, "areas", datum="wgs84") for path in (source, copy))
    assert copied.findings.by_code() == {"encoding": 1}
    pd.testing.assert_frame_equal(pd.DataFrame(copied.rows), pd.DataFrame(original.rows))


def test_the_layers_of_bubenec_are_told_apart(real_data: Path) -> None:
    path = real_data / "other_buildings" / "bubenec.gpkg"
    assert [layer.name for layer in inspect(path).layers] == ["tessellation", "buildings", "streets", "plots"]
    buildings = prepare(path, "buildings", datum="EPSG:3857")
    assert buildings.counts == {"read": 144, "accepted": 144, "repaired": 0, "refused": 0}
    assert buildings.bounds == pytest.approx((14.39992, 50.10112, 14.40554, 50.10487), abs=1e-5)
    assert fit_for_the_map(buildings.rows)
    streets = prepare(path, "roads", datum="wgs84")
    assert streets.counts["read"] == 35
    with pytest.raises(BadInput, match="Choose one of: tessellation"):
        prepare(path, "areas", datum="wgs84")


def test_a_wrong_claim_about_the_suzhou_footprints_is_found_against_the_map(real_data: Path) -> None:
    path = real_data / "china_buildings" / "pybdshadow_bd_demo_2.json"
    right = prepare(path, "buildings", datum="gcj02")
    centres = shapely.get_coordinates(shapely.centroid(right.rows.geometry.to_numpy()))
    known = Surroundings(bounds=right.bounds, buildings=ReferencePoints(centres[:, 0], centres[:, 1]))
    assert prepare(path, "buildings", datum="gcj02", surroundings=known).evidence["verdict"] == "fits"
    with pytest.raises(BadInput, match="Choose gcj02"):
        prepare(path, "buildings", datum="wgs84", surroundings=known)
    figures = prepare(path, "buildings", datum="wgs84", surroundings=known, trust=True).evidence["hypotheses"]
    assert figures["gcj02"]["median_m"] < 1 < figures["wgs84"]["median_m"]
