"""What a weekly plan rests on: tasks that are due, circles, when volunteers have time; and every way to fill a task."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from geo.errors import BadInput
from geo.i18n import N_
from geo.people.tables import DAY_MINUTES, WEEKDAYS
from geo.people.volunteer_rules import Window, merged_windows, overlapping

BACKUP = "backup"
FINDING_WORDS = {
    "overlap": N_("Two times of a volunteer overlap; they count as one."),
    "no_times": N_("A member of a circle has given no times. Ask when they can come."),
    "no_hours": N_("A member of a circle gives no hours a week. Ask how many they have."),
}
"""What was noticed, and what to do."""
UNFILLED_WORDS = {
    "no_circle": N_("Nobody looks after this need yet. Propose a circle first."),
    "nobody_available": N_("No member of the circle has time then. Ask for other times, or move the task."),
    "hours_full": N_("Everybody who has time then has given all hours of the week. Ask for hours or one more member."),
    "times_taken": N_("Everybody who has time then is at another need. Ask for other times or one more member."),
}
"""Why nobody does a task, and what to do."""
ODD_TASK = N_("The task {task} of need {need} has no length, or ends after its day. Correct it, then try again.")
NOT_MONDAY = N_("A week begins on a Monday; {day} is none.")


class Task(NamedTuple):
    """Something a need wants done: how long, on which weekday (0 is Monday; None: any), and between which minutes.

    every_days: the cadence, 7 for every week; last_on: when it was done last. A task several times a week is several
    tasks, each with its weekday or all without.
    """

    need: str
    name: str
    minutes: int
    weekday: int | None = None
    earliest: int = 0
    latest: int = DAY_MINUTES
    every_days: int = 7
    last_on: date | None = None


class Member(NamedTuple):
    """A volunteer in a circle; primary for the tasks and weekdays named, or for all of them when none is named."""

    volunteer: str
    role: str = "turn"
    tasks: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()

    def leads(self, task: str, weekday: int) -> bool:
        """Tell whether the member is the primary of a task on a weekday."""
        if self.role == BACKUP:
            return False
        if self.tasks or self.weekdays:
            return task in self.tasks or weekday in self.weekdays
        return self.role == "primary"


Circles = Mapping[str, Sequence[Member]]
"""The members of the circle of each need."""


class Helper(NamedTuple):
    """A volunteer's minutes a week and weekly times."""

    minutes_week: int
    windows: tuple[Window, ...]


Helpers = Mapping[str, Helper]


class Finding(NamedTuple):
    """Something odd: a key of FINDING_WORDS, the volunteer, and the times it is about."""

    code: str
    volunteer: str
    windows: tuple[Window, ...] = ()


class Option(NamedTuple):
    """One way to fill a task: by whom, in which of their times, and between which first minutes."""

    task: int
    volunteer: str
    window: Window
    first: int
    last: int
    leads: bool


@dataclass(frozen=True)
class Week:
    """The due tasks of a week, the ways to fill each, how many minutes each volunteer has, and what was noticed.

    short_of_hours: positions of tasks for which somebody has time, but nobody enough hours a week.
    """

    monday: date
    tasks: tuple[Task, ...]
    options: tuple[Option, ...]
    minutes_week: Mapping[str, int]
    needs_with_circle: frozenset[str]
    short_of_hours: frozenset[int]
    findings: tuple[Finding, ...]


def due_tasks(tasks: Iterable[Task], monday: date) -> tuple[Task, ...]:
    """Return the tasks to be done in the week that begins on a Monday: every weekly one, others when it is time.

    >>> monthly = Task("n", "visit", 60, every_days=30, last_on=date(2026, 11, 2))
    >>> [len(due_tasks([monthly], date(2026, 11, day))) for day in (16, 23, 30)]
    [0, 0, 1]
    """
    sunday = monday + timedelta(days=WEEKDAYS - 1)
    return tuple(
        task
        for task in tasks
        if task.every_days <= WEEKDAYS
        or task.last_on is None
        or task.last_on + timedelta(days=task.every_days) <= sunday
    )


def week_of(tasks: Iterable[Task], circles: Circles, helpers: Helpers, monday: date) -> Week:
    """Return what there is to plan in the week that begins on a Monday.

    Times that overlap are made one and listed; members without times or hours are listed. Backups are not planned
    with. Raises BadInput for a day that is no Monday, and tasks without a length or beyond their day.

    >>> circles = {"n": [Member("anna", "primary")]}
    >>> helpers = {"anna": Helper(120, (Window(0, 540, 660), Window(0, 600, 720)))}
    >>> week = week_of([Task("n", "visit", 60, 0)], circles, helpers, date(2026, 11, 23))
    >>> [(one.volunteer, one.first, one.last) for one in week.options], week.findings[0].code
    ([('anna', 540, 660)], 'overlap')
    """
    if monday.weekday() != 0:
        raise BadInput(NOT_MONDAY, day=monday)
    due = due_tasks(tasks, monday)
    for task in due:
        if task.minutes <= 0 or not 0 <= task.earliest <= task.latest - task.minutes <= DAY_MINUTES - task.minutes:
            raise BadInput(ODD_TASK, task=task.name, need=task.need)
    wanted = {task.need for task in due}
    members = sorted({member.volunteer for need in wanted for member in circles.get(need, ())})
    windows = {name: tuple(merged_windows(helpers[name].windows)) for name in members if name in helpers}
    options = tuple(option for number, task in enumerate(due) for option in _options(number, task, circles, windows))
    minutes_week = {name: helpers[name].minutes_week for name in windows}
    fitting = tuple(one for one in options if due[one.task].minutes <= minutes_week[one.volunteer])
    with_circle = frozenset(need for need in wanted if any(one.role != BACKUP for one in circles.get(need, ())))
    short = frozenset(one.task for one in options) - {one.task for one in fitting}
    return Week(monday, due, fitting, minutes_week, with_circle, short, tuple(_findings(members, helpers)))


def _options(number: int, task: Task, circles: Circles, windows: Mapping[str, Sequence[Window]]) -> Iterator[Option]:
    for member in circles.get(task.need, ()):
        if member.role == BACKUP:
            continue
        for window in windows.get(member.volunteer, ()):
            first = max(window.from_minute, task.earliest)
            last = min(window.to_minute, task.latest) - task.minutes
            if task.weekday in {None, window.weekday} and first <= last:
                yield Option(number, member.volunteer, window, first, last, member.leads(task.name, window.weekday))


def _findings(members: Iterable[str], helpers: Helpers) -> Iterator[Finding]:
    for name in members:
        helper = helpers.get(name, Helper(0, ()))
        yield from (Finding("overlap", name, pair) for pair in overlapping(helper.windows))
        if not helper.windows:
            yield Finding("no_times", name)
        elif helper.minutes_week <= 0:
            yield Finding("no_hours", name)


def by_window(options: Sequence[Option]) -> list[list[int]]:
    """Return the positions of options in groups: one group for each time of each volunteer."""

    def place(position: int) -> tuple[str, Window]:
        return options[position].volunteer, options[position].window

    return [list(group) for _place, group in groupby(sorted(range(len(options)), key=place), key=place)]
