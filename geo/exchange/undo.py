"""Taking an import back: what it added goes, what it changed gets its former values, what it moved goes home."""

from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.errors import Conflict
from geo.exchange.failures import in_words
from geo.exchange.founding import remove_traces
from geo.exchange.load import take_run
from geo.exchange.people_back import take_people_back
from geo.exchange.placing import follow_places
from geo.exchange.targets import BY_TABLE
from geo.i18n import N_
from geo.places import records
from geo.places.records import Image
from geo.store import audit, versions
from geo.store.session import sync_driver

NAMED = 3
RESTORED = {
    **{
        table: {**target.written, **dict.fromkeys(target.parents, "int8"), "placeholder": "bool"}
        if table in {"area", "compound"}
        else {**target.written, **dict.fromkeys(target.parents, "int8")}
        for table, target in BY_TABLE.items()
    },
    "holding": {"to_on": "date", "how": "text", "end_reason": "text"},
}
"""The columns of each table an import can change, with their types."""
ADDED = (
    "request",
    "post",
    "person",
    "household",
    "unit",
    "gate",
    "organisation",
    "building",
    "station",
    "candidate_site",
    "walk_edge",
    "compound",
    "area",
)
"""Tables in which an import adds rows, children before parents."""
CHILDREN: tuple[tuple[str, str, str], ...] = (
    ("area", "area", "parent_id"),
    ("area", "area", "community_id"),
    ("area", "compound", "community_id"),
    ("area", "building", "community_id"),
    ("area", "station", "community_id"),
    ("area", "candidate_site", "community_id"),
    ("area", "organisation", "community_id"),
    ("area", "post", "grid_id"),
    ("area", "person", "community_id"),
    ("compound", "building", "compound_id"),
    ("compound", "gate", "compound_id"),
    ("compound", "station", "compound_id"),
    ("compound", "candidate_site", "compound_id"),
    ("compound", "organisation", "compound_id"),
    ("building", "unit", "building_id"),
    ("building", "post", "building_id"),
    ("unit", "household", "unit_id"),
    ("unit", "post", "unit_id"),
    ("station", "post", "station_id"),
    ("organisation", "post", "organisation_id"),
    ("post", "holding", "post_id"),
    ("person", "holding", "person_id"),
    ("person", "volunteer", "person_id"),
    ("building", "volunteer", "building_id"),
    ("unit", "volunteer", "unit_id"),
    ("organisation", "volunteer", "team_id"),
    ("building", "care_need", "building_id"),
    ("unit", "care_need", "unit_id"),
    ("household", "care_need", "household_id"),
    ("area", "request", "community_id"),
    ("building", "request", "building_id"),
    ("unit", "request", "unit_id"),
    ("request", "request", "duplicate_of"),
)
"""Which table points at which by which column: parent, child, column."""
LABELS = {
    "post": "kind",
    "holding": "from_on::text",
    "person": "name",
    "volunteer": "id::text",
    "care_need": "number",
    "request": "number",
}
"""What a record without a code is called in a message."""
WORKED_ON = text(
    "SELECT r.number FROM request r JOIN import_run i ON i.id = r.import_id WHERE r.import_id = :run AND ("
    "r.version > 1 OR EXISTS (SELECT FROM request_event e WHERE e.request_id = r.id AND e.recorded_at > i.decided_at) "
    "OR EXISTS (SELECT FROM call_back c WHERE c.request_id = r.id AND c.called_at > i.decided_at)) "
    "ORDER BY 1 LIMIT :most"
)
"""Requests of an import that somebody has worked on since: their history would be lost."""
BROUGHT_ON = text(
    "SELECT r.number FROM import_change c JOIN request r ON r.id = c.entity_id "
    "WHERE c.import_run_id = :run AND c.entity = 'request' ORDER BY 1 LIMIT :most"
)


@dataclass(frozen=True)
class Undone:
    """How many records an undo removed and how many got their former values back."""

    run_id: int
    removed: int
    restored: int


