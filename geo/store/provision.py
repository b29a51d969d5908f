"""What a database needs before the first migration: settings, roles, extensions and one leak-proof operator."""

import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from geo.errors import StoreUnavailable
from geo.i18n import N_

DATABASE = "yizhan"
SUPERUSER = "postgres"
OWNER = "yizhan_owner"
APP = "yizhan_app"
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
OLDEST_POSTGRESQL = 14
OLDEST_POSTGIS = (3, 3)
PATIENCE_S = 15.0
MB = 1024 * 1024

LEAKPROOF_OPERATOR = "geometry_overlaps(geometry, geometry)"
"""Row security tests this operator after the policy unless it is declared leak-proof: then no spatial index is used."""
LEAKPROOF_QUESTION = "SELECT bool_and(proleakproof) FROM pg_proc WHERE proname = 'geometry_overlaps'"
"""By name only, so that it can be asked before PostGIS is there; NULL then."""

ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_duration_statement": "5s",
    "log_line_prefix": "%m [%p] %u@%d ",
}
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "autovacuum": "off",
}


def configuration(socket: Path, port: int, *, durable: bool) -> str:
    """Return the server's settings for an office machine as a PostgreSQL configuration file.

    Without ``durable`` (tests only) a power cut may lose everything.
    """
    buffers_mb = max(128, min(512, psutil.virtual_memory().total // MB // 16))
    chosen = ALWAYS | {
        "unix_socket_directories": str(socket),
        "port": str(port),
        "shared_buffers": f"{buffers_mb}MB",
        "effective_cache_size": f"{buffers_mb * 4}MB",
    }
    if not durable:
        chosen |= CARELESS
    return "".join(f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in sorted(chosen.items()))


def roles_and_database(connection: psycopg.Connection) -> None:
    """Make the owner role, the plain app role and the database where they are missing; needs a superuser."""
    for role in (OWNER, APP):
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS").format(
                    sql.Identifier(role)
                )
            )
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
    connection.execute(
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(DATABASE), sql.Identifier(APP))
    )


def extensions(connection: psycopg.Connection) -> None:
    """Make the extensions and declare the overlap operator leak-proof, which a restore loses; needs a superuser."""
    for name in EXTENSIONS:
        if connection.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("ALTER SCHEMA public OWNER TO {}; REVOKE CREATE ON SCHEMA public FROM PUBLIC").format(
            sql.Identifier(OWNER)
        )
    )
    if not is_leakproof(connection):
        connection.execute(f"ALTER FUNCTION {LEAKPROOF_OPERATOR} LEAKPROOF")
    if not is_leakproof(connection):
        raise StoreUnavailable(N_("The database does not keep the leak-proof mark of its overlap operator."))


def is_leakproof(connection: psycopg.Connection) -> bool:
    """Tell whether row security lets spatial queries use their index."""
    row = connection.execute(LEAKPROOF_QUESTION).fetchone()
    return row is not None and bool(row[0])


def check_external(app_url: str, owner_url: str) -> None:
    """Check that a database made by others answers within 15 s and is new enough; try to make what the owner may.

    Raises StoreUnavailable. What is missing without harm is left to the list of problems.
    """
    with _patient(owner_url) as connection:
        _make_what_we_may(connection)
    with _patient(app_url) as connection:
        require_versions(connection)


def _patient(url: str) -> psycopg.Connection:
    address = make_url(url).set(drivername="postgresql")
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    N_("The database at {address} does not answer: {reason}. Check DATABASE_URL and that it runs."),
                    address=address.render_as_string(hide_password=True),
                    reason=str(error).strip().splitlines()[0],
                ) from error
            time.sleep(0.5)


def _make_what_we_may(connection: psycopg.Connection) -> None:
    for name in EXTENSIONS:
        _try(connection, sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    if connection.execute(LEAKPROOF_QUESTION).fetchone() == (False,):
        _try(connection, sql.SQL(f"ALTER FUNCTION {LEAKPROOF_OPERATOR} LEAKPROOF"))


def _try(connection: psycopg.Connection, statement: sql.SQL | sql.Composed) -> None:
    with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported):
        connection.execute(statement)


def require_versions(connection: psycopg.Connection) -> None:
    """Raise StoreUnavailable when PostgreSQL or PostGIS is missing or older than what is supported."""
    if connection.info.server_version < OLDEST_POSTGRESQL * 10_000:
        raise StoreUnavailable(
            N_("The database is PostgreSQL {found}; version {oldest} or newer is needed."),
            found=connection.info.server_version // 10_000,
            oldest=OLDEST_POSTGRESQL,
        )
    found = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'postgis'").fetchone()
    if found is None:
        raise StoreUnavailable(
            N_("The database has no PostGIS. As its superuser run: CREATE EXTENSION postgis; then start again.")
        )
    if tuple(int(part) for part in found[0].split(".")[:2]) < OLDEST_POSTGIS:
        raise StoreUnavailable(
            N_("The database has PostGIS {found}; version {oldest} or newer is needed."),
            found=found[0],
            oldest=".".join(map(str, OLDEST_POSTGIS)),
        )
