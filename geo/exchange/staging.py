"""Rows on their way in: copied to a temporary table, matched by key, then added or changed in sets."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from psycopg import sql
from sqlalchemy import Connection

from geo.exchange.targets import Target
from geo.store.copy import copy_columns
from geo.store.session import sync_driver

SAME_PLACE_DEG = 2e-8
"""Outlines nearer than this (about 2 mm) are the same: files round their coordinates."""
SAME_MEASURE = 0.005
"""Measured metres and square metres nearer than this are the same."""

BLANKS = " \t\r\n\u3000"
"""What a text may begin or end with and still be the same: files are read without them."""

Composable = sql.Composable
Rows = tuple[Mapping[str, npt.NDArray[Any]], Mapping[str, int | None]]
"""Staged columns, and the ids of the placeholders the rows wait in."""


@dataclass(frozen=True)
class Outcome:
    """How many rows were added and changed, and how many were there already just so."""

    new: int
    changed: int
    unchanged: int


def stage(connection: Connection, target: Target, values: Mapping[str, npt.NDArray[Any]]) -> None:
    """Copy the rows to the temporary table `incoming` and find those the registry knows by key (table `known`).

    values holds `row` (a number per record), `file_row`, and of the target's other staged columns those the file has.
    """
    driver = sync_driver(connection)
    for table in ("incoming", "known", "placed"):
        driver.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(sql.Identifier(table)))
    driver.execute(
        sql.SQL("CREATE TEMP TABLE incoming ({}) ON COMMIT DROP").format(
            _listed(sql.SQL("{} {}").format(sql.Identifier(name), _type(kind)) for name, kind in target.staged.items())
        )
    )
    copy_columns(connection, "incoming", {name: kind for name, kind in target.staged.items() if name in values}, values)
    driver.execute("ANALYZE incoming")
    driver.execute(
        sql.SQL(
            "CREATE TEMP TABLE known ON COMMIT DROP AS SELECT s.row, t.id FROM incoming s JOIN {} t USING ({})"
        ).format(sql.Identifier(target.table), _names(target.key))
    )
    driver.execute(
        "CREATE TEMP TABLE placed (row int8 PRIMARY KEY, parent_id int8, compound_id int8, building_id int8, "
        "unit_id int8, community_id int8, how text) ON COMMIT DROP"
    )
    driver.execute("ANALYZE known")


def add_new(
    connection: Connection, target: Target, run_id: int, source: str, fallback: Mapping[str, int | None]
) -> int:
    """Insert the staged rows that are not known and return how many.

    fallback names the parents of rows that are not placed (ids of the placeholders); a missing flag or kind takes the
    default of its column.
    """
    driver = sync_driver(connection)
    defaults = _defaults(connection, target)
    names = [*target.written, *target.parents, "source", "import_id"]
    values: list[Composable] = [
        sql.SQL("coalesce({}, {})").format(_incoming(name, kind), sql.SQL(defaults[name]))
        if name in defaults
        else _incoming(name, kind)
        for name, kind in target.written.items()
    ]
    values += [
        sql.SQL("coalesce(p.{}, {})").format(sql.Identifier(name), sql.Literal(fallback.get(name)))
        for name in target.parents
    ]
    values += [sql.Literal(source), sql.Literal(run_id)]
    return driver.execute(
        sql.SQL(
            "INSERT INTO {} ({}) SELECT {} FROM incoming s LEFT JOIN known k USING (row) "
            "LEFT JOIN placed p USING (row) WHERE k.id IS NULL"
        ).format(sql.Identifier(target.table), _names(names), _listed(values))
    ).rowcount


def goes_straight(connection: Connection, target: Target, given: Collection[str]) -> bool:
    """Tell whether rows may be copied into the table itself: it is empty, and no row names a parent."""
    if not target.fallback or any(name in given for name in target.references) or _defaults(connection, target):
        return False
    empty = sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.Identifier(target.table))
    row = sync_driver(connection).execute(empty).fetchone()
    return bool(row and row[0])


def add_straight(connection: Connection, target: Target, run_id: int, source: str, rows: Rows) -> int:
    """Copy new rows into the table itself (its owner may; row security forbids it to others) and return how many."""
    values, fallback = rows
    count = len(values["row"])
    same: dict[str, tuple[str, Any]] = {name: ("int8", fallback[name]) for name in target.parents}
    same |= {"source": ("text", source), "import_id": ("int8", run_id)}
    columns = {name: kind for name, kind in target.written.items() if name in values}
    columns |= {name: kind for name, (kind, _value) in same.items()}
    constants = {
        name: np.full(count, value, dtype=object if kind == "text" else np.int64)
        for name, (kind, value) in same.items()
    }
    return copy_columns(connection, target.table, columns, {**values, **constants})


def change_known(connection: Connection, target: Target, run_id: int, given: Iterable[str]) -> int:
    """Write what differs into the known rows, keeping each one's former values in import_change; return how many.

    given names the columns the file has: others are left alone, and an empty cell never erases a known value.
    """
    columns = {name: kind for name, kind in target.written.items() if name in set(given) and name not in target.key}
    compared = [_compared(name, kind) for name, kind in columns.items() if name not in target.derived]
    compared += [_compared_derived(name) for name in target.derived if "geom" in columns]
    compared += [_compared_parent(name) for name in target.parents]
    driver = sync_driver(connection)
    driver.execute("DROP TABLE IF EXISTS pg_temp.differing")
    driver.execute(
        sql.SQL(
            "CREATE TEMP TABLE differing ON COMMIT DROP AS SELECT * FROM (SELECT k.row, k.id, {} AS before "
            "FROM known k JOIN incoming s USING (row) JOIN {} t ON t.id = k.id LEFT JOIN placed p USING (row)) found "
            "WHERE before <> '{{}}'"
        ).format(sql.SQL(" || ").join([sql.SQL("'{{}}'::jsonb").format(), *compared]), sql.Identifier(target.table))
    )
    _keep_before(connection, target, run_id)
    sets = [_taken(name, _incoming(name, kind)) for name, kind in columns.items()]
    sets += [_taken(name, sql.SQL("p.{}").format(sql.Identifier(name))) for name in target.parents]
    return driver.execute(
        sql.SQL(
            "UPDATE {} t SET {} FROM differing d JOIN incoming s USING (row) "
            "LEFT JOIN placed p USING (row) WHERE t.id = d.id"
        ).format(sql.Identifier(target.table), _listed([*sets, *_version(target)]))
    ).rowcount


def _keep_before(connection: Connection, target: Target, run_id: int) -> None:
    version = sql.SQL("|| jsonb_build_object('version', t.version)") if target.versioned else sql.SQL("")
    sync_driver(connection).execute(
        sql.SQL(
            "INSERT INTO import_change (import_run_id, entity, entity_id, before) "
            "SELECT {run}, {entity}, d.id, d.before {version} FROM differing d JOIN {table} t ON t.id = d.id"
        ).format(
            run=sql.Literal(run_id),
            entity=sql.Literal(target.table),
            version=version,
            table=sql.Identifier(target.table),
        )
    )


def _compared(name: str, kind: str) -> Composable:
    column, value = sql.Identifier(name), _incoming(name, kind)
    if kind == "geometry":
        differs = _moved(column, value)
    elif kind == "float8":
        differs = sql.SQL("(t.{c} IS NULL OR abs(t.{c} - {v}) > {d})").format(
            c=column, v=value, d=sql.Literal(SAME_MEASURE)
        )
    elif kind == "text":
        differs = sql.SQL("btrim(t.{c}, {blanks}) IS DISTINCT FROM {v}").format(
            c=column, v=value, blanks=sql.Literal(BLANKS)
        )
    else:
        differs = sql.SQL("t.{c} IS DISTINCT FROM {v}").format(c=column, v=value)
    kept = sql.SQL("t.{}::text").format(column) if kind == "geometry" else sql.SQL("t.{}").format(column)
    return sql.SQL(
        "CASE WHEN {v} IS NOT NULL AND {differs} THEN jsonb_build_object({n}::text, {kept}) ELSE '{{}}' END"
    ).format(v=value, differs=differs, n=sql.Literal(name), kept=kept)


def _compared_derived(name: str) -> Composable:
    """A column that follows from the outline differs where the outline does."""
    return sql.SQL("CASE WHEN {moved} THEN jsonb_build_object({n}::text, t.{c}) ELSE '{{}}' END").format(
        moved=_moved(sql.Identifier("geom"), sql.SQL("s.geom")), c=sql.Identifier(name), n=sql.Literal(name)
    )


def _moved(column: Composable, value: Composable) -> Composable:
    return sql.SQL("(t.{c} IS NULL OR NOT (t.{c} = {v}) AND ST_HausdorffDistance(t.{c}, {v}) > {d})").format(
        c=column, v=value, d=sql.Literal(SAME_PLACE_DEG)
    )


def _compared_parent(name: str) -> Composable:
    return sql.SQL(
        "CASE WHEN p.row IS NOT NULL AND p.{c} IS NOT NULL AND t.{c} IS DISTINCT FROM p.{c} "
        "THEN jsonb_build_object({n}::text, t.{c}) ELSE '{{}}' END"
    ).format(c=sql.Identifier(name), n=sql.Literal(name))


def _taken(name: str, value: Composable) -> Composable:
    return sql.SQL("{c} = CASE WHEN d.before ? {n} THEN {v} ELSE t.{c} END").format(
        c=sql.Identifier(name), n=sql.Literal(name), v=value
    )


def _version(target: Target) -> list[Composable]:
    return [sql.SQL("version = t.version + 1"), sql.SQL("changed_at = now()")] if target.versioned else []


def _defaults(connection: Connection, target: Target) -> dict[str, str]:
    rows = (
        sync_driver(connection)
        .execute(
            "SELECT column_name, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = %s AND column_default IS NOT NULL",
            (target.table,),
        )
        .fetchall()
    )
    return {name: default for name, default in rows if name in target.written}


def _incoming(name: str, kind: str) -> Composable:
    plain = sql.SQL("s.{}").format(sql.Identifier(name))
    return sql.SQL("{}::numeric").format(plain) if kind == "numeric" else plain


def _type(kind: str) -> Composable:
    return sql.SQL("geometry(Geometry, 4326)") if kind == "geometry" else sql.SQL(kind)


def _names(names: Iterable[str]) -> Composable:
    return _listed(map(sql.Identifier, names))


def _listed(parts: Iterable[Composable]) -> Composable:
    return sql.SQL(", ").join(parts)
