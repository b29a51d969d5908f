from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import BadInput
from geo.exchange.encodings import decoded
from geo.exchange.located import POSITION_WORDS
from geo.exchange.prepare import inspect, prepare
from geo.exchange.sheets import read_csv, text_table

TextFile = Callable[..., Path]
KNOWN = frozenset({"楼号", "层数"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_text_is_read_in_every_usual_encoding(text_file: TextFile, encoding: str) -> None:
    table = read_csv(text_file("a.csv", "楼号,层数\n三号楼,6\n", encoding), "a.csv", KNOWN)
    assert table.columns["楼号"].tolist() == ["三号楼"]


def test_the_encoding_is_noted_when_it_is_not_utf8(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.csv", "code,name\n371502001,古楼街道\n", "gb18030"), "areas", datum="wgs84")
    assert next(iter(prepared.findings)).detail == {"encoding": "GB18030"}


def test_a_text_cut_within_a_character_is_half_a_file() -> None:
    with pytest.raises(BadInput, match="half a file"):
        decoded("楼号,层数\n三号楼".encode()[:-1], "a.csv")


def test_a_text_of_two_encodings_is_refused_at_the_row_and_never_garbled() -> None:
    mixed = "名称\n金桂社区\n".encode() + "银杏社区\n".encode("gb18030")
    with pytest.raises(BadInput, match="row 3"):
        decoded(mixed, "a.csv")


def test_a_short_text_in_gb18030_that_holds_a_character_of_utf8_by_chance_is_read() -> None:
    assert decoded("李海务村村委会\n".encode("gb18030"), "a.csv") == ("李海务村村委会\n", "GB18030")


def test_a_file_cut_within_its_last_row_does_not_bring_in_half_a_row(text_file: TextFile) -> None:
    table = read_csv(text_file("a.csv", "楼号,层数,名称\n三,6,金桂\n四,7"), "a.csv", KNOWN)
    assert table.columns["楼号"].tolist() == ["三"]
    assert [(finding.row, finding.code) for finding in table.findings] == [(3, "row_short")]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found(text_file: TextFile, mark: str) -> None:
    table = read_csv(text_file("a.csv", f"楼号{mark}层数\n三{mark}6\n"), "a.csv", KNOWN)
    assert list(table.columns) == ["楼号", "层数"]


def test_rows_are_numbered_as_in_a_spreadsheet_with_blank_rows_counted(text_file: TextFile) -> None:
    text = '楼号,层数\n"a\nb",6\n\n,\nc,7\n'
    assert read_csv(text_file("a.csv", text), "a.csv", KNOWN).rows.tolist() == [2, 5]


def test_a_title_above_the_header_is_skipped_and_noted(text_file: TextFile) -> None:
    table = read_csv(text_file("a.csv", "花园小区楼栋表,\n楼号,层数\n三,6\n"), "a.csv", KNOWN)
    assert table.rows.tolist() == [3]
    assert table.findings.by_code() == {"header_below_title": 1}


def test_a_row_with_too_many_cells_is_refused_and_a_short_one_filled(text_file: TextFile) -> None:
    table = read_csv(text_file("a.csv", "楼号,层数\n三,6,extra\n四\n"), "a.csv", KNOWN)
    assert table.columns["楼号"].tolist() == ["四"]
    assert table.findings.by_code() == {"row_short": 1}


def test_a_row_with_too_many_cells_is_counted_as_refused(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.csv", "code,name\n1,a,extra\n371502001,古楼街道\n"), "areas", datum="wgs84")
    assert prepared.counts == {"read": 2, "accepted": 1, "repaired": 0, "refused": 1}


@pytest.mark.parametrize("text", ["楼号,层数\n", "楼号,层数\n\n,\n"])
def test_a_header_without_rows_says_so(text_file: TextFile, text: str) -> None:
    with pytest.raises(BadInput, match="no rows"):
        read_csv(text_file("a.csv", text), "a.csv", KNOWN)


@pytest.mark.parametrize(
    "lines",
    [
        ["金桂驿站,115.98,36.45", "银杏驿站,115.99,36.46"],
        ["甲座,POINT (115.98 36.45)", "乙座,POINT (115.99 36.46)"],
        ["金桂花园3号,王建国,19900000001", "金桂花园4号,李秀兰,19900000002"],
        ["金桂花园,银杏里", "水岸花园,银杏里"],
        ["371502001,古楼", "371502002,柳园"],
    ],
)
def test_a_table_without_column_names_is_told_as_such(lines: list[str]) -> None:
    with pytest.raises(BadInput, match=r"t.csv: row 1 looks like data \(.*\), not like column names"):
        text_table([line.split(",") for line in lines], "t.csv", POSITION_WORDS)


@pytest.mark.parametrize(
    "lines",
    [["甲,乙", "金桂花园,6"], ["name,2024", "金桂,6", "银杏,7"], ["甲", "6"], ["甲,乙", "甲园,"]],
)
def test_unknown_column_names_are_still_column_names(lines: list[str]) -> None:
    table = text_table([line.split(",") for line in lines], "t.csv", frozenset({"name"}))
    assert list(table.columns.columns) == lines[0].split(",")


def test_a_file_without_column_names_says_so_before_anything_is_imported(text_file: TextFile) -> None:
    path = text_file("s.csv", "金桂驿站,115.98,36.45\n银杏驿站,115.99,36.46\n")
    for read in (lambda: inspect(path), lambda: prepare(path, "stations", datum="wgs84")):
        with pytest.raises(BadInput, match="row 1 looks like data"):
            read()