def undo_import(session: Session, run_id: int) -> Undone:
    """Take an accepted import back as a whole.

    Raises Conflict, naming them, when later records depend on what it added, or what it added or changed was changed
    since.
    """
    with in_words(f"import {run_id}"):
        run = take_run(session, run_id, "accepted")
        connection = session.connection()
        connection.execute(text("SELECT set_config('app.import_run', :run, true)"), {"run": str(run_id)})
        _refuse_changed_since(connection, run_id)
        _refuse_corrected(connection, run_id)
        _refuse_changes(run_id, list(connection.scalars(WORKED_ON, {"run": run_id, "most": NAMED})))
        _refuse_brought_on(connection, run_id)
        removed = _remove(connection, run_id, "holding") + take_people_back(session, run_id)
        restored = sum(_restore(connection, run_id, table) for table in RESTORED)
        if restored:
            follow_places(connection)
        _refuse_dependents(connection, run_id)
        removed += sum(_remove(connection, run_id, table) for table in ADDED)
        remove_traces(connection)
        run.status, run.decided_at = "undone", datetime.now(UTC)
        session.flush()
        for topic in versions.TOPICS:
            versions.bump(session, topic)
        after = {"kind": run.kind, "file": run.file_name, "removed": removed, "restored": restored}
        audit.record(session, "undo_import", "import_run", run_id, audit.Change(after=after))
    return Undone(run_id, removed, restored)


def _refuse_changed_since(connection: Connection, run_id: int) -> None:
    names: list[str] = []
    for table in RESTORED:
        if table == "walk_edge":
            continue
        label = "code" if table != "holding" else "id::text"
        rows = (
            sync_driver(connection)
            .execute(
                sql.SQL(
                    "SELECT t.{label} FROM (SELECT entity_id, max((before->>'version')::int) AS version "
                    "FROM import_change WHERE import_run_id = {run} AND entity = {entity} GROUP BY entity_id) c "
                    "JOIN {table} t ON t.id = c.entity_id WHERE t.version > c.version + 1 ORDER BY 1 LIMIT {most}"
                ).format(
                    label=sql.SQL(label),
                    run=sql.Literal(run_id),
                    entity=sql.Literal(table),
                    table=sql.Identifier(table),
                    most=sql.Literal(NAMED),
                )
            )
            .fetchall()
        )
        names += [str(name) for (name,) in rows]
    _refuse_changes(run_id, names)


def _refuse_changes(run_id: int, names: list[str]) -> None:
    if names:
        raise Conflict(
            N_("Import {run} cannot be undone: {names} were changed since. Undo those changes first."),
            run=run_id,
            names=", ".join(names[:NAMED]),
        )


def _refuse_brought_on(connection: Connection, run_id: int) -> None:
    """Refuse when the import moved requests on: their events are never taken back."""
    names = list(connection.scalars(BROUGHT_ON, {"run": run_id, "most": NAMED}))
    if names:
        raise Conflict(
            N_(
                "Import {run} cannot be undone: it brought requests up to date ({names}), and their history is kept. "
                "Correct them one by one."
            ),
            run=run_id,
            names=", ".join(names),
        )


def _refuse_corrected(connection: Connection, run_id: int) -> None:
    """Refuse when what the import added was corrected by hand or by a later import and is not put back yet."""
    names: list[str] = []
    for table in ("holding", *ADDED):
        if table == "walk_edge":
            continue
        corrected = _corrected_by_hand(connection, run_id, table) | _corrected_by_import(connection, run_id, table)
        names += _names(connection, table, sorted(corrected)[:NAMED])
    _refuse_changes(run_id, names)


def _corrected_by_hand(connection: Connection, run_id: int, table: str) -> set[int]:
    """Return the added records whose fields differ from what the first later entry of the audit trail found."""
    rows = connection.execute(
        text(
            f"SELECT t.id, e.before->:name->k.key, k.value FROM audit_entry e, "  # noqa: S608
            f"jsonb_each(e.after->:name) k JOIN {table} t ON t.id = k.key::int8 "
            "WHERE t.import_id = :run AND e.entity <> 'import_run' AND jsonb_typeof(e.after->:name) = 'object' "
            "ORDER BY e.id"
        ),
        {"name": table, "run": run_id},
    )
    first: dict[int, Image] = {}
    last: dict[int, Image] = {}
    for record_id, before, after in rows:
        first[record_id] = {**(before or {}), **first.get(record_id, {})}
        last[record_id] = {**last.get(record_id, {}), **(after or {})}
    return {key for key, image in last.items() if records.differing(first[key], image)}


