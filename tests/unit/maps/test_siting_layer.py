"""What the map of a plan says to the page: only numbers in the shape that is expected."""

import pytest

from geo.briefing.siting_state import SitingState
from geo.maps.siting_layer import siting_message


@pytest.mark.parametrize(
    "text",
    ["siting:", "siting:[]", "siting:{}", "siting:7", 'siting:{"site": "x", "lon": 1, "lat": 2}',
     'siting:{"spot": [1]}', 'siting:{"back": 1}', "draw:{}", "siting:" + "9" * 400],
)  # fmt: skip
def test_a_message_of_another_shape_is_not_heard(text: str) -> None:
    assert siting_message(text) is None


@pytest.mark.parametrize("text", ["1,2", "a,b,c", "1,2,nan", "1,2,inf", "1,2,3,4", "9" * 100])
def test_a_moved_station_that_is_none_is_left_out_of_the_address(text: str) -> None:
    assert SitingState.from_address({"moved": text}).moved is None


def test_what_the_address_says_is_what_it_was_made_from() -> None:
    told = {
        "community": "4",
        "circle": "5",
        "study": "3",
        "old": "1",
        "spot": "115.98,36.44",
        "moved": "7,115.98,36.44",
    }
    assert SitingState.from_address(told).address() == told
