"""The commands of requests with the action each asks for, called about things that are not there."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from geo.access import requesters
from geo.requests import (
    api_key_writes,
    assign_writes,
    attachment_writes,
    category_writes,
    incident_ending,
    incident_writes,
)
from geo.requests import step_writes as request_steps
from geo.requests import writes as request_writes
from geo.requests.draft import RequestDraft
from geo.requests.rules import Answers, StepInput

NOBODYS = 10**9
DAY = date(2026, 11, 22)
AT = datetime(2026, 11, 22, tzinfo=UTC)
REQUEST = RequestDraft("station_desk", "water", AT, building_id=NOBODYS)
INCIDENT = incident_writes.IncidentDraft("water", "x", AT, ((NOBODYS, None),))
TO_WANG = StepInput(owner="wang")

REQUEST_COMMANDS: dict[str, tuple[str, Callable[[Session], object]]] = {
    "access.requesters.erase_requester": (
        "erase_person", lambda s: requesters.erase_requester(s, NOBODYS, reason="asked"),
    ),
    "access.requesters.purge_requesters": (
        "erase_person", lambda s: requesters.purge_requesters(s, on=DAY, keep_days=1),
    ),
    "requests.step_writes.move_request": (
        "work_requests", lambda s: request_steps.move_request(s, NOBODYS, "accept", version=1),
    ),
    "requests.step_writes.call_back": (
        "work_requests", lambda s: request_steps.call_back(s, NOBODYS, Answers(False), version=1),
    ),
    "requests.step_writes.merge_requests": (
        "work_requests", lambda s: request_steps.merge_requests(s, NOBODYS, [(NOBODYS, 1)]),
    ),
    "requests.assign_writes.assign": (
        "work_requests", lambda s: assign_writes.assign(s, NOBODYS, TO_WANG, version=1),
    ),
    "requests.assign_writes.bulk_assign": (
        "work_requests", lambda s: assign_writes.bulk_assign(s, [NOBODYS], TO_WANG),
    ),
    "requests.assign_writes.add_note": ("record_requests", lambda s: assign_writes.add_note(s, NOBODYS, "x")),
    "requests.assign_writes.correct_category": (
        "work_requests", lambda s: assign_writes.correct_category(s, NOBODYS, "water", version=1),
    ),
    "requests.assign_writes.correct_place": (
        "work_requests", lambda s: assign_writes.correct_place(s, NOBODYS, REQUEST, version=1),
    ),
    "requests.incident_writes.record_incident": (
        "edit_incidents", lambda s: incident_writes.record_incident(s, INCIDENT),
    ),
    "requests.incident_writes.change_incident": (
        "edit_incidents", lambda s: incident_writes.change_incident(s, NOBODYS, INCIDENT, version=1),
    ),
    "requests.incident_writes.end_incident": (
        "edit_incidents", lambda s: incident_writes.end_incident(s, NOBODYS, at=INCIDENT.started_at, version=1),
    ),
    "requests.incident_ending.resolve_joined": (
        "work_requests", lambda s: incident_ending.resolve_joined(s, NOBODYS, [(NOBODYS, 1)]),
    ),
    "requests.incident_writes.join_requests": (
        "edit_incidents", lambda s: incident_writes.join_requests(s, NOBODYS, [NOBODYS]),
    ),
    "requests.incident_writes.leave_incident": (
        "edit_incidents", lambda s: incident_writes.leave_incident(s, NOBODYS, version=1),
    ),
    "requests.category_writes.add_category": (
        "edit_categories", lambda s: category_writes.add_category(s, "x", {}),
    ),
    "requests.category_writes.change_category": (
        "edit_categories", lambda s: category_writes.change_category(s, NOBODYS, {}, version=1),
    ),
    "requests.writes.record_request": ("record_requests", lambda s: request_writes.record_request(s, REQUEST)),
    "requests.attachment_writes.add_attachment": (
        "record_requests", lambda s: attachment_writes.add_attachment(s, NOBODYS, "a.jpg", b""),
    ),
    "requests.api_key_writes.make_api_key": (
        "manage_interfaces", lambda s: api_key_writes.make_api_key(s, "x", "nobody"),
    ),
    "requests.api_key_writes.revoke_api_key": (
        "manage_interfaces", lambda s: api_key_writes.revoke_api_key(s, NOBODYS),
    ),
    "requests.attachment_writes.remove_attachment": (
        "work_requests", lambda s: attachment_writes.remove_attachment(s, NOBODYS),
    ),
}  # fmt: skip
