"""Bulk writing by binary COPY: the stream is put together column by column, four to five times faster than inserts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from psycopg import sql
from sqlalchemy import Connection

from geo.store.base import STORED_SRID
from geo.store.session import sync_driver

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
TRAILER = b"\xff\xff"
CHUNK_ROWS = 20_000
POSTGRES_EPOCH = np.datetime64("2000-01-01")
FIXED = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "float8": ">f8", "bool": "u1", "date": ">i4"}

Bytes = npt.NDArray[np.uint8]
Lengths = npt.NDArray[np.int64]


def copy_binary(connection: Connection, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows into a table inside the connection's transaction and return how many.

    columns maps column name to PostgreSQL type name (as in pg_type: int8, int4, int2, text, float8, bool, date,
    jsonb, numeric, timestamptz, geometry) in the order of each row's values; a geometry value is EWKB bytes
    with its SRID.
    """
    types = ["bytea" if kind == "geometry" else kind for kind in columns.values()]
    written = 0
    driver = sync_driver(connection)
    with driver.cursor() as cursor, cursor.copy(_statement(table, columns)) as copying:
        copying.set_types(types)
        for row in rows:
            copying.write_row(row)
            written += 1
    return written


def copy_columns(
    connection: Connection, table: str, columns: Mapping[str, str], values: Mapping[str, npt.NDArray[Any]]
) -> int:
    """Write equally long arrays, one per column, into a table inside the transaction and return the number of rows.

    columns maps column name to int8, int4, int2, float8, bool, date, text, jsonb or geometry; values holds numbers
    (NaN and masked are NULL), datetime64 (NaT is NULL), texts (None is NULL) and shapely geometries in EPSG:4326.
    """
    driver = sync_driver(connection)
    count = len(next(iter(values.values())))
    with driver.cursor() as cursor, cursor.copy(_statement(table, columns)) as copying:
        for block in stream(columns, values):
            copying.write(block)
    return count


def stream(columns: Mapping[str, str], values: Mapping[str, npt.NDArray[Any]]) -> Iterator[bytes]:
    """Yield the binary COPY stream of equally long arrays in blocks of bounded size."""
    count = len(next(iter(values.values())))
    yield SIGNATURE
    for start in range(0, count, CHUNK_ROWS):
        parts = [field(kind, values[name][start : start + CHUNK_ROWS]) for name, kind in columns.items()]
        yield rows_of(parts, min(CHUNK_ROWS, count - start))
    yield TRAILER


def rows_of(parts: Sequence[tuple[Bytes, Lengths]], count: int) -> bytes:
    """Return the tuples of a COPY stream: per row the number of fields, then each field's length and bytes.

    A part is the bytes of one column end to end and the length of each of its values, -1 for NULL.

    >>> rows_of([(np.frombuffer(b"ab", dtype=np.uint8), np.array([2, -1]))], 2).hex(" ")
    '00 01 00 00 00 02 61 62 00 01 ff ff ff ff'
    """
    sizes = sum((4 + np.maximum(lengths, 0) for _bytes, lengths in parts), np.full(count, 2, dtype=np.int64))
    ends = np.cumsum(sizes)
    written = np.empty(int(ends[-1]), dtype=np.uint8)
    cursor = ends - sizes
    _put(written, cursor, np.array([len(parts)], dtype=">i2").view(np.uint8))
    cursor = cursor + 2
    for data, lengths in parts:
        headers = lengths.astype(">i4").view(np.uint8).reshape(-1, 4)
        _put(written, cursor, headers)
        cursor = cursor + 4
        kept = np.maximum(lengths, 0)
        shift = cursor - (np.cumsum(kept) - kept)
        written[np.repeat(shift, kept) + np.arange(len(data))] = data
        cursor = cursor + kept
    return written.tobytes()


def field(kind: str, values: npt.NDArray[Any]) -> tuple[Bytes, Lengths]:
    """Return one column as COPY sends it: its bytes end to end and the length of each value, -1 for NULL."""
    if kind == "geometry":
        return _ragged(shapely.to_wkb(shapely.set_srid(values, STORED_SRID), include_srid=True), pa.large_binary())
    if kind == "text":
        return _ragged(values, pa.large_string())
    if kind == "jsonb":
        tagged = np.array([None if text is None else "\x01" + text for text in values], dtype=object)
        return _ragged(tagged, pa.large_string())
    return _fixed(kind, values)


def _fixed(kind: str, values: npt.NDArray[Any]) -> tuple[Bytes, Lengths]:
    known = ~_missing(values)
    present = values[known]
    if kind == "date":
        present = (present.astype("datetime64[D]") - POSTGRES_EPOCH).astype(np.int64)
    packed = present.astype(FIXED[kind])
    return packed.view(np.uint8), np.where(known, packed.dtype.itemsize, -1)


def _missing(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if values.dtype.kind in "iub":
        return np.zeros(len(values), dtype=bool)
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "M":
        return np.isnat(values)
    return np.array([value is None or value != value for value in values], dtype=bool)  # noqa: PLR0124


def _ragged(values: npt.NDArray[Any], kind: pa.DataType) -> tuple[Bytes, Lengths]:
    column = pa.array(values, type=kind, from_pandas=True)
    _validity, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[: len(column) + 1]
    known = column.is_valid().to_numpy(zero_copy_only=False)
    content = np.frombuffer(data, dtype=np.uint8)[: ends[-1]] if data else np.empty(0, dtype=np.uint8)
    return content, np.where(known, np.diff(ends), -1)


def _put(written: Bytes, cursor: Lengths, data: Bytes) -> None:
    written[cursor[:, None] + np.arange(data.shape[-1])] = data


def _statement(table: str, columns: Mapping[str, str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
