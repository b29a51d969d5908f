"""The page of volunteers, with real users of several roles: what each sees, records, confirms and is refused."""

from collections.abc import Iterator
from datetime import time
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.i18n import use_language
from geo.people.known_persons import Who
from geo.people.volunteer_hours import record_hours
from geo.people.volunteer_reads import hours_of, volunteer, windows_of
from geo.people.volunteer_rules import Window
from geo.people.volunteer_writes import Offer, change_volunteer, enrol
from geo.store.clock import today
from geo.store.session import owner_engine, reading, writing
from tests.pages.care_page import doing, figures, named, opened, pressed, words
from tests.pages.conftest import SignIn
from tests.store.small_city import NORTH_ORGANISER, SmallCity, build

PAGE = "volunteers"


@pytest.fixture
def city(clean_store: object) -> Iterator[SmallCity]:
    yield build()
    use_language("en")


@pytest.fixture
def known(city: SmallCity, sign_in: SignIn) -> int:
    """A volunteer of the north, recorded by somebody else than the organiser who looks."""
    with writing(NORTH_ORGANISER) as session:
        offer = Offer(3, ("company", "repair"), city["north-b2"], city["north-u1"])
        made = enrol(
            session, Who(name="田秀芝", phone="19900001111"), city["north"], offer, windows=[Window(0, 540, 690)]
        )
        record_hours(session, made, on=today(), minutes=90, purpose="陪伴聊天")
    sign_in("organiser", community_id=city["north"])
    return made


def card(volunteer_id: int, **query: str) -> AppTest:
    return opened(page_name=PAGE, volunteer=str(volunteer_id), **query)


def now(volunteer_id: int) -> Any:
    with reading(NORTH_ORGANISER) as connection:
        return volunteer(connection, volunteer_id)


def test_an_organiser_sees_who_helps_with_what_and_what_is_offered(known: int) -> None:
    page = opened(page_name=PAGE)
    assert figures(page) == {
        "Volunteers": "1", "Hours offered a week": "3", "Hours given and confirmed": "0", "Without a place": "0",
        "Without times": "0",
    }  # fmt: skip
    table = page.dataframe[0].value
    assert (table["Name of the person"].tolist(), table["Place"].tolist()) == (["田秀芝"], ["金桂花园2号楼1单元"])
    assert table["Skills"].tolist() == ["keeping company, repairs"]
    assert known


def test_who_plans_the_city_or_leads_it_does_not_get_in(known: int, sign_in: SignIn) -> None:
    for role in ("planner", "leader"):
        sign_in(role)
        page = card(known)
        assert "Your role does not let you see volunteers" in words(page)
        assert "田秀芝" not in words(page)


def test_an_organiser_of_another_community_sees_nobody(known: int, city: SmallCity, sign_in: SignIn) -> None:
    sign_in("organiser", "south-o", community_id=city["south"])
    page = card(known)
    assert "No volunteers are recorded" in words(page)
    assert "田秀芝" not in words(page)


def test_the_name_that_is_looked_for_stays_out_of_the_address(known: int) -> None:
    page = opened(page_name=PAGE)
    named(page.text_input, "Name of the person").set_value("田秀").run()
    assert page.dataframe[0].value["Name of the person"].tolist() == ["田秀芝"]
    assert "田" not in str(page.query_params)
    named(page.text_input, "Name of the person").set_value("nobody").run()
    assert "No volunteer is like this" in words(page)
    assert known


def test_choices_stand_in_the_address_and_are_read_from_it(known: int) -> None:
    page = opened(page_name=PAGE, skill="cooking", status="all")
    assert "No volunteer is like this" in words(page)
    named(page.selectbox, "Skill").set_value("repair").run()
    assert page.query_params["skill"] == "repair"
    assert page.dataframe[0].value["Name of the person"].tolist() == ["田秀芝"]
    assert known


