"""Two people at one record: the second sees what changed and puts both together; nothing is overwritten in silence."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.governance.writes import set_status
from geo.i18n import use_language
from geo.people.reads import building_posts
from geo.people.writes import assign_head, end_holding
from geo.places.reads import place_card
from geo.places.writes import close_place, correct_place, draw_place, move_place, undo_change
from geo.planning.writes import reset_parameter, set_parameter
from geo.settings import ROOT
from geo.store.session import Actor, reading, writing
from tests.pages.test_places import INSIDE, _deliver, _turn_to
from tests.store.small_city import NORTH_ORGANISER, SmallCity, build

SHAPE = {"type": "Polygon", "coordinates": [INSIDE]}
CARD = "from pages.parts.heads import show_heads\nshow_heads({building_id})\n"
NAME = "head_alarm_households"


@pytest.fixture
def city(clean_store: object) -> Iterator[SmallCity]:
    yield build()
    use_language("en")


def _opened(name: str, **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    for key, value in query.items():
        page.query_params[key] = value
    page.switch_page(f"{name}.py").run()
    assert not page.exception
    return page


def _press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception


def _press_key(page: AppTest, key: str) -> None:
    next(button for button in page.button if button.key and button.key.startswith(key)).click()
    page.run()
    assert not page.exception


def _number(page: AppTest, label: str) -> Any:
    return next(field for field in page.number_input if field.label == label)


def _text(page: AppTest, label: str) -> Any:
    return next(field for field in page.text_input if field.label == label)


def _words(page: AppTest) -> str:
    parts = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.code)
    return "\n".join(part.value for part in parts).replace("\\", "")


def _stored(query: str, **values: Any) -> Any:
    with reading(OPERATOR) as connection:
        return connection.scalar(text(query), values)


def _building(city: SmallCity, code: str = "north-b1") -> Any:
    with reading(OPERATOR) as connection:
        return connection.execute(text("SELECT * FROM building WHERE id = :id"), {"id": city[code]}).one()


def _someone_else_corrects(city: SmallCity, **fields: Any) -> None:
    with writing(NORTH_ORGANISER) as session:
        version = _building(city).version
        correct_place(session, "building", city["north-b1"], fields, expected_version=version)


def _save_is_open(page: AppTest) -> bool:
    return not next(button for button in page.button if button.key and button.key.endswith("_save")).disabled


def test_different_fields_of_two_people_are_put_together(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _someone_else_corrects(city, built_year=1999)
    _number(page, "Floors").set_value(11)
    _text(page, "Why (for the history)").set_value("counted again")
    _press(page, "Save the correction")
    told = _words(page)
    assert "Somebody changed this while you were working on it" in told
    assert f"Now: 1999 · {NORTH_ORGANISER.name}" in told
    assert "As you saw it: 6" in told
    assert "Yours: 11" in told
    assert (_building(city).floors, _building(city).built_year) == (6, 1999)
    _press(page, "Save both")
    assert (_building(city).floors, _building(city).built_year) == (11, 1999)
    with reading(OPERATOR) as connection:
        assert place_card(connection, "building", city["north-b1"]).history[0].note == "counted again"


@pytest.mark.parametrize(("mine", "kept"), [(True, 11), (False, 12)])
def test_one_field_of_two_people_waits_for_a_decision(
    city: SmallCity, administrator: Actor, *, mine: bool, kept: int
) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _someone_else_corrects(city, floors=12)
    _number(page, "Floors").set_value(11)
    _text(page, "Address").set_value("New Road 5")
    _press(page, "Save the correction")
    assert not _save_is_open(page)
    assert "Both of you changed this: Floors" in _words(page)
    next(choice for choice in page.radio if choice.label == "Floors").set_value(mine).run()
    assert _save_is_open(page)
    _press(page, "Save both")
    assert (_building(city).floors, _building(city).address) == (kept, "New Road 5")


def test_a_third_person_who_is_faster_again_is_shown_too(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _someone_else_corrects(city, built_year=1999)
    _number(page, "Floors").set_value(11)
    _press(page, "Save the correction")
    _someone_else_corrects(city, floors=13)
    _press(page, "Save both")
    assert _building(city).floors == 13
    assert "Both of you changed this: Floors" in _words(page)
    next(choice for choice in page.radio if choice.label == "Floors").set_value(True).run()
    _press(page, "Save both")
    assert (_building(city).floors, _building(city).built_year) == (11, 1999)


def test_two_windows_of_the_same_page(city: SmallCity, administrator: Actor) -> None:
    first, second = (_opened("places", place=f"building:{city['north-b1']}") for _ in range(2))
    _number(first, "Floors").set_value(11)
    _press(first, "Save the correction")
    _text(second, "Address").set_value("New Road 5")
    _press(second, "Save the correction")
    assert "Now: 11" in _words(second)
    _press(second, "Save both")
    assert (_building(city).floors, _building(city).address) == (11, "New Road 5")


def test_what_was_typed_can_be_dropped_for_the_new_state(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _someone_else_corrects(city, floors=12)
    _number(page, "Floors").set_value(11)
    _press(page, "Save the correction")
    _press(page, "Drop what I typed")
    assert _number(page, "Floors").value == 12
    assert _building(city).floors == 12


def test_a_form_that_is_no_longer_new_says_so_and_keeps_what_is_typed(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _someone_else_corrects(city, floors=12)
    page.run()
    assert "Somebody changed this since you opened it" in _words(page)
    assert _number(page, "Floors").value == 6
    _press(page, "Show the new state")
    assert _number(page, "Floors").value == 12


def test_a_place_closed_meanwhile_gives_back_what_was_typed(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b3']}")
    with writing(NORTH_ORGANISER) as session:
        close_place(session, "building", city["north-b3"], on=date(2026, 11, 20), reason="gone", expected_version=1)
    _number(page, "Floors").set_value(11)
    _press(page, "Save the correction")
    told = _words(page)
    assert f"{NORTH_ORGANISER.name} closed this place on 20 Nov 2026" in told
    assert "Floors: 11" in told
    _press(page, "Go on without it")
    assert "Closed on" in _words(page)


def test_a_place_removed_meanwhile_gives_back_what_was_typed(city: SmallCity, administrator: Actor) -> None:
    with writing(OPERATOR) as session:
        drawn = draw_place(session, "building", SHAPE, {"number": "9"})
    page = _opened("places", place=f"building:{drawn}")
    with writing(OPERATOR) as session:
        undo_change(session, _stored("SELECT max(id) FROM audit_entry WHERE action = 'draw'"))
    _number(page, "Floors").set_value(11)
    _press(page, "Save the correction")
    assert "does not exist" in _words(page)
    assert "Floors: 11" in _words(page)


def test_a_shape_and_a_name_of_two_people_are_put_together(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _turn_to(page, "move")
    _someone_else_corrects(city, floors=12)
    _deliver(page, "draw:" + json.dumps(SHAPE))
    _press(page, "Save the new shape")
    assert "Yours: a new shape" in _words(page)
    _press(page, "Save both")
    assert _stored("SELECT ST_XMin(geom) FROM building WHERE id = :id", id=city["north-b1"]) == pytest.approx(115.93)
    assert _building(city).floors == 12


def test_two_shapes_of_one_place_wait_for_a_decision(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _turn_to(page, "move")
    other = {"type": "Polygon", "coordinates": [[[x + 0.001, y] for x, y in INSIDE]]}
    with writing(NORTH_ORGANISER) as session:
        move_place(session, "building", city["north-b1"], other, expected_version=1)
    _deliver(page, "draw:" + json.dumps(SHAPE))
    _press(page, "Save the new shape")
    assert not _save_is_open(page)
    next(choice for choice in page.radio if choice.label == "Shape").set_value(False).run()
    _press(page, "Save both")
    assert _stored("SELECT ST_XMin(geom) FROM building WHERE id = :id", id=city["north-b1"]) == pytest.approx(115.931)


def test_closing_a_place_that_was_corrected_asks_once_more(city: SmallCity, administrator: Actor) -> None:
    page = _opened("places", place=f"building:{city['north-b1']}")
    _turn_to(page, "close")
    _someone_else_corrects(city, floors=12)
    _text(page, "Reason").set_value("demolished")
    _press(page, "Close this place")
    assert _building(city).closed_on is None
    assert "Now: 12" in _words(page)
    _press(page, "Close this place all the same")
    assert _building(city).closed_on is not None


@pytest.mark.parametrize(("mine", "status"), [(True, "closed"), (False, "sited")])
def test_a_station_that_went_on_meanwhile_asks_which_step(
    city: SmallCity, administrator: Actor, *, mine: bool, status: str
) -> None:
    with writing(OPERATOR) as session:
        place = {"type": "Point", "coordinates": [115.93, 36.43]}
        station = draw_place(session, "station", place, {"name": "红旗驿站"})
    page = _opened("places", place=f"station:{station}")
    _turn_to(page, "status")
    with writing(OPERATOR) as session:
        set_status(session, station, "sited", on=date(2026, 11, 20), reason="found", expected_version=1)
    next(box for box in page.selectbox if box.label == "Next step").set_value("closed")
    _text(page, "Reason").set_value("no money")
    _press(page, "Take this step")
    assert _stored("SELECT status FROM station") == "sited"
    assert "As you saw it: Proposed" in _words(page)
    next(choice for choice in page.radio if choice.label == "Status").set_value(mine).run()
    _press(page, "Take this step")
    assert _stored("SELECT status FROM station") == status


@pytest.mark.parametrize(("mine", "value"), [(True, 55), (False, 60)])
def test_a_number_set_meanwhile_asks_which_one(
    clean_store: object, administrator: Actor, *, mine: bool, value: int
) -> None:
    page = _opened("parameters")
    with writing(OPERATOR) as session:
        set_parameter(session, NAME, 60, expected_version=0)
    page.number_input(key=f"value_{NAME}").set_value(55)
    _press_key(page, f"save_{NAME}")
    assert _stored("SELECT value FROM parameter") == 60
    assert "Yours: 55 households" in _words(page)
    next(choice for choice in page.radio if choice.label == "A head is overloaded above").set_value(mine).run()
    _press_key(page, f"merge_{NAME}")
    assert _stored("SELECT value FROM parameter") == value


def test_a_number_set_back_and_set_anew_is_no_longer_the_one_seen(clean_store: object, administrator: Actor) -> None:
    with writing(OPERATOR) as session:
        set_parameter(session, NAME, 50, expected_version=0)
    page = _opened("parameters")
    with writing(OPERATOR) as session:
        reset_parameter(session, NAME, expected_version=1)
    with writing(OPERATOR) as session:
        set_parameter(session, NAME, 60, expected_version=0)
    page.number_input(key=f"value_{NAME}").set_value(55)
    _press_key(page, f"save_{NAME}")
    assert _stored("SELECT value FROM parameter") == 60


def _card(city: SmallCity) -> AppTest:
    card = AppTest.from_string(CARD.format(building_id=city["north-b1"]), default_timeout=60).run()
    assert not card.exception
    return card


def _head(city: SmallCity) -> str | None:
    with reading(OPERATOR) as connection:
        seat = building_posts(connection, city["north-b1"])[0]
    return seat.current.person_name if seat.current else None


def _assign(card: AppTest, name: str, reason: str = "") -> None:
    _text(card, "Name of the person").set_value(name)
    _text(card, "Reason").set_value(reason)
    _press(card, "Assign this head")


def test_a_post_filled_meanwhile_is_asked_about_again(city: SmallCity, administrator: Actor) -> None:
    card = _card(city)
    with writing(NORTH_ORGANISER) as session:
        assign_head(session, building_id=city["north-b1"], name="李建国", from_on=date(2026, 1, 1))
    _assign(card, "王小红", "elected yesterday")
    assert _head(city) == "李建国"
    assert f"Now: 李建国 · {NORTH_ORGANISER.name}" in _words(card)
    assert "You wanted: 王小红" in _words(card)
    assert _text(card, "Reason").value == "elected yesterday"
    _press(card, "Do it all the same")
    assert _head(city) == "王小红"


def test_a_head_replaced_by_another_of_the_same_version_is_noticed(city: SmallCity, administrator: Actor) -> None:
    with writing(OPERATOR) as session:
        first = assign_head(session, building_id=city["north-b1"], name="李建国", from_on=date(2026, 1, 1))
    card = _card(city)
    with writing(NORTH_ORGANISER) as session:
        end_holding(session, first, on=date(2026, 3, 1), reason="moved away")
    with writing(NORTH_ORGANISER) as session:
        assign_head(session, building_id=city["north-b1"], name="赵新", from_on=date(2026, 3, 1))
    _assign(card, "王小红", "elected yesterday")
    assert _head(city) == "赵新"
    _press(card, "Drop what I typed")
    assert _head(city) == "赵新"


def test_a_term_that_is_over_is_not_ended_for_somebody_else(city: SmallCity, administrator: Actor) -> None:
    with writing(OPERATOR) as session:
        assign_head(session, building_id=city["north-b1"], name="李建国", from_on=date(2026, 1, 1))
    card = _card(city)
    with writing(NORTH_ORGANISER) as session:
        assign_head(session, building_id=city["north-b1"], name="赵新", from_on=date(2026, 3, 1), reason="moved away")
    next(field for field in card.text_input if field.label == "Reason" and "end" in field.form_id).set_value("ill")
    _press(card, "End this term")
    assert _head(city) == "赵新"
    assert "nothing is left to end" in _words(card)
    assert [button for button in card.button if button.label == "Do it all the same"] == []
