"""The heads on a building's card."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.people.writes import assign_head
from geo.planning.writes import set_parameter
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, writing
from tests.pages.conftest import SignIn
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


def card_of(city: SmallCity) -> AppTest:
    card = AppTest.from_string(CARD.format(building_id=city["north-b1"]), default_timeout=60).run()
    assert not card.exception
    return card


def asked_for_number(city: SmallCity, reason: str) -> AppTest:
    card = card_of(city)
    next(field for field in card.text_input if str(field.key).startswith("telephone_reason")).set_value(reason)
    return next(button for button in card.button if button.label == "Show the number").click().run()


def looks() -> list[tuple[str, str]]:
    with owner_engine().connect() as owner:
        query = "SELECT actor, note FROM audit_entry WHERE action = 'reveal' AND entity = 'person'"
        return [(row.actor, row.note) for row in owner.execute(text(query))]


def test_the_number_of_a_head_is_shown_for_a_reason_and_the_look_is_logged(
    clean_store: object, sign_in: SignIn
) -> None:
    city = build()
    organiser = sign_in("organiser", "wang", community_id=city["north"])
    with writing(OPERATOR) as session:
        assign_head(session, building_id=city["north-b1"], name="王建国", phone="13900001234", from_on=today())
    card = asked_for_number(city, "")
    assert not any("13900001234" in line.value for line in card.markdown)
    assert card.error
    assert looks() == []
    card = asked_for_number(city, "the water is off")
    assert any("13900001234" in line.value for line in card.markdown)
    assert looks() == [(organiser.name, "the water is off")]
    assert not any("13900001234" in line.value for line in card_of(city).markdown)
