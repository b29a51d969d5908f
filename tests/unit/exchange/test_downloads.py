"""Tables as files: nothing in a cell acts."""

import io

import pytest
from openpyxl import load_workbook

from geo.exchange.downloads import as_csv, as_xlsx, harmless

ROWS = [["=1+1", 3, None], ["+x", 2.5, "金桂社区"]]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_a_text_that_would_act_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_numbers_stay_numbers() -> None:
    assert [harmless(-5), harmless(None)] == [-5, None]


def test_a_csv_is_recognised_by_spreadsheets_and_harmless() -> None:
    assert as_csv(["a", "b", "c"], ROWS).decode("utf-8-sig").splitlines() == ["a,b,c", "'=1+1,3,", "'+x,2.5,金桂社区"]


def test_a_workbook_holds_texts_not_formulas() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(["a", "b", "c"], ROWS))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == ["'=1+1", 3, None]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
