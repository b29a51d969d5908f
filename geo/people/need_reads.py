"""Questions about care needs: which there are, by place and number. Who they are of is not told here."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.people.needs import typed_number
from geo.places.names import unit_name_of
from geo.store.statements import statement

EVERY = ("need_id", "number", "community_id", "compound_id", "building_id", "helped_person_id", "status", "task")
MOST = 5000


@dataclass(frozen=True)
class NeedView:
    """A care need at a building, a unit or a household; lon and lat in EPSG:4326, None where the place is not drawn.

    hours_week and cadence_days are None where the city's own numbers hold.
    """

    id: int
    number: str
    community_id: int
    community: str
    building_id: int
    unit_id: int | None
    household_id: int | None
    helped_person_id: int | None
    place: str
    room: str | None
    tasks: tuple[str, ...]
    skills: tuple[str, ...]
    hours_week: float | None
    cadence_days: int | None
    status: str
    opened_on: date
    ended_on: date | None
    version: int
    lon: float | None
    lat: float | None


def needs(
    connection: Connection,
    *,
    community_id: int | None = None,
    compound_id: int | None = None,
    building_id: int | None = None,
    status: str | None = "open",
    limit: int = MOST,
) -> list[NeedView]:
    """Return the needs the actor may see, by place; status: one of needs.STATUS_LABELS, None for all."""
    within = {"community_id": community_id, "compound_id": compound_id, "building_id": building_id}
    return _found(connection, limit, status=status, **within)


@dataclass(frozen=True)
class NeedChoice:
    """Which needs are listed: status one of needs.STATUS_LABELS, task one of needs.TASK_LABELS; None is any."""

    community_id: int | None = None
    compound_id: int | None = None
    status: str | None = "open"
    task: str | None = None


def chosen_needs(connection: Connection, choice: NeedChoice, *, limit: int = MOST) -> list[NeedView]:
    """Return the needs of a choice that the actor may see, by place."""
    return _found(connection, limit, **asdict(choice))


def need(connection: Connection, need_id: int) -> NeedView | None:
    """Return one need, None when the actor sees no such need."""
    return next(iter(_found(connection, 1, need_id=need_id)), None)


def need_by_number(connection: Connection, written: str) -> NeedView | None:
    """Return the need with a number, however it was typed; None when the actor sees no such need."""
    return next(iter(_found(connection, 1, number=typed_number(written))), None)


def needs_of_person(connection: Connection, helped_person_id: int) -> list[NeedView]:
    """Return all needs of a helped person, the ended ones too."""
    return _found(connection, MOST, helped_person_id=helped_person_id)


def need_counts(connection: Connection, *, community_id: int | None = None) -> dict[str, int]:
    """Return how many needs the actor sees, by status."""
    rows = connection.execute(
        text(
            "SELECT status, count(*) AS needs FROM care_need "
            "WHERE CAST(:community_id AS bigint) IS NULL OR community_id = :community_id GROUP BY status"
        ),
        {"community_id": community_id},
    )
    return {row.status: row.needs for row in rows}


def _found(connection: Connection, most: int, **wanted: Any) -> list[NeedView]:
    values = dict.fromkeys(EVERY) | wanted | {"most": most}
    return [_view(row) for row in connection.execute(text(statement("people", "needs")), values)]


def _view(row: Row[Any]) -> NeedView:
    return NeedView(
        id=row.id,
        number=row.need_number,
        community_id=row.community_id,
        community=row.community,
        building_id=row.building_id,
        unit_id=row.unit_id,
        household_id=row.household_id,
        helped_person_id=row.helped_person_id,
        place=unit_name_of(row),
        room=row.room,
        tasks=tuple(row.tasks),
        skills=tuple(row.skills),
        hours_week=None if row.hours_week is None else float(row.hours_week),
        cadence_days=row.cadence_days,
        status=row.status,
        opened_on=row.opened_on,
        ended_on=row.ended_on,
        version=row.version,
        lon=row.lon,
        lat=row.lat,
    )
