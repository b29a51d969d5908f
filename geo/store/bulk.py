"""Loading millions of rows: what is checked row by row against other rows is taken down and put up again in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from geo.i18n import N_
from geo.store.session import Actor, connect, name_actor, owner_engine

CONSTRAINTS = """
SELECT quote_ident(c.conname) AS name, c.contype AS kind, pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint c
WHERE c.conrelid = CAST(:name AS regclass) AND c.contype IN ('f', 'u')
AND NOT EXISTS (SELECT FROM pg_constraint r WHERE r.contype = 'f' AND r.conindid = c.conindid AND c.contype = 'u')
ORDER BY c.contype = 'u' DESC, c.conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
WHERE i.indrelid = CAST(:name AS regclass)
AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY 1
"""
WORTH_ROWS = 100_000
MEMORY = ("SET LOCAL maintenance_work_mem = '512MB'", "SET LOCAL work_mem = '128MB'")
Tell = Callable[..., None]


def is_worth_it(connection: Connection, table: str, rows: int) -> bool:
    """Tell whether so many new rows load faster without indexes: more than are there, and the role owns the table."""
    if rows < WORTH_ROWS or not owns(connection, table):
        return False
    held: int = connection.execute(
        text("SELECT greatest(reltuples, 0)::int8 FROM pg_class WHERE oid = CAST(:name AS regclass)"), {"name": table}
    ).scalar_one()
    return held <= rows


def owns(connection: Connection, table: str) -> bool:
    """Tell whether the connection's role owns a table."""
    return bool(
        connection.scalar(
            text("SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE oid = CAST(:name AS regclass)"),
            {"name": table},
        )
    )


@contextmanager
def without_indexes(connection: Connection, table: str, tell: Tell | None = None) -> Iterator[None]:
    """Take down the indexes and references of one table, and put them up again after the block.

    Everything happens in the connection's transaction: should the block fail, nothing was taken down. Readers of the
    table wait until it ends. Checks of single rows stay in force; putting the keys up again proves them for all rows.
    """
    for setting in MEMORY:
        connection.exec_driver_sql(setting)
    constraints = connection.execute(text(CONSTRAINTS), {"name": table}).all()
    indexes = connection.execute(text(INDEXES), {"name": table}).all()
    for constraint in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint.name}")
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    steps = [index.definition for index in indexes]
    steps += [f"ALTER TABLE {table} ADD CONSTRAINT {c.name} {c.definition}" for c in constraints]
    for done, step in enumerate(steps):
        if tell is not None:
            tell(done / len(steps), N_("Building index {done} of {all}"), done=done + 1, all=len(steps))
        connection.exec_driver_sql(step)


@contextmanager
def loading(actor: Actor, bind: Engine | None = None) -> Iterator[Session]:
    """Open one transaction of the owner role for a bulk load in the actor's name; check what the actor may do first."""
    with connect(bind or owner_engine()) as connection, connection.begin():
        name_actor(connection, actor)
        with Session(bind=connection, expire_on_commit=False) as session:
            yield session
            session.flush()
