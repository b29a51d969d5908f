"""Tables of a page as files: CSV and XLSX, in which no cell can act as a formula."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

ACTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

Cell = str | int | float | date | None


def harmless(cell: Cell) -> Cell:
    """Return a cell as it may stand in a spreadsheet: quoted when it would act as a formula, without control signs.

    >>> harmless("=1+1"), harmless("Lakeside\\a"), harmless(-3)
    ("'=1+1", 'Lakeside', -3)
    """
    if not isinstance(cell, str):
        return cell
    plain = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{plain}" if plain.startswith(ACTS) else plain


def as_csv(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a table as CSV in UTF-8 with the mark that spreadsheets recognise it by."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(map(harmless, titles))
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_xlsx(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return a table as an Excel workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([harmless(title) for title in titles])
    for row in rows:
        sheet.append([cell.replace(tzinfo=None) if isinstance(cell, datetime) else harmless(cell) for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
