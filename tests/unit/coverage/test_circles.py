"""A circle divides its work: everybody has a part, loads are even over the weeks, the plan knows who is primary."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.coverage.circles import Slot, divided, members_on, on_turn
from geo.errors import BadInput

MONDAY = date(2026, 11, 23)
NAMES = ("anna", "bert", "carl", "dora", "emil", "fine", "gero")
SLOTS = some.lists(
    some.builds(Slot, some.sampled_from(["visit", "meal"]), some.integers(15, 120), some.integers(0, 6)), min_size=1
)


@given(some.integers(1, 7), SLOTS)
def test_every_slot_is_somebodys_and_everybody_has_a_part(many: int, slots: list[Slot]) -> None:
    members = NAMES[:many]
    duties = divided(members, slots)
    assert sum(duty.minutes for duty in duties) == sum(slot.minutes for slot in slots)
    assert {name for duty in duties for name in duty.order} == set(members)
    for duty in duties:
        assert len(set(duty.order)) == len(duty.order)
        turns = Counter(on_turn(duty, MONDAY + timedelta(weeks=week)) for week in range(12 * len(duty.order)))
        assert set(turns.values()) == {12}


def test_equal_duties_are_divided_equally() -> None:
    duties = divided(NAMES[:3], [Slot("visit", 60, day) for day in range(6)])
    assert Counter(duty.order for duty in duties) == {("anna",): 2, ("bert",): 2, ("carl",): 2}


def test_several_tasks_are_divided_by_task_and_the_longest_goes_first() -> None:
    slots = [Slot("meal", 30, 0), Slot("meal", 30, 1), Slot("visit", 90), Slot("shopping", 20)]
    assert {duty.tasks[0]: duty.order for duty in divided(NAMES[:2], slots)} == {
        "visit": ("anna",), "meal": ("bert",), "shopping": ("bert",),
    }  # fmt: skip


def test_whoever_is_left_over_takes_turns_where_there_is_most_to_do() -> None:
    duties = divided(NAMES[:4], [Slot("visit", 90, 0), Slot("visit", 60, 3)])
    assert [duty.order for duty in duties] == [("anna", "carl"), ("bert", "dora")]


def test_the_members_of_a_week_lead_what_is_their_turn() -> None:
    duties = divided(NAMES[:2], [Slot("visit", 60, 2)])
    this, following = (members_on(NAMES[:2], "carl", duties, MONDAY + timedelta(weeks=week)) for week in (0, 1))
    leading = [next(one.volunteer for one in week if one.leads("visit", 2)) for week in (this, following)]
    assert sorted(leading) == ["anna", "bert"]
    assert sorted((this[0].role, following[0].role)) == ["primary", "turn"]
    assert [one.role for one in this[1:]] == ["turn", "backup"]
    assert not this[2].leads("visit", 2)


@pytest.mark.parametrize("members", [(), (*NAMES, "hans")])
def test_a_circle_of_nobody_or_of_eight_is_refused(members: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        divided(members, [Slot("visit", 60)])
