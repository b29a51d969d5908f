"""Questions about care circles: which there are, who is in them, which needs have none; the helped are not named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.people.circle_rules import Member, gives_way
from geo.people.need_reads import NeedView, needs
from geo.people.tables import CIRCLE_STATUSES
from geo.places.names import unit_name_of
from geo.store.statements import statement

CURRENT = tuple(status for status in CIRCLE_STATUSES if status != "ended")
MOST = 5000
EVERY = ("circle_id", "need_id", "community_id", "volunteer_id")


@dataclass(frozen=True)
class MemberView:
    """A volunteer in a circle, past ones with the first day without them; name: None where it may not be seen."""

    circle_id: int
    volunteer_id: int
    name: str | None
    role: str
    tasks: tuple[str, ...]
    weekdays: tuple[int, ...]
    hours_week: float
    distance_m: float | None
    from_on: date
    to_on: date | None
    reason: str | None
    volunteer_status: str

    @property
    def member(self) -> Member:
        """Return what the rules of circles look at."""
        return Member(self.volunteer_id, self.role, self.tasks, self.weekdays, self.hours_week, self.distance_m)


@dataclass(frozen=True)
class CircleView:
    """A care circle with the place and number of its need and its present members; hours_week None: not told."""

    id: int
    need_id: int
    number: str
    community_id: int
    community: str
    status: str
    started_on: date
    ended_on: date | None
    reason: str | None
    team_id: int | None
    team: str | None
    study_id: int | None
    version: int
    need_status: str
    tasks: tuple[str, ...]
    skills: tuple[str, ...]
    hours_week: float | None
    building_id: int
    helped_person_id: int | None
    place: str
    room: str | None
    members: tuple[MemberView, ...]

    @property
    def door(self) -> str:
        """Return the place as people say it, with its room where it is known."""
        return f"{self.place} {self.room}" if self.room else self.place

    @property
    def gives_way(self) -> bool:
        """Whether a newer run may replace it."""
        return gives_way(self.status, self.study_id, self.version)


@dataclass(frozen=True)
class CircleFigures:
    """Circles by status, open needs, those of them without a circle at work, volunteers in circles, walked metres.

    mean_m: the mean way of a present member to the door, None where none is known.
    """

    by_status: dict[str, int]
    open_needs: int
    without_circle: int
    volunteers: int
    mean_m: float | None


@dataclass(frozen=True)
class Joiner:
    """Somebody who could join a circle; metres: a straight line lengthened for the streets, None without a place."""

    volunteer_id: int
    name: str | None
    team: str | None
    skills: tuple[str, ...]
    free_hours: float
    metres: float | None
    beyond_limit: bool


def circles(
    connection: Connection,
    *,
    community_id: int | None = None,
    volunteer_id: int | None = None,
    statuses: Sequence[str] = CURRENT,
    limit: int = MOST,
) -> list[CircleView]:
    """Return the circles the actor may see, by place; statuses: codes of tables.CIRCLE_STATUSES."""
    return _found(connection, limit, statuses, community_id=community_id, volunteer_id=volunteer_id)


def circle(connection: Connection, circle_id: int) -> CircleView | None:
    """Return one circle, None when the actor sees no such circle."""
    return next(iter(_found(connection, 1, CIRCLE_STATUSES, circle_id=circle_id)), None)


def circles_of_need(connection: Connection, need_id: int) -> list[CircleView]:
    """Return all circles of a need, the ended ones too."""
    return _found(connection, MOST, CIRCLE_STATUSES, need_id=need_id)


def needs_without_circle(connection: Connection, *, community_id: int | None = None) -> list[NeedView]:
    """Return the open needs that have no circle at work (on trial or active), by place."""
    looked_after = connection.scalars(text("SELECT care_need_id FROM care_circle WHERE status IN ('trial', 'active')"))
    taken = set(looked_after)
    return [one for one in needs(connection, community_id=community_id) if one.id not in taken]


def members_ever(connection: Connection, circle_id: int) -> list[MemberView]:
    """Return everybody who is or was in a circle, present ones first."""
    return _members(connection, [circle_id], past=True)


def joiners(
    connection: Connection, circle_id: int, *, factor: float, usual_limit_m: float, limit: int = 60
) -> list[Joiner]:
    """Return the active volunteers of the community who are not in a circle, the nearest first.

    factor, usual_limit_m: the city's parameters straight_line_factor and volunteer_limit_m.
    """
    values = {"circle_id": circle_id, "factor": factor, "most": limit}
    return [
        Joiner(
            volunteer_id=row.volunteer_id,
            name=row.name,
            team=row.team,
            skills=tuple(row.skills),
            free_hours=max(float(row.hours_week - row.bound), 0.0),
            metres=None if row.metres is None else round(row.metres),
            beyond_limit=row.metres is not None and row.metres > (row.limit_m or usual_limit_m),
        )
        for row in connection.execute(text(statement("people", "circle_joiners")), values)
    ]


def circle_figures(connection: Connection, *, community_id: int | None = None) -> CircleFigures:
    """Return the key figures of circles in a community, or (None) everywhere the actor may look."""
    row = connection.execute(text(statement("people", "circle_figures")), {"community_id": community_id}).one()
    by_status = dict.fromkeys(CIRCLE_STATUSES, 0) | dict(row.by_status or {})
    return CircleFigures(by_status, row.open_needs, row.without_circle, row.volunteers, row.mean_m)


def _found(connection: Connection, most: int, statuses: Sequence[str], **wanted: Any) -> list[CircleView]:
    values = dict.fromkeys(EVERY) | wanted | {"most": most, "statuses": list(statuses)}
    rows = connection.execute(text(statement("people", "circles")), values).all()
    members: dict[int, list[MemberView]] = {}
    for one in _members(connection, [row.id for row in rows], past=False):
        members.setdefault(one.circle_id, []).append(one)
    return [_view(row, tuple(members.get(row.id, ()))) for row in rows]


def _members(connection: Connection, circle_ids: Sequence[int], *, past: bool) -> list[MemberView]:
    rows = connection.execute(
        text(statement("people", "circle_members")), {"circle_ids": list(circle_ids), "past": past}
    )
    return [_member(row) for row in rows]


def _member(row: Row[Any]) -> MemberView:
    kept = row._asdict() | {
        "tasks": tuple(row.tasks),
        "weekdays": tuple(row.weekdays),
        "hours_week": float(row.hours_week),
    }
    return MemberView(**kept)


def _view(row: Row[Any], members: tuple[MemberView, ...]) -> CircleView:
    return CircleView(
        id=row.id,
        need_id=row.need_id,
        number=row.need_number,
        community_id=row.community_id,
        community=row.community,
        status=row.status,
        started_on=row.started_on,
        ended_on=row.ended_on,
        reason=row.reason,
        team_id=row.team_id,
        team=row.team,
        study_id=row.study_id,
        version=row.version,
        need_status=row.need_status,
        tasks=tuple(row.tasks),
        skills=tuple(row.skills),
        hours_week=None if row.hours_week is None else float(row.hours_week),
        building_id=row.building_id,
        helped_person_id=row.helped_person_id,
        place=unit_name_of(row),
        room=row.room,
        members=members,
    )
