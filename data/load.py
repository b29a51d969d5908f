"""Write the demo city into the database: binary COPY in one transaction, beside row security as the tables' owner."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
from sqlalchemy import Connection, MetaData, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from data import accounts, circles, city, needs, requests, scenarios, visits, volunteers
from data.contacts import Contacts
from data.frames import CHUNK_ROWS, Frame
from data.plan import SIZES
from geo.errors import BadInput, Conflict, NotAllowed
from geo.i18n import N_
from geo.store import audit, bulk, versions
from geo.store.copy import copy_columns
from geo.store.metadata import all_tables
from geo.store.session import Actor, connect, name_actor, owner_engine

TABLES = (
    "city", "area", "ground", "compound", "gate", "building", "residents", "unit", "household", "walk_edge", "person",
    "post", "holding", "organisation", "station", "candidate_site",
)  # fmt: skip
IS_ADMINISTRATOR = "SELECT EXISTS (SELECT FROM user_role WHERE user_name = :name AND role = 'administrator')"
NO_SOURCE = {"city", "residents", "ground", "holding"}
MOST_BUILDINGS = 2_000_000
MANY_BUILDINGS = 30_000
LOCK = 379_900_001
WRITING, KEYS = 0.6, 0.4
KINDS = {
    "bigint": "int8", "integer": "int4", "smallint": "int2", "text": "text", "boolean": "bool", "float": "float8",
    "double precision": "float8", "date": "date", "numeric": "numeric",
}  # fmt: skip
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

Progress = Callable[..., None]


def load_demo(  # noqa: PLR0913
    actor: Actor, size: str, seed: int, buildings: int | None = None, progress: Progress | None = None, *,
    replace: bool = False, today: np.datetime64 | None = None,
) -> dict[str, int]:  # fmt: skip
    """Make a demo city and store it; return the number of rows per table.

    size: small, city or metro; buildings overrules it; progress is called with a share (0 to 1), a msgid and its
    values; replace clears a demo city that is there already, never a real one; today: see data.city.make.
    Raises NotAllowed for an actor that is not city-wide, Conflict when there is a city, BadInput for a wrong size.
    """
    _check(size, seed, buildings)
    tell = progress or (lambda *_, **__: None)
    with connect(owner_engine()) as connection, connection.begin():
        name_actor(connection, actor)
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        _make_room(connection, actor, replace=replace)
        frames = city.make(size, seed, buildings, today=today)
        if (buildings or SIZES[size]) >= MANY_BUILDINGS:
            with _without_indexes(connection, tell):
                counts = _write(connection, frames, tell, share=WRITING)
        else:
            counts = _write(connection, frames, tell, share=0.9)
        needs.write(connection, seed, today)
        accounts.write(connection, actor)
        visits.write(connection, seed, today)
        for table, added in volunteers.write(connection, seed, today).items():
            counts[table] += added
        circles.write(connection, seed, today)
        requests.write(connection, seed, today)
        _finish(connection, size, seed, counts)
        scenarios.write(connection, counts["building"])
        connection.execute(text("DELETE FROM publication"))
        connection.execute(text("SELECT publish_counts()"))
        tell(1.0, N_("The demo city is ready: {count} buildings."), count=counts["building"])
    return counts


def _check(size: str, seed: int, buildings: int | None) -> None:
    if size not in SIZES:
        raise BadInput(
            N_("There is no demo city of size {size}. Choose one of {sizes}."), size=size, sizes=", ".join(SIZES)
        )
    if not 0 <= seed < 2**31:
        raise BadInput(N_("The seed {seed} is out of range. Choose a whole number from 0 to 2147483647."), seed=seed)
    if buildings is not None and not 100 <= buildings <= MOST_BUILDINGS:
        raise BadInput(
            N_("A demo city of {count} buildings cannot be made. Choose between {least} and {most}."),
            count=buildings, least=100, most=MOST_BUILDINGS,
        )  # fmt: skip


def _make_room(connection: Connection, actor: Actor, *, replace: bool) -> None:
    if not connection.scalar(text(IS_ADMINISTRATOR), {"name": actor.name}):
        raise NotAllowed(
            N_("{actor} may not load a demo city: that takes rights for the whole city."), actor=actor.name
        )
    there = connection.execute(text("SELECT name, demo_seed FROM city")).one_or_none()
    filled = " OR ".join(f"EXISTS (SELECT FROM {table})" for table in TABLES)
    if there is None and connection.scalar(text(f"SELECT {filled}")):
        raise Conflict(N_("This database holds places already. Load the demo into an empty database."))
    if there is not None and there.demo_seed is None:
        raise Conflict(
            N_("This database holds {city}, which is no demo city. Load the demo into an empty database."),
            city=there.name,
        )
    if there is not None and not replace:
        raise Conflict(N_("The demo city {city} is loaded already. Say --replace to clear it first."), city=there.name)
    if there is not None:
        connection.execute(text(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE"))
        connection.execute(text("UPDATE import_run SET status = 'undone' WHERE status = 'accepted'"))


@contextmanager
def _without_indexes(connection: Connection, tell: Progress) -> Iterator[None]:
    """Empty all tables and take down their indexes for the block; emptied in the same transaction they need no log."""
    connection.execute(text(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE"))
    with ExitStack() as stack:
        for place, table in enumerate(TABLES):
            done = (len(TABLES) - 1 - place) / len(TABLES)
            stack.enter_context(bulk.without_indexes(connection, table, _later(tell, WRITING + KEYS * done)))
        yield


def _later(tell: Progress, done: float) -> Progress:
    def tell_share(share: float, message: str, **values: object) -> None:
        tell(done + KEYS * share / len(TABLES), message, **values)

    return tell_share


def _write(connection: Connection, frames: Iterator[Frame], tell: Progress, *, share: float) -> dict[str, int]:
    tables = all_tables()
    counts = dict.fromkeys(TABLES, 0)
    done = 0.0
    numbers = Contacts()
    for made in frames:
        frame = numbers.taken_from(made)
        done = max(done, share * TABLES.index(frame.table) / len(TABLES))
        types = kinds(tables, frame)
        for part in stretches(frame):
            tell(done, N_("Writing the demo city: {count} rows so far"), count=sum(counts.values()), table=frame.table)
            counts[frame.table] += copy_columns(connection, frame.table, types, part)
    numbers.write(connection)
    return counts


def kinds(tables: MetaData, frame: Frame) -> dict[str, str]:
    """Return the COPY type of each column of a frame, and of the source where the table has one."""
    table: Table = tables.tables[frame.table]
    found = {name: _kind(table.columns[name].type) for name in frame.columns}
    return found | ({} if frame.table in NO_SOURCE else {"source": "text"})


def _kind(column_type: Any) -> str:
    written = column_type.compile(dialect=DIALECT).lower()
    return "geometry" if written.startswith("geometry") else KINDS[written]


def stretches(frame: Frame) -> Iterator[dict[str, np.ndarray]]:
    """Yield the columns of a frame a stretch of rows at a time, geometry as shapes."""
    size = len(frame)
    for start in range(0, size, CHUNK_ROWS):
        stop = min(start + CHUNK_ROWS, size)
        part = {
            name: column[start:stop] if isinstance(column, np.ndarray) else column.shapes(start, stop)
            for name, column in frame.columns.items()
        }
        yield part | {"source": np.full(stop - start, b"demo")}


def _finish(connection: Connection, size: str, seed: int, counts: dict[str, int]) -> None:
    for table in TABLES:
        if counts[table] and table not in {"city", "residents"}:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), :last)"), {"last": counts[table]}
            )
    connection.execute(text(f"ANALYZE {', '.join(TABLES)}"))
    for topic in versions.TOPICS:
        versions.bump(connection, topic)
    with Session(bind=connection) as session:
        audit.record(session, "load demo", "city", 1, audit.Change(after={"size": size, "seed": seed, **counts}))
