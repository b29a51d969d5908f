"""Questions about incidents: which there are, how long they last, whom they affect, which requests they have."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.i18n import N_
from geo.places.names import unit_name_of
from geo.requests.board import BY_DUE, VIEWS, RequestView, rows
from geo.store.statements import statement

KIND_LABELS = {
    "water": N_("Water"),
    "power": N_("Power"),
    "lift": N_("Lift"),
    "heating": N_("Heating"),
    "gas": N_("Gas"),
    "other": N_("Something else"),
}
MOST = 200
CLOSE_DAYS = 3


@dataclass(frozen=True)
class IncidentView:
    """An incident with how many doors it affects and how many requests joined it."""

    id: int
    community_id: int
    community: str
    kind: str
    name: str
    started_at: datetime
    expected_end_at: datetime | None
    ended_at: datetime | None
    note: str | None
    recorded_by: str
    version: int
    doors: int
    requests: int

    def duration(self, now: datetime) -> timedelta:
        """Return how long it lasted, or lasts until now."""
        return (self.ended_at or now) - self.started_at


@dataclass(frozen=True)
class DoorView:
    """A building, or one unit of it, that an incident affects; heads: who looks after it, where it may be seen."""

    building_id: int
    unit_id: int | None
    place: str
    households: int | None
    heads: tuple[str, ...]


def incidents(connection: Connection, *, running: bool | None = None, limit: int = MOST) -> list[IncidentView]:
    """Return the incidents the actor may see: running ones, those that are over, or (None) both; the latest first."""
    found = connection.execute(
        text(statement("requests", "incidents")), {"running": running, "incident_id": None, "most": limit}
    )
    return [IncidentView(**row._asdict()) for row in found]


def incident(connection: Connection, incident_id: int) -> IncidentView | None:
    """Return one incident, None when the actor sees no such one."""
    asked = {"running": None, "incident_id": incident_id, "most": 1}
    row = connection.execute(text(statement("requests", "incidents")), asked).one_or_none()
    return IncidentView(**row._asdict()) if row else None


def doors_of_incident(connection: Connection, incident_id: int) -> list[DoorView]:
    """Return the doors an incident affects, by name, with the heads who look after them today."""
    found = connection.execute(text(statement("requests", "incident_doors")), {"incident_id": incident_id})
    return [_door(row) for row in found]


def requests_of_incident(connection: Connection, incident_id: int) -> list[RequestView]:
    """Return the requests that joined an incident."""
    return rows(connection, VIEWS["all"], {"incident_id": incident_id})


def likely_requests(connection: Connection, found: IncidentView) -> list[RequestView]:
    """Return open requests at the doors of an incident, in none yet, that came in around it: they may belong to it."""
    buildings = sorted({door.building_id for door in doors_of_incident(connection, found.id)})
    near = timedelta(days=CLOSE_DAYS)
    last = (found.ended_at or datetime.max.replace(tzinfo=found.started_at.tzinfo) - 2 * near) + near
    here = rows(connection, VIEWS["open"], {"building_ids": buildings}, order=BY_DUE)
    return [one for one in here if one.incident_id is None and found.started_at - near <= one.clock.received_at <= last]


def _door(row: Row[Any]) -> DoorView:
    return DoorView(row.building_id, row.unit_id, unit_name_of(row), row.households, tuple(row.heads or ()))
