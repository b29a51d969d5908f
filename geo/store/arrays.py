"""Reading columns of numbers as numpy arrays: a million rows come as one row of bytes, in a fraction of a second."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection

from geo.store.session import sync_driver

WIRE_TYPES = {"int8": ">i8", "int4": ">i4", "int2": ">i2", "float8": ">f8", "bool": "u1", "date": ">i4"}
SENDERS = {kind: "date_send" if kind == "date" else f"{kind}send" for kind in WIRE_TYPES}


def read_arrays(
    connection: Connection, query: str, columns: Mapping[str, str], params: Mapping[str, Any] | None = None
) -> dict[str, NDArray[Any]]:
    """Run a query and return its columns as arrays of the machine's byte order.

    columns maps the name of each column of the query to its PostgreSQL type: int8, int4, int2, float8, bool or date
    (a date is read as days since 2000-01-01). No value may be NULL: coalesce it in the query. The query names its
    parameters as %(name)s. Raises ValueError when a value is NULL.
    """
    sent = sql.SQL(", ").join(
        sql.SQL("string_agg({}(q.{}), '')").format(sql.SQL(SENDERS[kind]), sql.Identifier(name))
        for name, kind in columns.items()
    )
    statement = sql.SQL("SELECT count(*), {} FROM ({}) q").format(sent, sql.SQL(query))
    with sync_driver(connection).cursor(binary=True) as cursor:
        count, *contents = cursor.execute(statement, params).fetchone() or (0,)
    arrays = {
        name: np.frombuffer(content or b"", dtype=WIRE_TYPES[kind])
        for (name, kind), content in zip(columns.items(), contents, strict=True)
    }
    for name, values in arrays.items():
        if len(values) != count:
            raise ValueError(f"The column {name} is NULL somewhere.")
    return {name: values.astype(values.dtype.newbyteorder("=")) for name, values in arrays.items()}
