"""The map page's choices in its address."""

import pytest

from geo.briefing.map_state import MapState
from geo.briefing.overview import Choice


def test_an_address_is_read_back_as_it_was_written() -> None:
    state = MapState(Choice(12, "old"), (2, 3), ("building", 7))
    assert MapState.from_address(state.address()) == state


def test_no_choices_leave_the_address_empty() -> None:
    assert MapState().address() == {}
    assert MapState.from_address({}) == MapState()


@pytest.mark.parametrize(
    "query",
    [
        {"community": "x"},
        {"community": "99999999999999999999"},
        {"status": "9" * 5000},
        {"kind": "castle"},
        {"status": "9,x,-1"},
        {"place": "planet:1"},
        {"place": "building:"},
        {"place": "building:99999999999999999999"},
        {"place": "building:1 OR 1=1"},
    ],
)
def test_what_makes_no_sense_is_left_out(query: dict[str, str]) -> None:
    assert MapState.from_address(query) == MapState()
