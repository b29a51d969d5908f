"""Commands on users: invite, give and end roles, suspend, reset. Each has one transaction and one audit entry."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.access import passwords
from geo.access.actor import OPERATOR
from geo.access.reads import require
from geo.access.tables import AppUser, UserRole
from geo.access.user_rules import PLACE_COLUMNS, Grant, NewUser, checked_grant, checked_user
from geo.errors import BadInput, Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.store import audit
from geo.store.clock import today

MAY_MANAGE = "manage_users"
ADMINISTRATOR = "administrator"
CITY = 0
"""Stands for the place of a role that is held for the whole city."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7161002)")
ADMINISTRATORS = text("""
SELECT count(*) FROM user_role r JOIN app_user u ON u.name = r.user_name AND u.status = 'active'
WHERE r.role = 'administrator' AND u.name NOT IN (:operator, :without) AND r.from_on <= :on
  AND (r.to_on IS NULL OR r.to_on > :on)
""")
HOLDS = text("""
SELECT coalesce(r.community_id, r.station_id, r.person_id, 0) FROM user_role r
WHERE r.user_name = :name AND r.role = :role
  AND daterange(r.from_on, r.to_on) && daterange(CAST(:from_on AS date), CAST(:to_on AS date))
""")
NAMED = {
    "community_id": text("SELECT id, name FROM area WHERE level = 'community' AND id = ANY (:ids) ORDER BY id"),
    "station_id": text("SELECT id, name FROM station WHERE closed_on IS NULL AND id = ANY (:ids) ORDER BY id"),
    "person_id": text(
        "SELECT id, '#' || id AS name FROM person WHERE closed_on IS NULL AND id = ANY (:ids) ORDER BY id"
    ),
}
END_SESSIONS = text("UPDATE user_session SET ended_at = now() WHERE user_name = :name AND ended_at IS NULL")


def invite(session: Session, user: NewUser, grant: Grant, *, password: str | None = None) -> str:
    """Make a user with a first role and return the one-time password, which is shown once and kept nowhere.

    password: the one-time password, a random one when left out. Raises BadInput, and Conflict when the name or the
    e-mail address is taken.
    """
    require(session, MAY_MANAGE)
    new = checked_user(user)
    if password is not None:
        passwords.check(password, new.name)
    _refuse_taken(session, new)
    session.add(AppUser(name=new.name, shown_name=new.shown_name, email=new.email, status="invited"))
    _flush(session)
    _, told = _add_roles(session, new.name, grant)
    password = password or passwords.one_time()
    _set_password(session, new.name, password)
    _record(session, "invite", new.name, {"shown_name": new.shown_name, **told})
    return password


def correct_user(session: Session, user: NewUser, *, expected_version: int) -> None:
    """Give a user another shown name and e-mail address. Raises BadInput, NotFound, Conflict."""
    require(session, MAY_MANAGE)
    new = checked_user(user)
    row = _held(session, new.name, expected_version)
    before = {"shown_name": row.shown_name}
    row.shown_name, row.email = new.shown_name, new.email
    _flush(session)
    _record(session, "correct user", new.name, {"shown_name": new.shown_name}, before=before)


def give_role(session: Session, name: str, grant: Grant) -> list[int]:
    """Give a user a role at one or several places and return the ids; places where they hold it already are left out.

    Raises BadInput, NotFound, and Conflict when they hold it everywhere already.
    """
    require(session, MAY_MANAGE)
    _held(session, name, None)
    ids, told = _add_roles(session, name, grant)
    _record(session, "give role", name, told)
    return ids


def end_role(session: Session, role_id: int, *, on: date, reason: str, expected_version: int) -> None:
    """End a role: on is the first day without; one that has not begun is called off.

    Raises BadInput without a reason, NotFound, and Conflict when it has ended, somebody was faster, or it is the role
    of the last administrator.
    """
    require(session, MAY_MANAGE)
    why = _worded(reason)
    session.execute(ONE_AT_A_TIME)
    role = session.get(UserRole, role_id, with_for_update=True)
    if role is None:
        raise NotFound(N_("There is no such role. Open the user again."))
    if role.version != expected_version:
        raise _changed_meanwhile()
    last = max(on, role.from_on)
    if role.to_on is not None and role.to_on <= last:
        raise Conflict(N_("This role already ends on {day}."), day=role.to_on)
    before = {"role": role.role, "to_on": role.to_on.isoformat() if role.to_on else None}
    if role.role == ADMINISTRATOR:
        _keep_an_administrator(session, last, without=role.user_name)
    after = {"role": role.role, "to_on": last.isoformat(), "reason": why}
    _record(session, "end role", role.user_name, after, before=before)
    role.to_on = last
    session.flush()


def suspend(session: Session, name: str, *, reason: str, expected_version: int) -> None:
    """Let a user in no more and sign them out; their roles stay and sleep.

    Raises BadInput without a reason, NotFound, and Conflict for oneself, the last administrator, or a faster change.
    """
    require(session, MAY_MANAGE)
    why = _worded(reason)
    session.execute(ONE_AT_A_TIME)
    row = _held(session, name, expected_version)
    if name == _actor(session):
        raise Conflict(N_("Nobody suspends themselves. Ask another administrator."))
    if row.status == "active" and _is_administrator(session, name):
        _keep_an_administrator(session, today(), without=name)
    before = {"status": row.status}
    row.status = "suspended"
    session.flush()
    session.execute(END_SESSIONS, {"name": name})
    _record(session, "suspend", name, {"status": "suspended", "reason": why}, before=before)


