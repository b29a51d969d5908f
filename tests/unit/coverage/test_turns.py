"""Shifts change hands only where times, hours and circles allow it; who stands in is asked in the right order."""

from datetime import date

import pytest

from geo.coverage.rota import Shift
from geo.coverage.rota_inputs import Helper, Member
from geo.coverage.turns import STRANGER, handed_over, stand_ins, swap
from geo.errors import BadInput
from geo.people.volunteer_rules import Window

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
MORNINGS = (Window(0, 540, 660), Window(1, 540, 660))
FIRST = Shift("n", "visit", "anna", MONDAY, 540, 600)
SECOND = Shift("n", "meal", "bert", TUESDAY, 540, 600)
CIRCLES = {"n": [Member("anna", "primary"), Member("bert"), Member("carl"), Member("dora", "backup")]}
HELPERS = {name: Helper(120, MORNINGS) for name in ("anna", "bert", "carl", "dora", "emil")}


def test_two_shifts_are_swapped_where_both_can_come() -> None:
    done = swap([FIRST, SECOND], FIRST, SECOND, CIRCLES, HELPERS)
    assert done.allowed
    assert [(shift.task, shift.volunteer) for shift in done.shifts] == [("visit", "bert"), ("meal", "anna")]


def test_a_swap_is_refused_with_every_reason_and_changes_nothing() -> None:
    helpers = HELPERS | {"bert": Helper(30, (Window(1, 540, 660),))}
    done = swap([FIRST, SECOND], FIRST, SECOND, CIRCLES, helpers)
    assert not done.allowed
    assert done.shifts == (FIRST, SECOND)
    assert [text.split()[-4:] for text in done.objections] == [
        ["come", "at", "this", "time."], ["week", "this", "volunteer", "offers."],
    ]  # fmt: skip


def test_a_shift_is_not_handed_to_somebody_who_is_elsewhere_or_a_stranger() -> None:
    other = Shift("m", "visit", "bert", MONDAY, 570, 630)
    assert "another shift" in handed_over([FIRST, other], FIRST, "bert", CIRCLES, HELPERS).objections[0]
    assert handed_over([FIRST], FIRST, "emil", CIRCLES, HELPERS).objections == (STRANGER,)
    assert handed_over([FIRST], FIRST, "dora", CIRCLES, HELPERS).allowed


def test_the_backup_stands_in_first_then_whoever_has_least() -> None:
    assert stand_ins([FIRST, SECOND], FIRST, CIRCLES, HELPERS) == ("dora", "carl", "bert")
    busy = Shift("m", "visit", "dora", MONDAY, 540, 600)
    assert stand_ins([FIRST, SECOND, busy], FIRST, CIRCLES, HELPERS) == ("carl", "bert")
    assert stand_ins([FIRST], FIRST, {}, HELPERS) == ()


def test_a_shift_that_is_not_planned_cannot_change_hands() -> None:
    with pytest.raises(BadInput):
        handed_over([SECOND], FIRST, "bert", CIRCLES, HELPERS)
