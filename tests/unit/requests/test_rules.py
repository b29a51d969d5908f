"""The state machine of requests, walked whole: every state is reached, every step that is not in the table refused."""

from datetime import date, timedelta
from itertools import product

import pytest

from geo.errors import BadInput, Conflict
from geo.planning.rules import BY_NAME
from geo.requests.numbers import DEFAULTS
from geo.requests.rules import (
    CHANNEL_LABELS,
    CLASS_LABELS,
    ESCALATION_LABELS,
    EVENT_LABELS,
    SATISFACTION_LABELS,
    STATUS_LABELS,
    STEPS,
    Answers,
    Standing,
    StepInput,
    checked_answers,
    checked_limit,
    checked_note,
    checked_step,
    steps_from,
)
from geo.requests.tables import CHANNELS, CLASSES, ENDED, ESCALATIONS, EVENT_KINDS, SATISFACTIONS, STATUSES

FULL = StepInput(
    note="why", organisation_id=1, limit=date(2026, 12, 1), first_id=7, level="department",
    answers=Answers(True, True, False, "no"),
)  # fmt: skip
ALL = [
    Standing(status, returned, level, unhappy)
    for status, returned, level, unhappy in product(STATUSES, (0, 1), (None, *ESCALATIONS), (False, True))
]


def test_every_code_has_its_words() -> None:
    for labels, codes in (
        (STATUS_LABELS, STATUSES), (CHANNEL_LABELS, CHANNELS), (CLASS_LABELS, CLASSES), (EVENT_LABELS, EVENT_KINDS),
        (SATISFACTION_LABELS, SATISFACTIONS), (ESCALATION_LABELS, ESCALATIONS),
    ):  # fmt: skip
        assert tuple(labels) == codes


def test_the_numbers_are_those_of_the_city() -> None:
    assert {name: BY_NAME[name].default for name in DEFAULTS} == DEFAULTS


def test_every_state_and_side_state_is_reached_from_received() -> None:
    seen, waiting = set[Standing](), [Standing("received")]
    while waiting:
        standing = waiting.pop()
        if standing in seen:
            continue
        seen.add(standing)
        for step in steps_from(standing):
            after = checked_step(standing, step, FULL)
            returned = standing.returned_times + (step == "return")
            level = ESCALATIONS[0] if step == "escalate" and standing.escalated_to is None else standing.escalated_to
            level = ESCALATIONS[1] if step == "escalate" and standing.escalated_to else level
            waiting += [Standing(after, returned, level, unhappy) for unhappy in (False, True)]
    assert {one.status for one in seen} == set(STATUSES)
    assert max(one.returned_times for one in seen) == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_step_begins_where_the_table_says_and_nowhere_else(step: str) -> None:
    for standing in ALL:
        offered = step in steps_from(standing)
        if offered:
            assert checked_step(standing, step, FULL) == STEPS[step].leads
        else:
            with pytest.raises(Conflict):
                checked_step(standing, step, FULL)
        assert not offered or standing.status in STEPS[step].begins


def test_nothing_happens_after_the_end_and_something_can_before() -> None:
    for standing in ALL:
        assert bool(steps_from(standing)) == (standing.status not in ENDED)


@pytest.mark.parametrize("step", [name for name, step in STEPS.items() if set(step.asks) - {"level"}])
def test_a_step_is_refused_without_what_it_asks_for(step: str) -> None:
    standing = next(one for one in ALL if step in steps_from(one))
    with pytest.raises(BadInput):
        checked_step(standing, step, StepInput())


def test_a_request_is_sent_back_once_escalated_twice_and_reopened_only_when_unhappy() -> None:
    assert "return" not in steps_from(Standing("dispatched", returned_times=1))
    assert "escalate" in steps_from(Standing("escalated", escalated_to="street_office"))
    assert "escalate" not in steps_from(Standing("escalated", escalated_to="department"))
    assert steps_from(Standing("called_back")) == ("close",)
    assert steps_from(Standing("called_back", dissatisfied=True)) == ("close", "reopen")


def test_closing_unheard_or_against_what_was_said_takes_a_reason() -> None:
    assert checked_step(Standing("called_back"), "close", StepInput()) == "closed"
    for standing in (Standing("resolved"), Standing("called_back", dissatisfied=True)):
        with pytest.raises(BadInput, match="Reason"):
            checked_step(standing, "close", StepInput())
        assert checked_step(standing, "close", StepInput(note="nobody answers")) == "closed"


def test_answers_notes_and_limits_are_checked() -> None:
    today = date(2026, 11, 22)
    for wrong in (
        Answers(True),
        Answers(True, True, True, "great"),
        Answers(False, True),
        Answers(False, satisfied="no"),
    ):
        with pytest.raises(BadInput, match="Call-back"):
            checked_answers(wrong)
    assert checked_answers(Answers(False)) == Answers(False)
    for days in (0, 31):
        with pytest.raises(BadInput, match="Until"):
            checked_limit(today + timedelta(days), today, 30)
    with pytest.raises(BadInput, match="Note"):
        checked_note("x" * 2001)
    with pytest.raises(BadInput, match="Escalate to"):
        checked_step(Standing("accepted"), "escalate", StepInput(note="x", level="moon"))
