"""Commands beside the steps: assign, note, correct the place or the category. One event and one log entry each."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput
from geo.i18n import N_
from geo.requests.draft import RequestDraft, check_place
from geo.requests.held import Event, add_event, held, image, log, set_assignee
from geo.requests.numbers import hours_of_class, numbers
from geo.requests.placing import place_of
from geo.requests.rules import StepInput, checked_note, is_ended
from geo.requests.tables import Request
from geo.store import audit, versions

MAY_WORK = "work_requests"
MOST_AT_ONCE = 500
CATEGORY = text("SELECT id, code, class_code, respond_h, solve_h FROM request_category WHERE code = :code AND active")

MOVE = text(
    "UPDATE request SET placed_by = :placed_by, community_id = :community_id, building_id = :building_id, "
    "unit_id = :unit_id, geom = :geom, address = coalesce(:address, address), version = version + 1, "
    "changed_at = now() WHERE id = :id AND version = :version"
)


def assign(session: Session, request_id: int, given: StepInput, *, version: int) -> None:
    """Give a request to a colleague (owner), an organisation or a person; its state stays.

    Raises BadInput for nobody, Conflict for one that has ended, Outdated, NotAllowed, NotFound.
    """
    require(session, MAY_WORK)
    found = held(session, request_id, version)
    before = image(found)
    _assign(session, found, given)
    log(session, "assign_request", found, before)
    versions.bump(session, "requests")


def bulk_assign(session: Session, request_ids: Sequence[int], given: StepInput) -> int:
    """Give requests to somebody at once, each with its event, and return how many; one log entry.

    Raises BadInput for none, too many or nobody, NotAllowed, NotFound; then nothing is changed.
    """
    require(session, MAY_WORK)
    if not 0 < len(request_ids) <= MOST_AT_ONCE:
        raise BadInput(N_("Choose 1 to {count} requests at once."), count=MOST_AT_ONCE)
    communities = set()
    for request_id in sorted(set(request_ids)):
        found = held(session, request_id, None)
        _assign(session, found, given)
        communities.add(found.community_id)
    after = {"requests": sorted(set(request_ids)), "owner": given.owner, "organisation_id": given.organisation_id}
    one = communities.pop() if len(communities) == 1 else None
    audit.record(session, "assign_requests", "request", None, audit.Change(after=after, community_id=one))
    versions.bump(session, "requests")
    return len(set(request_ids))


def _assign(session: Session, request: Request, given: StepInput) -> None:
    if is_ended(request.status):
        raise BadInput(N_("Request {number} has ended: nobody has to see to it any more."), number=request.number)
    said = set_assignee(session, request, given)
    if not said:
        raise BadInput(N_("To whom: choose an organisation, a person or a colleague."))
    session.flush()
    add_event(session, request, Event("assignment", given.note, said))


def add_note(session: Session, request_id: int, note: str) -> None:
    """Write a note into the history of a request. Raises BadInput for nothing written, NotAllowed, NotFound."""
    require(session, "record_requests")
    found = held(session, request_id, None)
    if checked_note(note) is None:
        raise BadInput(N_("Note: write down what there is to say."))
    add_event(session, found, Event("note", note))
    log(session, "note_request", found, image(found))
    versions.bump(session, "requests")


def correct_category(session: Session, request_id: int, code: str, *, version: int, note: str | None = None) -> None:
    """Put a request into another category; the hours promised are those of the new one, from when it came in.

    Raises BadInput for a category that is not used, Outdated, NotAllowed, NotFound.
    """
    require(session, MAY_WORK)
    found = held(session, request_id, version)
    category = session.execute(CATEGORY, {"code": code}).one_or_none()
    if category is None or category.id == found.category_id:
        raise BadInput(N_("Category: choose another one of the list."))
    before = image(found)
    respond_h, solve_h = hours_of_class(numbers(session), category.class_code)
    found.category_id, found.class_code = category.id, category.class_code
    found.respond_h, found.solve_h = category.respond_h or respond_h, category.solve_h or solve_h
    session.flush()
    details = {"from": before["category_id"], "to": category.id}
    add_event(session, found, Event("category", note, details))
    log(session, "correct_request", found, before)
    versions.bump(session, "requests")


def correct_place(session: Session, request_id: int, place: RequestDraft, *, version: int) -> None:
    """Put a request to another unit, building, point or community, as the draft says; nothing else of it is read.

    Raises BadInput, NotFound for a place the actor does not see, Outdated, NotAllowed.
    """
    require(session, MAY_WORK)
    found = held(session, request_id, version)
    if found.incident_id is not None:
        raise BadInput(N_("This request belongs to an incident. Take it out of the incident first."))
    check_place(place)
    before, there = image(found), place_of(session, place)
    values = there._asdict() | {"id": found.id, "version": found.version, "address": place.address}
    session.execute(MOVE, values)
    session.refresh(found)
    details = {"from": before["building_id"], "to": found.building_id, "placed_by": found.placed_by}
    add_event(session, found, Event("place", details=details))
    log(session, "correct_request", found, before)
    versions.bump(session, "requests")
