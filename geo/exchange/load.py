"""Prepared rows into the registry: one transaction, idempotent by code, former values kept for undo."""

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import Conflict, NotFound
from geo.exchange import enrolling, need_opening, placing, request_loading, seating, staging
from geo.exchange.arrivals import Values, values_of
from geo.exchange.failures import in_words, wait_briefly
from geo.exchange.findings import Findings
from geo.exchange.founding import adopt_city, city_area, city_srid, found_city, placeholders
from geo.exchange.prepared import Prepared
from geo.exchange.tables import ImportRun
from geo.exchange.targets import Target, target_of
from geo.i18n import N_
from geo.jobs.rules import plain
from geo.store import audit, bulk, versions
from geo.store.copy import copy_columns
from geo.store.session import sync_driver

NOTED = 200
OWN_WAYS = {
    "posts": (seating.seat, "posts"),
    "volunteers": (enrolling.enrol_rows, "care"),
    "care_needs": (need_opening.open_rows, "care"),
    "requests": (request_loading.file_rows, "requests"),
}
"""What writes the kinds that are no places, and the topic their rows belong to."""
IMPORT_LOCK = 7_214_001
"""The advisory lock that lets one import or undo run at a time."""


@dataclass(frozen=True)
class Accepted:
    """What an import did: rows read and how they ended, records added, changed and left alone, places that moved.

    findings: what was noticed while writing, per code; noted: the first of it, as Findings.frame lists them.
    """

    run_id: int
    kind: str
    counts: dict[str, int]
    findings: dict[str, int] = field(default_factory=dict)
    noted: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)


def start_run(session: Session, prepared: Prepared, *, options: dict[str, Any], job_id: int | None = None) -> int:
    """Keep a prepared file as an import that waits for a decision, with its findings; return its id."""
    require(session, "import_files")
    actor = session.scalar(text("SELECT current_setting('app.user_name')"))
    run = ImportRun(
        kind=prepared.kind,
        file_name=prepared.file_name,
        sha256=prepared.sha256,
        actor=actor,
        job_id=job_id,
        options=options,
        evidence=prepared.evidence,
        counts=dict(prepared.counts),
    )
    with in_words(prepared.file_name):
        session.add(run)
        session.flush()
        write_findings(session.connection(), run.id, prepared.findings)
    return run.id


def accept(session: Session, run_id: int, prepared: Prepared) -> Accepted:
    """Write the prepared rows of a waiting import into the registry, all or none.

    A row whose code is known changes that record where it differs (an empty cell never erases a known value) and keeps
    the former values; other rows are added. Raises Conflict when the import is decided already or the registry refuses
    a row, NotAllowed without a role for the whole city.
    """
    with in_words(prepared.file_name):
        connection = session.connection()
        run = take_run(session, run_id, "prepared")
        noted = Findings()
        if prepared.kind in OWN_WAYS:
            write, topic = OWN_WAYS[prepared.kind]
            done = write(session, run_id, prepared, noted)
            topics: tuple[str, ...] = (topic,)
        else:
            target = target_of(prepared.kind)
            done = _load(connection, run_id, prepared, target, noted)
            topics = (target.topic, "posts") if done.get("moved") else (target.topic,)
        write_findings(connection, run_id, noted)
        counts = {**_recounted(prepared, noted), **done}
        run.status, run.counts, run.decided_at = "accepted", counts, datetime.now(UTC)
        session.flush()
        for topic in topics:
            versions.bump(session, topic)
        note = audit.Change(after={"kind": run.kind, "file": run.file_name, "counts": counts}, job_id=run.job_id)
        audit.record(session, "import", "import_run", run_id, note)
    return Accepted(run_id, prepared.kind, counts, noted.by_code(), plain(noted.frame(NOTED).to_dict("records")))


def drop(session: Session, run_id: int) -> None:
    """Decide against a waiting import; nothing was written, its record stays."""
    run = take_run(session, run_id, "prepared")
    run.status, run.decided_at = "dropped", datetime.now(UTC)


