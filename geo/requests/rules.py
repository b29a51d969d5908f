"""Rules of requests: the table of steps from received to closed with every side state, and the words of their codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from geo.errors import BadInput, Conflict
from geo.i18n import N_, _
from geo.places.search_text import cleaned
from geo.requests.tables import ENDED, ESCALATIONS, SATISFACTIONS

STATUS_LABELS = {
    "received": N_("received"),
    "accepted": N_("accepted"),
    "dispatched": N_("handed on"),
    "in_progress": N_("being worked on"),
    "resolved": N_("solved"),
    "called_back": N_("called back"),
    "closed": N_("closed"),
    "returned": N_("sent back"),
    "duplicate": N_("duplicate"),
    "out_of_scope": N_("out of scope"),
    "waiting": N_("waiting"),
    "escalated": N_("escalated"),
    "reopened": N_("reopened"),
}
CLASS_LABELS = {
    "urgent": N_("urgent"),
    "utilities": N_("utilities"),
    "normal": N_("normal"),
    "hard": N_("hard"),
}
CHANNEL_LABELS = {
    "station_desk": N_("Station desk"),
    "building_head": N_("Building head"),
    "visit": N_("Visit"),
    "hotline_12345": N_("Hotline 12345"),
    "web": N_("Web form"),
    "open311": N_("Open311"),
}
SATISFACTION_LABELS = {"yes": N_("satisfied"), "basically": N_("basically satisfied"), "no": N_("not satisfied")}
ESCALATION_LABELS = {"street_office": N_("street office"), "department": N_("department")}
EVENT_LABELS = {
    "status": N_("Step"),
    "note": N_("Note"),
    "assignment": N_("Assigned"),
    "category": N_("Category corrected"),
    "place": N_("Place corrected"),
    "attachment": N_("Photo"),
    "incident": N_("Incident"),
    "correction": N_("Corrected"),
    "imported": N_("Imported"),
}
ACTION_LABELS = {
    "record_request": N_("Request recorded"),
    "move_request": N_("Request moved on"),
    "call_back": N_("Resident called back"),
    "assign_request": N_("Request assigned"),
    "assign_requests": N_("Requests assigned"),
    "note_request": N_("Note on a request"),
    "correct_request": N_("Request corrected"),
    "merge_requests": N_("Requests merged"),
    "record_incident": N_("Incident recorded"),
    "change_incident": N_("Incident changed"),
    "end_incident": N_("Incident ended"),
    "join_incident": N_("Requests joined to an incident"),
    "leave_incident": N_("Request taken out of an incident"),
    "add_category": N_("Category of requests added"),
    "change_category": N_("Category of requests changed"),
    "erase_requester": N_("Who brought a request erased"),
    "purge_requesters": N_("Who brought requests erased, their time over"),
    "run_with_requests": N_("Requests read for a run"),
}
"""The words of what the log says about requests."""
BEFORE_WORK = ("received", "accepted", "returned", "reopened")
AT_WORK = ("dispatched", "in_progress", "escalated")
ON_OTHERS = ("dispatched", "escalated", "waiting")
"""Where somebody else has to do the next step."""
LONGEST_NOTE = 2000


class Step(NamedTuple):
    """A step: its verb, where it may begin, where it leads, and what has to be said with it.

    asks: any of "note" (a reason), "assignee", "limit", "first", "level", "answers".
    """

    label: str
    begins: tuple[str, ...]
    leads: str
    asks: tuple[str, ...] = ()


STEPS: Mapping[str, Step] = {
    "accept": Step(N_("Accept"), ("received", "returned", "reopened"), "accepted"),
    "dispatch": Step(N_("Hand on"), ("received", "accepted", "returned", "reopened", "escalated"), "dispatched",
                     ("assignee",)),
    "start": Step(N_("Begin work"), ("accepted", "dispatched", "reopened", "escalated"), "in_progress"),
    "resolve": Step(N_("Mark as solved"), ("accepted", "dispatched", "in_progress", "escalated"), "resolved"),
    "call_back": Step(N_("Record the call-back"), ("resolved",), "called_back", ("answers",)),
    "close": Step(N_("Close"), ("called_back", "resolved"), "closed"),
    "return": Step(N_("Send back"), ("dispatched",), "returned", ("note",)),
    "duplicate": Step(N_("Mark as duplicate"), (*BEFORE_WORK, *AT_WORK, "waiting"), "duplicate", ("first",)),
    "out_of_scope": Step(N_("Out of scope"), ("received", "accepted", "returned", "waiting"), "out_of_scope",
                         ("note",)),
    "wait": Step(N_("Wait"), ("accepted", "dispatched", "in_progress", "escalated"), "waiting", ("note", "limit")),
    "resume": Step(N_("Go on"), ("waiting",), "in_progress"),
    "escalate": Step(N_("Escalate"), ("accepted", "dispatched", "in_progress", "returned", "reopened", "escalated"),
                     "escalated", ("note", "level")),
    "reopen": Step(N_("Open again"), ("called_back",), "reopened", ("note",)),
}  # fmt: skip
"""Every step there is; what is not in it cannot be done. checked_step adds what depends on the request itself."""


@dataclass(frozen=True)
class Standing:
    """How a request stands, as far as the rules look; dissatisfied: its last call-back says not solved or not happy."""

    status: str
    returned_times: int = 0
    escalated_to: str | None = None
    dissatisfied: bool = False


@dataclass(frozen=True)
class Answers:
    """What a resident said when called back; not reached: nothing else is known."""

    reached: bool
    responded: bool | None = None
    solved: bool | None = None
    satisfied: str | None = None


@dataclass(frozen=True)
class StepInput:
    """What is said with a step, as far as the step asks for it (see Step.asks).

    note: a reason, without names; limit: the last day of waiting; first_id: the request that this one repeats.
    """

    note: str | None = None
    organisation_id: int | None = None
    person_id: int | None = None
    owner: str | None = None
    limit: date | None = None
    first_id: int | None = None
    level: str | None = None
    answers: Answers | None = None


def steps_from(standing: Standing) -> tuple[str, ...]:
    """Return the steps a request can take as it stands, in the order of the table.

    >>> steps_from(Standing("resolved")), steps_from(Standing("called_back")), steps_from(Standing("closed"))
    (('call_back', 'close'), ('close',), ())
    >>> "return" in steps_from(Standing("dispatched")), "return" in steps_from(Standing("dispatched", 1))
    (True, False)
    """
    return tuple(name for name in STEPS if _hindrance(standing, name) is None)


def checked_step(standing: Standing, step: str, given: StepInput) -> str:
    """Return the state a step leads to.

    Raises Conflict for a step the request cannot take, BadInput naming what has to be said with it.

    >>> checked_step(Standing("dispatched"), "return", StepInput(note="not ours"))
    'returned'
    >>> checked_step(Standing("dispatched"), "return", StepInput())
    Traceback (most recent call last):
    geo.errors.BadInput: Reason: write down why, without names. The history of the request keeps it.
    """
    require_step(standing, step)
    for wanted in _asked(standing, step):
        _CHECKS[wanted](given)
    return STEPS[step].leads


def require_step(standing: Standing, step: str) -> None:
    """Raise Conflict for a step the request cannot take as it stands."""
    hindrance = _hindrance(standing, step)
    if hindrance is not None:
        raise hindrance


def next_level(escalated_to: str | None) -> str | None:
    """Return where a request is escalated to next: the street office, then the department, then nowhere.

    >>> next_level(None), next_level("street_office"), next_level("department")
    ('street_office', 'department', None)
    """
    at = 0 if escalated_to is None else ESCALATIONS.index(escalated_to) + 1
    return ESCALATIONS[at] if at < len(ESCALATIONS) else None


def is_dissatisfied(solved: bool | None, satisfied: str | None) -> bool:
    """Tell whether a valid call-back says that a request is to be opened again.

    >>> is_dissatisfied(True, "basically"), is_dissatisfied(True, "no"), is_dissatisfied(None, None)
    (False, True, False)
    """
    return solved is False or satisfied == "no"


def checked_answers(answers: Answers) -> Answers:
    """Return the answers of a call-back; BadInput where one lacks, or one is given by somebody not reached."""
    said = (answers.responded, answers.solved, answers.satisfied)
    if answers.reached and (None in said or answers.satisfied not in SATISFACTIONS):
        raise BadInput(N_("Call-back: answer all three questions, or say that nobody was reached."))
    if not answers.reached and any(one is not None for one in said):
        raise BadInput(N_("Call-back: nobody was reached, so there is no answer. Leave the questions out."))
    return answers


def checked_note(written: str | None) -> str | None:
    """Return a note in one line, None where nothing was written; BadInput when it is too long.

    >>> checked_note("  came   twice ")
    'came twice'
    """
    said = cleaned(written or "")
    if len(said) > LONGEST_NOTE:
        raise BadInput(N_("Note: it is too long. Say it in at most {count} characters."), count=LONGEST_NOTE)
    return said or None


def checked_limit(limit: date, today: date, most_days: int) -> date:
    """Return until which day a request may wait; BadInput for a day that is over or too far away."""
    if not 0 < (limit - today).days <= most_days:
        raise BadInput(N_("Until: choose a day from tomorrow on, at most {count} days ahead."), count=most_days)
    return limit


def _hindrance(standing: Standing, step: str) -> Conflict | None:
    if step not in STEPS or standing.status not in STEPS[step].begins:
        return Conflict(
            N_(
                "A request that is {now} cannot take this step ({step}). Look at it again, then choose what is offered."
            ),
            now=_(STATUS_LABELS.get(standing.status, standing.status)),
            step=_(STEPS[step].label) if step in STEPS else step,
        )
    if step == "return" and standing.returned_times:
        return Conflict(N_("This request was sent back once already. Solve it, or escalate it."))
    if step == "escalate" and next_level(standing.escalated_to) is None:
        return Conflict(N_("This request is with the department already: there is nobody above."))
    if step == "reopen" and not standing.dissatisfied:
        return Conflict(N_("The call-back says that all is well, so there is nothing to open again. Close it."))
    return None


def _asked(standing: Standing, step: str) -> tuple[str, ...]:
    """Return what has to be said; closing unheard or against what was said takes a reason."""
    unheard = step == "close" and (standing.status == "resolved" or standing.dissatisfied)
    return (*STEPS[step].asks, "note") if unheard else STEPS[step].asks


def _note(given: StepInput) -> None:
    if checked_note(given.note) is None:
        raise BadInput(N_("Reason: write down why, without names. The history of the request keeps it."))


def _assignee(given: StepInput) -> None:
    if given.organisation_id is None and given.person_id is None and given.owner is None:
        raise BadInput(N_("To whom: choose an organisation, a person or a colleague."))


def _limit(given: StepInput) -> None:
    if given.limit is None:
        raise BadInput(N_("Until: say on which day the request is looked at again at the latest."))


def _first(given: StepInput) -> None:
    if given.first_id is None:
        raise BadInput(N_("Duplicate of: choose the request that this one repeats."))


def _level(given: StepInput) -> None:
    if given.level is not None and given.level not in ESCALATIONS:
        raise BadInput(N_("Escalate to: choose the street office or the department."))


def _answers(given: StepInput) -> None:
    if given.answers is None or not checked_answers(given.answers).reached:
        raise BadInput(N_("Call-back: answer all three questions, or say that nobody was reached."))


_CHECKS = {
    "note": _note, "assignee": _assignee, "limit": _limit, "first": _first, "level": _level, "answers": _answers,
}  # fmt: skip


def is_ended(status: str) -> bool:
    """Tell whether nothing more happens with a request.

    >>> is_ended("closed"), is_ended("resolved")
    (True, False)
    """
    return status in ENDED
