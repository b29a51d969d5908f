"""Circles and shifts in words: statuses with their signs, what somebody does in a circle, ways in metres, times."""

from collections.abc import Sequence
from datetime import date

from geo.i18n import _, day, listed, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, MemberView
from geo.people.circle_rules import ROLE_LABELS, STATUS_LABELS, Member
from geo.people.volunteer_rules import WEEKDAY_LABELS, clock_words
from geo.planning.shift_rules import STATUS_LABELS as SHIFT_LABELS
from geo.planning.shift_rules import Turn, days_of_week
from pages.parts.need_words import tasks_in_words
from pages.parts.volunteer_words import hours_words

CIRCLE_ICONS = {
    "proposed": ":material/lightbulb:",
    "trial": ":material/hourglass_top:",
    "active": ":material/check_circle:",
    "paused": ":material/pause_circle:",
    "ended": ":material/task_alt:",
}
SHIFT_ICONS = {
    "open": ":material/help:",
    "offered": ":material/outgoing_mail:",
    "accepted": ":material/event_available:",
    "done": ":material/check_circle:",
    "missed": ":material/error:",
    "replaced": ":material/swap_horiz:",
    "cancelled": ":material/cancel:",
}
SHIFT_SIGNS = {
    "open": "?", "offered": "…", "accepted": "○", "done": "✓", "missed": "✗", "replaced": "⇄", "cancelled": "–",
}  # fmt: skip


def circle_status(status: str) -> str:
    """Return the status of a circle with its sign."""
    return f"{CIRCLE_ICONS[status]} {_(STATUS_LABELS[status])}"


def shift_status(status: str) -> str:
    """Return the status of a shift with its sign."""
    return f"{SHIFT_ICONS[status]} {_(SHIFT_LABELS[status])}"


def metres_words(metres: float | None) -> str:
    """Return a way for reading."""
    return _("way unknown") if metres is None else _("{metres} m", metres=number(round(metres)))


def weekdays_words(weekdays: Sequence[int]) -> str:
    """Return weekdays, one after the other."""
    return listed(_(WEEKDAY_LABELS[one]) for one in weekdays)


def role_words(member: MemberView | Member) -> str:
    """Return what somebody does in a circle, with the help and the days they come first for."""
    parts = [_(ROLE_LABELS[member.role])]
    if member.tasks:
        parts.append(tasks_in_words(member.tasks))
    if member.weekdays:
        parts.append(weekdays_words(member.weekdays))
    return " · ".join(parts)


def name_words(name: str | None, volunteer_id: int) -> str:
    """Return the name of a volunteer, or their number where the visitor may not see who it is."""
    return name or _("Volunteer {number}", number=volunteer_id)


def member_words(member: MemberView) -> str:
    """Return a member of a circle in one line: who, what, how many hours a week, how far."""
    parts = [name_words(member.name, member.volunteer_id), role_words(member)]
    if member.hours_week:
        parts.append(_("{hours} a week", hours=hours_words(member.hours_week)))
    parts.append(metres_words(member.distance_m))
    if member.volunteer_status != "active":
        parts.append(_("takes no part at present: find somebody else"))
    return " · ".join(parts)


def members_words(members: Sequence[MemberView]) -> str:
    """Return the members of a circle as a list, ready to be shown."""
    return "\n".join(f"- {plain(member_words(one))}" for one in members)


def circle_hours(circle: CircleView) -> float:
    """Return the hours a week that the members of a circle give together."""
    return round(sum(one.hours_week for one in circle.members), 1)


def time_words(turn: Turn) -> str:
    """Return when a turn is on its day."""
    return f"{clock_words(turn.from_minute)}–{clock_words(turn.to_minute)}"


def turn_words(turn: Turn) -> str:
    """Return when a turn is: weekday, day and time."""
    return f"{_(WEEKDAY_LABELS[turn.on_day.weekday()])}, {day(turn.on_day)}, {time_words(turn)}"


def week_words(monday: date) -> str:
    """Return from which to which day a week goes."""
    week = days_of_week(monday)
    return f"{day(week[0])} – {day(week[-1])}"
