"""Tables for commands without a database: read as they are meant, and every fault named by file, row and field."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import BadInput
from geo.exchange.plain_tables import POINT, Column, read_plain_table

NEED = (*POINT, Column("hours", "number", low=0), Column("urgent", "flag"), Column("skills", "words"))


def written(folder: Path, text: str, name: str = "needs.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def test_a_table_is_read_with_the_kinds_that_were_asked_for(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "id,lon,lat,hours,urgent,skills,remark\n007,115.98,36.45,2.5,yes,meal; visit|shop,x\n8,116,36.5,,,,\n",
    )
    needs = read_plain_table(path, NEED)
    assert list(needs) == ["id", "lon", "lat", "hours", "urgent", "skills"]
    assert needs["id"].tolist() == ["007", "8"]
    assert needs["lon"].tolist() == [115.98, 116.0]
    assert needs["hours"].iloc[0] == 2.5
    assert np.isnan(needs["hours"].iloc[1])
    assert needs["urgent"].tolist() == [True, False]
    assert needs["skills"].tolist() == [("meal", "visit", "shop"), ()]


def test_chinese_names_of_coordinates_and_gb18030_are_understood(tmp_path: Path) -> None:
    path = written(tmp_path, "id,经度,纬度,skills\n甲,115.98,36.45,做饭；陪诊\n", encoding="gb18030")
    needs = read_plain_table(path, NEED)
    assert (needs["id"][0], needs["lat"][0], needs["skills"][0]) == ("甲", 36.45, ("做饭", "陪诊"))


def test_plane_coordinates_that_were_asked_for_are_not_taken_for_degrees(tmp_path: Path) -> None:
    plane = (*(Column(name, "number") for name in ("x", "y")), Column("lon", "number", low=-180, high=180))
    sites = read_plain_table(written(tmp_path, "id,x,y\na,637,250\n"), plane)
    assert (sites["x"][0], sites["y"][0]) == (637, 250)
    assert np.isnan(sites["lon"][0])
    assert read_plain_table(written(tmp_path, "id,x,y\na,116,36\n"), POINT)["lon"][0] == 116


def test_columns_that_are_not_there_are_empty(tmp_path: Path) -> None:
    needs = read_plain_table(written(tmp_path, "id,lon,lat\na,1,2\nb,1,2\n"), (*NEED, Column("circle", "id")))
    assert needs["hours"].isna().all()
    assert not needs["urgent"].any()
    assert needs["skills"].tolist() == [(), ()]
    assert needs["circle"].tolist() == [None, None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,lon\na,1\n", "needs.csv has no column lat. It needs: id, lon, lat."),
        ("id,lon,lat\na,1,2\n,1,2\n", "needs.csv: row 3 has no id"),
        ("id,lon,lat\na,1,2\nb,east,2\n", "needs.csv: row 3: lon is east, which is not a number"),
        ("id,lon,lat\na,1,2\nb,inf,2\n", "needs.csv: row 3: lon is inf, which is not a number"),
        ("id,lon,lat\na,36.4,115.9\n", "needs.csv: row 2: lat is 115.9; the most is 90"),
        ("id,lon,lat,hours\na,1,2,-3\n", "needs.csv: row 2: hours is -3; the least is 0"),
        ("id,lon,lat,urgent\na,1,2,perhaps\n", "row 2: urgent is perhaps, which is neither yes nor no"),
        ("id,lon,lat\na,1,2\nb,1,2\na,3,4\n", "needs.csv: row 4: id a stands in row 2 already"),
        ("id,lon,lat\na,1,2,3,4\n", "needs.csv: row 2: The row has 5 cells, the header has 3"),
        ("id,lon,lat\n", "needs.csv has column names but no rows"),
        ("", "needs.csv is empty"),
        ('id,lon,lat\n"a,1,2\n', "needs.csv: row 2 cannot be read"),
    ],
)
def test_a_fault_is_named_by_file_row_and_field(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_plain_table(written(tmp_path, text), NEED)
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.csv is not a file"):
        read_plain_table(tmp_path / "gone.csv", POINT)


def test_ends_of_edges_may_stand_in_many_rows(tmp_path: Path) -> None:
    ends = (Column("from", "id", required=True, repeat=True), Column("to", "id", required=True, repeat=True))
    edges = read_plain_table(written(tmp_path, "from,to\n1,2\n1,3\n"), ends)
    assert edges["from"].tolist() == ["1", "1"]


def test_parquet_keeps_numbers_and_takes_whole_ones_as_ids(tmp_path: Path) -> None:
    path = tmp_path / "needs.parquet"
    pd.DataFrame({"id": [1, 2], "lon": [1.123456789012345, 2.0], "lat": [3.0, 4.0]}).to_parquet(path)
    needs = read_plain_table(path, POINT)
    assert needs["id"].tolist() == ["1", "2"]
    assert needs["lon"].tolist() == [1.123456789012345, 2.0]


def test_a_projected_geopackage_gives_degrees_and_metres(tmp_path: Path) -> None:
    path = tmp_path / "needs.gpkg"
    places = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=gpd.points_from_xy([115.98, 116.0], [36.45, 36.5]), crs=4326)
    places.to_crs(4548).to_file(path)
    needs = read_plain_table(path, POINT)
    assert np.allclose(needs["lon"], [115.98, 116.0])
    assert np.allclose(needs["lat"], [36.45, 36.5])
    assert (needs["y"] > 4_000_000).all()


def test_a_geopackage_of_outlines_gives_their_middle_and_refuses_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "needs.gpkg"
    shapes = gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=[shapely.box(0, 0, 2, 4), shapely.box(1, 1, 3, 3)], crs=4326)
    shapes.to_file(path)
    needs = read_plain_table(path, POINT)
    assert needs[["lon", "lat"]].to_numpy().tolist() == [[1, 2], [2, 2]]
    assert "x" not in needs
    shapes.geometry = [None, shapely.box(1, 1, 3, 3)]
    shapes.to_file(path)
    with pytest.raises(BadInput, match=r"needs\.gpkg: row 1 has no place"):
        read_plain_table(path, POINT)
