"""The words of what the log keeps of requests, incidents and categories, field by field."""

from collections.abc import Mapping

from geo.i18n import N_
from geo.requests.rules import CHANNEL_LABELS, CLASS_LABELS, ESCALATION_LABELS, STATUS_LABELS

LOG_FIELDS = {
    "channel": N_("Channel"),
    "category": N_("Category"),
    "category_id": N_("Category"),
    "class": N_("Class"),
    "class_code": N_("Class"),
    "placed_by": N_("Placed by"),
    "organisation_id": N_("Organisation"),
    "owner": N_("Who sees to it"),
    "escalated_to": N_("Escalated to"),
    "duplicate_of": N_("Duplicate of"),
    "incident_id": N_("Incident"),
    "returned_times": N_("Times sent back"),
    "reopened_times": N_("Times opened again"),
    "started_at": N_("Since"),
    "expected_end_at": N_("Expected until"),
    "ended_at": N_("Over since"),
    "doors": N_("Doors"),
    "joined": N_("Requests joined"),
    "requests": N_("Requests"),
    "requesters": N_("Names erased"),
    "request": N_("Request"),
    "closed_before": N_("Closed before"),
    "name_zh": N_("Name in Chinese"),
    "respond_h": N_("Answer within (hours)"),
    "solve_h": N_("Solve within (hours)"),
    "words": N_("Words people use for it"),
    "position": N_("Order in the list"),
    "active": N_("Can be chosen"),
}
LOG_VALUES: dict[str, Mapping[str, str]] = {
    "channel": CHANNEL_LABELS,
    "class": CLASS_LABELS,
    "class_code": CLASS_LABELS,
    "status": STATUS_LABELS,
    "escalated_to": ESCALATION_LABELS,
}
ENTITY_LABELS = {
    "request": N_("Request"),
    "incident": N_("Incident"),
    "request_category": N_("Category of requests"),
}
