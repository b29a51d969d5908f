"""Connections and transactions: every one names its actor, so that row security knows who asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import cast

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from geo.errors import StoreUnavailable
from geo.i18n import N_
from geo.store import cluster
from geo.store.clock import today

CONNECT_PATIENCE_S = 15.0
FIRST_PAUSE_S = 0.05
NAME_ACTOR = "SELECT set_config('app.user_name', :name, true), set_config('app.today', :day, true)"


@dataclass(frozen=True)
class Actor:
    """Who acts: the name row security looks up among the users and the roles they hold."""

    name: str


@cache
def engine_for(url: str) -> Engine:
    """Return the one pooled engine of a database address; its errors do not repeat the values of a statement."""
    return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, pool_recycle=1800, hide_parameters=True)


def engine() -> Engine:
    """Return the engine of the plain app role, which row security holds for."""
    return engine_for(cluster.addresses().app_url)


def owner_engine() -> Engine:
    """Return the engine of the role that owns the tables: migrations and bulk loads of the demo only."""
    return engine_for(cluster.addresses().owner_url)


def connect(bind: Engine) -> Connection:
    """Connect, trying again for up to 15 s while the server starts or recovers; then StoreUnavailable."""
    deadline = time.monotonic() + CONNECT_PATIENCE_S
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return bind.connect()
        except OperationalError as error:
            if time.monotonic() + pause_s > deadline:
                raise StoreUnavailable(
                    N_("The database does not answer ({reason}). Start it with `yizhan db start`, then try again."),
                    reason=str(error.orig).strip().splitlines()[0] if error.orig else "?",
                ) from error
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, 1.0)


def name_actor(connection: Connection, actor: Actor) -> None:
    """Tell row security who asks, and which day it is in the city, for the current transaction only."""
    connection.execute(text(NAME_ACTOR), {"name": actor.name, "day": today().isoformat()})


@contextmanager
def reading(actor: Actor) -> Iterator[Connection]:
    """Open a read-only transaction of the app role for the actor."""
    with connect(engine()) as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        name_actor(connection, actor)
        yield connection


@contextmanager
def writing(actor: Actor) -> Iterator[Session]:
    """Open one transaction of the app role for the actor: committed at the end, rolled back on any error."""
    with connect(engine()) as connection, connection.begin():
        name_actor(connection, actor)
        with Session(bind=connection, expire_on_commit=False) as session:
            yield session
            session.flush()


def sync_driver(connection: Connection) -> psycopg.Connection:
    """Return the psycopg connection underneath, inside the same transaction, for COPY."""
    return cast("psycopg.Connection", connection.connection.driver_connection)
