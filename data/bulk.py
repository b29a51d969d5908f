"""Loading millions of rows: keys, references and indexes are taken down first and put up again in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from geo.i18n import N_

CONSTRAINTS = """
SELECT c.conrelid::regclass::text AS table_name, quote_ident(c.conname) AS name, c.contype AS kind,
       pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint c
WHERE c.contype IN ('f', 'p', 'u', 'x') AND (c.conrelid = ANY (CAST(:tables AS regclass[]))
      OR c.contype = 'f' AND c.confrelid = ANY (CAST(:tables AS regclass[])))
ORDER BY c.contype = 'f' DESC, c.conrelid::regclass::text, c.conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid = ANY (CAST(:tables AS regclass[]))
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY 1
"""
FOR_THIS_LOAD = ("SET LOCAL maintenance_work_mem = '640MB'", "SET LOCAL work_mem = '256MB'")


@contextmanager
def without_keys(connection: Connection, tables: tuple[str, ...], tell: Callable[..., None]) -> Iterator[None]:
    """Empty the tables, take down their keys, references and indexes, and put them up again after the block.

    A table emptied in the same transaction is filled without a write-ahead log where the server allows it.

    Everything happens in the connection's transaction: should the block fail, nothing was taken down. Checks of single
    rows stay in force, and putting the keys up again proves them for all rows.
    """
    for statement in FOR_THIS_LOAD:
        connection.execute(text(statement))
    connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
    names = {"tables": list(tables)}
    constraints = connection.execute(text(CONSTRAINTS), names).all()
    indexes = connection.execute(text(INDEXES), names).all()
    for constraint in constraints:
        connection.execute(text(f"ALTER TABLE {constraint.table_name} DROP CONSTRAINT {constraint.name}"))
    for index in indexes:
        connection.execute(text(f"DROP INDEX {index.name}"))
    yield
    steps = [f"ALTER TABLE {c.table_name} ADD CONSTRAINT {c.name} {c.definition}" for c in constraints if c.kind != "f"]
    steps += [index.definition for index in indexes]
    steps += [
        f"ALTER TABLE {c.table_name} ADD CONSTRAINT {c.name} {c.definition}" for c in constraints if c.kind == "f"
    ]
    for done, step in enumerate(steps):
        tell(
            0.6 + 0.4 * done / len(steps),
            N_("Preparing the search: step {done} of {steps}"),
            done=done + 1,
            steps=len(steps),
        )
        connection.exec_driver_sql(step)
