"""The heads on a building's card."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.people.writes import assign_head
from geo.planning.writes import set_parameter
from geo.store.clock import today
from geo.store.session import Actor, writing
from tests.store.small_city import SmallCity, build

CARD = "from pages.parts.heads import show_heads\nshow_heads({building_id})\n"


@pytest.fixture
def city(clean_store: object, administrator: Actor) -> SmallCity:
    return build()


def marked_as_ending(city: SmallCity) -> bool:
    card = AppTest.from_string(CARD.format(building_id=city["north-b1"]), default_timeout=60).run()
    assert not card.exception
    return any("ends soon" in line.value for line in card.markdown)


def test_a_term_ends_soon_within_the_days_the_city_has_set(city: SmallCity) -> None:
    ends = today() + timedelta(days=90)
    with writing(OPERATOR) as session:
        assign_head(session, building_id=city["north-b1"], name="王建国", from_on=today(), to_on=ends)
    assert not marked_as_ending(city)
    with writing(OPERATOR) as session:
        set_parameter(session, "term_ending_days", 120, expected_version=0)
    assert marked_as_ending(city)
