"""What row security costs: the same tiles for users of some communities, of all, and for the owner it does not hold."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Engine, text

from geo.store.clock import today
from geo.store.session import Actor, engine, owner_engine
from geo.web.layers import Address, is_due, query
from geo.web.pool import NAME_ACTOR
from tests.bench import city
from tests.bench.case import Case
from tests.bench.tiles import PLACES, tile_at
from tests.users import ADD_USER

MANY = 30
ZOOMS = (14, 15, 16, 17)
SPOTS = 12
TURNS = 5
SINCE = date(2020, 1, 1)
OWNER = "the owner of the tables, whom row security does not hold"
ADD_ROLES = text("""
INSERT INTO user_role (user_name, role, community_id, from_on, given_by)
SELECT :name, 'organiser', a.id, :since, 'operator' FROM area a
WHERE a.level = 'community' AND NOT a.placeholder AND a.id IN (SELECT community_id FROM building)
ORDER BY md5(a.code) LIMIT :many
""")
ADD_LEADER = text(
    "INSERT INTO user_role (user_name, role, from_on, given_by) VALUES (:name, 'leader', :since, 'operator')"
)
REMOVE = text("DELETE FROM user_role WHERE user_name = :name")
PLACES_OF = text("""
SELECT ST_X(p.point), ST_Y(p.point) FROM (
    SELECT ST_PointOnSurface(b.geom) AS point FROM building b
    WHERE b.closed_on IS NULL
      AND (:everywhere OR b.community_id IN (SELECT r.community_id FROM user_role r WHERE r.user_name = :name))
    ORDER BY md5(b.code) LIMIT :many) p
""")


class Looker(NamedTuple):
    """Somebody who looks at tiles: in words, their name, and how many communities are theirs (None: by a city role)."""

    words: str
    actor: Actor
    communities: int | None


LOOKERS = (
    Looker(f"a user of {MANY} communities", Actor("bench-of-some"), MANY),
    Looker("a user of all, by a role for the whole city", Actor("bench-of-all"), None),
)


def cases(buildings: int) -> Iterator[Case]:
    """Measure the tiles of each looker beside the owner's, on a city of so many buildings."""
    city.ready(buildings)
    try:
        _add_lookers()
        for looker in LOOKERS:
            mine, theirs = _measured(looker)
            name = f"uncached tile, z14 to z17, {buildings:,} buildings, {looker.words}"
            yield Case(name, "ms", mine, "ratio <= 1.2", OWNER, theirs)
    finally:
        city.stop()


def _add_lookers() -> None:
    with owner_engine().begin() as owner:
        for looker in LOOKERS:
            values = {"name": looker.actor.name, "since": SINCE, "many": looker.communities}
            owner.execute(ADD_USER, values)
            owner.execute(REMOVE, values)
            owner.execute(ADD_LEADER if looker.communities is None else ADD_ROLES, values)
        owner.execute(text("ANALYZE user_role"))


def _measured(looker: Looker) -> tuple[float, float]:
    """Return milliseconds a tile for the looker and for the owner: of each tile the best turn, both in every turn."""
    tiles = [tile_at(lon, lat, zoom) for lon, lat in _spots(looker) for zoom in ZOOMS]
    with ExitStack() as stack:
        sides = [stack.enter_context(_connected(bound)) for bound in (engine(), owner_engine())]
        best: list[list[float]] = [[], []]
        for at in tiles:
            turns = [[_taken(side, looker.actor, at) for side in sides] for _turn in range(TURNS)]
            for number, side_best in enumerate(best):
                side_best.append(min(turn[number] for turn in turns))
    return 1000 * sum(best[0]) / len(tiles), 1000 * sum(best[1]) / len(tiles)


def _spots(looker: Looker) -> list[tuple[float, float]]:
    values = {"name": looker.actor.name, "everywhere": looker.communities is None, "many": SPOTS}
    with owner_engine().connect() as owner:
        return [(lon, lat) for lon, lat in owner.execute(PLACES_OF, values)]


@contextmanager
def _connected(bound: Engine) -> Iterator[psycopg.Connection[Any]]:
    _args, options = bound.dialect.create_connect_args(bound.url)
    wanted = {name: value for name, value in options.items() if name != "context"}
    with psycopg.connect(**wanted, autocommit=True) as connection:
        yield connection


def _taken(connection: psycopg.Connection[Any], actor: Actor, at: Address) -> float:
    """Return how long the server's process worked on a tile, in seconds; by the clock where that cannot be read."""
    names = tuple(name for name in PLACES if is_due(name, at.z, from_afar=False))
    worked = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    before = _seconds(worked)
    connection.execute("BEGIN READ ONLY")
    connection.execute(NAME_ACTOR, [actor.name, today().isoformat()])
    connection.execute(query(names, at.z, by_index=True), at.values(), binary=True).fetchone()
    connection.execute("ROLLBACK")
    return _seconds(worked) - before


def _seconds(worked: Path) -> float:
    try:
        return int(worked.read_text().split()[0]) / 1e9
    except OSError:
        return time.perf_counter()
