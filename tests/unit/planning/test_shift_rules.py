from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadInput, Conflict
from geo.people.volunteer_rules import Window
from geo.planning.shift_rules import (
    MOVES,
    Taker,
    Turn,
    checked_move,
    checked_turn,
    days_of_week,
    free_windows,
    objections,
    spread_days,
)
from geo.planning.tables import SHIFT_STATUSES

MONDAY = date(2026, 11, 16)
MORNING = Window(0, 540, 720)
DAYS = st.integers(0, 6)
MINUTES = st.tuples(st.integers(0, 1439), st.integers(1, 240)).map(lambda one: (one[0], min(one[0] + one[1], 1440)))
WINDOWS = st.lists(st.builds(lambda day, span: Window(day, *span), DAYS, MINUTES), max_size=6)
TURNS = st.lists(st.builds(lambda day, span: Turn(MONDAY + timedelta(days=day), *span), DAYS, MINUTES), max_size=6)


def test_a_shift_goes_only_the_ways_of_its_machine() -> None:
    allowed = {(now, then) for now, ways in MOVES.items() for then in ways}
    for now in SHIFT_STATUSES:
        for then in SHIFT_STATUSES:
            if (now, then) in allowed:
                assert checked_move(now, then) == then
            else:
                with pytest.raises(Conflict, match="cannot become"):
                    checked_move(now, then)


@pytest.mark.parametrize("minutes", [(600, 600), (600, 540), (-10, 60), (1400, 1441)])
def test_a_turn_begins_and_ends_on_one_day(minutes: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match="on the same day"):
        checked_turn(Turn(MONDAY, *minutes))


def test_everything_that_speaks_against_a_taker_is_told() -> None:
    turn = Turn(MONDAY, 540, 600)
    assert objections(turn, Taker([MORNING], [], 1)) == []
    found = objections(turn, Taker([], [Turn(MONDAY, 570, 630)], 1, active=False))
    assert len(found) == 4


def test_a_shift_of_another_week_takes_no_hours_of_this_one() -> None:
    last_week = Turn(MONDAY - timedelta(days=1), 540, 600)
    assert objections(Turn(MONDAY, 540, 600), Taker([MORNING], [last_week], 1)) == []


@given(WINDOWS, TURNS)
def test_what_is_left_of_times_is_what_no_turn_takes(windows: list[Window], turns: list[Turn]) -> None:
    left = free_windows(windows, turns)
    for day in range(7):
        for minute in range(0, 1440, 15):
            offered = any(one.weekday == day and one.from_minute <= minute < one.to_minute for one in windows)
            taken = any(one.on_day.weekday() == day and one.from_minute <= minute < one.to_minute for one in turns)
            free = any(one.weekday == day and one.from_minute <= minute < one.to_minute for one in left)
            assert free == (offered and not taken)


@given(st.lists(DAYS, unique=True, max_size=7).map(sorted), st.integers(1, 12))
def test_turns_are_spread_over_days_that_are_there(days: list[int], count: int) -> None:
    spread = spread_days(days, count)
    assert len(spread) == count
    assert set(spread) <= {None, *days}
    if days and 1 < count <= len(days):
        assert len(set(spread)) == count


def test_a_week_has_seven_days_from_monday() -> None:
    assert [day.weekday() for day in days_of_week(MONDAY)] == list(range(7))
