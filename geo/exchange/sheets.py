"""Tables of text: CSV and XLSX, with the row numbers a person sees, codes as text, and UTF-8 or GB18030 recognised."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd

from geo.errors import BadInput
from geo.exchange.encodings import decoded
from geo.exchange.findings import Findings
from geo.exchange.merged import fill, merges
from geo.exchange.sources import DAMAGES
from geo.exchange.spellings import plain
from geo.i18n import N_, listed
from geo.store.texts import shown, without_hidden

HEADER_WITHIN = 10
LOOK_INTO_ROWS = 100
MAX_CELLS = 60_000_000
CELL_CHARACTERS = 64 * 1024 * 1024
SEPARATORS = ",\t;|"
SHAPE = re.compile(r"\s*(?:SRID=\d+;)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b|\s*0[01]0[1-7]0{6}", re.IGNORECASE)
NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")
FIRST_ROW_IS_DATA = N_(
    "{file}: row {row} looks like data ({sample}), not like column names. Add a row with column names above it."
)
Row = Sequence[str | None]
KnownWords = frozenset[str]


@dataclass(frozen=True)
class TextTable:
    """A table of text cells: columns by name, and for each row its number as a person sees it (header = row 1)."""

    columns: pd.DataFrame
    rows: npt.NDArray[np.int64]
    findings: Findings


def read_csv(path: Path, name: str, known: KnownWords) -> TextTable:
    """Return a CSV file (comma, tab, semicolon or bar) as text; `known` are plain column words by which a
    header is found.
    """
    text, encoding = decoded(path.read_bytes(), name)
    csv.field_size_limit(CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        lines: list[Row] = list(reader)
    except csv.Error as error:
        raise BadInput(
            N_("{file}: row {row} cannot be read ({reason}). Check its quotes."),
            file=name,
            row=reader.line_num,
            reason=str(error),
        ) from error
    table = text_table(lines, name, known, cut=not text.endswith(("\n", "\r")))
    if encoding != "UTF-8":
        table.findings.note("encoding", encoding=encoding)
    return table


def _separator(text: str) -> str:
    sample = text[:20_000].splitlines()[:HEADER_WITHIN]
    return max(SEPARATORS, key=lambda mark: (sum(line.count(mark) for line in sample), -SEPARATORS.index(mark)))


def sheet_names(path: Path, name: str) -> list[str]:
    """Return the names of the visible sheets of a workbook that hold anything; of all sheets when none does."""

    def named(book: Any) -> list[str]:
        used = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible" and _holds_anything(sheet)]
        return used or [sheet.title for sheet in book.worksheets]

    found: list[str] = _with_workbook(path, name, named)
    return found


def _holds_anything(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return any(value is not None for row in sheet.iter_rows(max_row=LOOK_INTO_ROWS, values_only=True) for value in row)


def read_sheet(path: Path, name: str, sheet: str, known: KnownWords) -> TextTable:
    """Return one sheet of a workbook as text: dates as 2024-01-05, whole numbers without a point."""

    def read(book: Any) -> TextTable:
        rows = _cells(book[sheet], name)
        filled = fill(rows, merges(path, book.sheetnames.index(sheet)))
        table = text_table(rows, name, known)
        if filled:
            table.findings.note("merged_cells", count=filled)
        return table

    found: TextTable = _with_workbook(path, name, read)
    return found


def _with_workbook(path: Path, name: str, use: "Callable[[Any], Any]") -> Any:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            return use(book)
        finally:
            book.close()
    except BadInput:
        raise
    except (
        *DAMAGES,
        KeyError,
        IndexError,
        UnicodeError,
        ValueError,
        OSError,
        SyntaxError,
        TypeError,
        AttributeError,
    ) as error:
        raise BadInput(
            N_("{file} is a damaged workbook ({reason}). Save it again as .xlsx."),
            file=name,
            reason=type(error).__name__,
        ) from error


def _cells(sheet: Any, name: str) -> list[list[str | None]]:
    sheet.reset_dimensions()
    rows: list[list[str | None]] = []
    cells = 0
    for row in sheet.iter_rows(values_only=True):
        cells += len(row) + 1
        if cells > MAX_CELLS:
            raise BadInput(N_("{file} has more than {limit} cells. Split it."), file=name, limit=MAX_CELLS)
        rows.append([cell_text(value) for value in row])
    return rows


def cell_text(value: Any) -> str | None:
    """Return a cell as the text a person sees.

    >>> cell_text(371502.0), cell_text(2.5), cell_text(datetime(2024, 1, 5)), cell_text(None)
    ('371502', '2.5', '2024-01-05', None)
    """
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def text_table(lines: Sequence[Row], name: str, known: KnownWords, *, cut: bool = False) -> TextTable:
    """Return rows of cells as a table: header found (also below a title), blank rows dropped, short rows filled.

    cut: the text ends without an end of line, so that a short last row may be half of one and is refused.
    """
    findings = Findings()
    header_at = _header_position(lines, known)
    if header_at is None:
        raise BadInput(N_("{file} has no row with column names. Add a header row."), file=name)
    if _is_data(lines, header_at, known):
        sample = listed(shown(cell) for cell in lines[header_at] if cell)
        raise BadInput(FIRST_ROW_IS_DATA, file=name, row=header_at + 1, sample=sample)
    if header_at and any(_filled(line) for line in lines[:header_at]):
        findings.note("header_below_title", header_row=header_at + 1)
    names = column_names(lines[header_at])
    numbered = [
        (number, line) for number, line in enumerate(lines[header_at + 1 :], start=header_at + 2) if _filled(line)
    ]
    if not numbered:
        raise BadInput(N_("{file} has column names but no rows. Export it again with its rows."), file=name)
    width = len(names)
    for number, line in numbered:
        half = cut and number == numbered[-1][0] and len(line) < width
        if half or (len(line) > width and any(line[width:])):
            findings.add("row_short", [number], found=len(line), expected=width)
    whole = {number for batch in findings.batches if batch.code == "row_short" for number in batch.rows.tolist()}
    kept = [[*line[:width], *[None] * (width - len(line))] for number, line in numbered if number not in whole]
    rows = np.array([number for number, _line in numbered if number not in whole], dtype=np.int64)
    return TextTable(pd.DataFrame(kept, columns=names, dtype=object), rows, findings)


def column_names(header: Row) -> list[str]:
    """Return unique column names; blank ones get the name of their place.

    >>> column_names(["楼号", None, "楼号", " 层数 "])
    ['楼号', 'column 2', '楼号 (3)', '层数']
    """
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        label = " ".join(without_hidden(cell or "").split()) or f"column {place}"
        names.append(f"{label} ({place})" if label in names else label)
    return names


def _header_position(lines: Sequence[Row], known: KnownWords) -> int | None:
    scores = [sum(plain(cell) in known for cell in line if cell) for line in lines[:HEADER_WITHIN]]
    if scores and max(scores) >= 1:
        return scores.index(max(scores))
    return next((place for place, line in enumerate(lines[:HEADER_WITHIN]) if _filled(line)), None)


def _is_data(lines: Sequence[Row], header_at: int, known: KnownWords) -> bool:
    """Tell whether what stands for a header is a row of data: no known word, but a value of the rows below.

    A value is a number over numbers, a shape, or a text that stands in the same column again.
    """
    header, below = lines[header_at], lines[header_at + 1 : header_at + 1 + LOOK_INTO_ROWS]
    if any(plain(cell) in known for cell in header if cell):
        return False
    columns = {cell: [line[at] for line in below if at < len(line)] for at, cell in enumerate(header) if cell}
    return any(_is_value(cell, column) for cell, column in columns.items())


def _is_value(cell: str, below: list[str | None]) -> bool:
    given = [other.strip() for other in below if other and not other.isspace()]
    if SHAPE.match(cell) or cell.strip() in given:
        return True
    return bool(given) and all(NUMBER.fullmatch(text) for text in (cell.strip(), *given))


def _filled(line: Iterable[str | None]) -> bool:
    return any(cell and not cell.isspace() for cell in line)
