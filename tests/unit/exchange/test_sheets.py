from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import BadInput
from geo.exchange.encodings import decoded
from geo.exchange.prepare import prepare
from geo.exchange.sheets import read_csv

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
