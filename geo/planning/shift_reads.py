"""Questions about shifts: a week's turns, who could take one, how the hours of a week are shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

from geo.people.circle_reads import circle
from geo.people.volunteer_rules import Window
from geo.places.names import unit_name_of
from geo.planning.shift_rules import STANDING, Taker, Turn, days_of_week, monday_of, objections
from geo.store.statements import statement

MOST = 10_000
EVERY = ("shift_id", "community_id", "circle_id", "volunteer_id", "from_day", "to_day")
ROLES_IN_TURN = ("backup", "turn", "primary")


@dataclass(frozen=True)
class ShiftView:
    """A turn at a door on a day; volunteer None: nobody yet; stand_in: who comes instead of somebody who did not."""

    id: int
    circle_id: int
    community_id: int
    volunteer_id: int | None
    volunteer: str | None
    on_day: date
    from_minute: int
    to_minute: int
    task: str
    status: str
    replaces_id: int | None
    reason: str | None
    version: int
    need_id: int
    number: str
    helped_person_id: int | None
    place: str
    room: str | None
    stand_in: str | None

    @property
    def turn(self) -> Turn:
        """Return when it is."""
        return Turn(self.on_day, self.from_minute, self.to_minute)

    @property
    def door(self) -> str:
        """Return the place as people say it, with its room where it is known."""
        return f"{self.place} {self.room}" if self.room else self.place


@dataclass(frozen=True)
class Load:
    """What a volunteer does in a week: hours offered, hours planned (done ones too), hours done, turns missed."""

    volunteer_id: int
    name: str | None
    offered_hours: float
    planned_hours: float
    done_hours: float
    missed: int
    active: bool


@dataclass(frozen=True)
class Candidate:
    """Somebody of a circle who could take a turn, and why not (msgids; empty when nothing speaks against it)."""

    volunteer_id: int
    name: str | None
    role: str
    distance_m: float | None
    objections: tuple[str, ...]


def week_shifts(
    connection: Connection,
    monday: date,
    *,
    community_id: int | None = None,
    volunteer_id: int | None = None,
    circle_id: int | None = None,
) -> list[ShiftView]:
    """Return the shifts of the week that begins on a Monday, by day and time, as far as the actor may see them."""
    week = days_of_week(monday)
    wanted = {"community_id": community_id, "volunteer_id": volunteer_id, "circle_id": circle_id}
    return _found(connection, from_day=week[0], to_day=week[-1], **wanted)


def shift(connection: Connection, shift_id: int) -> ShiftView | None:
    """Return one shift, None when the actor sees no such shift."""
    return next(iter(_found(connection, shift_id=shift_id)), None)


def shifts_of_circle(connection: Connection, circle_id: int) -> list[ShiftView]:
    """Return all shifts of a circle, the oldest first."""
    return _found(connection, circle_id=circle_id)


def week_loads(connection: Connection, monday: date, *, community_id: int | None = None) -> list[Load]:
    """Return what everybody who is in a circle at work or has a shift does in a week, by name."""
    return [_load(row) for row in _loads(connection, monday, community_id=community_id)]


def candidates(connection: Connection, wanted: ShiftView, *, turn: Turn | None = None) -> list[Candidate]:
    """Return who of the circle could take a shift at its own time or another, who steps in and is free first."""
    found = circle(connection, wanted.circle_id)
    members = [one for one in found.members if one.volunteer_id != wanted.volunteer_id] if found else []
    when = turn or wanted.turn
    takers = takers_of(connection, [one.volunteer_id for one in members], when.on_day)
    listed = [
        Candidate(
            one.volunteer_id,
            one.name,
            one.role,
            one.distance_m,
            tuple(objections(when, takers[one.volunteer_id])),
        )
        for one in members
    ]
    return sorted(listed, key=lambda one: (len(one.objections), ROLES_IN_TURN.index(one.role), one.distance_m or 0))


def takers_of(connection: Connection | Session, volunteer_ids: Sequence[int], on: date) -> dict[int, Taker]:
    """Return when each volunteer can come, what they do in the week of a day already and the hours they offer."""
    monday = monday_of(on)
    ids = list(volunteer_ids)
    week = days_of_week(monday)
    offered = {row.volunteer_id: row for row in _loads(connection, monday, volunteer_ids=ids)}
    windows = _grouped(
        connection.execute(
            text(
                "SELECT volunteer_id, weekday, from_minute, to_minute FROM availability "
                "WHERE volunteer_id = ANY (:ids) ORDER BY id"
            ),
            {"ids": ids},
        ).all()
    )
    taken = _grouped(
        connection.execute(
            text(
                "SELECT volunteer_id, on_day, from_minute, to_minute FROM shift WHERE volunteer_id = ANY (:ids) "
                "AND on_day BETWEEN :first AND :last AND status = ANY (:standing) ORDER BY id"
            ),
            {"ids": ids, "first": week[0], "last": week[-1], "standing": list(STANDING)},
        ).all()
    )
    return {
        key: Taker(
            [Window(*one) for one in windows.get(key, ())],
            [Turn(*one) for one in taken.get(key, ())],
            float(row.hours_week),
            row.active,
        )
        for key, row in offered.items()
    }


def _grouped(rows: Sequence[Row[Any]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(tuple(row[1:]))
    return found


def _found(connection: Connection, **wanted: Any) -> list[ShiftView]:
    values = dict.fromkeys(EVERY) | wanted | {"most": MOST}
    return [_view(row) for row in connection.execute(text(statement("planning", "shifts")), values)]


def _loads(
    connection: Connection | Session,
    monday: date,
    *,
    community_id: int | None = None,
    volunteer_ids: list[int] | None = None,
) -> Sequence[Row[Any]]:
    week = days_of_week(monday)
    values = {
        "from_day": week[0],
        "to_day": week[-1],
        "community_id": community_id,
        "volunteer_ids": volunteer_ids,
    }
    return connection.execute(text(statement("planning", "loads")), values).all()


def _load(row: Row[Any]) -> Load:
    return Load(
        volunteer_id=row.volunteer_id,
        name=row.name,
        offered_hours=float(row.hours_week),
        planned_hours=row.planned_minutes / 60,
        done_hours=row.done_minutes / 60,
        missed=row.missed,
        active=row.active,
    )


def _view(row: Row[Any]) -> ShiftView:
    return ShiftView(
        id=row.id,
        circle_id=row.circle_id,
        community_id=row.community_id,
        volunteer_id=row.volunteer_id,
        volunteer=row.volunteer,
        on_day=row.on_day,
        from_minute=row.from_minute,
        to_minute=row.to_minute,
        task=row.task,
        status=row.status,
        replaces_id=row.replaces_id,
        reason=row.reason,
        version=row.version,
        need_id=row.need_id,
        number=row.need_number,
        helped_person_id=row.helped_person_id,
        place=unit_name_of(row),
        room=row.room,
        stand_in=row.stand_in,
    )
