"""Questions about users: who there is with which roles, whose role ends soon, what was done to whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from geo.access.actor import OPERATOR
from geo.access.user_rules import EXPIRING_DAYS
from geo.errors import NotFound
from geo.i18n import N_
from geo.store import audit
from geo.store.statements import statement


class UserFilter(NamedTuple):
    """Which users are wanted: a part of a name, address or place; a role; a status; only those with a role ending."""

    wanted: str = ""
    role: str | None = None
    status: str | None = None
    expiring: bool = False


@dataclass(frozen=True)
class UserRow:
    """A user in a list: roles and places held today or later, the next day one of them ends (None: no end)."""

    name: str
    shown_name: str | None
    email: str | None
    status: str
    version: int
    roles: tuple[str, ...]
    places: tuple[str, ...]
    next_end: date | None
    seen_at: datetime | None
    devices: int


@dataclass(frozen=True)
class RoleView:
    """A role somebody holds, held or will hold; place is None for the whole city, within the community of a station."""

    id: int
    role: str
    from_on: date
    to_on: date | None
    reason: str | None
    given_by: str
    version: int
    place: str | None
    within: str | None

    def has_ended(self, on: date) -> bool:
        """Tell whether the role is over, or was called off."""
        return self.to_on is not None and self.to_on <= max(on, self.from_on)


def users(connection: Connection, wanted: UserFilter, *, on: date) -> list[UserRow]:
    """Return the users, those first whose role ends within EXPIRING_DAYS days; the operator is none of them."""
    plain = wanted.wanted.strip()
    values = {
        "on": on,
        "ends_by": on + timedelta(days=EXPIRING_DAYS),
        "wanted": plain,
        "anywhere": "%" + plain.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%",
        "role": wanted.role,
        "status": wanted.status,
        "expiring": wanted.expiring,
        "operator": OPERATOR.name,
    }
    return [_row(row) for row in connection.execute(text(statement("access", "users")), values)]


def _row(row: Any) -> UserRow:
    told = dict(row._mapping)  # noqa: SLF001
    return UserRow(**{**told, "roles": tuple(told["roles"]), "places": tuple(told["places"])})


def user_named(connection: Connection, name: str, *, on: date) -> UserRow:
    """Return one user; NotFound when there is none for this actor."""
    found = next((user for user in users(connection, UserFilter(name), on=on) if user.name == name), None)
    if found is None:
        raise NotFound(N_("There is no user called {name}."), name=name)
    return found


def roles_of_user(connection: Connection, name: str, *, on: date) -> list[RoleView]:
    """Return every role of a user, those that have ended last."""
    rows = connection.execute(text(statement("access", "roles_of_user")), {"name": name, "on": on})
    return [RoleView(**row._mapping) for row in rows]  # noqa: SLF001


def history_of_user(connection: Connection, name: str, *, limit: int = 50) -> list[audit.Entry]:
    """Return what a user did to accounts and what was done to theirs, newest first."""
    rows = connection.execute(text(statement("access", "history_of_user")), {"name": name, "most": limit})
    return [audit.Entry(*row) for row in rows]


def street_offices(connection: Connection) -> dict[str, tuple[int, ...]]:
    """Return the open communities of each street office and district by its name."""
    rows = connection.execute(
        text(
            "SELECT p.name, array_agg(c.id ORDER BY c.name) AS communities "
            "FROM area c JOIN area p ON p.id = c.parent_id "
            "WHERE c.level = 'community' AND c.closed_on IS NULL AND NOT c.placeholder "
            "AND p.level IN ('street_office', 'district') GROUP BY p.id, p.name ORDER BY p.name, p.id"
        )
    )
    return {row.name: tuple(row.communities) for row in rows}
