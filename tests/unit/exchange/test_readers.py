import bz2
import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import shapely

from geo.errors import BadInput
from geo.exchange.prepare import inspect, prepare

TextFile = Callable[..., Path]
Maker = Callable[..., Path]
SQUARE = "POLYGON ((115.98 36.45, 115.9801 36.45, 115.9801 36.4501, 115.98 36.4501, 115.98 36.45))"
RING = [[115.98, 36.45], [115.9801, 36.45], [115.9801, 36.4501], [115.98, 36.4501], [115.98, 36.45]]


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(ring: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize("name", ["b.gpkg", "b.geojson", "b.geojsonl", "b.shp.zip", "b.parquet"])
def test_every_format_gives_the_same_rows(written: Maker, name: str) -> None:
    prepared = prepare(written(name), "buildings", datum="wgs84")
    assert prepared.counts == {"read": 3, "accepted": 3, "repaired": 0, "refused": 0}
    assert prepared.rows["code"].tolist() == ["B01", "B02", "B03"]
    assert prepared.rows["number"].tolist() == ["1号楼", "2号楼", "3号楼"]
    assert prepared.rows["floors"].tolist() == [6, 11, 18]
    assert prepared.rows.crs.to_epsg() == 4326
    assert set(prepared.rows.geom_type) == {"MultiPolygon"}


def test_a_bare_array_is_read(text_file: TextFile) -> None:
    path = text_file("a.json", json.dumps([feature(polygon(RING), code="007")]))
    assert prepare(path, "buildings", datum="wgs84").rows["code"].tolist() == ["007"]


def test_a_bare_array_with_a_mark_is_read(text_file: TextFile) -> None:
    path = text_file("a.json", json.dumps([feature(polygon(RING), code="007")]), "utf-8-sig")
    assert prepare(path, "buildings", datum="wgs84").counts["accepted"] == 1


@pytest.mark.parametrize(("packer", "ending"), [(bz2, ".bz2"), (gzip, ".gz")])
def test_packed_files_are_unpacked(tmp_path: Path, text_file: TextFile, packer: object, ending: str) -> None:
    plain = text_file("a.json", json.dumps([feature(polygon(RING), code="1")]))
    packed = tmp_path / f"a.json{ending}"
    packed.write_bytes(packer.compress(plain.read_bytes()))
    assert prepare(packed, "buildings", datum="wgs84").counts["accepted"] == 1


def test_half_a_packed_file_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "a.json.gz"
    packed.write_bytes(gzip.compress(b"[" + b" " * 5000 + b"]")[:20])
    with pytest.raises(BadInput, match="half a file"):
        prepare(packed, "buildings", datum="wgs84")


@pytest.mark.parametrize("array", [True, False])
def test_geojson_in_gb18030_is_read_and_noted(text_file: TextFile, *, array: bool) -> None:
    listed = [feature(polygon(RING), 楼号="三号楼")]
    content = listed if array else {"type": "FeatureCollection", "features": listed}
    path = text_file("a.json", json.dumps(content, ensure_ascii=False), "gb18030")
    prepared = prepare(path, "buildings", datum="wgs84")
    assert prepared.rows["number"].tolist() == ["三号楼"]
    assert next(iter(prepared.findings)).detail == {"encoding": "GB18030"}


def test_an_open_ring_is_closed_and_noted(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.json", json.dumps([feature(polygon(RING[:-1]))])), "buildings", datum="wgs84")
    assert prepared.counts["repaired"] == 1
    assert prepared.findings.by_code()["ring_closed"] == 1


def test_one_unreadable_ring_refuses_its_row_only(text_file: TextFile) -> None:
    broken = feature({"type": "Polygon", "coordinates": [[["a", 0], [1, 1], [2, 2]]]}, code="2")
    path = text_file("a.json", json.dumps([feature(polygon(RING), code="1"), broken]))
    prepared = prepare(path, "buildings", datum="wgs84")
    assert prepared.counts == {"read": 2, "accepted": 1, "repaired": 0, "refused": 1}


def test_codes_stay_text_in_every_column_type(text_file: TextFile) -> None:
    path = text_file("a.json", json.dumps([feature(polygon(RING), code=371502001001)]))
    assert prepare(path, "buildings", datum="wgs84").rows["code"].tolist() == ["371502001001"]


def test_layers_of_a_geopackage_are_listed_and_chosen_by_name(written: Maker) -> None:
    path = written("b.gpkg", layer="buildings")
    roads = gpd.GeoDataFrame(
        {"name": ["x"]}, geometry=[shapely.LineString([(115.98, 36.45), (115.99, 36.45)])], crs=4326
    )
    roads.to_file(path, layer="streets", engine="pyogrio")
    assert [layer.name for layer in inspect(path).layers] == ["buildings", "streets"]
    assert prepare(path, "buildings", datum="wgs84").layer == "buildings"
    assert prepare(path, "roads", datum="wgs84").layer == "streets"
    with pytest.raises(BadInput, match="Choose one of: buildings, streets"):
        prepare(path, "compounds", datum="wgs84")
    with pytest.raises(BadInput, match="no layer plots"):
        prepare(path, "buildings", datum="wgs84", layer="plots")


def test_a_zip_may_hold_any_supported_files(written: Maker, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(written("b.geojson"), "data/楼栋.geojson")
        archive.writestr("data/notes.csv", "code,name\n1,a\n")
        archive.writestr("__MACOSX/._b.geojson", "x")
        archive.writestr("README.md", "about")
    assert [layer.name for layer in inspect(path).layers] == ["楼栋", "notes"]
    assert prepare(path, "buildings", datum="wgs84").counts["accepted"] == 3


def test_chinese_texts_of_a_shapefile_without_code_page_are_read(buildings: gpd.GeoDataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "shape"
    folder.mkdir()
    buildings.to_file(folder / "b.shp", engine="pyogrio", encoding="GB18030")
    (folder / "b.cpg").unlink()
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in folder.iterdir():
            archive.write(part, part.name)
    assert prepare(path, "buildings", datum="wgs84").rows["number"].tolist() == ["1号楼", "2号楼", "3号楼"]


def test_a_csv_with_wkt_is_read(text_file: TextFile) -> None:
    path = text_file("a.csv", f'楼栋编码,楼号,层数,wkt\n007,3号楼,6,"{SQUARE}"\n008,4号楼,,nonsense\n')
    prepared = prepare(path, "buildings", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["007"]
    assert prepared.counts == {"read": 2, "accepted": 1, "repaired": 0, "refused": 1}
    assert prepared.findings.frame()["row"].tolist()[-1] == 3


@pytest.mark.parametrize("header", ["name,lon,lat", "name,经度,纬度", "name,lng,latitude"])
def test_a_csv_with_longitude_and_latitude_is_read(text_file: TextFile, header: str) -> None:
    prepared = prepare(text_file("s.csv", f"{header}\n花园驿站,115.98,36.45\n"), "stations", datum="wgs84")
    assert prepared.rows.geometry.iloc[0].equals(shapely.Point(115.98, 36.45))


def test_a_pair_in_one_cell_is_read(text_file: TextFile) -> None:
    path = text_file("s.csv", '名称,坐标\n花园驿站,"115.98,36.45"\n柳园驿站,"[115.99, 36.46]"\n')
    assert prepare(path, "stations", datum="wgs84").rows.geometry.x.round(2).tolist() == [115.98, 115.99]


def test_a_workbook_with_a_title_row_and_numbers_as_codes_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (["聊城市驿站一览表"], ["编码", "名称", "经度", "纬度"], [371502001.0, "花园驿站", 115.98, 36.45]):
        book.active.append(line)
    path = tmp_path / "s.xlsx"
    book.save(path)
    prepared = prepare(path, "stations", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["371502001"]
    assert prepared.rows["row"].tolist() == [3]


def test_sheets_are_layers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["关于本表"])
    sheet = book.create_sheet("驿站")
    sheet.append(["名称", "经度", "纬度"])
    sheet.append(["花园驿站", 115.98, 36.45])
    book.save(tmp_path / "s.xlsx")
    assert prepare(tmp_path / "s.xlsx", "stations", datum="wgs84").layer == "驿站"


def test_empty_and_hidden_sheets_are_no_layers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "经度", "纬度"])
    book.active.append(["花园驿站", 115.98, 36.45])
    book.create_sheet("Sheet2")
    hidden = book.create_sheet("旧")
    hidden.append(["名称"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "s.xlsx")
    assert len(inspect(tmp_path / "s.xlsx").layers) == 1
    assert prepare(tmp_path / "s.xlsx", "stations", datum="wgs84").counts["accepted"] == 1


def test_a_layer_that_cannot_be_read_does_not_hide_the_others(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    path = written("b.gpkg", buildings.iloc[:0], layer="empty")
    buildings.to_file(path, layer="buildings", engine="pyogrio")
    assert [layer.name for layer in inspect(path).layers] == ["buildings"]


def test_layers_of_one_name_in_a_zip_can_each_be_chosen(written: Maker, tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(written("b.geojson"), "east/b.geojson")
        archive.write(written("b.geojson"), "west/b.geojson")
    assert [layer.name for layer in inspect(path).layers] == ["b", "b (2)"]
    assert prepare(path, "buildings", datum="wgs84", layer="b (2)").counts["accepted"] == 3


def test_nan_and_impossible_numbers_are_refused_row_by_row(text_file: TextFile) -> None:
    path = text_file("s.csv", "name,lon,lat\n好,115.98,36.45\n坏,nan,36.45\n大,1e308,36.45\n无,,\n")
    prepared = prepare(path, "stations", datum="wgs84")
    assert prepared.counts == {"read": 4, "accepted": 1, "repaired": 0, "refused": 3}
    assert prepared.findings.by_code()["coordinates_not_finite"] == 2
    assert prepared.findings.by_code()["geometry_missing"] == 1


def test_nan_inside_a_ring_is_refused(text_file: TextFile) -> None:
    nan = [[float("nan"), 36.45], *RING[1:4], [float("nan"), 36.45]]
    huge = [RING[0], [1e308, 36.45], *RING[2:]]
    listed = [feature(polygon(ring), code=str(number)) for number, ring in enumerate((RING, nan, huge), start=1)]
    path = text_file("a.json", json.dumps(listed))
    prepared = prepare(path, "buildings", datum="wgs84")
    assert {finding.row: finding.code for finding in prepared.findings if finding.outcome == "refused"} == {
        2: "geometry_unreadable",
        3: "coordinates_not_finite",
    }
    assert prepared.rows["code"].tolist() == ["1"]


def test_a_parquet_file_without_geometry_is_a_table(tmp_path: Path, buildings: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.parquet"
    buildings.drop(columns="geometry").assign(lon=115.98, lat=36.45, name="x").to_parquet(path)
    assert prepare(path, "stations", datum="wgs84").counts["accepted"] == 3


def test_a_parquet_file_keeps_its_crs(tmp_path: Path, buildings: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.parquet"
    buildings.to_crs(4549).to_parquet(path)
    prepared = prepare(path, "buildings", datum="cgcs2000")
    assert np.allclose(prepared.rows.total_bounds, buildings.total_bounds, atol=1e-8)


def test_a_file_without_rows_says_so(written: Maker, buildings: gpd.GeoDataFrame) -> None:
    with pytest.raises(BadInput, match="holds no rows"):
        prepare(written("empty.gpkg", buildings.iloc[:0]), "buildings", datum="wgs84")


def test_inspecting_shows_columns_sample_and_guess(written: Maker) -> None:
    view = inspect(written("b.gpkg", layer="楼栋")).layers[0]
    assert view.kind == "buildings"
    assert view.mapping == {"code": "code", "number": "楼号", "floors": "层数"}
    assert view.sample[0]["楼号"] == "1号楼"
