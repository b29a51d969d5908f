"""Data versions: a counter per topic that rises with each change; caches of tiles and classes are keyed with it."""

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from geo.store.tables import DataVersion

TOPICS = ("places", "posts", "base")


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
