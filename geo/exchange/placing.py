"""Which parent a staged row gets, which waiting places a new parent takes in, what lies outside its parent."""

from collections.abc import Collection, Iterable

import numpy as np
from psycopg import sql
from sqlalchemy import Connection, text

from geo.exchange.findings import Findings
from geo.exchange.founding import placeholders
from geo.exchange.targets import Target
from geo.places.rules import INSIDE_SHARE
from geo.store.session import sync_driver
from geo.store.statements import statement

ANY_PARENT = (
    "SELECT EXISTS (SELECT FROM area WHERE level = 'community' AND NOT placeholder) "
    "OR EXISTS (SELECT FROM compound WHERE NOT placeholder)"
)
POINTS = ("stations", "candidates")
PARENT_OF = {
    "compounds": "area",
    "buildings": "compound",
    "units": "building",
    "households": "unit",
    "stations": "compound",
    "candidates": "compound",
}
NATURAL = {"units": ("building_id", "number"), "households": ("unit_id", "room")}
REFERENCED = {
    "community_code": ("area", "code"),
    "compound_code": ("compound", "code"),
    "building_code": ("building", "code"),
    "unit_code": ("unit", "code"),
    "parent_code": ("area", "code"),
}


def place(connection: Connection, target: Target, given: Collection[str], findings: Findings) -> None:
    """Fill the temporary table `placed` with the parents of the staged rows; areas find theirs after they are in.

    Order: the reference the row gives, the parent it has already, its name or address, its geometry. Rows of a kind
    without placeholder that find none are taken out of `incoming` with a finding. given: the columns the file has.
    """
    _note_unknown_references(connection, [name for name in target.references if name in given], findings)
    if target.kind == "areas":
        _place_areas(connection, findings)
    if target.kind in ("areas", "roads") or (target.fallback and not any_parent(connection)):
        return
    name = "place_points" if target.kind in POINTS else f"place_{target.kind}"
    _run(connection, statement("exchange", name).replace("{table}", target.table))
    if target.kind in NATURAL:
        _run(connection, statement("exchange", f"add_natural_{target.kind}"))
    if not target.fallback:
        _take_out_orphans(connection, target, findings)
    if target.kind in NATURAL:
        _take_out_doubles(connection, target, findings)


def any_parent(connection: Connection) -> bool:
    """Tell whether there is a community or compound that is no placeholder."""
    return bool(connection.scalar(text(ANY_PARENT)))


def move_waiting(connection: Connection, target: Target, run_id: int) -> int:
    """Let places that wait in placeholders move to the areas or compounds just imported; return how many moved."""
    if target.kind not in ("areas", "compounds"):
        return 0
    _run(
        connection, statement("exchange", "move_into_communities" if target.kind == "areas" else "move_into_compounds")
    )
    moved = connection.execute(
        text(
            "INSERT INTO import_change (import_run_id, entity, entity_id, before) "
            "SELECT :run, entity, id, before FROM moved"
        ),
        {"run": run_id},
    ).rowcount
    connection.execute(text("DROP TABLE moved"))
    if moved:
        follow_places(connection)
    return moved


def follow_places(connection: Connection) -> None:
    """Let posts and persons follow their places into another community."""
    _run(connection, statement("exchange", "posts_follow_places"))


def connect_areas(connection: Connection, run_id: int) -> None:
    """Give the areas of this import, and those that wait below the city, the area above them."""
    connection.execute(text("SELECT set_config('app.import_run', :run, true)"), {"run": str(run_id)})
    _run(connection, statement("exchange", "parents_of_areas"))


def note_outside(connection: Connection, target: Target, findings: Findings) -> None:
    """Note the staged rows that lie less than 90 % inside the parent they were given."""
    parent = PARENT_OF.get(target.kind)
    if parent is None or target.geometry is None or target.kind == "units":
        return
    column = "community_id" if parent == "area" else f"{parent}_id"
    share = "CASE WHEN ST_Area(s.geom) > 0 THEN ST_Area(ST_Intersection(s.geom, t.geom)) / ST_Area(s.geom) ELSE 0 END"
    rows = (
        sync_driver(connection)
        .execute(
            sql.SQL(
                "SELECT row, name, share FROM (SELECT s.file_row AS row, t.name, {share} AS share FROM incoming s "
                "JOIN placed p USING (row) JOIN {parent} t ON t.id = p.{column} "
                "WHERE t.geom IS NOT NULL AND NOT ST_CoveredBy(s.geom, t.geom)) outside "
                "WHERE share < {least} ORDER BY row"
            ).format(
                share=sql.SQL(share),
                parent=sql.Identifier(parent),
                column=sql.Identifier(column),
                least=sql.Literal(INSIDE_SHARE),
            )
        )
        .fetchall()
    )
    if rows:
        numbers, names, shares = zip(*rows, strict=True)
        percent = np.array([round(100 * part) for part in shares], dtype=np.int64)
        findings.add(
            "outside_parent", list(numbers), field="geom", parent=np.array(names, dtype=object), percent=percent
        )


