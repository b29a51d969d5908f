"""Binary COPY of columns: what goes in comes out, NULLs and all, over the edges of its blocks."""

from datetime import date

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.store import copy
from geo.store.session import writing

pytestmark = pytest.mark.usefixtures("clean_store")

COLUMNS = {
    "big": "int8",
    "whole": "int4",
    "small": "int2",
    "measured": "float8",
    "yes": "bool",
    "day": "date",
    "word": "text",
    "detail": "jsonb",
    "geom": "geometry",
}


def test_every_type_and_its_missing_value_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "CHUNK_ROWS", 2)
    point, outline = (
        shapely.Point(115.98, 36.45),
        shapely.MultiPolygon([shapely.box(1, 2, 3, 4), shapely.box(5, 6, 7, 8)]),
    )
    values = {
        "big": np.array([2**62, -1, None], dtype=object),
        "whole": np.array([7.0, np.nan, -3.0]),
        "small": np.ma.MaskedArray([1, 2, 3], mask=[False, True, False]),
        "measured": np.array([0.1, np.nan, 1e300]),
        "yes": np.array([1.0, 0.0, np.nan]),
        "day": np.array(["2026-11-22", "NaT", "1969-07-20"], dtype="datetime64[D]"),
        "word": np.array(["楼号 1", None, ""], dtype=object),
        "detail": np.array(['{"a": [1, "楼"]}', None, "[]"], dtype=object),
        "geom": np.array([point, None, outline], dtype=object),
    }
    with writing(ADMINISTRATOR) as session:
        connection = session.connection()
        types = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
        connection.execute(
            text(f"CREATE TEMP TABLE copied (at int4 GENERATED ALWAYS AS IDENTITY, {types}) ON COMMIT DROP")
        )
        assert copy.copy_columns(connection, "copied", COLUMNS, values) == 3
        listed = ", ".join(f'"{name}"' for name in list(COLUMNS)[:-1])
        rows = connection.execute(text(f"SELECT {listed}, ST_AsEWKT(geom) FROM copied ORDER BY at")).all()
    assert [tuple(row) for row in rows] == [
        (2**62, 7, 1, 0.1, True, date(2026, 11, 22), "楼号 1", {"a": [1, "楼"]}, "SRID=4326;POINT(115.98 36.45)"),
        (-1, None, None, None, False, None, None, None, None),
        (None, -3, 3, 1e300, None, date(1969, 7, 20), "", [], f"SRID=4326;{rings(outline)}"),
    ]


def rings(outline: shapely.MultiPolygon) -> str:
    return shapely.to_wkt(outline, trim=True).replace(", ", ",").replace("MULTIPOLYGON ", "MULTIPOLYGON")
