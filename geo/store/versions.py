"""Data versions: a counter per topic that rises with each change; caches of tiles and classes are keyed with it."""

import hashlib

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from geo.store.tables import DataVersion

TOPICS = ("places", "posts", "base", "care", "requests")


def part_seen(sees: str) -> str:
    """Return a short name of what an actor sees, for addresses: another actor's answer is never found under it.

    >>> part_seen("16384:*") == part_seen("16384:1,2"), len(part_seen("16384:*"))
    (False, 10)
    """
    return hashlib.blake2b(sees.encode(), digest_size=5).hexdigest()


def bump(session: Session | Connection, topic: str) -> None:
    """Raise the counter of a topic (one of TOPICS) in the running transaction."""
    session.execute(
        text(
            "INSERT INTO data_version (topic, version) VALUES (:topic, 1) "
            "ON CONFLICT (topic) DO UPDATE SET version = data_version.version + 1"
        ),
        {"topic": topic},
    )


def current(connection: Connection) -> dict[str, int]:
    """Return the counter of every topic, 0 where nothing has changed yet."""
    rows = connection.execute(select(DataVersion.topic, DataVersion.version))
    found: dict[str, int] = {row.topic: row.version for row in rows}
    return {topic: found.get(topic, 0) for topic in TOPICS}
