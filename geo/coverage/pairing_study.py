"""Pairing in a community as the database has it: needs under made-up names, volunteers, ways; kept as a study."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, text

from geo.access.reads import require_for_work
from geo.access.reveals import PersonsOfRun, needs_of_run, run_rows
from geo.coverage.circles import Slot, divided
from geo.coverage.pairing import CIRCLE_MOST, ROLES, Needs, Pairing, Volunteers, Ways, pair
from geo.coverage.reach_study import walks
from geo.coverage.rota_inputs import BACKUP
from geo.errors import BadInput, NotAllowed
from geo.i18n import N_
from geo.jobs.context import JobContext
from geo.people.circle_reads import CURRENT, CircleView, circles
from geo.people.circle_rules import AT_WORK, Member
from geo.people.circle_writes import CircleDraft, propose_circles
from geo.people.volunteer_reads import PairingRow, pairing_rows
from geo.planning.reads import parameters
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.store import versions
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import reading, writing
from geo.store.statements import statement

Flags = NDArray[np.bool_]
USUAL_CIRCLE = 3
CONTINUITY_M = 300.0
AGE_DETOUR_M = 200.0
"""A pair off the ages of 4050助7080 ranks as if it had so many metres more to walk; it is never left out."""
TEAM_OF_AGES = "care_4050_7080"
DECADE = 10
COLUMNS = (
    "need_id",
    "circle_id",
    "volunteer_id",
    "role",
    "tasks",
    "hours_week",
    "metres",
    "present",
    "cause",
    "missing",
)
NOBODY = 0
ONLY_WHO_WORKS_THERE = N_(
    "Only an organiser of this community can pair there: needs come back from their made-up names for nobody else."
)
NO_CONSENT = N_(
    "Nobody in this community with an open need has agreed to be part of planning. Record consents under Care needs."
)


@dataclass(frozen=True)
class Wishes:
    """What a run is asked for: volunteers wanted a need, only one team, and whether circles at work may be changed."""

    community_id: int
    circle: int = USUAL_CIRCLE
    team_id: int | None = None
    anew: bool = False


@dataclass(frozen=True)
class _Case:
    """Everything a run looks at, needs and volunteers by position."""

    wishes: Wishes
    needs: Sequence[Row[Any]]
    ages: Sequence[int | None]
    volunteers: Sequence[PairingRow]
    circle_of: Mapping[int, CircleView]
    chosen: Mapping[str, Any]
    ways: Ways
    by_road: bool
    cut_off: int

    @cached_property
    def tasks_of(self) -> dict[int, list[str]]:
        """Return the kinds of help of each need by its id."""
        return {row.need_id: row.tasks for row in self.needs}


def pairing_as_job(
    context: JobContext,
    *,
    community_id: int,
    circle: int = USUAL_CIRCLE,
    team_id: int | None = None,
    anew: bool = False,
) -> dict[str, Any]:
    """Propose circles in a community as a job: needs are read with one log entry, the result is kept as a study.

    circle: volunteers wanted for a need; team_id: only this team's; anew: pair needs with a circle at work once more.
    Raises BadInput for needs nobody agreed to, NotAllowed for who does not work there.
    """
    require_for_work(context.actor, "pairing")
    all_tables()
    wishes = Wishes(community_id, circle, team_id, anew)
    context.progress(0.02, N_("Reading needs under made-up names"))
    persons = run_rows(context.actor, "pairing", community_id=community_id)
    context.progress(0.15, N_("Measuring ways on foot"))
    with reading(context.actor) as connection:
        seen = versions.current(connection)
        case = _load(connection, wishes, persons)
    context.progress(0.5, N_("Looking for the best pairing"))
    found = _solve(case)
    context.progress(0.8, N_("Keeping the proposals"))
    wanted = _wanted(case, found)
    drafts = [
        CircleDraft(need_id, members, wishes.team_id)
        for need_id, members in wanted.items()
        if need_id not in case.circle_of
    ]
    frame = _frame(case, found, wanted)
    figures = _figures(case, found, frame) | {"left_out": persons.left_out}
    with writing(context.actor) as session:
        name, asked = f"pairing {today().isoformat()}", asdict(wishes) | _weights()
        draft = StudyDraft("pairing", name, community_id, asked, figures, frame)
        study_id = keep_study(session, draft, data_on=today(), seen=seen)
        proposed = propose_circles(session, drafts, on=today(), study_id=study_id, most=int(case.chosen["circle_size"]))
        context.check_cancelled()
    return {"study_id": study_id, "proposed": proposed}


def _weights() -> dict[str, float]:
    return {"continuity_m": CONTINUITY_M, "age_detour_m": AGE_DETOUR_M}


def _load(connection: Connection, wishes: Wishes, persons: PersonsOfRun) -> _Case:
    needs_of = needs_of_run(connection, persons.run_id, [row.pseudonym for row in persons.rows])
    if not persons.rows:
        raise BadInput(NO_CONSENT)
    if not needs_of:
        raise NotAllowed(ONLY_WHO_WORKS_THERE)
    decades = {need_id: row.birth_decade for row in persons.rows for need_id in needs_of.get(row.pseudonym, ())}
    chosen = parameters(connection)
    current = circles(connection, community_id=wishes.community_id, statuses=CURRENT)
    circle_of = {one.need_id: one for one in current if not one.gives_way}
    rows = connection.execute(text(statement("coverage", "needs_to_pair")), {"ids": list(decades)}).all()
    needs = [row for row in rows if _is_sought(circle_of.get(row.need_id))]
    volunteers = [row for row in pairing_rows(connection, wishes.community_id) if wishes.team_id in {None, row.team_id}]
    ways, by_road, cut_off = _ways(connection, needs, volunteers, float(chosen["volunteer_limit_m"]))
    ages = [decades[row.need_id] for row in needs]
    return _Case(wishes, needs, ages, volunteers, circle_of, chosen, ways, by_road, cut_off)


def _is_sought(circle: CircleView | None) -> bool:
    return circle is None or circle.status in AT_WORK


def _ways(
    connection: Connection, needs: Sequence[Row[Any]], volunteers: Sequence[PairingRow], usual_m: float
) -> tuple[Ways, bool, int]:
    """Return the ways from volunteers to needs within the widest limit, whether they are walked, and who is cut off."""
    way = walks(connection)
    need_at, volunteer_at = _placed(needs), _placed(volunteers)
    limits = [row.limit_m or usual_m for row in volunteers]
    doors, homes = (
        way.enter(*(np.array([getattr(rows[at], name) for at in places], dtype=np.float64) for name in ("lon", "lat")))
        for rows, places in ((needs, need_at), (volunteers, volunteer_at))
    )
    cut_off = int(doors.cut_off().sum() + homes.cut_off().sum())
    if not len(need_at) or not len(volunteer_at):
        none = np.empty(0, dtype=np.int64)
        return Ways(none, none, np.empty(0)), way.network is not None, cut_off
    found = way.within(homes, doors, max(limits))
    return (
        Ways(need_at[found.target], volunteer_at[found.source()], found.metres),
        way.network is not None,
        cut_off,
    )


def _placed(rows: Sequence[Any]) -> NDArray[np.int64]:
    return np.flatnonzero([row.lon is not None and row.lat is not None for row in rows])


def _solve(case: _Case) -> Pairing:
    wishes, chosen = case.wishes, case.chosen
    circle_of = [case.circle_of.get(row.need_id) for row in case.needs]
    present = _present(case, circle_of)
    wanted = min(wishes.circle, int(chosen["circle_size"]), CIRCLE_MOST)
    needs = Needs(
        hours=np.array([_hours(case, row, one) for row, one in zip(case.needs, circle_of, strict=True)], dtype=float),
        circle=np.array([_places(one, wanted, anew=wishes.anew) for one in circle_of], dtype=np.int64),
        skills=tuple(tuple(row.skills) for row in case.needs),
        placed=np.array([row.lon is not None for row in case.needs], dtype=bool),
        consent=np.ones(len(case.needs), dtype=bool),
    )
    bound = _bound(case)
    volunteers = Volunteers(
        hours=np.array([max(row.hours_week - bound.get(row.volunteer_id, 0.0), 0.0) for row in case.volunteers]),
        skills=tuple(row.skills for row in case.volunteers),
        limit_m=np.array([row.limit_m or chosen["volunteer_limit_m"] for row in case.volunteers], dtype=float),
        placed=np.array([row.lon is not None for row in case.volunteers], dtype=bool),
    )
    ways = Ways(case.ways.need, case.ways.volunteer, case.ways.metres, present, _detours(case))
    return pair(needs, volunteers, ways if wishes.anew else ways.only(~present), continuity_m=CONTINUITY_M)


def _present(case: _Case, circle_of: Sequence[CircleView | None]) -> Flags:
    together = {(at, member.volunteer_id) for at, one in enumerate(circle_of) if one for member in one.members}
    pairs = zip(case.ways.need.tolist(), case.ways.volunteer.tolist(), strict=True)
    return np.array([(need, case.volunteers[who].volunteer_id) in together for need, who in pairs], dtype=bool)


def _hours(case: _Case, row: Row[Any], circle: CircleView | None) -> float:
    asked = float(row.hours_week if row.hours_week is not None else case.chosen["need_hours_week"])
    given = 0.0 if circle is None or case.wishes.anew else sum(one.hours_week for one in circle.members)
    return max(round(asked - given, 2), 0.0)


def _places(circle: CircleView | None, wanted: int, *, anew: bool) -> int:
    if circle is None or anew:
        return wanted
    return max(min(wanted, CIRCLE_MOST) - len(circle.members), 1)


def _bound(case: _Case) -> dict[int, float]:
    """Return the hours a week of volunteers that circles keep which this run does not pair anew."""
    hours: dict[int, float] = {}
    for one in case.circle_of.values():
        if case.wishes.anew and one.status in AT_WORK:
            continue
        for member in one.members:
            hours[member.volunteer_id] = hours.get(member.volunteer_id, 0.0) + member.hours_week
    return hours


def _detours(case: _Case) -> NDArray[np.float64]:
    chosen, year = case.chosen, today().year
    low, high = chosen["helped_age_least"], chosen["helped_age_most"]
    helped = np.array([_may_be(year, decade, low, high) for decade in case.ages], dtype=bool)
    helper = np.array(
        [
            row.birth_year is None or chosen["helper_age_least"] <= year - row.birth_year <= chosen["helper_age_most"]
            for row in case.volunteers
        ],
        dtype=bool,
    )
    of_ages = np.array([row.team_kind == TEAM_OF_AGES for row in case.volunteers], dtype=bool)
    fits = helped[case.ways.need] & helper[case.ways.volunteer]
    return np.where(of_ages[case.ways.volunteer] & ~fits, AGE_DETOUR_M, 0.0)


def _may_be(year: int, decade: int | None, low: float, high: float) -> bool:
    """Tell whether somebody born in a decade may be of an age; an unknown one may."""
    return decade is None or (year - decade >= low and year - (decade + DECADE - 1) <= high)


def _wanted(case: _Case, found: Pairing) -> dict[int, tuple[Member, ...]]:
    """Return by need the circle the pairing comes to, with who stays in it; only where it brings somebody."""
    members: dict[int, list[Member]] = {}
    for need, volunteer, role, metres, hours in zip(
        found.need.tolist(), found.volunteer.tolist(), found.role.tolist(), found.metres.tolist(),
        found.hours.tolist(), strict=True,
    ):  # fmt: skip
        row = case.needs[need]
        member = Member(case.volunteers[volunteer].volunteer_id, ROLES[role], (), (), round(hours, 2), round(metres, 1))
        members.setdefault(row.need_id, []).append(member)
    return {need_id: _together(case, need_id, fresh) for need_id, fresh in members.items()}


def _together(case: _Case, need_id: int, fresh: list[Member]) -> tuple[Member, ...]:
    """Return new members with those who stay: whoever joins a circle at work takes turns, and one backup is enough."""
    circle = case.circle_of.get(need_id)
    if circle is None or case.wishes.anew:
        return _shared_out(fresh, case.tasks_of[need_id], int(case.chosen["shift_minutes"]))
    staying = [one.member for one in circle.members]
    has_first, has_backup = ({one.role for one in staying} & {role} for role in ("primary", "backup"))
    joining = [
        one._replace(role="turn") if one.role == "primary" and has_first else one
        for one in fresh
        if not (one.role == "backup" and has_backup)
    ]
    return tuple([*staying, *joining][:CIRCLE_MOST])


def _shared_out(members: Sequence[Member], tasks: Sequence[str], minutes: int) -> tuple[Member, ...]:
    """Return members with the kinds of help each comes first for, shared as evenly as whole ones can be."""
    regular = [one for one in members if one.role != BACKUP]
    duties = divided([str(one.volunteer_id) for one in regular], [Slot(task, minutes) for task in tasks])
    first_for = {
        one.volunteer_id: tuple(
            task for duty in duties if duty.order[0] == str(one.volunteer_id) for task in duty.tasks
        )
        for one in regular
    }
    alone = len(duties) == 1
    return tuple(
        one
        if one.role == BACKUP
        else one._replace(
            role="primary" if first_for[one.volunteer_id] else "turn",
            tasks=() if alone else first_for[one.volunteer_id],
        )
        for one in members
    )


def _frame(case: _Case, found: Pairing, wanted: Mapping[int, Sequence[Member]]) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for need_id, members in wanted.items():
        circle = case.circle_of.get(need_id)
        there = {one.volunteer_id for one in circle.members} if circle else set()
        circle_id = circle.id if circle else NOBODY
        rows += [
            (need_id, circle_id, one.volunteer_id, one.role, ",".join(one.tasks), one.hours_week,
             one.distance_m if one.distance_m is not None else float("nan"), one.volunteer_id in there, "", 0.0)
            for one in members
        ]  # fmt: skip
    for gap in found.unmet:
        row = case.needs[gap.need]
        circle = case.circle_of.get(row.need_id)
        if gap.hours > 0:
            circle_id = circle.id if circle else NOBODY
            rows.append(
                (row.need_id, circle_id, NOBODY, "", "", 0.0, float("nan"), False, gap.cause, round(gap.hours, 2))
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _figures(case: _Case, found: Pairing, frame: pd.DataFrame) -> dict[str, Any]:
    paired = frame[frame.volunteer_id != NOBODY]
    return {
        "needs": len(case.needs),
        "volunteers": len(case.volunteers),
        "circles": int(paired[paired.circle_id == NOBODY].need_id.nunique()),
        "changed": int(paired[paired.circle_id != NOBODY].need_id.nunique()),
        "unmet": int((frame.volunteer_id == NOBODY).sum()),
        "hours_asked": round(found.hours_asked, 2),
        "hours_met": round(found.hours_met, 2),
        "total_m": round(found.total_m),
        "status": found.status,
        "idle": len(found.idle),
        "by_road": case.by_road,
        "cut_off": case.cut_off,
    }