def test_a_time_is_added_for_two_days_and_one_that_overlaps_is_refused_by_name(known: int) -> None:
    page = card(known)
    named(page.pills, "Days").set_value([2, 4])
    pressed(page, "Add this time")
    with reading(NORTH_ORGANISER) as connection:
        assert windows_of(connection, [known])[known] == [
            Window(0, 540, 690), Window(2, 540, 660), Window(4, 540, 660),
        ]  # fmt: skip
    named(page.pills, "Days").set_value([0])
    named(page.time_input, "From").set_value(time(11))
    named(page.time_input, "To").set_value(time(12))
    pressed(page, "Add this time")
    assert "Monday 09:00–11:30 and Monday 11:00–12:00 overlap" in words(page)
    assert now(known).windows == 3


def test_a_time_is_taken_out_by_a_click(known: int) -> None:
    pressed(card(known), "09:00–11:30")
    assert now(known).windows == 0


def test_hours_of_somebody_else_are_confirmed_and_own_ones_are_not(known: int) -> None:
    page = doing(card(known), "hours")
    pressed(page, "Confirm 1.5 h from 1 days")
    assert now(known).confirmed_hours == 1.5
    named(page.number_input, "Hours").set_value(2.0)
    named(page.text_input, "What for, without names").set_value("代购")
    pressed(page, "Record these hours")
    assert "somebody else who works here" in words(page)
    assert not [button for button in page.button if button.label.startswith("Confirm")]
    assert (now(known).given_hours, now(known).confirmed_hours) == (3.5, 1.5)
    pressed(page, "Take these hours back")
    with reading(NORTH_ORGANISER) as connection:
        assert [one.minutes for one in hours_of(connection, known)] == [90]


def test_an_offer_changes_and_what_both_changed_is_put_together(known: int) -> None:
    page = doing(card(known), "change")
    named(page.number_input, "Hours a week").set_value(5.0)
    with writing(NORTH_ORGANISER) as session:
        change_volunteer(session, known, {"hours_week": 4, "birth_year": 1970}, version=1)
    pressed(page, "Save")
    assert "Somebody changed this while you were working on it" in words(page)
    named(page.radio, "Hours a week").set_value(True).run()
    pressed(page, "Save both")
    assert (now(known).hours_week, now(known).birth_year) == (5.0, 1970)


def test_a_party_member_checks_in_and_pausing_takes_a_reason(known: int) -> None:
    pressed(doing(card(known), "check_in"), "Check in")
    assert now(known).checked_in_on == today()
    page = doing(card(known), "status")
    pressed(page, "Save")
    assert "Write down why" in words(page)
    next(field for field in page.text_input if str(field.key).startswith("status_reason")).set_value("住院")
    pressed(page, "Save")
    assert now(known).status == "paused"
    assert "Volunteer paused, ended or taken up again" in words(doing(page, "history"))


def test_somebody_new_is_recorded_at_a_building_with_a_check_in(city: SmallCity, sign_in: SignIn) -> None:
    sign_in("station_staff", station_id=_station())
    page = opened(page_name=PAGE, do="new", building=str(city["north-b2"]))
    named(page.text_input, "Name of the person").set_value("毛建国")
    named(page.text_input, "Phone").set_value("19900002222")
    named(page.pills, "Skills").set_value(["cooking"])
    named(page.checkbox, "Checks in as a party member today").set_value(True)
    pressed(page, "Record this volunteer")
    with owner_engine().connect() as owner:
        made = owner.execute(text("SELECT id, skills, checked_in_on, party_member FROM volunteer")).one()
    assert tuple(made)[1:] == (["cooking"], today(), True)
    assert page.query_params["volunteer"] == str(made.id)
    assert "毛建国" in words(page)


def _station() -> int:
    with owner_engine().begin() as owner:
        return owner.execute(
            text(
                "INSERT INTO station (code, name, compound_id, community_id, status, phase, geom) "
                "SELECT 's-1', '红旗驿站', id, community_id, 'open', 'pilot', ST_PointOnSurface(geom) "
                "FROM compound WHERE code = 'north-c' RETURNING id"
            )
        ).scalar_one()


def test_the_place_of_a_volunteer_is_chosen_by_search(known: int, city: SmallCity) -> None:
    page = doing(card(known), "place")
    named(page.text_input, "Which building?").set_value("金桂花园 1").run()
    next(button for button in page.button if "金桂花园1号楼" in button.label).click().run()
    pressed(page, "Save this place")
    assert (now(known).building_id, now(known).unit_id) == (city["north-b1"], None)
