from pathlib import Path

import pytest

from geo.errors import BadInput
from geo.exchange.columns import checked_mapping, fit, guess_mapping
from geo.exchange.kinds import KINDS
from geo.exchange.prepare import prepare


@pytest.mark.parametrize(
    ("kind", "columns", "expected"),
    [
        (
            "buildings",
            ["楼栋编码", "楼号", "层数", "户数"],
            {"code": "楼栋编码", "number": "楼号", "floors": "层数", "households": "户数"},
        ),
        (
            "buildings",
            ["building:levels", "addr:housenumber"],
            {"floors": "building:levels", "number": "addr:housenumber"},
        ),
        (
            "buildings",
            ["栋号", "Floor", "year_built"],
            {"number": "栋号", "floors": "Floor", "built_year": "year_built"},
        ),
        ("areas", ["adcode", "name", "level"], {"code": "adcode", "name": "name", "level": "level"}),
        (
            "areas",
            ["code", "name", "streetCode", "areaCode"],
            {"code": "code", "name": "name", "parent_code": "streetCode"},
        ),
        (
            "posts",
            ["小区", "楼栋", "姓名", "手机号"],
            {"compound_name": "小区", "address": "楼栋", "name": "姓名", "phone": "手机号"},
        ),
    ],
)
def test_real_headers_are_recognised(kind: str, columns: list[str], expected: dict[str, str]) -> None:
    assert guess_mapping(KINDS[kind], columns) == expected


def test_the_users_choice_beats_the_guess_and_frees_the_column() -> None:
    found = checked_mapping(KINDS["buildings"], ["楼号", "甲"], {"name": "楼号", "number": "甲"}, "a.csv")
    assert found == {"name": "楼号", "number": "甲"}


def test_an_empty_choice_means_not_used() -> None:
    assert checked_mapping(KINDS["buildings"], ["楼号"], {"number": ""}, "a.csv") == {}


def test_an_unknown_field_lists_the_fields() -> None:
    with pytest.raises(BadInput, match="have no field colour"):
        checked_mapping(KINDS["buildings"], ["楼号"], {"colour": "楼号"}, "a.csv")


def test_an_unknown_column_lists_the_columns() -> None:
    with pytest.raises(BadInput, match=r"no column 颜色.*Its columns are: 楼号"):
        checked_mapping(KINDS["buildings"], ["楼号"], {"name": "颜色"}, "a.csv")


def test_the_kind_that_fits_best_is_told_by_columns_geometry_and_name() -> None:
    scores = {name: fit(kind, ["楼号", "层数"], "楼栋", has_geometry=True) for name, kind in KINDS.items()}
    assert max(scores, key=lambda name: scores[name]) == "buildings"


def test_a_second_column_of_the_same_name_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,name,level,name\n371502001,古楼街道,street_office,柳园街道\n", encoding="utf-8")
    prepared = prepare(path, "areas", datum="wgs84")
    assert prepared.rows["name"].tolist() == ["古楼街道"]
    [noted] = [finding for finding in prepared.findings if finding.code == "column_twice"]
    assert noted.detail == {"column": "name", "other": "name (4)"}
    chosen = prepare(path, "areas", datum="wgs84", mapping={"name": "name (4)"})
    assert chosen.rows["name"].tolist() == ["柳园街道"]
    assert "column_twice" not in chosen.findings.by_code()
