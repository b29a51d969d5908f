"""Bulk writing by binary COPY: the stream is put together column by column, four to five times faster than inserts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter
from sqlalchemy import Connection

from geo.store.base import STORED_SRID
from geo.store.session import sync_driver

SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
TRAILER = b"\xff\xff"
CHUNK_ROWS = 20_000
POSTGRES_EPOCH = np.datetime64("2000-01-01")
FIXED = {
    "int8": ">i8",
    "int4": ">i4",
    "int2": ">i2",
    "float8": ">f8",
    "bool": "u1",
    "date": ">i4",
    "timestamptz": ">i8",
}

EWKB_SRID_FLAG = 0x20000000
WKB_HEAD, ADDED_BY_SRID = 5, 4

Bytes = npt.NDArray[np.uint8]
Lengths = npt.NDArray[np.int64]


class Part(NamedTuple):
    """One column of a block: its bytes end to end, the length of each value (-1: NULL), what each value begins with.

    The heads, one row of bytes per value that is not NULL, are written over the first bytes of the value.
    """

    data: Bytes
    lengths: Lengths
    heads: Bytes | None = None


def copy_columns(
    connection: Connection, table: str, columns: Mapping[str, str], values: Mapping[str, npt.NDArray[Any]]
) -> int:
    """Write equally long arrays, one per column, into a table inside the transaction and return the number of rows.

    columns maps column name to int8, int4, int2, float8, numeric, bool, date, timestamptz, text, bytea, jsonb or
    geometry; values holds numbers (NaN and masked are NULL; a numeric is not negative and has two decimals),
    datetime64 (NaT is NULL; of a timestamptz in UTC), texts (None is NULL, in fixed-width UTF-8 bytes the empty text
    is), bytes and shapely geometries in EPSG:4326.
    """
    driver = sync_driver(connection)
    count = len(next(iter(values.values())))
    with (
        driver.cursor() as cursor,
        cursor.copy(_statement(table, columns), writer=QueuedLibpqWriter(cursor)) as copying,
    ):
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


def rows_of(parts: Sequence[Part], count: int) -> bytes:
    """Return the tuples of a COPY stream: per row the number of fields, then each field's length and bytes.

    >>> rows_of([Part(np.frombuffer(b"ab", dtype=np.uint8), np.array([2, -1]))], 2).hex(" ")
    '00 01 00 00 00 02 61 62 00 01 ff ff ff ff'
    """
    sizes = sum((4 + np.maximum(part.lengths, 0) for part in parts), np.full(count, 2, dtype=np.int64))
    ends = np.cumsum(sizes)
    written = np.empty(int(ends[-1]), dtype=np.uint8)
    cursor = ends - sizes
    _put(written, cursor, np.array([len(parts)], dtype=">i2").view(np.uint8))
    cursor = cursor + 2
    for part in parts:
        _put(written, cursor, part.lengths.astype(">i4").view(np.uint8).reshape(-1, 4))
        cursor = cursor + 4
        kept = np.maximum(part.lengths, 0)
        own = kept if part.heads is None else np.where(part.lengths < 0, 0, kept - ADDED_BY_SRID)
        shift = cursor + (kept - own) - (np.cumsum(own) - own)
        written[np.repeat(shift, own) + np.arange(len(part.data))] = part.data
        if part.heads is not None:
            _put(written, cursor[part.lengths >= 0], part.heads)
        cursor = cursor + kept
    return written.tobytes()


def field(kind: str, values: npt.NDArray[Any]) -> Part:
    """Return one column as COPY sends it."""
    if kind == "geometry":
        return _with_srid(_ragged(shapely.to_wkb(values, byte_order=1), pa.large_binary()))
    if kind == "bytea":
        return _ragged(values, pa.large_binary())
    if kind == "text":
        return _packed(values) if values.dtype.kind == "S" else _ragged(values, pa.large_string())
    if kind == "numeric":
        return _hundredths(values)
    if kind == "jsonb":
        tagged = np.array([None if text is None else "\x01" + text for text in values], dtype=object)
        return _ragged(tagged, pa.large_string())
    return _fixed(kind, values)


def _with_srid(plain: Part) -> Part:
    """Turn WKB into EWKB: byte order, type with the SRID flag, SRID, then the rest as it is."""
    known = plain.lengths >= 0
    kept = plain.lengths[known]
    starts = np.cumsum(kept) - kept
    heads = np.empty((len(kept), WKB_HEAD + ADDED_BY_SRID), dtype=np.uint8)
    heads[:, :WKB_HEAD] = plain.data[starts[:, None] + np.arange(WKB_HEAD)]
    heads[:, WKB_HEAD - 1] |= EWKB_SRID_FLAG >> 24
    heads[:, WKB_HEAD:] = np.array([STORED_SRID], dtype="<u4").view(np.uint8)
    return Part(plain.data, np.where(known, plain.lengths + ADDED_BY_SRID, -1), heads)


def _packed(values: npt.NDArray[np.bytes_]) -> Part:
    """Turn fixed-width texts into their bytes end to end, the empty ones into NULL."""
    width = values.dtype.itemsize
    lengths = np.strings.str_len(values).astype(np.int64)
    content = np.ascontiguousarray(values).view(np.uint8).reshape(-1, width)
    return Part(content[np.arange(width) < lengths[:, None]], np.where(lengths == 0, -1, lengths))


def _hundredths(values: npt.NDArray[Any]) -> Part:
    """Turn numbers into the groups of four decimal digits numeric is sent as, two before the point and one after."""
    known = ~_missing(values)
    cents = np.round(np.ma.getdata(values)[known].astype(np.float64) * 100).astype(np.int64)
    head = np.broadcast_to([3, 1, 0, 2], (len(cents), 4))
    groups = np.stack([cents // 1_000_000, cents // 100 % 10_000, cents % 100 * 100], axis=1)
    packed = np.concatenate([head, groups], axis=1).astype(">i2")
    return Part(packed.view(np.uint8).ravel(), np.where(known, packed.shape[1] * packed.itemsize, -1))


def _fixed(kind: str, values: npt.NDArray[Any]) -> Part:
    known = ~_missing(values)
    present = np.ma.getdata(values)[known]
    if kind == "date":
        present = (present.astype("datetime64[D]") - POSTGRES_EPOCH).astype(np.int64)
    if kind == "timestamptz":
        present = (present.astype("datetime64[us]") - POSTGRES_EPOCH).astype(np.int64)
    packed = present.astype(FIXED[kind])
    return Part(packed.view(np.uint8), np.where(known, packed.dtype.itemsize, -1))


def _missing(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.getmaskarray(values) | _missing(np.ma.getdata(values))
    if values.dtype.kind in "iub":
        return np.zeros(len(values), dtype=bool)
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "M":
        return np.isnat(values)
    return np.array([value is None or value != value for value in values], dtype=bool)  # noqa: PLR0124


def _ragged(values: npt.NDArray[Any], kind: pa.DataType) -> Part:
    column = pa.array(values, type=kind, from_pandas=True)
    _validity, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[: len(column) + 1]
    known = column.is_valid().to_numpy(zero_copy_only=False)
    content = np.frombuffer(data, dtype=np.uint8)[: ends[-1]] if data else np.empty(0, dtype=np.uint8)
    return Part(content, np.where(known, np.diff(ends), -1))


def _put(written: Bytes, cursor: Lengths, data: Bytes) -> None:
    written[cursor[:, None] + np.arange(data.shape[-1])] = data


def _statement(table: str, columns: Mapping[str, str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
