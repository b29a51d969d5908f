from datetime import date

import numpy as np
import pandas as pd
import pytest

from geo.exchange.findings import Findings
from geo.exchange.kinds import KINDS
from geo.exchange.values import parsed_date, text_column, typed_column

BUILDINGS = KINDS["buildings"]


def typed(field: str, *cells: object, kind: str = "buildings", column: str = "x") -> tuple[list[object], Findings]:
    findings = Findings()
    raw = pd.Series(list(cells))
    rows = np.arange(2, len(cells) + 2)
    series = typed_column(raw, KINDS[kind].field(field), column, rows, findings)
    return [None if pd.isna(value) else value for value in series], findings


@pytest.mark.parametrize(
    "missing",
    ["", " ", "NULL", "null", "N/A", "n/a", "nan", "NaN", "-", "--", "—", "无", "未知", "不详", "#N/A", "None", "/"],
)
def test_every_spelling_of_missing_is_unknown(missing: str) -> None:
    assert typed("floors", missing)[0] == [None]
    assert typed("name", missing)[0] == [None]
    assert len(typed("floors", missing)[1]) == 0


@pytest.mark.parametrize(
    ("cell", "expected"), [("6", 6), ("6层", 6), ("６", 6), (" 11 F", 11), ("6.0", 6), (6.0, 6), (6, 6), ("1,2", 12)]
)
def test_whole_numbers_are_found_in_their_words(cell: object, expected: int) -> None:
    assert typed("floors", cell)[0] == [expected]


@pytest.mark.parametrize(("cell", "code"), [("many", "not_a_number"), ("0", "implausible"), ("201", "implausible")])
def test_numbers_that_cannot_be_are_set_to_unknown_with_a_finding(cell: str, code: str) -> None:
    values, findings = typed("floors", cell)
    assert values == [None]
    noted = next(iter(findings))
    assert (noted.code, noted.row, noted.field, noted.detail["value"]) == (code, 2, "floors", cell)
    assert noted.outcome == "repaired"


def test_half_a_floor_is_rounded_and_noted() -> None:
    values, findings = typed("floors", "3.5", "4")
    assert values == [4, 4]
    assert findings.by_code() == {"number_rounded": 1}


def test_node_numbers_of_nineteen_digits_stay_exact() -> None:
    values, findings = typed("from_node", "6355816838264084481", "7", None, kind="roads")
    assert values == [6355816838264084481, 7, None]
    assert len(findings) == 0


def test_a_node_number_too_large_for_the_table_is_unknown() -> None:
    assert typed("from_node", "9" * 30, kind="roads")[0] == [None]


def test_zero_households_is_a_count_and_missing_is_unknown() -> None:
    assert typed("households", "0", "", "-")[0] == [0, None, None]


@pytest.mark.parametrize(
    ("field", "cell"),
    [("households", "-5"), ("built_year", "999"), ("built_year", "2500"), ("height_m", "1000"), ("height_m", "0")],
)
def test_the_limits_of_the_tables_hold_before_the_database_sees_the_row(field: str, cell: str) -> None:
    assert typed(field, cell)[1].by_code() == {"implausible": 1}


def test_codes_keep_their_zeros() -> None:
    assert typed("code", "007", "7.0", "0x1")[0] == ["007", "7.0", "0x1"]
    assert text_column(pd.Series([371502001001.0, np.nan])).tolist() == ["371502001001", pd.NA]


def test_yes_and_no_in_both_languages() -> None:
    values, findings = typed("elevator", "有", "无", "是", "No", "1", "0", "", "未知", "maybe")
    assert values == [True, False, True, False, True, False, None, None, None]
    assert findings.by_code() == {"not_yes_no": 1}


def test_choices_in_both_languages() -> None:
    values, findings = typed("kind", "老旧小区", "Commodity", "work-unit", "城堡", kind="compounds")
    assert values == ["old", "commodity", "work_unit", None]
    assert "castle" not in next(iter(findings)).text()
    assert next(iter(findings)).detail["value"] == "城堡"


@pytest.mark.parametrize(
    "cell",
    [
        "2024-01-05",
        "2024/1/5",
        "2024.1.5",
        "2024年1月5日",
        "2024 年 1 月 5 日",
        "20240105",
        "45296",
        "2024-01-05 00:00:00",
    ],
)
def test_a_date_in_any_writing(cell: str) -> None:
    assert parsed_date(cell) == date(2024, 1, 5)


@pytest.mark.parametrize("cell", ["2024.1", "2024年1月", "2024-01"])
def test_a_month_is_its_first_day(cell: str) -> None:
    assert parsed_date(cell) == date(2024, 1, 1)


@pytest.mark.parametrize("cell", ["soon", "2024-13-01", "2024-02-30", "12", "99999"])
def test_what_is_no_date_is_none(cell: str) -> None:
    assert parsed_date(cell) is None


def test_a_date_that_is_none_is_unknown_with_a_finding() -> None:
    values, findings = typed("opened_on", "soon", "2024-01-05", None, kind="stations")
    assert values == [None, date(2024, 1, 5), None]
    assert findings.by_code() == {"not_a_date": 1}


@pytest.mark.parametrize(
    ("column", "cell", "fen"),
    [("cost_fen", "100", 100), ("费用(元)", "100", 10_000), ("造价（万元）", "1.5", 1_500_000)],
)
def test_money_is_fen_whatever_unit_the_column_names(column: str, cell: str, fen: int) -> None:
    assert typed("cost_fen", cell, kind="candidates", column=column)[0] == [fen]


@pytest.mark.parametrize("cell", ["\u3000", "\u200b", "\u00a0\ufeff", "\u200b-"], ids=ascii)
def test_a_text_nobody_sees_is_missing(cell: str) -> None:
    values, findings = typed("name", cell, "金桂")
    assert values == [None, "金桂"]
    assert len(findings) == 0


def test_line_ends_and_unseen_signs_around_a_text_are_taken_off() -> None:
    values, findings = typed("address", "\ufeff湖滨路\n8 号\u200b", "湖滨路\t9 号")
    assert values == ["湖滨路 8 号", "湖滨路 9 号"]
    assert len(findings) == 0


@pytest.mark.parametrize(
    ("kind", "field", "cell", "code", "outcome"),
    [
        ("buildings", "code", "b\u202e1", "text_hidden", "refused"),
        ("compounds", "name", "金\x00桂", "text_hidden", "refused"),
        ("buildings", "address", "湖\x07滨路", "text_hidden_unknown", "repaired"),
        ("buildings", "code", "b" * 101, "text_too_long", "refused"),
        ("compounds", "name", "园" * 201, "text_too_long", "refused"),
        ("buildings", "address", "路" * 301, "text_too_long_unknown", "repaired"),
        ("posts", "phone", "1" * 51, "text_too_long_unknown", "repaired"),
    ],
)
def test_a_text_the_registry_cannot_keep_is_noted_at_its_row_and_field(
    kind: str, field: str, cell: str, code: str, outcome: str
) -> None:
    values, findings = typed(field, "fine", cell, kind=kind)
    assert values == ["fine", None]
    noted = next(iter(findings))
    assert (noted.code, noted.row, noted.field, noted.outcome) == (code, 3, field, outcome)
    assert "\x00" not in noted.text()
    assert len(noted.text()) < 200


def test_a_text_as_long_as_it_may_be_is_kept() -> None:
    assert typed("address", "路" * 300)[0] == ["路" * 300]


def test_hidden_signs_in_a_number_do_not_reach_the_finding() -> None:
    values, findings = typed("floors", "six\x00")
    assert values == [None]
    assert next(iter(findings)).detail["value"] == "six<0000>"
