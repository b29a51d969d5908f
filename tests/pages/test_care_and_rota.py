"""The page of care circles and the rota, with real users: proposals decided, members changed, a week worked through."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.consents import record_consent
from geo.briefing.circle_map import DOOR
from geo.coverage.pairing_study import pairing_as_job
from geo.coverage.rota_study import rota_as_job
from geo.i18n import use_language
from geo.jobs.context import JobContext, Notes
from geo.people.circle_reads import circle, circles
from geo.planning.shift_reads import shift, week_shifts
from geo.planning.shift_rules import Turn, monday_of
from geo.planning.shift_writes import ShiftDraft, add_shift, move_shift
from geo.store.clock import today
from geo.store.session import owner_engine, reading, writing
from tests.pages.care_page import figures, logged, named, pressed, words
from tests.pages.care_page import opened as opened_page
from tests.pages.conftest import SignIn
from tests.store import circle_city
from tests.store.access.helped import WORDS
from tests.store.circle_city import CircleCity, circle_at_work
from tests.store.small_city import NORTH_ORGANISER


@pytest.fixture
def there(clean_store: object) -> Iterator[CircleCity]:
    yield circle_city.build()
    use_language("en")


@pytest.fixture
def organiser(there: CircleCity, sign_in: SignIn) -> CircleCity:
    sign_in("organiser", community_id=there.helped.city["north"])
    return there


def opened(lang: str = "en", **query: str) -> AppTest:
    return opened_page(lang, "care_and_rota", **query)


def context() -> JobContext:
    return JobContext(7_201, NORTH_ORGANISER, Path(), Notes())


def proposed(city: CircleCity) -> int:
    pairing_as_job(context(), community_id=city.helped.city["north"], circle=2)
    with reading(NORTH_ORGANISER) as connection:
        return circles(connection)[0].id


def accepted_shift(city: CircleCity, on: date, volunteer: int = 0) -> int:
    circle_id = circle_at_work(city)
    turn = Turn(on, 540, 600)
    with writing(NORTH_ORGANISER) as session:
        made = add_shift(session, ShiftDraft(circle_id, city.volunteers[volunteer], turn, "visit"), anyway=True)
        move_shift(session, made.id, "accepted", version=1, on=on)
    return made.id


def test_circles_are_listed_by_door_and_number_and_nobody_helped_is_named(organiser: CircleCity) -> None:
    circle_id = circle_at_work(organiser)
    page = opened(circle=str(circle_id))
    table = page.dataframe[0].value
    assert table["Number"].tolist() == [organiser.helped.number]
    assert (figures(page)["Circles at work"], figures(page)["Needs without a circle"]) == ("1", "0")
    shown = words(page)
    assert "李明 · comes first · visit · Monday, Wednesday · 1 h a week · 120 m" in shown
    assert not any(word in shown + table.to_string() for word in WORDS)


def test_a_proposal_is_accepted_with_what_it_rested_on_told(organiser: CircleCity) -> None:
    proposed(organiser)
    page = opened(view="proposals")
    shown = words(page)
    assert "Proven: no other pairing meets more hours" in shown
    assert "No roads are loaded: ways are straight lines times 1.3." in shown
    pressed(page, "Accept on trial")
    with reading(NORTH_ORGANISER) as connection:
        (now,) = circles(connection)
    assert (now.status, len(now.members)) == ("trial", 3)
    assert logged("move_circle")[0].actor == "the-organiser"


def test_a_proposal_is_refused_only_with_a_reason(organiser: CircleCity) -> None:
    circle_id = proposed(organiser)
    page = opened(view="proposals")
    pressed(page, "Refuse this proposal")
    assert "Write down why" in words(page)
    named(page.text_input, "Why, without names").set_value("too far for both").run()
    pressed(page, "Refuse this proposal")
    with reading(NORTH_ORGANISER) as connection:
        now = circle(connection, circle_id)
    assert now is not None
    assert (now.status, now.reason) == ("ended", "too far for both")


def test_needs_nobody_meets_are_listed_with_the_cause_in_words(organiser: CircleCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_need SET skills = '{nursing}'"))
    pairing_as_job(context(), community_id=organiser.helped.city["north"])
    page = opened(view="proposals")
    (row,) = page.dataframe[0].value.to_dict("records")
    assert row["Number"] == organiser.helped.number
    assert row["Why, and what to do"].startswith("Nobody within reach has the skills")


def test_the_map_of_a_circle_shows_its_door_and_homes_by_building_and_no_name(organiser: CircleCity) -> None:
    circle_id = circle_at_work(organiser)
    page = opened(circle=str(circle_id))
    named(page.toggle, "Show the walk on a map").set_value(True).run()
    assert not page.exception
    shown = page.get("component_instance")[0].proto.json_args
    with reading(NORTH_ORGANISER) as connection:
        found = circle(connection, circle_id)
    assert found is not None
    assert re.search(rf'"{found.building_id}\W+: {DOOR}', shown)
    assert "The door that needs help" in shown
    assert not any(word in shown for word in (*WORDS, "李明", "刘洋", found.number))


def test_somebody_is_taken_out_and_somebody_added_and_the_history_knows(organiser: CircleCity) -> None:
    circle_id = circle_at_work(organiser)
    page = opened(circle=str(circle_id))
    named(page.pills, "What to do").set_value("members").run()
    page.text_input[1].set_value("moved away").run()
    [button for button in page.button if button.label == "Take out"][1].click().run()
    assert not page.exception
    with reading(NORTH_ORGANISER) as connection:
        now = circle(connection, circle_id)
    assert now is not None
    assert [one.name for one in now.members] == ["李明", "刘洋"]
    named(page.selectbox, "Volunteer, the nearest first").set_value(organiser.volunteers[1]).run()
    pressed(page, "Add to the circle")
    named(page.pills, "What to do").set_value("history").run()
    assert "moved away" in words(page)
    with reading(NORTH_ORGANISER) as connection:
        again = circle(connection, circle_id)
    assert again is not None
    assert [one.name for one in again.members] == ["李明", "张红", "刘洋"]


def test_who_comes_second_to_a_circle_is_told_and_overwrites_nothing(organiser: CircleCity) -> None:
    circle_id = circle_at_work(organiser)
    page = opened(circle=str(circle_id))
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_circle SET version = version + 1"))
    page.text_input[0].set_value("holidays").run()
    pressed(page, "Pause")
    assert "Somebody else changed this circle meanwhile" in words(page)
    pressed(page, "Show the new state")
    page.text_input[0].set_value("holidays").run()
    pressed(page, "Pause")
    with reading(NORTH_ORGANISER) as connection:
        now = circle(connection, circle_id)
    assert now is not None
    assert now.status == "paused"


def test_a_plan_of_a_week_is_shown_with_its_gap_and_accepted(organiser: CircleCity) -> None:
    circle_at_work(organiser)
    monday = monday_of(today()) + timedelta(weeks=1)
    rota_as_job(context(), community_id=organiser.helped.city["north"], monday=monday.isoformat())
    page = opened(view="week", week=monday.isoformat())
    shown = words(page)
    assert "2 turns have somebody, 0 have nobody" in shown
    assert "Tasks nobody does: 0 (proven: no plan is better)" in shown
    pressed(page, "Accept: offer these 2 turns")
    with reading(NORTH_ORGANISER) as connection:
        week = week_shifts(connection, monday)
    assert [one.status for one in week] == ["offered", "offered"]
    assert "yz-week" in words(page)


def test_a_missed_turn_goes_to_who_steps_in_with_one_click(organiser: CircleCity) -> None:
    on = today() - timedelta(days=today().weekday())
    shift_id = accepted_shift(organiser, on)
    page = opened(view="week", shift=str(shift_id))
    pressed(page, "Missed")
    assert "Write down why" in words(page)
    named(page.text_input, "Reason, without names (when missed or cancelled)").set_value("ill").run()
    pressed(page, "Missed")
    taken = [button for button in page.button if button.key and button.key.startswith(f"take_{shift_id}_")]
    assert len(taken) == 2
    taken[0].click().run()
    assert not page.exception
    with reading(NORTH_ORGANISER) as connection:
        missed = shift(connection, shift_id)
    assert missed is not None
    assert (missed.status, missed.stand_in is None) == ("replaced", False)


def test_a_done_turn_gives_hours(organiser: CircleCity) -> None:
    shift_id = accepted_shift(organiser, today())
    page = opened(view="week", shift=str(shift_id))
    pressed(page, "Done")
    with owner_engine().connect() as owner:
        assert owner.execute(text("SELECT minutes, confirmed_by FROM hours_given")).one() == (60, None)


def test_the_list_to_print_names_who_agreed_and_is_one_look_each(organiser: CircleCity) -> None:
    accepted_shift(organiser, today())
    page = opened(view="week")
    named(page.selectbox, "Volunteer").set_value(organiser.volunteers[0]).run()
    assert "1 persons have not agreed" in words(page)
    pressed(page, "Make the list")
    assert not any(word in words(page) for word in WORDS)
    with writing(NORTH_ORGANISER) as session:
        record_consent(session, organiser.helped.person, "volunteers", given_on=today(), how="spoken")
    named(page.text_input, "Reason").set_value("her visits of this week")
    pressed(page, "Make the list")
    assert WORDS[0] in words(page)
    (look,) = [entry for entry in logged("reveal") if entry.after.get("purpose") == "rota"]
    assert (look.actor, look.note) == ("the-organiser", "her visits of this week")


def test_station_staff_work_the_week_but_pair_nobody(there: CircleCity, sign_in: SignIn) -> None:
    circle_id = proposed(there)
    with owner_engine().connect() as owner:
        station = owner.scalar(text("SELECT id FROM station"))
    sign_in("station_staff", station_id=station)
    page = opened(view="proposals")
    assert not {"Accept on trial", "Propose circles"} & {button.label for button in page.button}
    page = opened(circle=str(circle_id))
    assert list(named(page.pills, "What to do").options) == ["History"]
    page = opened(view="week")
    assert "Plan this week" in {button.label for button in page.button}


@pytest.mark.parametrize("role", ["planner", "leader", "auditor"])
def test_planners_leaders_and_auditors_do_not_get_in(there: CircleCity, sign_in: SignIn, role: str) -> None:
    circle_at_work(there)
    sign_in(role)
    page = opened()
    assert "Your role does not let you see care circles and the rota" in words(page)
    assert not page.dataframe


def test_another_communitys_organiser_sees_no_circle_shift_or_volunteer_of_it(
    there: CircleCity, sign_in: SignIn
) -> None:
    shift_id = accepted_shift(there, today())
    sign_in("organiser", community_id=there.helped.city["south"])
    page = opened(circle="1")
    assert "There is no such circle" in words(page)
    page = opened(view="week", shift=str(shift_id))
    assert not any(name in words(page) for name in ("李明", "张红", "刘洋", there.helped.number))
