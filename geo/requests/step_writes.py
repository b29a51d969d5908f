"""Commands that move requests on: every step of the table, call-backs, duplicates. One event and one log entry each."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.requests import clocks
from geo.requests.held import Event, add_event, clock_of, held, image, log, present, set_assignee, who_acts
from geo.requests.numbers import numbers
from geo.requests.rules import (
    Answers,
    Standing,
    StepInput,
    checked_answers,
    checked_limit,
    checked_note,
    checked_step,
    is_dissatisfied,
    next_level,
    require_step,
)
from geo.requests.tables import ENDED, CallBack, Request
from geo.settings import settings
from geo.store import versions
from geo.store.clock import today

MAY_WORK = "work_requests"
LAST_ANSWER = text(
    "SELECT solved, satisfied FROM call_back WHERE request_id = :id AND reached "
    "ORDER BY called_at DESC, id DESC LIMIT 1"
)
NOTHING_SAID = StepInput()
FIRST = text("SELECT id, number, status, duplicate_of FROM request WHERE id = :id")


def move_request(
    session: Session,
    request_id: int,
    step: str,
    *,
    version: int,
    given: StepInput = NOTHING_SAID,
    now: datetime | None = None,
) -> str:
    """Take one step (see rules.STEPS) with a request and return the state it is in then.

    version: the one the user saw; given: what the step asks for. Raises BadInput naming what lacks, Conflict for a step
    it cannot take, Outdated when somebody was faster, NotAllowed, NotFound.
    """
    require(session, MAY_WORK)
    if step == "call_back" and given.answers is not None:
        return call_back(session, request_id, given.answers, version=version, note=given.note, now=now)
    return _moved(session, held(session, request_id, version), step, given, now)


def call_back(
    session: Session,
    request_id: int,
    answers: Answers,
    *,
    version: int,
    note: str | None = None,
    now: datetime | None = None,
) -> str:
    """Record what a resident said when called back; nobody reached is kept as a try and leaves the state.

    Raises BadInput, Conflict for a request that is not solved, Outdated, NotAllowed, NotFound.
    """
    require(session, MAY_WORK)
    found, moment = held(session, request_id, version), present(now)
    said = checked_answers(answers)
    require_step(_standing_of(session, found), "call_back")
    session.add(
        CallBack(
            request_id=found.id, community_id=found.community_id, called_at=moment, reached=said.reached,
            responded=said.responded, solved=said.solved, satisfied=said.satisfied, note=checked_note(note),
            recorded_by=who_acts(session),
        )
    )  # fmt: skip
    before = image(found)
    if said.reached:
        found.status = "called_back"
        details = {"responded": said.responded, "solved": said.solved, "satisfied": said.satisfied}
        add_event(session, found, Event("status", note, details, "resolved"), moment)
    else:
        found.version += 1
        add_event(session, found, Event("note", note, {"reached": False}), moment)
    session.flush()
    log(session, "call_back", found, before)
    versions.bump(session, "requests")
    return found.status


def merge_requests(session: Session, first_id: int, others: Sequence[tuple[int, int]]) -> int:
    """Make requests, as (id, version the user saw), duplicates of one that goes on, and return how many.

    Raises BadInput, Conflict, Outdated, NotAllowed, NotFound; then nothing is changed.
    """
    require(session, MAY_WORK)
    for request_id, version in others:
        _moved(session, held(session, request_id, version), "duplicate", StepInput(first_id=first_id), None)
    return len(others)


def _standing_of(session: Session, request: Request) -> Standing:
    answer = session.execute(LAST_ANSWER, {"id": request.id}).first()
    unhappy = answer is not None and is_dissatisfied(answer.solved, answer.satisfied)
    return Standing(request.status, request.returned_times, request.escalated_to, unhappy)


def _moved(session: Session, request: Request, step: str, given: StepInput, now: datetime | None) -> str:
    moment, before = present(now), image(request)
    came_from = request.status
    leads = checked_step(_standing_of(session, request), step, given)
    details = _EFFECTS.get(step, _nothing)(session, request, given)
    _turn_clocks(request, leads, moment)
    request.status = leads
    session.flush()
    add_event(session, request, Event("status", given.note, details, came_from), moment)
    log(session, "move_request", request, before)
    versions.bump(session, "requests")
    return leads


def _turn_clocks(request: Request, leads: str, moment: datetime) -> None:
    """Stop, start and mark the clocks as a request passes into a state."""
    if request.paused_from is not None and leads != "waiting":
        request.paused_s = clocks.paused_after(clock_of(request), moment)
        request.paused_from = None
    if leads == "waiting":
        request.paused_from = moment
    else:
        request.waiting_until = None
    if leads not in {"duplicate", "out_of_scope"} and request.accepted_at is None:
        request.accepted_at = moment
    if leads == "resolved":
        request.resolved_at = moment
    elif leads == "reopened" and request.resolved_at is not None:
        request.paused_s += max(round((moment - request.resolved_at).total_seconds()), 0)
        request.resolved_at = None
    if leads in ENDED:
        request.closed_at = moment


def _nothing(_session: Session, _request: Request, _given: StepInput) -> dict[str, Any]:
    return {}


def _wait(session: Session, request: Request, given: StepInput) -> dict[str, Any]:
    if given.limit is None:
        return {}
    limit = checked_limit(given.limit, today(), int(numbers(session)["waiting_limit_days"]))
    end = datetime.combine(limit + timedelta(days=1), time(), ZoneInfo(settings().time_zone))
    request.waiting_until = end.astimezone(UTC)
    return {"until": limit.isoformat()}


def _duplicate(session: Session, request: Request, given: StepInput) -> dict[str, Any]:
    first = session.execute(FIRST, {"id": given.first_id}).one_or_none()
    if first is None:
        raise NotFound(N_("Duplicate of: this request does not exist, or you may not see it. Choose another."))
    if first.id == request.id or first.duplicate_of is not None:
        raise BadInput(N_("Duplicate of: choose another request, one that is no duplicate itself."))
    request.duplicate_of = first.id
    return {"first": first.number}


def _return(_session: Session, request: Request, _given: StepInput) -> dict[str, Any]:
    left = {"organisation_id": request.organisation_id, "person_id": request.person_id}
    request.returned_times += 1
    request.organisation_id = request.person_id = None
    return {name: value for name, value in left.items() if value is not None}


def _escalate(_session: Session, request: Request, given: StepInput) -> dict[str, Any]:
    wanted = next_level(request.escalated_to)
    if given.level is not None and given.level != wanted:
        raise BadInput(N_("Escalate to: the street office comes first, then the department."))
    request.escalated_to = wanted
    return {"to": wanted}


def _reopen(_session: Session, request: Request, _given: StepInput) -> dict[str, Any]:
    request.reopened_times += 1
    return {}


_EFFECTS = {
    "dispatch": set_assignee, "wait": _wait, "duplicate": _duplicate, "return": _return, "escalate": _escalate,
    "reopen": _reopen,
}  # fmt: skip