def take_run(session: Session, run_id: int, status: str) -> ImportRun:
    """Return the import, locked for this transaction; Conflict unless in this status, NotAllowed for lesser roles."""
    require(session, "import_files")
    connection = session.connection()
    wait_briefly(connection)
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": IMPORT_LOCK})
    run = session.get(ImportRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound(N_("There is no import {run} here."), run=run_id)
    if run.status != status:
        raise Conflict(
            N_("Import {run} is {now}, not {wanted}: look at the list of imports."),
            run=run_id,
            now=run.status,
            wanted=status,
        )
    return run


def _load(connection: Connection, run_id: int, prepared: Prepared, target: Target, noted: Findings) -> dict[str, int]:
    _found(connection, run_id, prepared, target)
    values = values_of(prepared, target, city_srid(connection))
    if _is_first_bulk(connection, target, values):
        return _load_straight(connection, run_id, prepared, (values, noted))
    staging.stage(connection, target, values)
    placing.place(connection, target, values, noted)
    waiting = placing.waiting(connection) if target.parents and target.kind != "areas" else 0
    if waiting:
        noted.note("waits_for_parent", count=waiting)
    placing.note_outside(connection, target, noted)
    known = connection.execute(text("SELECT count(*) FROM known")).scalar_one()
    changed = staging.change_known(connection, target, run_id, values) if known else 0
    fallback = _fallback(connection, target)
    with _quickly(connection, target, len(prepared.rows) - known):
        new = staging.add_new(connection, target, run_id, Path(prepared.file_name).name, fallback)
    if target.kind == "areas":
        placing.connect_areas(connection, run_id)
    moved = placing.move_waiting(connection, target, run_id)
    return {"new": new, "changed": changed, "unchanged": known - changed, "waiting": waiting, "moved": moved}


def _is_first_bulk(connection: Connection, target: Target, values: Values) -> bool:
    """Tell whether very many rows are the first of their table and nothing is there that they could belong to."""
    return (
        bulk.is_worth_it(connection, target.table, len(values["row"]))
        and not placing.any_parent(connection)
        and staging.goes_straight(connection, target, values)
    )


def _load_straight(
    connection: Connection, run_id: int, prepared: Prepared, rows: tuple[Values, Findings]
) -> dict[str, int]:
    values, noted = rows
    target = target_of(prepared.kind)
    fallback = _fallback(connection, target)
    with bulk.without_indexes(connection, target.table):
        new = staging.add_straight(connection, target, run_id, Path(prepared.file_name).name, (values, fallback))
    noted.note("waits_for_parent", count=new)
    return {"new": new, "changed": 0, "unchanged": 0, "waiting": new, "moved": 0}


def _quickly(connection: Connection, target: Target, rows: int) -> AbstractContextManager[None]:
    return (
        bulk.without_indexes(connection, target.table)
        if bulk.is_worth_it(connection, target.table, rows)
        else nullcontext()
    )


def _found(connection: Connection, run_id: int, prepared: Prepared, target: Target) -> None:
    code, name = _city_named(prepared)
    found_city(connection, prepared.bounds, name or Path(prepared.file_name).stem, widen=target.kind == "areas")
    if code is not None:
        adopt_city(connection, run_id, code, name)


def _city_named(prepared: Prepared) -> tuple[str | None, str | None]:
    """Return code and name of the city as an areas file tells them: its own row, or what all districts lie in."""
    if prepared.kind != "areas":
        return None, None
    areas = prepared.rows
    own = areas[areas["level"] == "city"]
    if len(own):
        return str(own["code"].iloc[0]), str(own["name"].iloc[0])
    above = areas.loc[areas["level"] == "district", "parent_code"].dropna().unique()
    return (str(above[0]), None) if len(above) == 1 else (None, None)


def _fallback(connection: Connection, target: Target) -> dict[str, int | None]:
    if target.kind == "areas":
        return {"parent_id": city_area(connection)}
    if not target.parents or not target.fallback:
        return {}
    community_id, compound_id = placeholders(connection)
    return {"community_id": community_id, "compound_id": compound_id if target.table == "building" else None}


def _recounted(prepared: Prepared, noted: Findings) -> dict[str, int]:
    refused = noted.rows_with("refused")
    repaired = np.intersect1d(refused, prepared.findings.rows_with("repaired")).size
    before = prepared.counts
    return {
        "read": before["read"],
        "accepted": before["accepted"] - (refused.size - repaired),
        "repaired": before["repaired"] - repaired,
        "refused": before["refused"] + refused.size,
    }


def write_findings(connection: Connection, run_id: int, findings: Findings) -> None:
    """Keep findings with their import."""
    if not len(findings):
        return
    listed = list(findings)
    values: Values = {
        "row": np.array([item.row for item in listed], dtype=np.int64),
        "field": np.array([item.field for item in listed], dtype=object),
        "code": np.array([item.code for item in listed], dtype=object),
        "outcome": np.array([item.outcome for item in listed], dtype=object),
        "detail": np.array([json.dumps(plain(item.detail), ensure_ascii=False) for item in listed], dtype=object),
    }
    driver = sync_driver(connection)
    driver.execute("DROP TABLE IF EXISTS pg_temp.noted")
    driver.execute(
        'CREATE TEMP TABLE noted ("row" int4, field text, code text, outcome text, detail jsonb) ON COMMIT DROP'
    )
    columns = {"row": "int4", "field": "text", "code": "text", "outcome": "text", "detail": "jsonb"}
    copy_columns(connection, "noted", columns, values)
    driver.execute(
        'INSERT INTO import_finding (import_run_id, "row", field, code, outcome, detail) '
        'SELECT %s, "row", field, code, outcome, detail FROM noted',
        (run_id,),
    )
