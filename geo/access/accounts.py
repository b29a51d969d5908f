"""Signing in: a name and a password, one click in the demo city, or a verified e-mail become a session."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access import passwords
from geo.access.actor import GATEKEEPER, OPERATOR
from geo.access.reads import roles_of
from geo.access.sessions import Visitor, end_sessions, open_session
from geo.errors import BadInput, NotAllowed
from geo.i18n import N_
from geo.store import audit, cluster
from geo.store.session import Actor, name_actor, reading, writing

DEMO_ACCOUNTS = {
    "demo-administrator": "administrator",
    "demo-leader": "leader",
    "demo-planner": "planner",
    "demo-organiser": "organiser",
    "demo-staff": "station_staff",
    "demo-head": "building_head",
    "demo-auditor": "auditor",
}
"""The accounts of a demo city with their roles: they have no password, so only the click of the demo opens them."""

REFUSED = N_(
    "The name or the password is not right. After several failures in a row an account waits, at most a quarter of an "
    "hour. If you forgot your password, ask an administrator for a new one."
)
FIND_FOR_TRY = text("""
SELECT c.password_hash, c.failures, coalesce(c.locked_until > now(), false) AS waits
FROM credential c WHERE c.user_name = :name FOR UPDATE
""")
COUNT_TRY = text("""
UPDATE credential SET failures = :failures,
    locked_until = CASE WHEN :pause_s > 0 THEN now() + make_interval(secs => :pause_s) END
