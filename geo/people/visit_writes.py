"""The command on visits: record one, once, however often a phone hands it in. The log holds no finding."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from geo.access.asking import call
from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.people.tables import HoursGiven, Visit
from geo.people.visit_rules import VisitDraft, check_visit
from geo.settings import settings
from geo.store import audit, versions

PURPOSE = "visit"
SAME = ("care_need_id", "visited_at", "result", "findings", "minutes", "kind", "volunteer_id", "recorded_by")
NEED = text("SELECT id, number, community_id, building_id, status, ended_on FROM care_need WHERE id = :id")
OF_COMMUNITY = text("SELECT EXISTS (SELECT FROM volunteer WHERE id = :id AND community_id = :community_id)")


@dataclass(frozen=True)
class Recorded:
    """What became of a visit: its key, the number of its need, when the next is due, whether it was here before."""

    visit_id: int
    number: str
    next_due_on: date | None
    again: bool


def record_visit(session: Session, draft: VisitDraft, *, now: datetime | None = None) -> Recorded:
    """Record a visit; handed in again under the same key with the same content, return the first.

    now: the time of the server, the present unless said. A volunteer who is named is given the minutes as hours.
    Raises BadInput naming the field, NotFound for a need or volunteer the actor does not see, Conflict for another
    content under a key, NotAllowed.
    """
    require(session, "record_visits")
    need = session.execute(NEED, {"id": draft.care_need_id}).one_or_none()
    if need is None:
        raise NotFound(N_("Need: it does not exist, or you may not see it. Ask who looks after this door."))
    values = _values(session, draft, need)
    known = _known(session, draft, values)
    if known is not None:
        return known
    _check(session, draft, need, now or datetime.now(UTC))
    values["next_due_on"] = _next_due(session, draft)
    made = session.scalar(
        insert(Visit).values(values).on_conflict_do_nothing(index_elements=["key"]).returning(Visit.id)
    )
    if made is None:
        return _known(session, draft, values) or _taken()
    if draft.volunteer_id is not None and draft.minutes is not None:
        _give_hours(session, values)
    versions.bump(session, "care")
    _log(session, made, need.number, values)
    return Recorded(made, need.number, values["next_due_on"], again=False)


def _values(session: Session, draft: VisitDraft, need: Row[Any]) -> dict[str, Any]:
    return {
        "key": draft.key,
        "care_need_id": need.id,
        "community_id": need.community_id,
        "building_id": need.building_id,
        "volunteer_id": draft.volunteer_id,
        "visited_at": draft.visited_at,
        "recorded_by": session.scalar(text("SELECT current_setting('app.user_name')")),
        "kind": draft.kind,
        "result": draft.result,
        "findings": list(draft.findings),
        "minutes": draft.minutes,
    }


def _known(session: Session, draft: VisitDraft, values: dict[str, Any]) -> Recorded | None:
    """Return the visit that lies under the key already; Conflict when it is another one."""
    found = session.scalars(select(Visit).where(Visit.key == draft.key)).one_or_none()
    if found is None:
        return None
    if any(getattr(found, name) != values[name] for name in SAME):
        return _taken()
    number = session.scalar(text("SELECT number FROM care_need WHERE id = :id"), {"id": found.care_need_id})
    return Recorded(found.id, str(number), found.next_due_on, again=True)


def _taken() -> Recorded:
    raise Conflict(
        N_("Key of the visit: another visit was recorded under it. Nothing was changed; record this visit once more.")
    )


def _check(session: Session, draft: VisitDraft, need: Row[Any], now: datetime) -> None:
    check_visit(draft, now)
    if need.ended_on is not None and _day(draft.visited_at) > need.ended_on:
        raise BadInput(N_("Time of the visit: this need ended on {day}, before the visit."), day=need.ended_on)
    asked = {"id": draft.volunteer_id, "community_id": need.community_id}
    if draft.volunteer_id is not None and not session.scalar(OF_COMMUNITY, asked):
        raise NotFound(N_("Volunteer: there is no such volunteer in this community, or you may not see them."))


def _next_due(session: Session, draft: VisitDraft) -> date | None:
    met_at = draft.visited_at if draft.result == "met" else None
    given = {"wanted": draft.care_need_id, "met_at": met_at, "change": draft.tells_of_change}
    due: date | None = call(session, "visit_next_due", zone=settings().time_zone, **given).scalar_one_or_none()
    return due


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings().time_zone)).date()


def _give_hours(session: Session, values: dict[str, Any]) -> None:
    given = {name: values[name] for name in ("volunteer_id", "community_id", "minutes", "recorded_by")}
    session.add(HoursGiven(**given, given_on=_day(values["visited_at"]), purpose=PURPOSE))
    session.flush()


def _log(session: Session, visit_id: int, number: str, values: dict[str, Any]) -> None:
    due = values["next_due_on"]
    after = {
        "number": number,
        "kind": values["kind"],
        "result": values["result"],
        "visited_on": _day(values["visited_at"]).isoformat(),
        "minutes": values["minutes"],
        "next_due_on": due.isoformat() if due else None,
    }
    audit.record(
        session, "record_visit", "visit", visit_id, audit.Change(after=after, community_id=values["community_id"])
    )
