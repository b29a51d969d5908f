"""What a visit is, in codes with their words; what a phone hands in, checked field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from geo.errors import BadInput
from geo.i18n import N_, _
from geo.people.tables import DAY_MINUTES, VISIT_FINDINGS, VISIT_KINDS, VISIT_RESULTS

KIND_LABELS = {
    "care": N_("visit"),
    "first": N_("first visit"),
    "after_change": N_("visit after a change"),
    "phone": N_("telephone call"),
}
RESULT_LABELS = {"met": N_("Met"), "absent": N_("Nobody there"), "refused": N_("Did not want a visit")}
FINDING_LABELS = {
    "all_well": N_("All well"),
    "unwell": N_("Unwell"),
    "fell": N_("Fell"),
    "lonely": N_("Lonely"),
    "needs_medicine": N_("Needs medicine"),
    "needs_shopping": N_("Needs shopping"),
    "repair": N_("Something to repair"),
    "wants_call": N_("Wants a call"),
}
STATE_LABELS = {
    "overdue": N_("overdue"),
    "never": N_("never visited"),
    "due": N_("due this week"),
    "kept": N_("in time"),
}
ACTION_LABELS = {"record_visit": N_("Visit recorded")}
CHANGES = ("unwell", "fell")
"""Findings that tell of a change: at high risk somebody comes again within a day."""
MINUTE_CHOICES = (10, 20, 30, 45, 60, 90)
OLDEST_DAYS = 31
"""A visit can be handed in for so long afterwards: a phone may be without signal, a month is a slip."""
AHEAD = timedelta(minutes=10)
"""So far may the clock of a phone be ahead of ours."""
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class VisitDraft:
    """A visit as it is handed in: key is the phone's own, visited_at has a time zone, minutes None is not known."""

    key: UUID
    care_need_id: int
    visited_at: datetime
    result: str
    findings: tuple[str, ...] = ()
    minutes: int | None = None
    kind: str = "care"
    volunteer_id: int | None = None

    @property
    def tells_of_change(self) -> bool:
        """Tell whether somebody was met in a state that has to be looked after soon."""
        return self.result == "met" and self.kind != "after_change" and bool(set(CHANGES) & set(self.findings))


def draft_of(fields: Mapping[str, Any]) -> VisitDraft:
    """Return a visit from the fields a phone sends; BadInput names the first field that is not right.

    >>> sent = {"key": "2f1c6c52-6d5e-4f0e-9d3b-0b1c2d3e4f50", "need": 7, "visited_at": "2026-11-22T09:30:00Z",
    ...         "result": "met", "findings": ["lonely", "unwell"], "minutes": 20}
    >>> draft_of(sent).findings, draft_of(sent).visited_at.isoformat()
    (('unwell', 'lonely'), '2026-11-22T09:30:00+00:00')
    """
    findings = fields.get("findings", [])
    if not isinstance(findings, list) or not all(isinstance(one, str) for one in findings):
        raise _wrong(N_("Findings"))
    if set(findings) - set(VISIT_FINDINGS):
        raise _wrong(N_("Findings"))
    volunteer = fields.get("volunteer")
    return VisitDraft(
        key=_key(fields.get("key")),
        care_need_id=_whole(fields.get("need"), N_("Need"), LARGEST_ID),
        visited_at=_moment(fields.get("visited_at")),
        result=_code(fields.get("result"), N_("Result"), VISIT_RESULTS),
        findings=tuple(code for code in VISIT_FINDINGS if code in findings),
        minutes=None if fields.get("minutes") is None else _whole(fields["minutes"], N_("Minutes"), DAY_MINUTES),
        kind=_code(fields.get("kind", "care"), N_("Kind of visit"), VISIT_KINDS),
        volunteer_id=None if volunteer is None else _whole(volunteer, N_("Volunteer"), LARGEST_ID),
    )


def check_visit(draft: VisitDraft, now: datetime) -> None:
    """Raise BadInput, naming the field, for a visit that cannot have been like this.

    >>> from datetime import UTC
    >>> key, now = UUID(int=7), datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> check_visit(VisitDraft(key, 1, datetime(2026, 11, 22, 9, tzinfo=UTC), "met", ("all_well",)), now)
    >>> check_visit(VisitDraft(key, 1, datetime(2026, 11, 23, 9, tzinfo=UTC), "met"), now)
    Traceback (most recent call last):
    geo.errors.BadInput: Time of the visit: it lies in the future. Set the clock of the phone, then correct the visit.
    """
    if draft.visited_at.utcoffset() is None:
        raise _wrong(N_("Time of the visit"))
    if draft.visited_at > now + AHEAD:
        raise BadInput(
            N_("Time of the visit: it lies in the future. Set the clock of the phone, then correct the visit.")
        )
    if draft.visited_at < now - timedelta(days=OLDEST_DAYS):
        raise BadInput(
            N_("Time of the visit: it is more than {days} days ago. Visits can be handed in for {days} days."),
            days=OLDEST_DAYS,
        )
    if draft.result != "met" and draft.findings:
        raise BadInput(N_("Findings: nobody was met, so nothing was found. Leave them out, or choose “Met”."))
    if "all_well" in draft.findings and len(draft.findings) > 1:
        raise BadInput(N_("Findings: “All well” stands alone. Take it out, or the others."))
    if draft.minutes is not None and not 0 < draft.minutes <= DAY_MINUTES:
        raise _wrong(N_("Minutes"))


def kind_due(state: str, *, after_change: bool) -> str:
    """Return which kind of visit is due next.

    >>> kind_due("never", after_change=False), kind_due("due", after_change=True), kind_due("due", after_change=False)
    ('first', 'after_change', 'care')
    """
    return "first" if state == "never" else "after_change" if after_change else "care"


def week_end(day: date) -> date:
    """Return the Sunday of a day's week.

    >>> week_end(date(2026, 11, 20)), week_end(date(2026, 11, 22))
    (datetime.date(2026, 11, 22), datetime.date(2026, 11, 22))
    """
    return day + timedelta(days=6 - day.weekday())


def _wrong(field: str) -> BadInput:
    return BadInput(N_("{field}: this is not known here. Open the form again, then choose there."), field=_(field))


def _key(written: object) -> UUID:
    try:
        return UUID(str(written))
    except ValueError:
        raise _wrong(N_("Key of the visit")) from None


def _whole(written: object, field: str, most: int) -> int:
    if not isinstance(written, int) or isinstance(written, bool) or not 0 < written <= most:
        raise _wrong(field)
    return written


def _code(written: object, field: str, known: tuple[str, ...]) -> str:
    if not isinstance(written, str) or written not in known:
        raise _wrong(field)
    return written


def _moment(written: object) -> datetime:
    try:
        found = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        raise _wrong(N_("Time of the visit"))
    return found
