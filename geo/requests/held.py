"""A request held for a change: the version the user saw, its event, its log entry, who it is given to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, text
from sqlalchemy.orm import Session

from geo.errors import NotFound, Outdated
from geo.i18n import N_
from geo.requests.clocks import Clock
from geo.requests.rules import StepInput, checked_note
from geo.requests.tables import Request, RequestEvent
from geo.store import audit

NOT_THERE = N_("This request does not exist, or you may not see it. Open the list of requests again.")
LOGGED = (
    "number", "status", "class_code", "category_id", "building_id", "unit_id", "placed_by", "organisation_id",
    "person_id", "owner", "escalated_to", "duplicate_of", "incident_id", "returned_times", "reopened_times",
)  # fmt: skip
ACTOR = text("SELECT current_setting('app.user_name')")
ORGANISATION = text("SELECT EXISTS (SELECT FROM organisation WHERE id = :id AND closed_on IS NULL)")
PERSON = text("SELECT EXISTS (SELECT FROM person WHERE id = :id AND closed_on IS NULL)")
COLLEAGUE = text(
    "SELECT EXISTS (SELECT FROM app_colleagues() c WHERE c.name = :name AND c.community_id = :community_id)"
)


@dataclass(frozen=True)
class Event:
    """What happened: one of tables.EVENT_KINDS, a note, codes and numbers, and the state before a step."""

    kind: str
    note: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    came_from: str | None = None


def held(session: Session, request_id: int, version: int | None) -> Request:
    """Return a request, locked until the transaction ends; version: the one the user saw (None: whichever it is).

    Raises NotFound, Outdated when somebody was faster.
    """
    found: Request | None = session.get(Request, request_id, with_for_update=True)
    if found is None:
        raise NotFound(NOT_THERE)
    if version is not None and found.version != version:
        raise Outdated(N_("Somebody else changed this request meanwhile. Look again, then decide what to do."))
    return found


def who_acts(session: Session) -> str:
    """Return the name of the actor of a transaction."""
    return str(session.scalar(ACTOR))


def present(now: datetime | None) -> datetime:
    """Return the time a change is made at."""
    return now or datetime.now(UTC)


def clock_of(request: Request | Row[Any]) -> Clock:
    """Return what the clocks of a request go by."""
    return Clock(
        request.received_at,
        request.respond_h,
        request.solve_h,
        request.accepted_at,
        request.resolved_at,
        request.closed_at,
        request.paused_s,
        request.paused_from,
    )


def set_assignee(session: Session, request: Request, given: StepInput) -> dict[str, Any]:
    """Give a request to an organisation, a person or a colleague, as far as they are named; return what was said.

    Raises NotFound for somebody who is not there or does not work in its community.
    """
    said: dict[str, Any] = {}
    checks = (
        ("organisation_id", ORGANISATION, {"id": given.organisation_id}),
        ("person_id", PERSON, {"id": given.person_id}),
        ("owner", COLLEAGUE, {"name": given.owner, "community_id": request.community_id}),
    )
    for name, query, values in checks:
        wanted = getattr(given, name)
        if wanted is None:
            continue
        if not session.scalar(query, values):
            raise NotFound(N_("To whom: they do not work in this community, or you may not see them. Choose again."))
        setattr(request, name, wanted)
        said[name] = wanted
    return said


def add_event(session: Session, request: Request, event: Event, moment: datetime | None = None) -> None:
    """Append what happened to the history of a request, now unless said."""
    session.execute(
        insert(RequestEvent).values(
            request_id=request.id,
            community_id=request.community_id,
            happened_at=present(moment),
            recorded_by=who_acts(session),
            kind=event.kind,
            from_status=event.came_from,
            to_status=request.status if event.kind == "status" else None,
            note=checked_note(event.note),
            details=dict(event.details),
        )
    )


def image(request: Request) -> dict[str, Any]:
    """Return what the log keeps of a request: codes and numbers, neither its text nor anybody's name."""
    return {name: getattr(request, name) for name in LOGGED}


def log(session: Session, action: str, request: Request, before: dict[str, Any] | None) -> None:
    """Write the one log entry of a command on a request."""
    change = audit.Change(before=before, after=image(request), community_id=request.community_id)
    audit.record(session, action, "request", request.id, change)
