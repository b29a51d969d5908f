"""The board of requests: mine, overdue, waiting on others, open, all; filtered, counted, limited."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.i18n import N_, current_language
from geo.places.names import unit_name_of
from geo.requests.clocks import Clock, is_overdue, respond_by, solve_by
from geo.requests.held import clock_of
from geo.requests.rules import ON_OTHERS
from geo.settings import settings
from geo.store.statements import statement

VIEW_LABELS = {
    "mine": N_("Mine"),
    "overdue": N_("Overdue"),
    "others": N_("Waiting on others"),
    "open": N_("All open"),
    "all": N_("All"),
}
MOST = 300
OPEN = "r.closed_at IS NULL"
MINE = "r.owner = current_setting('app.user_name')"
OTHERS = "r.status IN ({})".format(", ".join(f"'{status}'" for status in ON_OTHERS))
OVERDUE = (
    "r.resolved_at IS NULL AND (r.accepted_at IS NULL AND now() > r.received_at + r.respond_h * interval '1 hour' "
    "OR coalesce(r.paused_from, now()) > r.received_at + r.solve_h * interval '1 hour' "
    "+ r.paused_s * interval '1 second')"
)
"""The same rule as clocks.is_overdue, of which a test compares the two."""
VIEWS = {
    "mine": f"{OPEN} AND {MINE}",
    "overdue": f"{OPEN} AND {OVERDUE}",
    "others": f"{OPEN} AND {OTHERS}",
    "open": OPEN,
    "all": "true",
}
FILTERS = {
    "community_id": "r.community_id = :community_id",
    "category": "r.category_id = (SELECT g.id FROM request_category g WHERE g.code = :category)",
    "status": "r.status = :status",
    "since": "r.received_at >= CAST(:since AS date)::timestamp AT TIME ZONE :zone",
    "until": "r.received_at < (CAST(:until AS date) + 1)::timestamp AT TIME ZONE :zone",
    "building_ids": "r.building_id = ANY (:building_ids)",
    "incident_id": "r.incident_id = :incident_id",
    "request_id": "r.id = :request_id",
    "number": "r.number = :number",
}
BY_DUE = "r.received_at + r.solve_h * interval '1 hour' + r.paused_s * interval '1 second', r.id"
LATEST = "r.received_at DESC, r.id DESC"


@dataclass(frozen=True)
class BoardChoice:
    """Which requests are listed: a view of VIEW_LABELS and filters; None is any; since and until are days."""

    view: str = "open"
    community_id: int | None = None
    category: str | None = None
    status: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class BoardCounts:
    """How many open requests there are in each view, and how many nobody sees to."""

    open: int
    mine: int
    overdue: int
    others: int
    nobodys: int


@dataclass(frozen=True)
class RequestView:
    """A request as it is shown; place is what people call it, category is a code with its name in the language."""

    id: int
    number: str
    version: int
    status: str
    channel: str
    category: str
    category_name: str
    class_code: str
    community_id: int
    community: str
    building_id: int | None
    unit_id: int | None
    placed_by: str
    place: str
    address: str | None
    summary: str | None
    owner: str | None
    organisation_id: int | None
    organisation: str | None
    person: str | None
    waiting_until: datetime | None
    escalated_to: str | None
    returned_times: int
    reopened_times: int
    duplicate_of: int | None
    first_number: str | None
    incident_id: int | None
    recorded_by: str
    external_id: str | None
    lon: float | None
    lat: float | None
    clock: Clock

    @property
    def respond_by(self) -> datetime:
        """Return by when somebody answers."""
        return respond_by(self.clock)

    def solve_by(self, now: datetime) -> datetime:
        """Return by when it is solved, as it looks now."""
        return solve_by(self.clock, now)

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it is late with the step it waits for."""
        return is_overdue(self.clock, now)


def board(connection: Connection, choice: BoardChoice, *, limit: int = MOST) -> list[RequestView]:
    """Return the requests of a choice that the actor may see: open ones by due time, all of them the latest first."""
    filters = {name: getattr(choice, name) for name in ("community_id", "category", "status", "since", "until")}
    order = LATEST if choice.view == "all" else BY_DUE
    return rows(connection, VIEWS[choice.view], filters, order=order, limit=limit)


def board_counts(connection: Connection, *, community_id: int | None = None) -> BoardCounts:
    """Return how many open requests the actor may see in each view."""
    where, values = _where({"community_id": community_id})
    query = statement("requests", "board_counts").format(mine=MINE, overdue=OVERDUE, others=OTHERS, wanted=where)
    return BoardCounts(**connection.execute(text(query), values).one()._asdict())


def matching(connection: Connection, choice: BoardChoice) -> int:
    """Return how many requests a choice holds, however many are listed."""
    filters = {name: getattr(choice, name) for name in ("community_id", "category", "status", "since", "until")}
    where, values = _where(filters)
    query = f"SELECT count(*) FROM request r WHERE {VIEWS[choice.view]} AND {where}"  # noqa: S608
    return int(connection.scalar(text(query), values) or 0)


def rows(
    connection: Connection, view: str, filters: dict[str, Any], *, order: str = LATEST, limit: int = MOST
) -> list[RequestView]:
    """Return requests by a condition of VIEWS and filters of FILTERS (None: any)."""
    where, values = _where(filters)
    query = statement("requests", "request_rows").format(wanted=f"{view} AND {where}", order=order)
    return [_view(row) for row in connection.execute(text(query), values | {"most": limit})]


def _where(filters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    given = {name: value for name, value in filters.items() if value is not None}
    values = given | ({"zone": settings().time_zone} if {"since", "until"} & given.keys() else {})
    return " AND ".join([FILTERS[name] for name in given] or ["true"]), values


SAME_NAME = (
    "id", "version", "status", "channel", "category", "class_code", "community_id", "community", "building_id",
    "unit_id", "placed_by", "summary", "owner", "organisation_id", "organisation", "person", "waiting_until",
    "escalated_to", "returned_times", "reopened_times", "duplicate_of", "first_number", "incident_id", "recorded_by",
    "external_id", "lon", "lat",
)  # fmt: skip


def _view(row: Row[Any]) -> RequestView:
    named = row.category_name_zh if current_language() == "zh_CN" else row.category_name
    place = unit_name_of(row) if row.building_id else row.written_address or row.community
    return RequestView(
        **{name: getattr(row, name) for name in SAME_NAME},
        number=row.request_number,
        category_name=named,
        place=place,
        address=row.written_address,
        clock=clock_of(row),
    )
