"""Commands on requests: record one, once, whichever channel hands it in. The log holds neither its text nor persons."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Row, insert, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.access.requesters import Requester, keep_requester
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.requests.draft import RequestDraft, checked_draft
from geo.requests.numbers import hours_of_class, numbers
from geo.requests.placing import place_of
from geo.requests.tables import Request, RequestEvent
from geo.settings import settings
from geo.store import audit, versions

TOPIC = "requests"
CATEGORY = text("SELECT id, class_code, respond_h, solve_h, active FROM request_category WHERE code = :code")
KNOWN = text("SELECT id, number, community_id FROM request WHERE external_system = :system AND external_id = :number")
ACTOR = text("SELECT current_setting('app.user_name')")
NOT_YOURS = "42501"


@dataclass(frozen=True)
class Recorded:
    """What became of a request: its key, number and community, and whether it was here before."""

    request_id: int
    number: str
    community_id: int
    again: bool = False


def record_request(session: Session, draft: RequestDraft, *, now: datetime | None = None) -> Recorded:
    """Record a request and return its number; handed in again from the same system under the same number, the first.

    now: the time of the server, the present unless said. The hours promised are those of the category today. Raises
    BadInput naming the field, NotFound for a place the actor does not see, Conflict, NotAllowed, and StoreUnavailable
    when a name is given and no key is here to seal it.
    """
    require(session, "record_requests")
    checked = checked_draft(draft, now or datetime.now(UTC))
    known = _known(session, checked)
    if known is not None:
        return known
    category = _category(session, checked)
    place = place_of(session, checked)
    recorded = _insert(session, checked, category, place)
    keep_requester(session, recorded.request_id, Requester(checked.requester_name, checked.requester_phone))
    versions.bump(session, TOPIC)
    after = {
        "number": recorded.number,
        "channel": checked.channel,
        "category": checked.category_code,
        "class": category.class_code,
        "placed_by": place.placed_by,
        "building_id": place.building_id,
    }
    audit.record(
        session, "record_request", "request", recorded.request_id,
        audit.Change(after=after, community_id=recorded.community_id),
    )  # fmt: skip
    return recorded


def _known(session: Session, draft: RequestDraft) -> Recorded | None:
    if draft.external_system is None:
        return None
    row = session.execute(KNOWN, {"system": draft.external_system, "number": draft.external_id}).first()
    return Recorded(row.id, row.number, row.community_id, again=True) if row else None


def _category(session: Session, draft: RequestDraft) -> Row[Any]:
    row = session.execute(CATEGORY, {"code": draft.category_code}).first()
    if row is None or not row.active:
        raise BadInput(
            N_("Category: “{code}” is not in the list, or not used any more. Choose another."), code=draft.category_code
        )
    return row


def _insert(session: Session, draft: RequestDraft, category: Row[Any], place: Row[Any]) -> Recorded:
    respond_h, solve_h = hours_of_class(numbers(session), category.class_code)
    who = session.scalar(ACTOR)
    taken = ("channel", "received_at", "summary", "address", "owner", "external_system", "external_id")
    values = {name: getattr(draft, name) for name in taken} | {
        "number": uuid4().hex,
        "category_id": category.id,
        "class_code": category.class_code,
        "respond_h": category.respond_h or respond_h,
        "solve_h": category.solve_h or solve_h,
        "recorded_by": who,
    }
    made = _made(session, values | place._asdict())
    day = draft.received_at.astimezone(ZoneInfo(settings().time_zone))
    number = f"{day:%y%m%d}-{made}"
    session.execute(text("UPDATE request SET number = :number WHERE id = :id"), {"number": number, "id": made})
    session.execute(
        insert(RequestEvent).values(
            request_id=made, community_id=place.community_id, happened_at=draft.received_at, recorded_by=who,
            kind="status", to_status="received",
        )
    )  # fmt: skip
    return Recorded(made, number, place.community_id)


def _made(session: Session, values: dict[str, Any]) -> int:
    try:
        return int(session.execute(insert(Request).values(values).returning(Request.id)).scalar_one())
    except IntegrityError as error:
        if "external" not in str(error.orig):
            raise
        raise Conflict(
            N_("Number in the other system: this request is here already, in a community you do not see.")
        ) from error
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != NOT_YOURS:
            raise
        raise NotFound(N_("Place: it is none of your doors. Choose one of yours, or tell the station.")) from error
