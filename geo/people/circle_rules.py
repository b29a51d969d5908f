"""Rules of care circles: how a circle goes from proposed to ended, and which members it may have together."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from geo.errors import BadInput, Conflict
from geo.i18n import N_, _
from geo.people.tables import CIRCLE_ROLES, CIRCLE_SIZE, TASKS, WEEKDAYS

STATUS_LABELS = {
    "proposed": N_("proposed"),
    "trial": N_("on trial"),
    "active": N_("at work"),
    "paused": N_("paused"),
    "ended": N_("ended"),
}
ROLE_LABELS = {"primary": N_("comes first"), "turn": N_("takes turns"), "backup": N_("steps in")}
ACTION_LABELS = {
    "propose_circle": N_("Care circle proposed"),
    "propose_circles": N_("Care circles proposed by a run"),
    "move_circle": N_("Care circle accepted, paused, resumed, refused or ended"),
    "change_members": N_("Members of a care circle changed"),
}
"""The words of what the log says about circles."""
MOVES: dict[str, tuple[str, ...]] = {
    "proposed": ("trial", "active", "ended"),
    "trial": ("active", "paused", "ended"),
    "active": ("paused", "ended"),
    "paused": ("active", "ended"),
    "ended": (),
}
"""Where a circle can go from where it is."""
AT_WORK = ("trial", "active")
"""Circles that visit and that the rota plans for."""
NEED_REASON = frozenset({"paused", "ended"})
MOST_HOURS = 168
MAX_REASON = 300


class Member(NamedTuple):
    """Somebody of a circle: primary for tasks and weekdays (none: all), hours a week, walked metres to the door."""

    volunteer_id: int
    role: str
    tasks: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours_week: float = 0.0
    distance_m: float | None = None


def checked_move(now: str, wanted: str, reason: str | None) -> str | None:
    """Return the reason of a change of status as it is kept.

    Raises Conflict for a way a circle cannot go, BadInput where a reason is missing or too long.

    >>> checked_move("active", "paused", " she is  away ")
    'she is away'
    """
    if wanted not in MOVES.get(now, ()):
        raise Conflict(
            N_("A circle that is {now} cannot become {wanted}. Look at it again, then choose what is offered."),
            now=_(STATUS_LABELS[now]),
            wanted=_(STATUS_LABELS.get(wanted, wanted)),
        )
    return worded(reason, needed=wanted in NEED_REASON)


def worded(reason: str | None, *, needed: bool) -> str | None:
    """Return a reason in one line, None where none was given and none is needed; raises BadInput.

    >>> worded("  too   far ", needed=True), worded(None, needed=False)
    ('too far', None)
    """
    said = " ".join((reason or "").split())
    if needed and not said:
        raise BadInput(N_("Write down why, without names: the history of the circle keeps it."))
    if len(said) > MAX_REASON:
        raise BadInput(N_("The reason is too long. Say it in at most {count} characters."), count=MAX_REASON)
    return said or None


def checked_members(members: Sequence[Member], *, most: int = CIRCLE_SIZE) -> tuple[Member, ...]:
    """Return the members of a circle; primaries first, then those who take turns, then who steps in.

    Raises BadInput for nobody, too many, somebody twice, nobody but backups, or two primaries of one task on one day.

    >>> [one.role for one in checked_members([Member(1, "backup"), Member(2, "primary", ("meal",))])]
    ['primary', 'backup']
    """
    limit = min(most, CIRCLE_SIZE)
    if not 0 < len(members) <= limit:
        raise BadInput(N_("A circle has 1 to {count} volunteers. Add or take out some."), count=limit)
    if max(Counter(one.volunteer_id for one in members).values()) > 1:
        raise BadInput(N_("A volunteer is in this circle already. Change what they do there instead."))
    for one in members:
        _check(one)
    if all(one.role == "backup" for one in members):
        raise BadInput(N_("Somebody must come regularly: give one of them a role other than stepping in."))
    _check_primaries([one for one in members if one.role == "primary"])
    rounded = (one._replace(hours_week=float(hours(one.hours_week))) for one in members)
    return tuple(sorted(rounded, key=lambda one: (CIRCLE_ROLES.index(one.role), one.volunteer_id)))


def _check(member: Member) -> None:
    if member.role not in CIRCLE_ROLES:
        raise BadInput(N_("Choose what this volunteer does: come first, take turns or step in."))
    if set(member.tasks) - set(TASKS) or set(member.weekdays) - set(range(WEEKDAYS)):
        raise BadInput(N_("This help or weekday is not known. Choose from the list."))
    if not 0 <= member.hours_week <= MOST_HOURS:
        raise BadInput(N_("Hours a week are a number from 0 to {most}. Correct it."), most=MOST_HOURS)
    if member.distance_m is not None and member.distance_m < 0:
        raise BadInput(N_("A distance in metres is never below 0. Correct it."))


def _check_primaries(primaries: Sequence[Member]) -> None:
    for one, other in combinations(primaries, 2):
        tasks = _shared(one.tasks or TASKS, other.tasks or TASKS)
        days = _shared(one.weekdays or range(WEEKDAYS), other.weekdays or range(WEEKDAYS))
        if tasks and days:
            raise BadInput(
                N_("Two volunteers would come first for the same help on the same day. Give them other help or days.")
            )


def _shared(one: Sequence[object], other: Sequence[object]) -> set[object]:
    return set(one) & set(other)


def gives_way(status: str, study_id: int | None, version: int) -> bool:
    """Tell whether a circle is a proposal of a run that nobody has touched: a newer run may replace it.

    >>> gives_way("proposed", 7, 1), gives_way("proposed", 7, 2), gives_way("trial", 7, 1)
    (True, False, False)
    """
    return status == "proposed" and study_id is not None and version == 1


def hours(value: float | Decimal) -> Decimal:
    """Return hours as they are kept, in hundredths.

    >>> hours(2 / 3)
    Decimal('0.67')
    """
    return Decimal(str(round(float(value), 2)))


def turns_are_fair(given: Sequence[float], offered: Sequence[float]) -> float | None:
    """Return how evenly turns are shared: Jain's index of hours given over hours offered, 1 for all alike.

    given, offered: hours a week, one value a volunteer; volunteers who offer nothing are left out; None when nobody is
    left or nobody gives any. Source: R. Jain, D. Chiu, W. Hawe, DEC-TR-301 (1984).

    >>> turns_are_fair([1, 2], [2, 4]), turns_are_fair([2, 0], [2, 2])
    (1.0, 0.5)
    """
    shares = [part / whole for part, whole in zip(given, offered, strict=True) if whole > 0]
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else None
