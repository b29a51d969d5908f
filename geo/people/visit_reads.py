"""Questions about visits: what is due, what came of the visits that were made, how well the rhythm is kept."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text

from geo.people.tables import VISIT_RESULTS, Visit
from geo.people.visit_rules import STATE_LABELS
from geo.places.names import unit_name_of
from geo.settings import settings
from geo.store.statements import statement

MOST = 5000
RATE_DAYS = 30
EVERY = ("community_id", "compound_id", "building_ids", "visitor", "until", "state", "need_ids")
VISITORS = text(
    "SELECT DISTINCT v.recorded_by FROM visit v "
    "WHERE CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id ORDER BY 1"
)


@dataclass(frozen=True)
class VisitChoice:
    """Which due visits are listed: by place, by who came last, by state (visit_rules.STATE_LABELS); None is any."""

    community_id: int | None = None
    compound_id: int | None = None
    visitor: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class DueNeed:
    """An open need with its visits: the last one that met somebody, the last try, and by when the next is due."""

    id: int
    number: str
    community_id: int
    community: str
    compound: str | None
    building_id: int
    place: str
    room: str | None
    tasks: tuple[str, ...]
    opened_on: date
    last_met_on: date | None
    last_tried_on: date | None
    last_result: str | None
    last_by: str | None
    due_on: date
    after_change: bool
    state: str


@dataclass(frozen=True)
class VisitFigures:
    """Open needs by state (every state of visit_rules.STATE_LABELS), and visits of the last RATE_DAYS by result."""

    by_state: dict[str, int]
    by_result: dict[str, int]

    @property
    def needs(self) -> int:
        """Return how many open needs there are."""
        return sum(self.by_state.values())

    @property
    def visits(self) -> int:
        """Return how many visits were made."""
        return sum(self.by_result.values())


@dataclass(frozen=True)
class CadenceCount:
    """How many open needs of a community with people of some classes of risk are in some states; never below least."""

    community_id: int
    risks: tuple[str, ...]
    states: tuple[str, ...]
    needs: int
    least: int


@dataclass(frozen=True)
class VisitView:
    """A visit that was made; visited_at has a time zone."""

    id: int
    visited_at: datetime
    recorded_at: datetime
    recorded_by: str
    kind: str
    result: str
    findings: tuple[str, ...]
    minutes: int | None
    next_due_on: date | None


def due_needs(
    connection: Connection, choice: VisitChoice = VisitChoice(), *, until: date | None = None, limit: int = MOST
) -> list[DueNeed]:
    """Return the open needs the actor may see by the day their next visit is due, the longest overdue first."""
    return _found(connection, limit, **asdict(choice), until=until)


def due_at_buildings(connection: Connection, building_ids: list[int], *, until: date | None = None) -> list[DueNeed]:
    """Return the open needs of some buildings that the actor may see, the longest overdue first."""
    return _found(connection, MOST, building_ids=building_ids, until=until)


def due_of_need(connection: Connection, need_id: int) -> DueNeed | None:
    """Return when the next visit of one need is due; None when it is not open or the actor sees no such need."""
    return next(iter(_found(connection, 1, need_ids=[need_id])), None)


def visit_figures(
    connection: Connection, *, community_id: int | None = None, compound_id: int | None = None
) -> VisitFigures:
    """Return how many needs are due, overdue, in time or were never visited, and what came of the latest visits."""
    where = {"community_id": community_id, "compound_id": compound_id}
    states = connection.execute(text(statement("people", "visit_states")), where | {"zone": settings().time_zone})
    results = connection.execute(text(statement("people", "visit_results")), where | {"days": RATE_DAYS})
    by_state = dict.fromkeys(STATE_LABELS, 0) | {row.state: row.needs for row in states}
    return VisitFigures(by_state, dict.fromkeys(VISIT_RESULTS, 0) | {row.result: row.visits for row in results})


def cadence_counts(connection: Connection) -> list[CadenceCount]:
    """Return how well the rhythm is kept by class of risk, for the communities the actor works in.

    Merged until every count reaches the city's least (suppress_below); by state alone always.
    """
    rows = connection.execute(text("SELECT * FROM personal.visit_counts(:zone)"), {"zone": settings().time_zone})
    return [
        CadenceCount(row.community_id, tuple(row.risks), tuple(row.states), row.needs, row.at_least) for row in rows
    ]


def visits_of_need(connection: Connection, need_id: int, *, limit: int = 50) -> list[VisitView]:
    """Return the visits of a need that the actor may see, newest first; none is ever changed or removed."""
    rows = connection.execute(
        select(
            Visit.id, Visit.visited_at, Visit.recorded_at, Visit.recorded_by, Visit.kind, Visit.result, Visit.findings,
            Visit.minutes, Visit.next_due_on,
        )
        .where(Visit.care_need_id == need_id)
        .order_by(Visit.visited_at.desc(), Visit.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [VisitView(**row._asdict() | {"findings": tuple(row.findings)}) for row in rows]


def visitors(connection: Connection, *, community_id: int | None = None) -> list[str]:
    """Return the users who recorded visits the actor may see."""
    return list(connection.scalars(VISITORS, {"community_id": community_id}))


def _found(connection: Connection, most: int, **wanted: Any) -> list[DueNeed]:
    values = dict.fromkeys(EVERY) | wanted | {"most": most, "zone": settings().time_zone}
    return [_due(row) for row in connection.execute(text(statement("people", "due_needs")), values)]


def _due(row: Row[Any]) -> DueNeed:
    return DueNeed(
        id=row.id,
        number=row.need_number,
        community_id=row.community_id,
        community=row.community,
        compound=row.compound,
        building_id=row.building_id,
        place=unit_name_of(row),
        room=row.room,
        tasks=tuple(row.tasks),
        opened_on=row.opened_on,
        last_met_on=row.last_met_on,
        last_tried_on=row.last_tried_on,
        last_result=row.last_result,
        last_by=row.last_by,
        due_on=row.due_on,
        after_change=row.after_change,
        state=row.state,
    )
