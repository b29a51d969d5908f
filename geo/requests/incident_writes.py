"""Commands on incidents: record one with the doors it affects, correct it, join requests to it, end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.places.search_text import cleaned
from geo.requests.held import Event, add_event, held, present, who_acts
from geo.requests.rules import checked_note, is_ended
from geo.requests.tables import INCIDENT_KINDS, Incident, IncidentDoor
from geo.store import audit, versions
from geo.store.texts import LONGEST

MAY_EDIT = "edit_incidents"
MOST_DOORS = 2000
DOORS = text(
    "SELECT b.id AS building_id, d.unit_id, b.community_id FROM "
    "unnest(CAST(:buildings AS bigint[]), CAST(:units AS bigint[])) AS d (building_id, unit_id) "
    "JOIN building b ON b.id = d.building_id AND b.closed_on IS NULL "
    "LEFT JOIN unit u ON u.id = d.unit_id AND u.building_id = b.id AND u.closed_on IS NULL "
    "WHERE d.unit_id IS NULL OR u.id IS NOT NULL"
)
Door = tuple[int, int | None]
"""A building and one unit of it, or None for the whole building."""


@dataclass(frozen=True)
class IncidentDraft:
    """An incident as it is recorded; times have a time zone, doors are those it affects."""

    kind: str
    name: str
    started_at: datetime
    doors: tuple[Door, ...]
    expected_end_at: datetime | None = None
    note: str | None = None


def record_incident(session: Session, draft: IncidentDraft) -> int:
    """Record an incident with its doors, all of one community, and return its id.

    Raises BadInput naming the field, NotAllowed, NotFound for a door the actor does not see.
    """
    require(session, MAY_EDIT)
    values = _checked(draft)
    community_id, doors = _doors(session, draft.doors)
    made = Incident(community_id=community_id, recorded_by=who_acts(session), **values)
    session.add(made)
    session.flush()
    _write_doors(session, made, doors)
    _log(session, "record_incident", made, None, {"doors": len(doors)})
    return made.id


def change_incident(session: Session, incident_id: int, draft: IncidentDraft, *, version: int) -> None:
    """Correct an incident: its words, its times and its doors, which stay in its community.

    Raises BadInput, Conflict for doors elsewhere, Outdated, NotAllowed, NotFound.
    """
    require(session, MAY_EDIT)
    found = _held(session, incident_id, version)
    before = _image(found)
    community_id, doors = _doors(session, draft.doors)
    if community_id != found.community_id:
        raise Conflict(N_("Doors: they lie in another community. Record an incident of its own there."))
    for name, value in _checked(draft).items():
        setattr(found, name, value)
    found.version += 1
    session.flush()
    session.execute(delete(IncidentDoor).where(IncidentDoor.incident_id == found.id))
    _write_doors(session, found, doors)
    _log(session, "change_incident", found, before, {"doors": len(doors)})


def end_incident(session: Session, incident_id: int, *, at: datetime, version: int) -> None:
    """Say when an incident was over. Raises BadInput for a time before it began or to come, Conflict, Outdated."""
    require(session, MAY_EDIT)
    found = _held(session, incident_id, version)
    if found.ended_at is not None:
        raise Conflict(N_("This incident is over already. Nothing was changed."))
    if not found.started_at <= at <= present(None):
        raise BadInput(N_("Over since: choose a time after it began, and not in the future."))
    before = _image(found)
    found.ended_at = at
    session.flush()
    _log(session, "end_incident", found, before, {})


def join_requests(session: Session, incident_id: int, request_ids: Sequence[int]) -> int:
    """Join requests of the same community to an incident and return how many were not in it before.

    Raises BadInput for one of another community, NotAllowed, NotFound.
    """
    require(session, MAY_EDIT)
    incident = _held(session, incident_id, None)
    joined = 0
    for request_id in sorted(set(request_ids)):
        request = held(session, request_id, None)
        if request.community_id != incident.community_id:
            raise BadInput(N_("Request {number} belongs to another community."), number=request.number)
        if request.incident_id == incident.id:
            continue
        request.incident_id = incident.id
        session.flush()
        add_event(session, request, Event("incident", details={"joined": incident.id}))
        joined += 1
    _log(session, "join_incident", incident, _image(incident), {"joined": joined})
    return joined


def leave_incident(session: Session, request_id: int, *, version: int) -> None:
    """Take a request out of its incident. Raises Conflict for one in none, Outdated, NotAllowed, NotFound."""
    require(session, MAY_EDIT)
    request = held(session, request_id, version)
    if request.incident_id is None or is_ended(request.status):
        raise Conflict(N_("This request is in no incident, or has ended. Nothing was changed."))
    incident = _held(session, request.incident_id, None)
    request.incident_id = None
    session.flush()
    add_event(session, request, Event("incident", details={"left": incident.id}))
    _log(session, "leave_incident", incident, _image(incident), {"request": request.number})


def _held(session: Session, incident_id: int, version: int | None) -> Incident:
    found = session.get(Incident, incident_id, with_for_update=True)
    if found is None:
        raise NotFound(N_("This incident does not exist, or you may not see it. Open the list of incidents again."))
    if version is not None and found.version != version:
        raise Outdated(N_("Somebody else changed this incident meanwhile. Look again, then decide what to keep."))
    return found


def _checked(draft: IncidentDraft) -> dict[str, Any]:
    name = cleaned(draft.name)
    if draft.kind not in INCIDENT_KINDS:
        raise BadInput(N_("Kind: choose what has failed."))
    if not 0 < len(name) <= LONGEST["name"]:
        raise BadInput(N_("What happened: say it in a few words, at most {count} characters."), count=LONGEST["name"])
    if draft.started_at > present(None):
        raise BadInput(N_("Since: this time lies in the future. Correct it."))
    if draft.expected_end_at is not None and draft.expected_end_at < draft.started_at:
        raise BadInput(N_("Expected until: this lies before it began. Correct it, or leave it open."))
    return {
        "kind": draft.kind, "name": name, "started_at": draft.started_at, "expected_end_at": draft.expected_end_at,
        "note": checked_note(draft.note),
    }  # fmt: skip


def _doors(session: Session, wanted: Sequence[Door]) -> tuple[int, list[dict[str, Any]]]:
    """Return the one community of some doors, and the doors as they are stored."""
    whole = {building for building, unit in wanted if unit is None}
    doors = sorted({(building, unit or 0) for building, unit in wanted if unit is None or building not in whole})
    if not 0 < len(doors) <= MOST_DOORS:
        raise BadInput(N_("Doors: choose 1 to {count} buildings or units that are affected."), count=MOST_DOORS)
    asked = {"buildings": [building for building, _unit in doors], "units": [unit or None for _building, unit in doors]}
    rows = session.execute(DOORS, asked).all()
    if len(rows) != len(doors):
        raise NotFound(N_("Doors: one of them does not exist, or you may not see it. Choose them again."))
    communities = {row.community_id for row in rows}
    if len(communities) > 1:
        raise BadInput(
            N_("Doors: they lie in {count} communities. Record one incident in each."), count=len(communities)
        )
    return communities.pop(), [{"building_id": row.building_id, "unit_id": row.unit_id} for row in rows]


def _write_doors(session: Session, incident: Incident, doors: list[dict[str, Any]]) -> None:
    of = {"incident_id": incident.id, "community_id": incident.community_id}
    session.execute(insert(IncidentDoor), [of | door for door in doors])


def _image(incident: Incident) -> dict[str, Any]:
    times = {name: getattr(incident, name) for name in ("started_at", "expected_end_at", "ended_at")}
    told = {name: value.isoformat() if value else None for name, value in times.items()}
    return {"kind": incident.kind, "name": incident.name, **told}


def _log(
    session: Session, action: str, incident: Incident, before: dict[str, Any] | None, more: dict[str, Any]
) -> None:
    change = audit.Change(before=before, after=_image(incident) | more, community_id=incident.community_id)
    audit.record(session, action, "incident", incident.id, change)
    versions.bump(session, "requests")
