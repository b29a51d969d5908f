"""Whatever stands in the cells, every row ends in exactly one outcome and nothing but a clear message is raised."""

import csv
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import YizhanError
from geo.exchange.kinds import KINDS
from geo.exchange.prepare import prepare
from geo.exchange.surroundings import Surroundings

Maker = Callable[..., Path]
TextFile = Callable[..., Path]
PLACES = pd.DataFrame(
    [
        ("building", 1, "B1", "3", None, "花园小区", "3", 115.98, 36.45),
        ("unit", 2, "U1", "3", None, "花园小区", "1", 115.98, 36.45),
    ],
    columns=["kind", "id", "code", "name", "address", "compound", "number", "lon", "lat"],
)
CITY = Surroundings(bounds=(115.2, 35.8, 116.6, 37.0), places=PLACES)
LIKELY = [
    "",
    "无",
    "nan",
    "-5",
    "3",
    "3号楼",
    "花园小区",
    "115.98",
    "36.45",
    "1e308",
    "inf",
    "POINT (115.98 36.45)",
    "2024-01-05",
    "99999999999999999999",
]
CELLS = st.one_of(st.sampled_from(LIKELY), st.text(max_size=12))
HEADERS = sorted(
    {word for kind in KINDS.values() for item in kind.fields for word in item.synonyms} | {"lon", "lat", "wkt", "坐标"}
)


def clear(error: YizhanError) -> None:
    """The message can be shown: all its values are given."""
    assert error.text()


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.sampled_from(HEADERS), min_size=1, max_size=6, unique=True),
    st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=6),
)
def test_every_row_of_any_table_ends_in_one_outcome(kind: str, header: list[str], lines: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        try:
            prepared = prepare(path, kind, datum="wgs84", surroundings=CITY)
        except YizhanError as error:
            clear(error)
            return
    counts = prepared.counts
    assert counts["read"] == counts["accepted"] + counts["repaired"] + counts["refused"] <= len(lines)
    assert not set(prepared.rows["row"]) & set(prepared.findings.rows_with("refused").tolist())
    assert all(finding.text() for finding in prepared.findings)
    assert "code" not in prepared.rows or prepared.rows["code"].notna().all()


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_raise_anything_but_a_clear_message(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.gpkg"
        path.write_bytes(raw)
        try:
            prepare(path, "buildings", datum="gcj02")
        except YizhanError as error:
            clear(error)


def test_the_same_file_gives_the_same_rows(written: Maker) -> None:
    first, second = (prepare(written("b.geojson"), "buildings", datum="bd09").rows for _time in range(2))
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_a_row_without_outline_may_update_a_building_that_is_known(text_file: TextFile) -> None:
    path = text_file("b.csv", "楼栋编码,户数\nB1,36\nB9,40\n")
    prepared = prepare(path, "buildings", datum="wgs84", surroundings=Surroundings(codes=frozenset({"B1"})))
    assert prepared.rows["code"].tolist() == ["B1"]
    assert prepared.findings.by_code() == {"geometry_missing": 1}


def test_rows_are_typed_as_the_loader_expects(written: Maker) -> None:
    rows = prepare(written("b.gpkg"), "buildings", datum="wgs84").rows
    assert {name: str(rows[name].dtype) for name in ("code", "floors", "height_m", "elevator", "geom")} == {
        "code": "string", "floors": "Int64", "height_m": "Float64", "elevator": "boolean", "geom": "geometry",
    }  # fmt: skip


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_shifting_keeps_every_outline_in_shape(written: Maker, buildings: gpd.GeoDataFrame, datum: str) -> None:
    rows = prepare(written("b.gpkg"), "buildings", datum=datum).rows
    assert shapely.is_valid(rows.geometry.to_numpy()).all()
    assert np.allclose(shapely.area(rows.geometry.to_numpy()), shapely.area(buildings.geometry.to_numpy()), rtol=0.01)


def test_a_code_made_of_two_that_becomes_too_long_is_refused_at_its_row(text_file: TextFile) -> None:
    path = text_file("u.csv", f"单元号,building_code\n1,{'b' * 100}\n2,b2\n")
    prepared = prepare(path, "units", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["b2-2"]
    assert [(f.row, f.field) for f in prepared.findings if f.code == "text_too_long"] == [(2, "code")]
