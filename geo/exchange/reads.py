"""What leaves the registry: each kind as a frame with the fields it is imported by; past imports and their findings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, func, select, text

from geo.errors import NotFound
from geo.exchange.findings import finding_text
from geo.exchange.kinds import KINDS, kind_named
from geo.exchange.tables import ImportFinding, ImportRun
from geo.i18n import N_
from geo.store.base import STORED_SRID
from geo.store.clock import today
from geo.store.statements import statement

DTYPES = {"integer": "Int64", "decimal": "Float64", "yes_no": "boolean", "date": "object"}

HELD = "held"
"""The column of a roster that says a post is held where the one who asks may not see by whom."""


def layer(connection: Connection, kind: str, community_id: int | None = None) -> pd.DataFrame:
    """Return a kind's records that the actor may see, with the columns an import of that kind reads.

    community_id: only what belongs to that community. Placeholders and closed places are left out. Kinds with a
    geometry come as a GeoDataFrame in EPSG:4326 (column geom). Raises BadInput for an unknown kind.
    """
    wanted = kind_named(kind)
    wanted_rows = {"community_id": community_id, "today": today()}
    result = connection.execute(text(statement("exchange", f"layer_{kind}")), wanted_rows)
    names = list(result.keys())
    frame = pd.DataFrame.from_records([tuple(row) for row in result], columns=names)
    for item in wanted.fields:
        if item.name in frame:
            frame[item.name] = frame[item.name].astype(DTYPES.get(item.type, "string"))
    if HELD in frame and frame[HELD].isna().all():
        frame = frame.drop(columns=HELD)
    if "geom" not in frame:
        return frame
    outlines = shapely.from_wkb([None if value is None else bytes(value) for value in frame["geom"]])
    return gpd.GeoDataFrame(frame.drop(columns="geom")).set_geometry(
        gpd.GeoSeries(outlines, crs=STORED_SRID, name="geom")
    )


def layer_counts(connection: Connection) -> dict[str, int]:
    """Return how many records of each kind the actor may see."""
    counts = {}
    for kind, described in KINDS.items():
        condition = {"area": "WHERE NOT placeholder", "compound": "WHERE NOT placeholder"}.get(described.table, "")
        query = text(f"SELECT count(*) FROM {described.table} {condition}")  # noqa: S608
        counts[kind] = int(connection.execute(query).scalar_one())
    return counts


@dataclass(frozen=True)
class RunView:
    """One import as the list of imports shows it."""

    id: int
    kind: str
    file_name: str
    actor: str
    status: str
    options: dict[str, Any]
    evidence: dict[str, Any]
    counts: dict[str, Any]
    job_id: int | None
    created_at: datetime
    decided_at: datetime | None


_RUN = tuple(getattr(ImportRun, name) for name in RunView.__dataclass_fields__)


def runs(connection: Connection, *, limit: int = 50) -> list[RunView]:
    """Return the latest imports the actor may see, newest first."""
    return [RunView(*row) for row in connection.execute(select(*_RUN).order_by(ImportRun.id.desc()).limit(limit))]


def run(connection: Connection, run_id: int) -> RunView:
    """Return one import; NotFound when there is none for this actor."""
    row = connection.execute(select(*_RUN).where(ImportRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no import {run} here."), run=run_id)
    return RunView(*row)


@dataclass(frozen=True)
class FindingView:
    """One finding: row of the file (0: the file as a whole), field, code, outcome and the sentence about it."""

    row: int
    field: str | None
    code: str
    outcome: str
    text: str


def finding_counts(connection: Connection, run_id: int) -> dict[tuple[str, str], int]:
    """Return how many findings of each outcome and code an import has."""
    grouped = (
        select(ImportFinding.outcome, ImportFinding.code, func.count())
        .where(ImportFinding.import_run_id == run_id)
        .group_by(ImportFinding.outcome, ImportFinding.code)
        .order_by(ImportFinding.outcome.desc(), ImportFinding.code)
    )
    return {(outcome, code): count for outcome, code, count in connection.execute(grouped)}


def findings(
    connection: Connection,
    run_id: int,
    *,
    outcome: str | None = None,
    code: str | None = None,
    limit: int | None = None,
) -> list[FindingView]:
    """Return the findings of an import in row order, all or those with an outcome and a code, at most `limit`."""
    wanted = select(
        ImportFinding.row, ImportFinding.field, ImportFinding.code, ImportFinding.outcome, ImportFinding.detail
    ).where(ImportFinding.import_run_id == run_id)
    if outcome is not None:
        wanted = wanted.where(ImportFinding.outcome == outcome)
    if code is not None:
        wanted = wanted.where(ImportFinding.code == code)
    rows = connection.execute(wanted.order_by(ImportFinding.row, ImportFinding.id).limit(limit))
    return [
        FindingView(row, field, key, ended, finding_text(key, field, detail)) for row, field, key, ended, detail in rows
    ]