def resume(session: Session, name: str, *, expected_version: int) -> None:
    """Let a suspended user in again. Raises NotFound, Conflict."""
    require(session, MAY_MANAGE)
    row = _held(session, name, expected_version)
    if row.status != "suspended":
        raise Conflict(N_("{name} is not suspended."), name=name)
    row.status = "active"
    session.flush()
    _record(session, "resume", name, {"status": "active"}, before={"status": "suspended"})


def reset_password(session: Session, name: str, *, expected_version: int) -> str:
    """Replace a user's password by a one-time one, sign them out, and return it. Raises NotFound, Conflict."""
    require(session, MAY_MANAGE)
    _held(session, name, expected_version)
    password = passwords.one_time()
    _set_password(session, name, password)
    session.execute(END_SESSIONS, {"name": name})
    _record(session, "reset password", name, {})
    return password


def sign_out_user(session: Session, name: str) -> None:
    """Sign somebody out on all their devices. Raises NotFound."""
    require(session, MAY_MANAGE)
    _held(session, name, None)
    session.execute(END_SESSIONS, {"name": name})
    _record(session, "sign out user", name, {})


def _held(session: Session, name: str, expected_version: int | None) -> AppUser:
    row = None if name == OPERATOR.name else session.get(AppUser, name, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no user called {name}."), name=name)
    if expected_version is not None and row.version != expected_version:
        raise _changed_meanwhile()
    return row


def _changed_meanwhile() -> Outdated:
    return Outdated(N_("This was changed while you were looking at it. Look at the new state, then decide again."))


def _refuse_taken(session: Session, new: NewUser) -> None:
    same = text("SELECT name FROM app_user WHERE lower(name) = lower(:name)")
    if session.scalar(same, {"name": new.name}):
        raise Conflict(N_("There is already a user called {name}. Choose another name."), name=new.name)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
        if constraint == "uq_app_user_email":
            raise Conflict(N_("Another user has this e-mail address. Each address belongs to one.")) from error
        raise BadInput(
            N_("The registry refuses this ({rule}). Correct it, then save again."), rule=constraint
        ) from error


def _add_roles(session: Session, name: str, wanted: Grant) -> tuple[list[int], dict[str, Any]]:
    grant = checked_grant(wanted)
    column = PLACE_COLUMNS.get(grant.role)
    places = _named_places(session, column, grant.places) if column else {CITY: ""}
    when = {"name": name, "role": grant.role, "from_on": grant.from_on, "to_on": grant.to_on}
    already = set(session.scalars(HOLDS, when))
    missing = [place for place in places if place not in already]
    if not missing:
        raise Conflict(N_("{name} holds this role there already."), name=name)
    rows = [
        UserRole(
            user_name=name,
            role=grant.role,
            from_on=grant.from_on,
            to_on=grant.to_on,
            reason=grant.reason,
            given_by=_actor(session),
            **({column: place} if column else {}),
        )
        for place in missing
    ]
    session.add_all(rows)
    _flush(session)
    told = {"role": grant.role, "from_on": grant.from_on.isoformat(), "reason": grant.reason}
    told["to_on"] = grant.to_on.isoformat() if grant.to_on else None
    return [row.id for row in rows], told | ({"places": [places[place] for place in missing]} if column else {})


def _named_places(session: Session, column: str, wanted: tuple[int, ...]) -> dict[int, str]:
    found: list[Row[Any]] = list(session.execute(NAMED[column], {"ids": list(wanted)}))
    if len(found) != len(wanted):
        raise NotFound(N_("One of the places is not there any more. Choose them again."))
    return {row.id: row.name for row in found}


def _set_password(session: Session, name: str, password: str) -> None:
    values = {"name": name, "hash": passwords.hash_of(password)}
    session.execute(text("SELECT app_set_credential(:name, :hash, true)"), values)


def _is_administrator(session: Session, name: str) -> bool:
    roles = select(UserRole.id).where(UserRole.user_name == name, UserRole.role == ADMINISTRATOR)
    current = roles.where(UserRole.to_on.is_(None) | (UserRole.to_on > today()))
    return session.scalar(current.limit(1)) is not None


def _keep_an_administrator(session: Session, on: date, *, without: str) -> None:
    if not session.scalar(ADMINISTRATORS, {"on": on, "operator": OPERATOR.name, "without": without}):
        raise Conflict(N_("This is the last administrator. Make somebody else administrator first."))


def _actor(session: Session) -> str:
    return str(session.scalar(text("SELECT current_setting('app.user_name')")))


def _worded(reason: str) -> str:
    why = " ".join(reason.split())
    if not why:
        raise BadInput(N_("Write down why, so that the history can be read."))
    return why


def _record(
    session: Session, action: str, name: str, after: dict[str, Any], *, before: dict[str, Any] | None = None
) -> None:
    change = audit.Change(before=before, after={"user_name": name, **after}, note=name)
    audit.record(session, action, "app_user", None, change)
