"""Bulk writing by binary COPY: four to five times faster than inserts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection

from geo.store.session import sync_driver


def copy_binary(
    connection: Connection, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write rows into a table inside the connection's transaction and return how many.

    columns maps column name to PostgreSQL type name (as in pg_type: int8, int4, int2, text, float8, bool, date,
    jsonb, numeric, timestamptz, geometry) in the order of each row's values; a geometry value is EWKB bytes
    with its SRID.
    """
    driver = sync_driver(connection)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    types = ["bytea" if kind == "geometry" else kind for kind in columns.values()]
    written = 0
    with driver.cursor() as cursor, cursor.copy(statement) as copying:
        copying.set_types(types)
        for row in rows:
            copying.write_row(row)
            written += 1
    return written
