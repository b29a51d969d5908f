import zipfile
from pathlib import Path

import openpyxl
import pandas as pd

from geo.exchange.merged import merges
from geo.exchange.prepare import prepare
from geo.exchange.surroundings import Surroundings

PLACES = pd.DataFrame(
    [("building", n, f"B{n}", str(n), None, "花园小区", str(n), 115.98, 36.45) for n in (1, 2, 3)],
    columns=["kind", "id", "code", "name", "address", "compound", "number", "lon", "lat"],
)


def book(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "封面"
    sheet = book.create_sheet("名册")
    for line in (
        ["花名册", None, None],
        ["小区", "楼栋号", "姓名"],
        ["花园小区", "1", "甲"],
        [None, "2", "乙"],
        [None, "3", "丙"],
    ):
        sheet.append(line)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A5")
    path = tmp_path / "r.xlsx"
    book.save(path)
    return path


def test_a_name_merged_over_several_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    prepared = prepare(book(tmp_path), "posts", datum="wgs84", layer="名册", surroundings=Surroundings(places=PLACES))
    assert prepared.rows["place_code"].tolist() == ["B1", "B2", "B3"]
    assert prepared.findings.by_code()["merged_cells"] == 1


def test_merges_are_read_from_the_sheet_they_belong_to(tmp_path: Path) -> None:
    path = book(tmp_path)
    assert merges(path, 0) == []
    assert merges(path, 1) == [(0, 0, 0, 2), (2, 4, 0, 0)]


def test_a_merge_of_the_whole_sheet_fills_no_more_than_there_is(tmp_path: Path) -> None:
    whole = openpyxl.Workbook()
    whole.active.append(["名称", "经度", "纬度"])
    whole.active.append(["花园驿站", 115.98, 36.45])
    whole.save(tmp_path / "s.xlsx")
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(tmp_path / "s.xlsx") as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                merge = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
                part = part.replace(b"</sheetData>", merge)
            target.writestr(name, part)
    assert prepare(path, "stations", datum="wgs84").counts["accepted"] == 1
