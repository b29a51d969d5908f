"""The weekly plan: first as few tasks open as can be, then fair loads, then the same faces as last week.

Each aim is made as small as it can get (CP-SAT of OR-tools, one worker) and then kept while the next one is sought:

1. open: tasks that nobody does;
2. fairness: minutes that volunteers carry above their fair share in all; a task is shared fairly when everybody of the
   circle who has time for it carries the same part;
3. continuity: tasks that change hands: 2 for another volunteer than last week, 1 for the same one on another day, and 1
   for somebody who is not the task's primary.

What an aim came to stands beside a proven bound; a plan that was stopped is never called the best.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from geo.coverage.rota_inputs import Finding, Task, Week, by_window
from geo.coverage.rota_model import AIMS, Past, built, loads_of
from geo.coverage.rota_search import Effort, Progress, Search, Stage, Stop
from geo.i18n import N_

__all__ = ["Effort", "Rota", "Shift", "Stage", "Unfilled", "plan"]
PAUSE_MINUTES = 10
STAGE_WORDS = {
    "open": N_("Tasks nobody does"),
    "fairness": N_("Minutes above a fair share"),
    "continuity": N_("Tasks that change hands"),
}
"""The aims, in their order."""


class Shift(NamedTuple):
    """A task on a day: need, task, volunteer, from which to which minute of the day, and how far it is (offered)."""

    need: str
    task: str
    volunteer: str
    on: date
    start: int
    end: int
    stage: str = "offered"


class Unfilled(NamedTuple):
    """A task nobody does, and why: a key of UNFILLED_WORDS."""

    task: Task
    cause: str


@dataclass(frozen=True)
class Rota:
    """The shifts in order of time, the tasks nobody does, how good each aim is, and what was noticed."""

    shifts: tuple[Shift, ...]
    unfilled: tuple[Unfilled, ...]
    stages: tuple[Stage, ...]
    findings: tuple[Finding, ...]

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return all(stage.proven for stage in self.stages)


def plan(
    week: Week,
    *,
    before: Iterable[Shift] = (),
    effort: Effort = Effort(),  # noqa: B008
    pause_minutes: int = PAUSE_MINUTES,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Rota:
    """Return the best plan of a week that was found with some effort.

    before: the shifts of last week. pause_minutes: between two tasks of one volunteer, for the way. progress: told the
    aim, its value and its bound with every better plan. stop: asked some times a second; True ends the search.

    >>> from geo.coverage.rota_inputs import Helper, Member, Window, week_of
    >>> helpers = {name: Helper(120, (Window(0, 540, 660),)) for name in ("anna", "bert")}
    >>> circles = {"n": [Member("anna", "primary"), Member("bert")]}
    >>> tasks = [Task("n", "visit", 60, 0), Task("n", "meal", 60, 0)]
    >>> best = plan(week_of(tasks, circles, helpers, date(2026, 11, 23)))
    >>> [(shift.task, shift.volunteer, shift.start) for shift in best.shifts], best.proven
    ([('meal', 'anna', 540), ('visit', 'bert', 540)], True)
    """
    search = Search(built(week, _past(before), pause_minutes), effort, progress, stop)
    stages = tuple(search.best(name) for name in AIMS)
    shifts = sorted(_shifts(week, search.chosen, search.starts, pause_minutes), key=_time)
    return Rota(tuple(shifts), tuple(_unfilled(week, search.chosen)), stages, week.findings)


def _past(before: Iterable[Shift]) -> Past:
    past = defaultdict(set)
    for shift in before:
        past[shift.need, shift.task].add((shift.volunteer, shift.on.weekday()))
    return past


def _time(shift: Shift) -> tuple[date, int, str, str]:
    return shift.on, shift.start, shift.need, shift.task


def _shifts(week: Week, chosen: Sequence[bool], starts: dict[int, int], pause_minutes: int) -> Iterator[Shift]:
    """Yield the shifts, each as early as it can be after the one before it in the same time."""
    for group in by_window(week.options):
        earliest = 0
        for number in sorted((one for one in group if chosen[one]), key=lambda one: (starts.get(one, 0), one)):
            option = week.options[number]
            task = week.tasks[option.task]
            start = max(earliest, option.first)
            on = week.monday + timedelta(days=option.window.weekday)
            yield Shift(task.need, task.name, option.volunteer, on, start, start + task.minutes)
            earliest = start + task.minutes + pause_minutes


def _unfilled(week: Week, chosen: Sequence[bool]) -> Iterator[Unfilled]:
    done = {option.task for option, yes in zip(week.options, chosen, strict=True) if yes}
    able = defaultdict(set)
    for option in week.options:
        able[option.task].add(option.volunteer)
    loads = loads_of(week, chosen)
    for number, task in enumerate(week.tasks):
        if number in done:
            continue
        if task.need not in week.needs_with_circle:
            cause = "no_circle"
        elif not able[number] and number not in week.short_of_hours:
            cause = "nobody_available"
        elif all(loads[one] + task.minutes > week.minutes_week[one] for one in able[number]):
            cause = "hours_full"
        else:
            cause = "times_taken"
        yield Unfilled(task, cause)
