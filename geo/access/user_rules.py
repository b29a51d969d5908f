"""Rules of users: names they can have, the place a role is held at, what the log calls what is done to them."""

import re
from datetime import date
from typing import NamedTuple

from geo.errors import BadInput
from geo.i18n import N_

NAME = re.compile(r"[\w.@+-]{2,64}")
RESERVED = frozenset({"operator", "gatekeeper", "job-runner"})
"""Names of those who act without an account."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PLACE_COLUMNS = {"organiser": "community_id", "station_staff": "station_id", "building_head": "person_id"}
"""Roles that are held somewhere, with the column that says where; the others are held for the whole city."""
EXPIRING_DAYS = 60
STATUS_LABELS = {"invited": N_("Invited"), "active": N_("Active"), "suspended": N_("Suspended")}
ACTION_LABELS = {
    "invite": N_("User invited"),
    "correct user": N_("User corrected"),
    "give role": N_("Role given"),
    "end role": N_("Role ended"),
    "suspend": N_("User suspended"),
    "resume": N_("User let in again"),
    "reset password": N_("Password reset"),
    "sign out user": N_("User signed out everywhere"),
}


class NewUser(NamedTuple):
    """A user to invite: the name they sign in with, the name others read, their e-mail address."""

    name: str
    shown_name: str | None = None
    email: str | None = None


class Grant(NamedTuple):
    """A role from a day on (to_on: the first day without, None: no end), at one or several places where it has any.

    places are communities for an organiser, stations for station staff, persons with posts for a building head.
    """

    role: str
    from_on: date
    to_on: date | None = None
    places: tuple[int, ...] = ()
    reason: str | None = None


def checked_user(user: NewUser) -> NewUser:
    """Return a user with names and address as they are stored; raises BadInput for those that cannot be.

    >>> checked_user(NewUser(" wang ", "", "Wang@example.org"))
    NewUser(name='wang', shown_name=None, email='Wang@example.org')
    """
    name = user.name.strip()
    if not NAME.fullmatch(name) or name.casefold() in RESERVED:
        raise BadInput(
            N_("“{name}” cannot be a name to sign in with. Use 2 to 64 letters, digits, dots or hyphens, no blanks."),
            name=name,
        )
    email = (user.email or "").strip() or None
    if email is not None and not EMAIL.fullmatch(email):
        raise BadInput(N_("“{email}” is no e-mail address. Correct it or leave it empty."), email=email)
    return NewUser(name, " ".join((user.shown_name or "").split()) or None, email)


def checked_grant(grant: Grant) -> Grant:
    """Return a role as it can be given; raises BadInput without a place it needs, or when it ends before it begins.

    >>> checked_grant(Grant("leader", date(2026, 1, 1))).places
    ()
    """
    if grant.to_on is not None and grant.to_on <= grant.from_on:
        raise BadInput(
            N_("The role ends on {to_on}, which is not after its first day {from_on}. Correct one of the dates."),
            to_on=grant.to_on,
            from_on=grant.from_on,
        )
    if grant.role in PLACE_COLUMNS and not grant.places:
        raise BadInput(N_("Choose where this role is held."))
    places = tuple(dict.fromkeys(grant.places)) if grant.role in PLACE_COLUMNS else ()
    return grant._replace(places=places, reason=" ".join((grant.reason or "").split()) or None)
