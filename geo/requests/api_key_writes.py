"""Commands on the keys of other systems: make one, shown once; take one back. Only a hash of a key is kept."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.access.sessions import hash_of
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.places.search_text import cleaned
from geo.requests.tables import ApiKey
from geo.store import audit
from geo.store.texts import LONGEST

MAY_MANAGE = "manage_interfaces"
KEY_BYTES = 32
ACTIVE = text("SELECT EXISTS (SELECT FROM app_user WHERE name = :name AND status = 'active')")
ACTOR = text("SELECT current_setting('app.user_name')")


def make_api_key(session: Session, name: str, user_name: str) -> str:
    """Make a key by which another system acts as a user, and return it: it is shown once and kept nowhere.

    name: what the system is called here. Raises BadInput without a name, NotFound for a user who is not active.
    """
    require(session, MAY_MANAGE)
    called = cleaned(name)
    if not called or len(called) > LONGEST["name"]:
        raise BadInput(N_("Name: say in at most {count} characters which system gets the key."), count=LONGEST["name"])
    if not session.scalar(ACTIVE, {"name": user_name}):
        raise NotFound(N_("User: there is no active user of this name. Choose one of the list."))
    key = secrets.token_urlsafe(KEY_BYTES)
    made = ApiKey(
        name=called, key_hash=hash_of(key), user_name=user_name, made_by=str(session.scalar(ACTOR)), revoked_at=None
    )
    session.add(made)
    session.flush()
    after = {"name": called, "user": user_name}
    audit.record(session, "make_api_key", "api_key", made.id, audit.Change(after=after))
    return key


def revoke_api_key(session: Session, key_id: int) -> None:
    """Take a key back: from now on nobody gets in with it. Raises NotFound, Conflict when that was done before."""
    require(session, MAY_MANAGE)
    kept = session.get(ApiKey, key_id, with_for_update=True)
    if kept is None:
        raise NotFound(N_("This key does not exist. Open the page again."))
    if kept.revoked_at is not None:
        raise Conflict(N_("This key was taken back already."))
    kept.revoked_at = datetime.now(UTC)
    session.flush()
    before = {"name": kept.name, "user": kept.user_name}
    audit.record(session, "revoke_api_key", "api_key", key_id, audit.Change(before=before))