def waiting(connection: Connection) -> int:
    """Return how many staged new rows found no parent and go to a placeholder."""
    count: int = connection.execute(
        text(
            "SELECT count(*) FROM incoming s LEFT JOIN placed p USING (row) LEFT JOIN known k USING (row) "
            "WHERE p.row IS NULL AND k.id IS NULL"
        )
    ).scalar_one()
    return count


def _note_unknown_references(connection: Connection, names: Iterable[str], findings: Findings) -> None:
    for name in names:
        if name not in REFERENCED:
            continue
        table, column = REFERENCED[name]
        in_file = (
            "AND NOT EXISTS (SELECT FROM incoming o WHERE o.code = s.parent_code)" if name == "parent_code" else ""
        )
        rows = (
            sync_driver(connection)
            .execute(
                sql.SQL(
                    "SELECT s.file_row, s.{name} FROM incoming s WHERE s.{name} IS NOT NULL "
                    "AND NOT EXISTS (SELECT FROM {table} t WHERE t.{column} = s.{name}) {in_file} ORDER BY s.file_row"
                ).format(
                    name=sql.Identifier(name),
                    table=sql.Identifier(table),
                    column=sql.Identifier(column),
                    in_file=sql.SQL(in_file),
                )
            )
            .fetchall()
        )
        if rows:
            numbers, values = zip(*rows, strict=True)
            findings.add("parent_unknown", list(numbers), field=name, value=np.array(values, dtype=object))


def _place_areas(connection: Connection, findings: Findings) -> None:
    """Refuse a second city; let new grids wait in the placeholder community until their own is found."""
    other = _deleted(connection, "s.level = 'city' AND NOT EXISTS (SELECT FROM known k WHERE k.row = s.row)")
    findings.add("second_city", other, field="code")
    grids = "FROM incoming s WHERE s.level = 'grid' AND NOT EXISTS (SELECT FROM known k WHERE k.row = s.row)"
    if connection.scalar(text(f"SELECT EXISTS (SELECT {grids})")):
        community_id, _compound_id = placeholders(connection)
        connection.execute(
            text(f"INSERT INTO placed (row, parent_id, community_id, how) SELECT s.row, :id, :id, 'waiting' {grids}"),
            {"id": community_id},
        )


def _take_out_orphans(connection: Connection, target: Target, findings: Findings) -> None:
    rows = _deleted(connection, "NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row)")
    findings.add("parent_missing", rows, field=target.parents[0].removesuffix("_id") + "_code")


def _take_out_doubles(connection: Connection, target: Target, findings: Findings) -> None:
    parent, number = NATURAL[target.kind]
    rows = _deleted(
        connection,
        "s.row IN (SELECT row FROM (SELECT o.row, "
        ""
        "row_number() OVER (PARTITION BY p.{parent}, o.{number} ORDER BY o.row) AS place "
        "FROM incoming o JOIN placed p USING (row)) numbered WHERE place > 1)",
        parent=sql.Identifier(parent),
        number=sql.Identifier(number),
    )
    findings.add("number_twice", rows, field=number)


def _deleted(connection: Connection, condition: str, **names: sql.Composable) -> list[int]:
    found = (
        sync_driver(connection)
        .execute(
            sql.SQL("DELETE FROM incoming s WHERE {} RETURNING s.row, s.file_row").format(
                sql.SQL(condition).format(**names)
            )
        )
        .fetchall()
    )
    sync_driver(connection).execute("DELETE FROM known WHERE row = ANY(%s)", ([row for row, _file_row in found],))
    return sorted(file_row for _row, file_row in found)


def _run(connection: Connection, script: str) -> None:
    sync_driver(connection).execute(script)
