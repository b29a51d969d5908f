"""Keys of other systems: which there are, and who is behind one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from geo.access.actor import GATEKEEPER
from geo.access.reads import roles_of
from geo.access.sessions import Visitor, hash_of
from geo.store.session import Actor, name_actor, reading

LONGEST_KEY = 100
LISTED = text("""
SELECT k.id, k.name, k.user_name, coalesce(u.shown_name, u.name), u.status = 'active', k.made_by, k.made_at,
    k.revoked_at
FROM api_key k JOIN app_user u ON u.name = k.user_name
ORDER BY k.revoked_at IS NOT NULL, k.id
""")
BEHIND = text("""
SELECT k.id, k.user_name, coalesce(u.shown_name, u.name) AS shown_name
FROM api_key k JOIN app_user u ON u.name = k.user_name AND u.status = 'active'
WHERE k.key_hash = :hash AND k.revoked_at IS NULL
""")


@dataclass(frozen=True)
class ApiKeyView:
    """One key as the list of keys shows it; the key itself is not kept."""

    id: int
    name: str
    user_name: str
    shown_name: str
    user_is_active: bool
    made_by: str
    made_at: datetime
    revoked_at: datetime | None


def api_keys(connection: Connection) -> list[ApiKeyView]:
    """Return every key, those in force first, for whom they are open to."""
    return [ApiKeyView(*row) for row in connection.execute(LISTED)]


def visitor_of_key(key: str) -> Visitor | None:
    """Return who another system acts as by a key; None for a wrong or revoked key, or a user without a role today."""
    if not 0 < len(key) <= LONGEST_KEY:
        return None
    with reading(GATEKEEPER) as connection:
        found = connection.execute(BEHIND, {"hash": hash_of(key)}).one_or_none()
        if found is None:
            return None
        actor = Actor(found.user_name)
        name_actor(connection, actor)
        roles = roles_of(connection)
    return Visitor(actor, -found.id, found.shown_name, roles) if roles else None
