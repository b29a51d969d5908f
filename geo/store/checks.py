"""What is wrong with the database without stopping the app: read by the check command."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from geo.i18n import N_, _
from geo.store import migrate
from geo.store.provision import (
    EXTENSIONS,
    LEAKPROOF_OPERATOR,
    LEAKPROOF_QUESTION,
    OLDEST_POSTGIS,
    OLDEST_POSTGRESQL,
)


@dataclass(frozen=True)
class Problem:
    """One finding about the database: a stored code, an English msgid and its values."""

    code: str
    message: str
    values: dict[str, object] = field(default_factory=dict)

    def text(self) -> str:
        """Return what is wrong and what to do, in the language of the current context."""
        return _(self.message, **self.values)


def store_problems(connection: Connection) -> list[Problem]:
    """Return what is missing or dangerous in the database, as the app role sees it; empty when all is well."""
    return [*_old_versions(connection), *_missing_parts(connection), *_row_security(connection), *_revision(connection)]


def _old_versions(connection: Connection) -> Iterator[Problem]:
    server = connection.execute(text("SELECT current_setting('server_version_num')::int")).scalar_one()
    if server < OLDEST_POSTGRESQL * 10_000:
        yield Problem(
            "old_postgresql",
            N_("PostgreSQL {found} is too old; {oldest} or newer is needed."),
            {"found": server // 10_000, "oldest": OLDEST_POSTGRESQL},
        )
    postgis = connection.execute(text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")).scalar()
    if postgis is not None and tuple(int(part) for part in postgis.split(".")[:2]) < OLDEST_POSTGIS:
        yield Problem(
            "old_postgis",
            N_("PostGIS {found} is too old; {oldest} or newer is needed."),
            {"found": postgis, "oldest": ".".join(map(str, OLDEST_POSTGIS))},
        )


def _missing_parts(connection: Connection) -> Iterator[Problem]:
    there = set(connection.execute(text("SELECT extname FROM pg_extension")).scalars())
    for name in EXTENSIONS:
        if name not in there:
            yield Problem(
                "missing_extension",
                N_("The extension {name} is missing. As superuser run: CREATE EXTENSION {name};"),
                {"name": name},
            )
    if connection.execute(text(LEAKPROOF_QUESTION)).scalar() is False:
        yield Problem(
            "not_leakproof",
            N_("Maps are slow: row security keeps spatial indexes from being used. As superuser run: {statement};"),
            {"statement": f"ALTER FUNCTION {LEAKPROOF_OPERATOR} LEAKPROOF"},
        )


def _row_security(connection: Connection) -> Iterator[Problem]:
    role = connection.execute(
        text("SELECT rolname, rolsuper OR rolbypassrls AS above FROM pg_roles WHERE rolname = current_user")
    ).one()
    if role.above:
        yield Problem(
            "above_row_security",
            N_("The app connects as {role}, whom row security does not hold for. Use a plain role in DATABASE_URL."),
            {"role": role.rolname},
        )
    owned = connection.execute(
        text(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
            " AND pg_has_role(current_user, relowner, 'USAGE')"
        )
    ).scalar_one()
    if owned and not role.above:
        yield Problem(
            "owns_tables",
            N_("The app connects as {role}, which owns {count} tables, so row security does not hold for it."),
            {"role": role.rolname, "count": owned},
        )


def _revision(connection: Connection) -> Iterator[Problem]:
    at, newest = migrate.revision(connection), migrate.head()
    if at != newest:
        yield Problem(
            "not_migrated",
            N_("The tables are at version {found}, the program needs {newest}. Run: yizhan db migrate"),
            {"found": at or "-", "newest": newest},
        )
