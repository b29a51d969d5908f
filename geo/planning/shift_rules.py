"""Rules of shifts: how a turn goes from open to done, who may take it, and what week a day is in."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from geo.errors import BadInput, Conflict
from geo.i18n import N_, _
from geo.people.tables import DAY_MINUTES, WEEKDAYS
from geo.people.volunteer_rules import Window

STATUS_LABELS = {
    "open": N_("nobody yet"),
    "offered": N_("offered"),
    "accepted": N_("accepted"),
    "done": N_("done"),
    "missed": N_("missed"),
    "replaced": N_("replaced"),
    "cancelled": N_("cancelled"),
}
ACTION_LABELS = {
    "plan_week": N_("Week of shifts planned"),
    "add_shift": N_("Shift added"),
    "move_shift": N_("Shift accepted, given back, done, missed or cancelled"),
    "hand_over": N_("Shift given to somebody"),
    "swap_shifts": N_("Shifts exchanged"),
    "send_stand_in": N_("Somebody else sent for a missed shift"),
}
"""The words of what the log says about shifts."""
MOVES: dict[str, tuple[str, ...]] = {
    "open": ("offered", "cancelled"),
    "offered": ("accepted", "open", "cancelled"),
    "accepted": ("done", "missed", "open", "cancelled"),
    "missed": ("replaced",),
    "done": (),
    "replaced": (),
    "cancelled": (),
}
"""Where a shift can go from where it is; open again means that somebody gave it back."""
STANDING = ("offered", "accepted", "done")
"""Shifts that take somebody's time."""
TO_COME = ("open", "offered", "accepted")
NEED_REASON = frozenset({"missed", "cancelled"})
HOUR = 60


class Turn(NamedTuple):
    """A time on a day, in minutes after midnight."""

    on_day: date
    from_minute: int
    to_minute: int

    @property
    def minutes(self) -> int:
        """Return how long it lasts."""
        return self.to_minute - self.from_minute


class Taker(NamedTuple):
    """Who would take a turn: when they can come, what they do that week already, hours offered, still volunteering."""

    windows: Sequence[Window]
    taken: Sequence[Turn]
    hours_week: float
    active: bool = True


def checked_move(now: str, wanted: str) -> str:
    """Return the status a shift goes to; raises Conflict for a way it cannot go.

    >>> checked_move("accepted", "done")
    'done'
    """
    if wanted not in MOVES.get(now, ()):
        raise Conflict(
            N_("A shift that is {now} cannot become {wanted}. Look at it again, then choose what is offered."),
            now=_(STATUS_LABELS[now]),
            wanted=_(STATUS_LABELS.get(wanted, wanted)),
        )
    return wanted


def checked_turn(turn: Turn) -> Turn:
    """Return a turn within one day; raises BadInput when it ends before it begins or goes past midnight."""
    if not 0 <= turn.from_minute < turn.to_minute <= DAY_MINUTES:
        raise BadInput(N_("A shift ends after it begins and on the same day. Correct the times."))
    return turn


def happened(turn: Turn, on: date) -> bool:
    """Tell whether a turn can be done or missed already: its day has come.

    >>> happened(Turn(date(2026, 11, 23), 540, 600), date(2026, 11, 22))
    False
    """
    return turn.on_day <= on


def objections(turn: Turn, taker: Taker) -> list[str]:
    """Return why somebody cannot take a turn, as msgids; empty when they can.

    >>> monday = Turn(date(2026, 11, 23), 540, 600)
    >>> objections(monday, Taker([Window(0, 480, 720)], [], 2))
    []
    >>> objections(monday, Taker([Window(1, 480, 720)], [monday], 1))[1]
    'This volunteer has another shift at this time.'
    """
    weekday = turn.on_day.weekday()
    can_come = any(
        window.weekday == weekday and window.from_minute <= turn.from_minute and turn.to_minute <= window.to_minute
        for window in taker.windows
    )
    busy = any(
        other.on_day == turn.on_day and other.from_minute < turn.to_minute and turn.from_minute < other.to_minute
        for other in taker.taken
    )
    minutes = turn.minutes + sum(other.minutes for other in taker.taken if same_week(other.on_day, turn.on_day))
    told = (
        (not taker.active, N_("This volunteer does not take shifts at present.")),
        (not can_come, N_("This volunteer has not said that they can come at this time.")),
        (busy, N_("This volunteer has another shift at this time.")),
        (minutes > taker.hours_week * HOUR, N_("This would be more than the hours a week this volunteer offers.")),
    )
    return [message for wrong, message in told if wrong]


def monday_of(on: date) -> date:
    """Return the Monday of a day's week.

    >>> monday_of(date(2026, 11, 22))
    datetime.date(2026, 11, 16)
    """
    return on - timedelta(days=on.weekday())


def days_of_week(monday: date) -> list[date]:
    """Return the seven days of the week that begins on a Monday.

    >>> days_of_week(date(2026, 11, 16))[-1]
    datetime.date(2026, 11, 22)
    """
    return [monday + timedelta(days=day) for day in range(WEEKDAYS)]


def same_week(one: date, other: date) -> bool:
    """Tell whether two days are in one week, Monday to Sunday.

    >>> same_week(date(2026, 11, 16), date(2026, 11, 22)), same_week(date(2026, 11, 22), date(2026, 11, 23))
    (True, False)
    """
    return monday_of(one) == monday_of(other)


def turns_a_week(hours_week: float, shift_minutes: int) -> int:
    """Return how many shifts of a length a need takes in a week: its hours, rounded, one at least.

    >>> turns_a_week(2, 60), turns_a_week(0.25, 60), turns_a_week(1.5, 45)
    (2, 1, 2)
    """
    return max(round(hours_week * HOUR / shift_minutes), 1)


def spread_days(days: Sequence[int], count: int) -> list[int | None]:
    """Return on which weekdays so many shifts fall, as far apart as can be; one alone is left open (None).

    days: the weekdays on which somebody can come, in order; a day is used again where there are too few.

    >>> spread_days([0, 1, 2, 3, 4], 2), spread_days([0, 2], 1), spread_days([], 2)
    ([0, 2], [None], [None, None])
    """
    if count == 1 or not days:
        return [None] * count
    return [days[at * len(days) // count % len(days)] for at in range(count)]


def free_windows(windows: Sequence[Window], taken: Sequence[Turn]) -> list[Window]:
    """Return what is left of weekly times in the one week that the taken turns are in.

    >>> free_windows([Window(0, 540, 720)], [Turn(date(2026, 11, 16), 600, 660)])
    [Window(weekday=0, from_minute=540, to_minute=600), Window(weekday=0, from_minute=660, to_minute=720)]
    """
    left = list(windows)
    for turn in taken:
        left = [part for window in left for part in _without(window, turn)]
    return left


def _without(window: Window, turn: Turn) -> list[Window]:
    if turn.on_day.weekday() != window.weekday:
        return [window]
    before = window._replace(to_minute=min(window.to_minute, turn.from_minute))
    after = window._replace(from_minute=max(window.from_minute, turn.to_minute))
    return [part for part in (before, after) if part.from_minute < part.to_minute]
