from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo.errors import BadInput
from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared
from geo.exchange.surroundings import Surroundings

TextFile = Callable[..., Path]
COLUMNS = ["kind", "id", "code", "name", "address", "compound", "number", "lon", "lat"]
PLACES = pd.DataFrame(
    [
        ("building", 1, "B1", "3", "柳园路12号花园小区3号楼", "花园小区", "3", 115.98, 36.45),
        ("building", 2, "B2", "4", "柳园路12号花园小区4号楼", "花园小区", "4", 115.981, 36.45),
        ("building", 3, "B3", "3", None, "阳光家园", "3", 115.982, 36.45),
        ("unit", 11, "U1", "3", "柳园路12号花园小区3号楼", "花园小区", "2", 115.98, 36.45),
        ("station", 21, "S1", "花园红旗驿站", None, "花园小区", None, 115.98, 36.45),
        ("grid", 31, "G1", "第一网格", None, None, None, 115.98, 36.45),
    ],
    columns=COLUMNS,
)
CITY = Surroundings(bounds=(115.9, 36.4, 116.1, 36.5), places=PLACES)


def roster(text_file: TextFile, header: str, *lines: str) -> Prepared:
    path = text_file("roster.csv", "\n".join((header, *lines)))
    return prepare(path, "posts", datum="wgs84", surroundings=CITY)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("地址,职务,姓名,电话", "花园小区3号楼,楼栋长,张一,13800000001"),
        ("小区,楼栋,岗位,姓名,手机号", "花园小区,3,楼长,张一,13800000001"),
        ("小区名称,楼栋号,职务,楼栋长姓名,联系电话", "花园小区,三号楼,楼栋长,张一,13800000001"),
        ("code,post,name,phone", "B1,building_head,张一,13800000001"),
        ("楼栋地址,身份,姓名,联系方式", "山东省聊城市东昌府区柳园路12号花园小区3#楼,楼栋长,张一,13800000001"),
    ],
)
def test_office_spreadsheets_of_many_kinds_find_the_building(text_file: TextFile, header: str, line: str) -> None:
    row = roster(text_file, header, line).rows.iloc[0]
    assert (row["place_kind"], row["place_id"], row["post"], row["name"]) == ("building", 1, "building_head", "张一")
    assert row["phone"] == "13800000001"


def test_units_stations_and_grids_are_found_by_the_post(text_file: TextFile) -> None:
    rows = roster(
        text_file, "地址,职务,姓名",
        "花园小区3号楼2单元,单元长,甲", "花园红旗驿站,站长,乙", "花园红旗驿站,副站长,丙", "第一网格,网格员,丁",
    ).rows  # fmt: skip
    assert rows["place_id"].tolist() == [11, 21, 21, 31]
    assert rows["post"].tolist() == ["unit_head", "stationmaster", "deputy_stationmaster", "grid_member"]


def test_a_head_is_found_at_the_building_even_when_the_flat_is_written(text_file: TextFile) -> None:
    assert roster(text_file, "地址,职务,姓名", "花园小区3号楼2单元501,楼栋长,甲").rows["place_id"].tolist() == [1]


def test_a_row_without_a_post_takes_that_of_the_place(text_file: TextFile) -> None:
    prepared = roster(text_file, "地址,姓名", "花园小区3号楼2单元,甲", "花园小区4号楼,乙")
    assert prepared.rows["post"].tolist() == ["unit_head", "building_head"]
    assert prepared.findings.by_code()["post_assumed"] == 2


def test_a_caretaker_at_a_building_does_not_become_its_head(text_file: TextFile) -> None:
    prepared = roster(text_file, "地址,职务,姓名", "花园小区3号楼,保洁员,甲", "花园小区4号楼,楼栋长,乙")
    assert prepared.rows["name"].tolist() == ["乙"]
    refused = [finding for finding in prepared.findings if finding.outcome == "refused"]
    assert [(finding.row, finding.field) for finding in refused] == [(2, "post")]


def test_a_row_that_matches_nothing_is_refused_with_the_three_nearest(text_file: TextFile) -> None:
    prepared = roster(text_file, "地址,职务,姓名", "花园小区9号楼,楼栋长,甲")
    refused = next(finding for finding in prepared.findings if finding.outcome == "refused")
    assert refused.row == 2
    assert len(refused.detail["proposals"]) == 3
    assert "花园小区3号楼 (B1)" in refused.text()


def test_a_row_that_matches_two_places_is_refused(text_file: TextFile) -> None:
    twice = pd.concat([PLACES, PLACES.iloc[[0]].assign(id=9, code="B9")])
    path = text_file("r.csv", "地址,职务,姓名\n花园小区3号楼,楼栋长,甲\n")
    prepared = prepare(path, "posts", datum="wgs84", surroundings=Surroundings(places=twice))
    assert prepared.findings.by_code()["place_ambiguous"] == 1
    assert prepared.rows.empty