WHERE user_name = :name
""")
FORGET_FAILURES = text("""
UPDATE credential SET failures = 0, locked_until = NULL, password_hash = coalesce(:hash, password_hash)
WHERE user_name = :name
""")
ACCEPT_INVITATION = text("""
UPDATE app_user SET status = 'active', version = version + 1, changed_at = now()
WHERE name = :name AND status = 'invited'
""")


@dataclass(frozen=True)
class _Try:
    """What is known before a password is looked at; a name nobody has looks like one without a password."""

    is_user: bool
    password_hash: str | None
    failures: int
    pause_s: int


def sign_in(name: str, password: str, *, device: str = "", host: str | None = None) -> str:
    """Return the token of a new session for a name and its password.

    The try is counted before the password is looked at, so that tries at the same time cannot outrun the waiting.
    Raises NotAllowed, with one text and after the same work whether the name, the password or the moment was wrong;
    with texts of their own for a suspended user and one without a role today, who gave the right password.
    """
    name = name.strip()
    found = _count_try(name)
    if not passwords.matches(found.password_hash, password):
        _note_failure(name, found, host)
        raise NotAllowed(REFUSED)
    outdated = found.password_hash is not None and passwords.is_outdated(found.password_hash)
    _forget_failures(name, passwords.hash_of(password) if outdated else None)
    return admit(name, device=device, host=host)


def admit(name: str, *, device: str = "", host: str | None = None) -> str:
    """Return the token of a new session for a user whose identity was proven.

    Raises NotAllowed for a suspended user and for one who holds no role today.
    """
    with writing(GATEKEEPER) as session:
        session.execute(ACCEPT_INVITATION, {"name": name})
        status = session.scalar(text("SELECT status FROM app_user WHERE name = :name"), {"name": name})
        name_actor(session.connection(), Actor(name))
        roles = roles_of(session)
    if status != "active":
        raise NotAllowed(N_("This account is suspended. Ask an administrator."))
    if not roles:
        raise NotAllowed(N_("You hold no role today. Ask an administrator for one."))
    return open_session(name, device=device, host=host)


def _count_try(name: str) -> _Try:
    with writing(GATEKEEPER) as session:
        is_user = bool(session.scalar(text("SELECT EXISTS (SELECT FROM app_user WHERE name = :name)"), {"name": name}))
        row = session.execute(FIND_FOR_TRY, {"name": name}).one_or_none()
        failures = row.failures + (not row.waits) if row else 0
        pause_s = passwords.pause_s(failures)
        if row is None or not row.waits:
            session.execute(COUNT_TRY, {"name": name, "failures": failures, "pause_s": pause_s})
    waits = row is not None and row.waits
    return _Try(is_user, None if row is None or waits else row.password_hash, failures, 0 if waits else pause_s)


def _note_failure(name: str, found: _Try, host: str | None) -> None:
    """An unknown name is not kept: it may be a password typed into the wrong field."""
    after = {"host": host, "failures": found.failures}
    with writing(GATEKEEPER) as session:
        note = name if found.is_user else None
        audit.record(session, "sign in failed", "app_user", None, audit.Change(after=after, note=note))
        if found.pause_s:
            waits = audit.Change(after={"seconds": found.pause_s}, note=name)
            audit.record(session, "account waits", "app_user", None, waits)


def _forget_failures(name: str, new_hash: str | None) -> None:
    with writing(GATEKEEPER) as session:
        session.execute(FORGET_FAILURES, {"name": name, "hash": new_hash})


def change_password(visitor: Visitor, current: str, new: str, *, device: str = "", host: str | None = None) -> str:
    """Give a signed-in user a new password, sign them out everywhere and return the token of a new session here.

    Raises NotAllowed when the current password is wrong, BadInput for a new one that will not do.
    """
    name = visitor.actor.name
    _prove(name, current)
    passwords.check(new, name)
    if new == current:
        raise BadInput(N_("This is the password until now. Choose another."))
    new_hash = passwords.hash_of(new)
    with writing(visitor.actor) as session:
        session.execute(text("SELECT app_set_credential(:name, :hash, false)"), {"name": name, "hash": new_hash})
        audit.record(session, "change password", "app_user", None, audit.Change(note=name))
        end_sessions(session, name)
    return open_session(name, device=device, host=host)


def _prove(name: str, password: str) -> None:
    found = _count_try(name)
    if not passwords.matches(found.password_hash, password):
        _note_failure(name, found, None)
        raise NotAllowed(N_("The password until now is not right."))
    _forget_failures(name, None)


def has_users() -> bool:
    """Tell whether anybody could sign in: the operator of the command line cannot."""
    with reading(GATEKEEPER) as connection:
        query = text("SELECT EXISTS (SELECT FROM app_user WHERE name <> :operator)")
        return bool(connection.scalar(query, {"operator": OPERATOR.name}))


def demo_accounts() -> tuple[str, ...]:
    """Return the accounts one click opens: those of a demo city in the private database, else none."""
    if not cluster.is_private():
        return ()
    with reading(OPERATOR) as connection:
        if connection.scalar(text("SELECT demo_seed FROM city")) is None:
            return ()
        query = text("SELECT name FROM app_user WHERE name = ANY (:names) AND status = 'active'")
        there = set(connection.scalars(query, {"names": list(DEMO_ACCOUNTS)}))
    return tuple(name for name in DEMO_ACCOUNTS if name in there)


def enter_demo(name: str, *, device: str = "", host: str | None = None) -> str:
    """Return the token of a new session of a demo account; NotAllowed outside a demo city."""
    if name not in demo_accounts():
        raise NotAllowed(N_("There is no demo account of this name here. Sign in with a name and a password."))
    return admit(name, device=device, host=host)


def admit_by_email(email: str, *, device: str = "", host: str | None = None) -> str:
    """Return the token of a new session for the user of an e-mail address somebody else has verified.

    Raises NotAllowed when no user has this address.
    """
    with writing(GATEKEEPER) as session:
        name = _name_of(session, email)
        if name is None:
            after = {"host": host}
            audit.record(session, "sign in failed", "app_user", None, audit.Change(after=after, note="unknown e-mail"))
    if name is None:
        raise NotAllowed(
            N_("No user here has the e-mail address {email}. Ask an administrator to add it to your account."),
            email=email,
        )
    return admit(name, device=device, host=host)


def _name_of(session: Session, email: str) -> str | None:
    found: str | None = session.scalar(
        text("SELECT name FROM app_user WHERE lower(email) = lower(:email)"), {"email": email.strip()}
    )
    return found
