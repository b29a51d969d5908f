"""Requests of a file into the registry: copied beside it, what is new filed with its history, what moved on updated."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.exchange.findings import Findings
from geo.exchange.prepared import Prepared
from geo.exchange.request_updates import bring_up_to_date
from geo.requests.numbers import hours_of_class, numbers
from geo.requests.tables import CLASSES
from geo.settings import settings
from geo.store import bulk
from geo.store.copy import copy_columns
from geo.store.session import sync_driver
from geo.store.statements import statement

COLUMNS = {
    "row": "int4", "external_id": "text", "system": "text", "received_at": "timestamptz", "accepted_at": "timestamptz",
    "dispatched_at": "timestamptz", "resolved_at": "timestamptz", "closed_at": "timestamptz", "status": "text",
    "category": "text", "channel": "text", "community_id": "int8", "building_id": "int8", "unit_id": "int8",
    "placed_by": "text", "address": "text", "summary": "text", "timeline": "jsonb", "called_at": "timestamptz",
    "reached": "bool", "responded": "bool", "solved": "bool", "satisfied": "text", "details": "jsonb",
    "geom": "geometry",
}  # fmt: skip
COPIED = {**COLUMNS, "geom": "geometry(Point, 4326)"}
COMMUNITIES_OF_DOORS = """UPDATE arrived a SET community_id = d.community_id, building_id = d.building_id
FROM (SELECT 'building' AS kind, id, id AS building_id, community_id FROM building WHERE closed_on IS NULL
      UNION ALL SELECT 'unit', id, building_id, community_id FROM unit WHERE closed_on IS NULL) d
WHERE d.kind = a.placed_by AND d.id = coalesce(a.unit_id, a.building_id)"""
GONE = """DELETE FROM arrived a WHERE NOT EXISTS (
    SELECT FROM area c WHERE c.id = a.community_id AND c.closed_on IS NULL)
OR a.placed_by = 'unit' AND a.building_id IS NULL
RETURNING a."row" """
KNOWN = """DELETE FROM arrived a WHERE EXISTS (
    SELECT FROM request r WHERE r.external_system = a.system AND r.external_id = a.external_id)
OR a.system = 'yizhan' AND EXISTS (SELECT FROM request r WHERE r.number = a.external_id)
RETURNING a."row" """
COUNTED = "ANALYZE request, request_event, call_back"
"""After very many rows: without it an undo looks through a whole community for the steps of each request."""
IDS = "UPDATE arrived SET id = nextval(pg_get_serial_sequence('request', 'id'))"


def file_rows(session: Session, run_id: int, prepared: Prepared, noted: Findings) -> dict[str, int]:
    """File the requests of a prepared import that are not recorded yet, with their history and call-backs.

    A request is known by its number in its system; one that has moved on there is brought up to date. Returns how many
    are new, changed and unchanged.
    """
    connection = session.connection()
    driver = sync_driver(connection)
    _stage(connection, prepared)
    driver.execute(COMMUNITIES_OF_DOORS)
    gone = [row for (row,) in driver.execute(GONE).fetchall()]
    noted.add("request_place_gone", sorted(gone))
    moved = bring_up_to_date(connection, run_id, noted)
    known = [row for (row,) in driver.execute(KNOWN).fetchall()]
    driver.execute(IDS)
    driver.execute("ANALYZE arrived")
    new = connection.execute(
        text(statement("exchange", "file_requests")), _given(connection, run_id, prepared)
    ).rowcount
    connection.execute(text(statement("exchange", "file_request_events")))
    connection.execute(text(statement("exchange", "file_call_backs")))
    if bulk.owns(connection, "request"):
        driver.execute(COUNTED)
    return {"new": new, "changed": moved, "unchanged": len(known) - moved}


def _given(connection: Connection, run_id: int, prepared: Prepared) -> dict[str, Any]:
    hours = [hours_of_class(numbers(connection), code) for code in CLASSES]
    return {
        "zone": settings().time_zone,
        "file": Path(prepared.file_name).name,
        "run": run_id,
        "classes": list(CLASSES),
        "respond": [respond for respond, _solve in hours],
        "solve": [solve for _respond, solve in hours],
    }


def _stage(connection: Connection, prepared: Prepared) -> None:
    driver = sync_driver(connection)
    driver.execute("DROP TABLE IF EXISTS pg_temp.arrived")
    listed = ", ".join(f'"{name}" {kind}' for name, kind in COPIED.items())
    driver.execute(f"CREATE TEMP TABLE arrived ({listed}, id int8) ON COMMIT DROP")
    values = _values(prepared)
    if len(values["row"]):
        copy_columns(connection, "arrived", COLUMNS, values)
    driver.execute("CREATE INDEX ON arrived (external_id)")
    driver.execute("ANALYZE arrived")


def _values(prepared: Prepared) -> dict[str, npt.NDArray[Any]]:
    rows = prepared.rows
    kinds = rows["place_kind"].to_numpy(dtype=object, na_value=None)
    ids = rows["place_id"].to_numpy(dtype=object, na_value=None)
    doors = {
        f"{kind}_id": np.array(
            [key if one == kind else None for one, key in zip(kinds, ids, strict=True)], dtype=object
        )
        for kind in ("building", "unit")
    }
    return {name: doors[name] if name in doors else _column(rows[name], kind) for name, kind in COLUMNS.items()}


def _column(column: Any, kind: str) -> npt.NDArray[Any]:
    if kind == "geometry":
        return np.asarray(column.to_numpy())
    if kind == "timestamptz":
        return np.asarray(column.to_numpy(dtype="datetime64[us]"))
    return np.asarray(column.to_numpy(dtype=object, na_value=None))
