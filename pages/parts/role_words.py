"""A role in words: where it is held, from when until when."""

from geo.access.user_reads import RoleView
from geo.i18n import _, day
from geo.store.clock import today


def term_of(role: RoleView) -> str:
    """Return from when until when a role is held, in words."""
    begun = role.from_on <= today()
    since = _("since {day}", day=day(role.from_on)) if begun else _("from {day}", day=day(role.from_on))
    if role.has_ended(today()):
        return _("ended on {day}", day=day(role.to_on))
    return _("{since}, until {day}", since=since, day=day(role.to_on)) if role.to_on else since


def place_of(role: RoleView) -> str:
    """Return where a role is held, in words."""
    where = role.place or _("whole city")
    return f"{where} · {role.within}" if role.within else where
