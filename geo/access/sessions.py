"""Sessions: who is behind a cookie, on which devices somebody is signed in, and how that ends."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.access.actor import GATEKEEPER
from geo.access.reads import HeldRole, roles_of
from geo.access.rules import allows
from geo.settings import settings
from geo.store import audit
from geo.store.session import Actor, name_actor, reading, writing

COOKIE = "yizhan_session"
TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=5)
DEVICE_SHOWN = 200

FIND = text("""
SELECT s.id, s.user_name, s.seen_at, u.shown_name, coalesce(c.must_change, false) AS must_change
FROM user_session s
JOIN app_user u ON u.name = s.user_name AND u.status = 'active'
LEFT JOIN credential c ON c.user_name = s.user_name
WHERE s.token_hash = :token AND s.ended_at IS NULL AND s.expires_at > now()
""")
STILL_OPEN = text("""
SELECT s.token_hash
FROM user_session s
JOIN app_user u ON u.name = s.user_name AND u.status = 'active'
LEFT JOIN credential c ON c.user_name = s.user_name
WHERE s.token_hash = ANY (:tokens) AND s.ended_at IS NULL AND s.expires_at > now() AND c.must_change IS NOT TRUE
  AND EXISTS (
    SELECT FROM user_role r
    WHERE r.user_name = s.user_name AND r.from_on <= app_today() AND (r.to_on IS NULL OR r.to_on > app_today())
  )
""")


@dataclass(frozen=True)
class Visitor:
    """Who is signed in: their actor, the session, the roles held today, whether a new password is due first."""

    actor: Actor
    session_id: int
    shown_name: str
    roles: tuple[HeldRole, ...]
    must_change: bool = False

    def may(self, action: str) -> bool:
        """Tell whether one of the roles may do an action of geo.access.rules."""
        return allows((held.role for held in self.roles), action)


KEPT_DAYS = 90
FORGET = text(
    "DELETE FROM user_session WHERE user_name = :name "
    "AND least(expires_at, coalesce(ended_at, expires_at)) < now() - make_interval(days => :kept_days)"
)
"""What is spent is kept for some months, then removed when its user signs in; the log keeps who signed in when."""


def hash_of(token: str) -> bytes:
    """Return what is stored of a token: its SHA-256; tokens are 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).digest()


def form_token(token: str) -> str:
    """Return what proves that a form was made for the browser that holds a token (of a session or of a form's cookie).

    >>> form_token("a") == form_token("a"), form_token("a") == form_token("b")
    (True, False)
    """
    return hmac.digest(token.encode(), b"form", "sha256").hex()


def open_session(user_name: str, *, device: str = "", host: str | None = None) -> str:
    """Sign a user in on a device and return the token for the cookie; who they are was proven before."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = datetime.now(UTC) + timedelta(hours=settings().session_hours)
    with writing(GATEKEEPER) as session:
        session.execute(FORGET, {"name": user_name, "kept_days": KEPT_DAYS})
        session.execute(
            text(
                "INSERT INTO user_session (token_hash, user_name, expires_at, device, host) "
                "VALUES (:token, :name, :expires_at, :device, :host)"
            ),
            {
                "token": hash_of(token),
                "name": user_name,
                "expires_at": expires_at,
                "device": device[:DEVICE_SHOWN] or None,
                "host": host,
            },
        )
        record_as(session, user_name, "sign in", audit.Change(after={"host": host}, note=device[:DEVICE_SHOWN] or None))
    return token


def record_as(session: Session, user_name: str, action: str, change: audit.Change) -> None:
    """Log what the gatekeeper did for a user in their name; in its own when they hold no role any more."""
    name_actor(session.connection(), Actor(user_name))
    if not roles_of(session):
        name_actor(session.connection(), GATEKEEPER)
    audit.record(session, action, "app_user", None, change)


def visitor_of(token: str) -> Visitor | None:
    """Return who is behind a token now; None when it was never given, has expired or was ended, or gives no role."""
    with reading(GATEKEEPER) as connection:
        found = connection.execute(FIND, {"token": hash_of(token)}).one_or_none()
        if found is None:
            return None
        actor = Actor(found.user_name)
        name_actor(connection, actor)
        roles = roles_of(connection)
    if not roles:
        return None
    if datetime.now(UTC) - found.seen_at > SEEN_EVERY:
        _note_seen(actor, found.id)
    return Visitor(actor, found.id, found.shown_name or found.user_name, roles, found.must_change)


def still_open(tokens: Iterable[str]) -> set[str]:
    """Return those of some tokens whose session may go on: one question for all open tabs of a server."""
    by_hash = {hash_of(token): token for token in tokens}
    with reading(GATEKEEPER) as connection:
        found = connection.scalars(STILL_OPEN, {"tokens": list(by_hash)})
        return {by_hash[bytes(token_hash)] for token_hash in found}


def _note_seen(actor: Actor, session_id: int) -> None:
    with writing(actor) as session:
        session.execute(text("UPDATE user_session SET seen_at = now() WHERE id = :id"), {"id": session_id})


@dataclass(frozen=True)
class Device:
    """A device somebody is signed in on."""

    id: int
    device: str | None
    host: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def devices_of(connection: Connection, user_name: str) -> list[Device]:
    """Return the devices a user is signed in on, the last used first."""
    rows = connection.execute(
        text(
            "SELECT id, device, host, created_at, seen_at, expires_at FROM user_session "
            "WHERE user_name = :name AND ended_at IS NULL AND expires_at > now() ORDER BY seen_at DESC, id DESC"
        ),
        {"name": user_name},
    )
    return [Device(*row) for row in rows]


def end_sessions(session: Session, user_name: str, *, only: int | None = None) -> int:
    """Sign a user out: of one session, or everywhere; return how many sessions ended."""
    ended = session.execute(
        text(
            "UPDATE user_session SET ended_at = now() WHERE user_name = :name AND ended_at IS NULL "
            "AND (CAST(:only AS bigint) IS NULL OR id = :only) RETURNING id"
        ),
        {"name": user_name, "only": only},
    ).all()
    if ended:
        what = "sign out" if only is not None else "sign out everywhere"
        audit.record(session, what, "app_user", None, audit.Change(note=user_name))
    return len(ended)


def sign_out(visitor: Visitor) -> None:
    """End the session of a visitor."""
    with writing(GATEKEEPER) as session:
        query = text("UPDATE user_session SET ended_at = now() WHERE id = :id AND ended_at IS NULL RETURNING id")
        if session.execute(query, {"id": visitor.session_id}).all():
            record_as(session, visitor.actor.name, "sign out", audit.Change(note=visitor.actor.name))
