"""``yizhan user``: who may sign in, with which roles; whoever runs the command line acts as the operator."""

import sys
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access import user_reads, user_writes
from geo.access.actor import OPERATOR
from geo.access.rules import ROLE_LABELS, ROLES
from geo.access.user_rules import PLACE_COLUMNS, STATUS_LABELS, Grant, NewUser
from geo.cli.showing import say, say_json, table
from geo.errors import BadInput, NotFound
from geo.i18n import N_, _, day, listed
from geo.store import cluster, migrate
from geo.store.clock import today
from geo.store.session import reading, writing

DAY = ["%Y-%m-%d"]
PLACES = {
    "organiser": text("SELECT id FROM area WHERE level = 'community' AND code = :code"),
    "station_staff": text("SELECT id FROM station WHERE code = :code"),
    "building_head": text("SELECT id FROM person WHERE id::text = :code"),
}

Name = Annotated[str, typer.Argument(help=N_("The name the user signs in with."))]
Place = Annotated[
    list[str] | None,
    typer.Option("--at", help=N_("Where: code of a community or station, number of a person; may be repeated.")),
]
Until = Annotated[datetime | None, typer.Option(formats=DAY, help=N_("The first day without the role."))]
Since = Annotated[datetime | None, typer.Option("--from", formats=DAY, help=N_("The first day with it; today."))]
Why = Annotated[str, typer.Option(help=N_("Why; it is kept in the history."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of users."""
    user = typer.Typer(help=N_("Users: add, list, role, suspend, resume, reset, sign-out."), no_args_is_help=True)
    user.command(help=N_("Add a user with a first role and print a password for the first sign-in."))(add)
    user.command(name="list", help=N_("List the users with their roles, those ending soon first."))(list_users)
    user.command(help=N_("Give a user a role, end one by its number, or list them all."))(role)
    user.command(help=N_("Let a user in no more, and sign them out."))(suspend)
    user.command(help=N_("Let a suspended user in again."))(resume)
    user.command(help=N_("Print a new password for a user who forgot theirs, and sign them out."))(reset)
    user.command(help=N_("Sign a user out on all their devices."))(sign_out)
    app.add_typer(user, name="user")


def add(  # noqa: PLR0913
    name: Name,
    *,
    role: Annotated[str, typer.Option(help=N_("administrator, leader, planner, organiser, station_staff, …"))],
    at: Place = None,
    until: Until = None,
    shown_name: Annotated[str | None, typer.Option(help=N_("The name others read."))] = None,
    email: Annotated[str | None, typer.Option(help=N_("E-mail address, for single sign-on."))] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=N_("Read the first password from the input instead of making one."))
    ] = False,
) -> None:
    """Invite a user; the password has to be changed at the first sign-in."""
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    _ready()
    with writing(OPERATOR) as session:
        grant = _grant(session, role, at, until=until)
        password = user_writes.invite(session, NewUser(name, shown_name, email), grant, password=given)
    _say_password(name, None if password_stdin else password)


def list_users(
    *,
    expiring: Annotated[bool, typer.Option("--expiring", help=N_("Only those with a role that ends soon."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Show every user with status, roles and places."""
    _ready()
    with reading(OPERATOR) as connection:
        found = user_reads.users(connection, user_reads.UserFilter(expiring=expiring), on=today())
    if as_json:
        say_json([asdict(user) for user in found])
    elif not found:
        say(_("There are no users yet. Add one: yizhan user add NAME --role administrator"))
    else:
        headings = [_("name"), _("status"), _("roles"), _("places"), _("ends on")]
        say(table(headings, [_row(user) for user in found]))


def _row(user: user_reads.UserRow) -> list[str]:
    roles = listed(_(ROLE_LABELS[role]) for role in user.roles)
    ends = day(user.next_end) if user.next_end else ""
    return [user.name, _(STATUS_LABELS[user.status]), roles, listed(user.places), ends]


def role(  # noqa: PLR0913
    name: Name,
    *,
    give: Annotated[str | None, typer.Option("--role", help=N_("The role to give."))] = None,
    at: Place = None,
    since: Since = None,
    until: Until = None,
    end: Annotated[int | None, typer.Option(help=N_("Number of the role to end."))] = None,
    reason: Why = "",
) -> None:
    """Give or end a role; with neither, show the roles with their numbers."""
    _ready()
    if give is not None:
        with writing(OPERATOR) as session:
            grant = _grant(session, give, at, since=since, until=until)
            user_writes.give_role(session, name, grant._replace(reason=reason))
    if end is not None:
        _end(name, end, until, reason)
    with reading(OPERATOR) as connection:
        user_reads.user_named(connection, name, on=today())
        held = user_reads.roles_of_user(connection, name, on=today())
    headings = [_("number"), _("role"), _("place"), _("from"), _("ends on")]
    rows = [
        [one.id, _(ROLE_LABELS[one.role]), one.place or "", day(one.from_on), day(one.to_on) if one.to_on else ""]
        for one in held
    ]
    say(table(headings, rows))


def _end(name: str, role_id: int, until: datetime | None, reason: str) -> None:
    with writing(OPERATOR) as session:
        held = user_reads.roles_of_user(session.connection(), name, on=today())
        found = next((one for one in held if one.id == role_id), None)
        if found is None:
            raise NotFound(N_("{name} has no role of the number {number}."), name=name, number=role_id)
        on = _day(until) or today()
        user_writes.end_role(session, role_id, on=on, reason=reason, expected_version=found.version)


def suspend(name: Name, reason: Why) -> None:
    """Suspend a user; their roles stay and sleep."""
    _ready()
    with writing(OPERATOR) as session:
        user_writes.suspend(session, name, reason=reason, expected_version=_version(session, name))
    say(_("{name} is suspended and signed out.", name=name))


def resume(name: Name) -> None:
    """End a suspension."""
    _ready()
    with writing(OPERATOR) as session:
        user_writes.resume(session, name, expected_version=_version(session, name))
    say(_("{name} may sign in again.", name=name))


def reset(name: Name) -> None:
    """Replace a password by one for a single sign-in."""
    _ready()
    with writing(OPERATOR) as session:
        password = user_writes.reset_password(session, name, expected_version=_version(session, name))
    _say_password(name, password)


def sign_out(name: Name) -> None:
    """End all sessions of a user."""
    _ready()
    with writing(OPERATOR) as session:
        user_writes.sign_out_user(session, name)
    say(_("{name} is signed out everywhere.", name=name))


def _ready() -> None:
    cluster.ensure_running()
    migrate.upgrade()


def _version(session: Session, name: str) -> int:
    return user_reads.user_named(session.connection(), name, on=today()).version


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _grant(session: Session, role: str, codes: list[str] | None, **days: Any) -> Grant:
    if role not in ROLES:
        raise BadInput(N_("There is no role {role}. Choose one of {roles}."), role=role, roles=listed(ROLES))
    if codes and role not in PLACE_COLUMNS:
        raise BadInput(N_("The role {role} is held for the whole city: leave --at out."), role=role)
    places = tuple(_place(session, role, code) for code in codes or ())
    return Grant(role, _day(days.get("since")) or today(), _day(days.get("until")), places)


def _place(session: Session, role: str, code: str) -> int:
    found: int | None = session.scalar(PLACES[role], {"code": code})
    if found is None:
        raise NotFound(N_("There is no place or person {code} for the role {role}."), code=code, role=role)
    return found


def _say_password(name: str, password: str | None) -> None:
    if password is None:
        say(_("{name} can sign in with this password and has to change it then.", name=name))
    else:
        say(_("Password of {name} for the first sign-in, shown only now: {password}", name=name, password=password))