def test_a_vacant_post_is_accepted_and_seats_nobody(text_file: TextFile) -> None:
    prepared = roster(text_file, "地址,职务,姓名", "花园小区3号楼,楼栋长,", "花园小区4号楼,楼栋长,无")
    assert prepared.counts == {"read": 2, "accepted": 2, "repaired": 0, "refused": 0}
    assert prepared.rows.empty


def test_terms_are_read_and_turned_ones_refused(text_file: TextFile) -> None:
    prepared = roster(
        text_file, "地址,职务,姓名,任职时间,离任时间",
        "花园小区3号楼,楼栋长,甲,2024年1月,2027.1",
        "花园小区4号楼,楼栋长,乙,2024-05-01,2023-05-01",
        "阳光家园3号楼,楼栋长,丙,,",
    )  # fmt: skip
    assert prepared.rows["from_on"].tolist() == [date(2024, 1, 1), None]
    assert prepared.rows["to_on"].tolist() == [date(2027, 1, 1), None]
    assert prepared.findings.by_code()["dates_turned"] == 1
    assert prepared.findings.by_code()["from_assumed"] == 1


def test_a_workbook_as_an_office_keeps_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (
        ["花园社区楼栋长花名册"],
        ["序号", "小区", "楼号", "职务", "姓名", "联系电话", "任职时间"],
        [1, "花园小区", "3号楼", "楼栋长", "张一", 13800000001, 45296],
        [None] * 7,
        [2, "花园小区", "4号楼", "楼栋长", "李二", "13800000002", "2024.1"],
    ):
        book.active.append(line)
    book.save(tmp_path / "r.xlsx")
    rows = prepare(tmp_path / "r.xlsx", "posts", datum="wgs84", surroundings=CITY).rows
    assert rows["row"].tolist() == [3, 5]
    assert rows["phone"].tolist() == ["13800000001", "13800000002"]
    assert rows["from_on"].tolist() == [date(2024, 1, 5), date(2024, 1, 1)]


def test_a_roster_before_any_building_says_what_to_do(text_file: TextFile) -> None:
    with pytest.raises(BadInput, match="Import the buildings first"):
        prepare(text_file("r.csv", "地址,姓名\n花园小区3号楼,甲\n"), "posts", datum="wgs84")


def test_a_station_with_only_an_address_stands_at_its_building(text_file: TextFile) -> None:
    path = text_file("s.csv", "名称,地址\n花园驿站,花园小区4栋\n远方驿站,花园小区9栋\n")
    prepared = prepare(path, "stations", datum="wgs84", surroundings=CITY)
    assert prepared.rows.geometry.x.tolist() == [115.981]
    assert prepared.findings.by_code() == {"located_by_address": 1, "address_unknown": 1, "code_made": 1}


def test_a_unit_with_only_an_address_finds_its_building(text_file: TextFile) -> None:
    path = text_file("u.csv", "单元,地址,户数\n1,花园小区4号楼,12\n")
    rows = prepare(path, "units", datum="wgs84", surroundings=CITY).rows
    assert rows[["building_code", "code"]].to_numpy().tolist() == [["B2", "B2-1"]]


@pytest.mark.parametrize("written", ["5/1/2024", "长期", "abc", "2024-13-01"])
def test_a_first_day_that_cannot_be_read_is_refused_with_the_forms_that_can(text_file: TextFile, written: str) -> None:
    prepared = roster(
        text_file, "地址,职务,姓名,任职时间", f"花园小区3号楼,楼栋长,甲,{written}", "花园小区4号楼,楼栋长,乙,2024/5/1"
    )
    assert prepared.rows["name"].tolist() == ["乙"]
    [refused] = [finding for finding in prepared.findings if finding.outcome == "refused"]
    assert (refused.row, refused.field, refused.detail) == (2, "from_on", {"value": written})
    assert written in refused.text()
    assert "2024/5/1" in refused.text()
    assert prepared.counts == {"read": 2, "accepted": 1, "repaired": 0, "refused": 1}


@pytest.mark.parametrize("written", ["至今", "长期", "现在", "Present"])
def test_an_end_in_words_is_an_open_end(text_file: TextFile, written: str) -> None:
    prepared = roster(text_file, "地址,职务,姓名,任职时间,离任时间", f"花园小区3号楼,楼栋长,甲,2024-05-01,{written}")
    assert prepared.rows[["from_on", "to_on"]].to_numpy().tolist() == [[date(2024, 5, 1), None]]
    assert prepared.findings.by_code() == {}


def test_an_end_that_cannot_be_read_does_not_become_an_open_end(text_file: TextFile) -> None:
    prepared = roster(text_file, "地址,职务,姓名,任职时间,离任时间", "花园小区3号楼,楼栋长,甲,2024-05-01,5/1/2025")
    assert prepared.findings.by_code() == {"day_unreadable": 1}
    assert not len(prepared.rows)


def test_phones_are_read_without_blanks_hyphens_and_wide_figures(text_file: TextFile) -> None:
    prepared = roster(
        text_file, "地址,职务,姓名,电话", "花园小区3号楼,楼栋长,甲,199 0000-0001", "花园小区4号楼,楼栋长,乙,"
    )
    assert prepared.rows["phone"].fillna("").tolist() == ["19900000001", ""]
