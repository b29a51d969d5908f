"""Connections for the server's own routes: a small asynchronous pool of the plain app role, each with its actor."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from geo.errors import StoreUnavailable
from geo.i18n import N_
from geo.maps.city_map import FEW_BUILDINGS
from geo.store.clock import today
from geo.store.provision import LEAKPROOF_OPERATOR
from geo.store.session import Actor, engine
from geo.store.versions import TOPICS, part_seen
from geo.web import layers

FRESH_S = 1.0
PATIENCE_S = 15.0

NAME_ACTOR = "SELECT set_config('app.user_name', %s, true), set_config('app.today', %s, true)"
SCOPE_QUERY = """
SELECT app_actor_known(), app_city_wide(),
    ARRAY(SELECT DISTINCT m.community_id FROM membership m ORDER BY 1),
    (SELECT jsonb_object_agg(topic, version) FROM data_version),
    NOT EXISTS (SELECT FROM compound c WHERE c.geom IS NOT NULL)
        AND (SELECT count(*) FROM (SELECT FROM building b LIMIT %(few)s + 1) AS counted) <= %(few)s,
    (SELECT coalesce(bool_and(proleakproof), false) FROM pg_proc WHERE oid = to_regprocedure(%(operator)s)),
    (SELECT d.oid::bigint FROM pg_database d WHERE d.datname = current_database())
"""


@dataclass(frozen=True)
class Scope:
    """What an actor's answers depend on: which communities, which data versions, whether buildings
    are drawn from afar (a town of few that has no outlines of compounds).
    """

    actor: Actor
    sees: str
    versions: Mapping[str, int]
    from_afar: bool
    by_index: bool
    read_at: float = field(compare=False)

    def version(self, topics: set[str]) -> str:
        """Return the data version of some topics and who sees it as they stand in addresses: ``places3-0a1b2c3d4e``."""
        return ".".join(f"{topic}{self.versions[topic]}" for topic in sorted(topics)) + f"-{self._part}"

    @cached_property
    def _part(self) -> str:
        return part_seen(self.sees)


async def learn(connection: AsyncConnection) -> None:
    """Let a new connection read up on tables, policies and PostGIS before anybody waits for its first tile."""
    nowhere = layers.Address(layers.DEEPEST, 0, 0)
    await connection.execute(layers.query(tuple(layers.LAYERS), nowhere.z, by_index=False), nowhere.values())


class Pool:
    """The pool; opened and closed by the server's lifespan."""

    def __init__(self) -> None:
        self._pool: AsyncConnectionPool | None = None
        self._scopes: dict[Actor, Scope] = {}

    async def open(self) -> None:
        """Open the pool on the database the app uses."""
        _args, options = engine().dialect.create_connect_args(engine().url)
        options = {name: value for name, value in options.items() if name != "context"}
        self._pool = AsyncConnectionPool(
            "",
            kwargs={**options, "autocommit": True},
            configure=learn,
            min_size=2,
            max_size=6,
            timeout=PATIENCE_S,
            open=False,
        )
        await self._pool.open()

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a read-only transaction of the actor; StoreUnavailable when none can be had."""
        if self._pool is None:
            raise StoreUnavailable(N_("The server is still starting. Try again in a moment."))
        try:
            async with self._pool.connection() as connection:
                await connection.execute("BEGIN READ ONLY")
                try:
                    await connection.execute(NAME_ACTOR, [actor.name, today().isoformat()])
                    yield connection
                finally:
                    await connection.rollback()
        except (PoolTimeout, OperationalError) as error:
            raise StoreUnavailable(
                N_("The database does not answer ({reason}). Start it with `yizhan db start`, then try again."),
                reason=str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__,
            ) from error

    async def scope(self, actor: Actor, *, wanted: str = "", topics: set[str] | None = None) -> Scope:
        """Return the actor's scope, read again when it is older than a second or not the version wanted."""
        known = self._scopes.get(actor)
        fresh = known is not None and time.monotonic() - known.read_at < FRESH_S
        if known is not None and fresh and wanted in ("", known.version(topics or set(TOPICS))):
            return known
        async with self.reading(actor) as connection:
            cursor = await connection.execute(SCOPE_QUERY, {"operator": LEAKPROOF_OPERATOR, "few": FEW_BUILDINGS})
            row = await cursor.fetchone()
            is_known, city_wide, communities, versions, from_afar, by_index, database = cast("tuple[Any, ...]", row)
        counters = {topic: int((versions or {}).get(topic, 0)) for topic in TOPICS}
        own = ",".join(map(str, communities)) if is_known else "nothing"
        sees = f"{database}:" + ("*" if city_wide else own)
        scope = Scope(actor, sees, counters, bool(from_afar), bool(by_index), time.monotonic())
        self._scopes[actor] = scope
        return scope