def _corrected_by_import(connection: Connection, run_id: int, table: str) -> set[int]:
    """Return the added records a later import changed, save those it only put into their place."""
    moved = [*(BY_TABLE[table].parents if table in BY_TABLE else ()), "version", "placeholder"]
    found = connection.scalars(
        text(
            f"SELECT t.id FROM {table} t JOIN import_change c ON c.entity = :name AND c.entity_id = t.id "  # noqa: S608
            "JOIN import_run r ON r.id = c.import_run_id AND r.status = 'accepted' "
            "WHERE t.import_id = :run AND r.id <> :run AND c.before - CAST(:moved AS text[]) <> '{}'"
        ),
        {"name": table, "run": run_id, "moved": moved},
    )
    return set(found)


def _names(connection: Connection, table: str, ids: list[int]) -> list[str]:
    label = {
        "post": "t.kind",
        "person": "t.name",
        "request": "t.number",
        "holding": "(SELECT n.name FROM person n WHERE n.id = t.person_id)",
    }.get(table, "t.code")
    found = connection.scalars(
        text(f"SELECT {label} FROM {table} t WHERE t.id = ANY(:ids) ORDER BY t.id"),  # noqa: S608
        {"ids": ids},
    )
    return [str(name) for name in found]


def _restore(connection: Connection, run_id: int, table: str) -> int:
    """Write the oldest value this import kept of each column back."""
    columns = RESTORED[table]
    sets: list[sql.Composable] = [
        sql.SQL("{c} = CASE WHEN o.before ? {n} THEN (o.before->>{n})::{t} ELSE t.{c} END").format(
            c=sql.Identifier(name), n=sql.Literal(name), t=sql.SQL(kind)
        )
        for name, kind in columns.items()
    ]
    if table != "walk_edge":
        sets += [sql.SQL("version = t.version + 1"), sql.SQL("changed_at = now()")]
    return (
        sync_driver(connection)
        .execute(
            sql.SQL(
                "UPDATE {table} t SET {sets} FROM (SELECT entity_id, jsonb_object_agg(key, value) AS before FROM ("
                "SELECT DISTINCT ON (c.entity_id, e.key) c.entity_id, e.key, e.value "
                "FROM import_change c, jsonb_each(c.before) e "
                "WHERE c.import_run_id = {run} AND c.entity = {entity} ORDER BY c.entity_id, e.key, c.id) v "
                "GROUP BY entity_id) o WHERE t.id = o.entity_id"
            ).format(
                table=sql.Identifier(table),
                sets=sql.SQL(", ").join(sets),
                run=sql.Literal(run_id),
                entity=sql.Literal(table),
            )
        )
        .rowcount
    )


def _refuse_dependents(connection: Connection, run_id: int) -> None:
    names: list[str] = []
    for parent, child, column in CHILDREN:
        own = sql.SQL("c.import_id IS DISTINCT FROM {}").format(sql.Literal(run_id))
        spare = sql.SQL("AND NOT c.placeholder") if child in {"area", "compound"} else sql.SQL("")
        label = LABELS.get(child, "code")
        rows = (
            sync_driver(connection)
            .execute(
                sql.SQL(
                    "SELECT c.{label} FROM {child} c JOIN {parent} p ON p.id = c.{column} "
                    "WHERE p.import_id = {run} AND {own} {spare} ORDER BY 1 LIMIT {most}"
                ).format(
                    label=sql.SQL(label),
                    child=sql.Identifier(child),
                    parent=sql.Identifier(parent),
                    column=sql.Identifier(column),
                    run=sql.Literal(run_id),
                    own=own,
                    spare=spare,
                    most=sql.Literal(NAMED),
                )
            )
            .fetchall()
        )
        names += [f"{child} {name}" for (name,) in rows]
    if names:
        raise Conflict(
            N_("Import {run} cannot be undone: {names} depend on what it added. Undo or move those first."),
            run=run_id,
            names=", ".join(names[:NAMED]),
        )


def _remove(connection: Connection, run_id: int, table: str) -> int:
    if table in {"area", "compound"}:
        remove_traces(connection)
    return (
        sync_driver(connection)
        .execute(sql.SQL("DELETE FROM {} WHERE import_id = %s").format(sql.Identifier(table)), (run_id,))
        .rowcount
    )
