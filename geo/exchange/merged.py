"""Merged cells of a workbook: every row of a merge has the value of its first."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from geo.exchange.hostile import MEGABYTE

Row = list[str | None]
Merge = tuple[int, int, int, int]

SHEET = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
RELATION = re.compile(rb"<Relationship\b[^>]*>")
MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
END_OF_CELLS = b"</sheetData>"


def merges(path: Path, position: int) -> list[Merge]:
    """Return the merges of the sheet at this position as first row, last row, first column, last column (from 0)."""
    with zipfile.ZipFile(path) as archive:
        sheets = SHEET.findall(archive.read("xl/workbook.xml"))
        targets = dict(map(_relation, RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))))
        if position >= len(sheets):
            return []
        target = targets.get(sheets[position][1], b"").decode().removeprefix("/xl/").removeprefix("xl/")
        with archive.open(f"xl/{target}") as sheet:
            return [_merge(*found) for found in MERGE.findall(_after_cells(sheet))]


def _relation(tag: bytes) -> tuple[bytes, bytes]:
    return tuple(  # type: ignore[return-value]
        found.group(1) if (found := re.search(rb'\b%s="([^"]*)"' % name, tag)) else b"" for name in (b"Id", b"Target")
    )


def _after_cells(sheet: IO[bytes]) -> bytes:
    seen = b""
    while chunk := sheet.read(MEGABYTE):
        seen = seen[-len(END_OF_CELLS) :] + chunk
        if END_OF_CELLS in seen:
            return seen.partition(END_OF_CELLS)[2] + sheet.read()
    return b""


def _merge(first_column: bytes, first_row: bytes, last_column: bytes, last_row: bytes) -> Merge:
    return int(first_row) - 1, int(last_row) - 1, _column(first_column), _column(last_column)


def _column(letters: bytes) -> int:
    """Return the number of a column from 0.

    >>> _column(b"A"), _column(b"Z"), _column(b"AA")
    (0, 25, 26)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def fill(rows: Sequence[Row], found: Sequence[Merge]) -> int:
    """Fill the blank cells of merges over several rows with the value of the first; return how many were filled.

    >>> rows = [["花园小区", "1"], [None, "2"], [None, "3"]]
    >>> fill(rows, [(0, 2, 0, 0)]), rows[2]
    (2, ['花园小区', '3'])
    """
    filled = 0
    for first_row, last_row, first_column, last_column in found:
        if first_row == last_row or first_row >= len(rows) or first_column >= len(rows[first_row]):
            continue
        value = rows[first_row][first_column]
        for row in rows[first_row : last_row + 1]:
            for column in range(first_column, min(last_column + 1, len(row))):
                if row[column] is None and value is not None:
                    row[column] = value
                    filled += 1
    return filled
