"""The rota of a week in a community as the database has it: circles at work, their times, shifts that stand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from geo.access.reads import require_for_work
from geo.coverage.rota import Rota, plan
from geo.coverage.rota import Shift as PlannedShift
from geo.coverage.rota_inputs import Helper, Member, Task, week_of
from geo.coverage.rota_search import Effort
from geo.errors import BadInput
from geo.i18n import N_
from geo.jobs.context import JobContext
from geo.people.circle_reads import CircleView, circles
from geo.people.circle_rules import AT_WORK
from geo.people.volunteer_reads import pairing_rows, windows_of
from geo.planning.reads import parameters
from geo.planning.shift_reads import ShiftView, week_shifts
from geo.planning.shift_rules import HOUR, STANDING, free_windows, monday_of, spread_days, turns_a_week
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.store import versions
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import reading, writing

MOST_S = 40.0
WEEK_DAYS = 7
MARK = "#"
USUAL_START = 9 * HOUR
COLUMNS = ("circle_id", "volunteer_id", "on_day", "from_minute", "to_minute", "task", "cause")
NOBODY = 0
NO_CIRCLES = N_("No circle is at work in this community. Accept some of the proposals first, then plan their week.")
PAST = N_("This week is over. Choose this week or a later one.")


@dataclass(frozen=True)
class _Case:
    """Everything a plan looks at; the engine's needs are circles, its tasks the kind of help and the turn's number."""

    monday: date
    shift_minutes: int
    tasks: Sequence[Task]
    members: Mapping[str, Sequence[Member]]
    helpers: Mapping[str, Helper]
    before: Sequence[PlannedShift]


def rota_as_job(context: JobContext, *, community_id: int, monday: str) -> dict[str, Any]:
    """Plan a week of a community as a job and keep the plan as a study; nothing is asked of anybody before it is
    accepted.

    monday: the first day of the week, YYYY-MM-DD. Raises BadInput for a week that is over or without circles at work.
    """
    require_for_work(context.actor, "rota")
    all_tables()
    first = monday_of(date.fromisoformat(monday))
    if first < monday_of(today()):
        raise BadInput(PAST)
    context.progress(0.05, N_("Reading circles and times"))
    with reading(context.actor) as connection:
        seen = versions.current(connection)
        case = _load(connection, community_id, first)
    context.progress(0.1, N_("Looking for the best week"))

    def tell(aim: str, value: int, bound: int) -> None:
        context.best({"aim": aim, "value": value, "bound": bound})

    found = plan(
        week_of(case.tasks, case.members, case.helpers, first),
        before=case.before,
        effort=Effort(limit_s=MOST_S),
        progress=tell,
        stop=lambda: context.notes.stop_reason is not None,
    )
    context.progress(0.95, N_("Keeping the plan"))
    with writing(context.actor) as session:
        asked = {"community_id": community_id, "monday": first.isoformat()}
        name = f"rota {first.isoformat()}"
        draft = StudyDraft("rota", name, community_id, asked, _figures(case, found), _frame(case, found))
        study_id = keep_study(session, draft, data_on=today(), seen=seen)
        context.check_cancelled()
    return {"study_id": study_id, "planned": len(found.shifts), "open": len(found.unfilled)}


def _load(connection: Connection, community_id: int, monday: date) -> _Case:
    chosen = parameters(connection)
    at_work = [
        one
        for one in circles(connection, community_id=community_id, statuses=AT_WORK)
        if one.need_status == "open" and one.members
    ]
    if not at_work:
        raise BadInput(NO_CIRCLES)
    standing = [one for one in week_shifts(connection, monday, community_id=community_id) if one.status in STANDING]
    helpers = _helpers(connection, community_id, monday, standing)
    tasks = [
        task
        for one in at_work
        for task in _tasks(one, helpers, [shift for shift in standing if shift.circle_id == one.id], chosen)
    ]
    members = {str(one.id): _members(one, tasks) for one in at_work}
    return _Case(
        monday, int(chosen["shift_minutes"]), tasks, members, helpers, _before(connection, community_id, monday)
    )


def _tasks(
    circle: CircleView, helpers: Mapping[str, Helper], standing: Sequence[ShiftView], chosen: Mapping[str, Any]
) -> list[Task]:
    """Return the turns a circle still needs in the week, spread over days on which somebody can come."""
    minutes = int(chosen["shift_minutes"])
    hours = circle.hours_week if circle.hours_week is not None else float(chosen["need_hours_week"])
    wanted = turns_a_week(hours, minutes)
    windows = [
        window
        for one in circle.members
        if one.role != "backup" and str(one.volunteer_id) in helpers
        for window in helpers[str(one.volunteer_id)].windows
    ]
    taken = {shift.on_day.weekday() for shift in standing}
    days = sorted({window.weekday for window in windows} - taken)
    lacking = range(len(standing), wanted)
    return [
        Task(str(circle.id), f"{circle.tasks[at % len(circle.tasks)]}{MARK}{at}", minutes, weekday)
        for at, weekday in zip(lacking, spread_days(days, len(lacking)), strict=True)
    ]


def _members(circle: CircleView, tasks: Sequence[Task]) -> list[Member]:
    """Return the members of a circle; who comes first for a kind of help does so for every turn of it."""
    names = [task.name for task in tasks if task.need == str(circle.id)]
    return [
        Member(
            str(one.volunteer_id),
            one.role,
            tuple(name for name in names if name.partition(MARK)[0] in one.tasks),
            one.weekdays,
        )
        for one in circle.members
    ]


def _before(connection: Connection, community_id: int, monday: date) -> list[PlannedShift]:
    """Return the shifts of the week before, named as the turns of this one."""
    counted: Counter[int] = Counter()
    found = []
    for one in week_shifts(connection, monday - timedelta(days=WEEK_DAYS), community_id=community_id):
        if one.status in STANDING and one.volunteer_id is not None:
            name = f"{one.task}{MARK}{counted[one.circle_id]}"
            counted[one.circle_id] += 1
            found.append(
                PlannedShift(
                    str(one.circle_id), name, str(one.volunteer_id), one.on_day, one.from_minute, one.to_minute
                )
            )
    return found


def _helpers(
    connection: Connection, community_id: int, monday: date, standing: Sequence[ShiftView]
) -> dict[str, Helper]:
    windows = windows_of(connection, community_id=community_id)
    first_weekday = (today() - monday).days if monday <= today() else 0
    found = {}
    for row in pairing_rows(connection, community_id):
        taken = [one.turn for one in standing if one.volunteer_id == row.volunteer_id]
        left = [
            window
            for window in free_windows(windows.get(row.volunteer_id, ()), taken)
            if window.weekday >= first_weekday
        ]
        minutes = int(row.hours_week * HOUR) - sum(turn.minutes for turn in taken)
        found[str(row.volunteer_id)] = Helper(max(minutes, 0), tuple(left))
    return found


def _frame(case: _Case, found: Rota) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = [
        (int(one.need), int(one.volunteer), one.on.isoformat(), one.start, one.end, one.task.partition(MARK)[0], "")
        for one in found.shifts
    ]
    soonest = max(today() - case.monday, timedelta(0)).days
    for task, cause in found.unfilled:
        kind, _mark, turn = task.name.partition(MARK)
        weekday = task.weekday if task.weekday is not None else soonest + int(turn) % (WEEK_DAYS - soonest)
        on_day = (case.monday + timedelta(days=weekday)).isoformat()
        rows.append((int(task.need), NOBODY, on_day, USUAL_START, USUAL_START + task.minutes, kind, cause))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _figures(case: _Case, found: Rota) -> dict[str, Any]:
    return {
        "turns": len(case.tasks),
        "planned": len(found.shifts),
        "open": len(found.unfilled),
        "stages": [
            {"name": one.name, "value": one.value, "bound": one.bound, "proven": one.proven} for one in found.stages
        ],
        "findings": dict(Counter(one.code for one in found.findings)),
        "proven": found.proven,
        "shift_minutes": case.shift_minutes,
    }
