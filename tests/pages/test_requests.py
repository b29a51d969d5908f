"""The pages of requests: the desk, the board with its cards, incidents, rates, categories; for whom they open."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.sessions import open_session
from geo.i18n import use_language
from geo.requests.board import BoardChoice, RequestView, board
from geo.requests.draft import RequestDraft
from geo.requests.incident_reads import incident
from geo.requests.incident_writes import IncidentDraft, join_requests, record_incident
from geo.requests.request_reads import request_by_number
from geo.requests.step_writes import move_request
from geo.requests.writes import record_request
from geo.store.session import Actor, reading, writing
from pages.parts import session
from tests.pages.care_page import figures, named, opened, pressed, words
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, HEAD, LEADER, SOUTH, STAFF, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH


@pytest.fixture
def there(clean_store: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helped]:
    made = helped.build()
    enter(monkeypatch, STAFF)
    yield made
    use_language("en")


def enter(monkeypatch: pytest.MonkeyPatch, actor: Actor) -> None:
    token = open_session(actor.name, device="a test")
    monkeypatch.setattr(session, "session_token", lambda: token)


def taken(there: Helped, **given: Any) -> str:
    values = {
        "channel": "station_desk", "category_code": "water", "received_at": datetime.now(UTC),
        "unit_id": there.city["north-u1"], "summary": "No water on the third floor",
    } | given  # fmt: skip
    with writing(NORTH) as writer:
        return record_request(writer, RequestDraft(**values)).number


def listed() -> list[RequestView]:
    with reading(NORTH) as connection:
        return board(connection, BoardChoice("all"))


def now(number: str) -> RequestView:
    with reading(NORTH) as connection:
        found = request_by_number(connection, number)
    assert found is not None
    return found


def typed(page: AppTest, label: str, text: str) -> AppTest:
    named(page.text_input, label).set_value(text).run()
    assert not page.exception
    return page


def test_the_desk_takes_a_request_in_four_fields_and_tells_its_number(there: Helped) -> None:
    page = opened("en", "take_request")
    typed(page, "Where is it?", "jghy 2 unit 1")
    typed(page, "What is it about?", "tap")
    named(page.text_area, "What do they say?").set_value("no water")
    typed(page, "Telephone (optional)", "19911112222")
    pressed(page, "Receive")
    (made,) = listed()
    assert f"Received as {made.number}" in words(page)
    assert (made.category, made.unit_id, made.summary, made.owner) == (
        "water", there.city["north-u1"], "no water", STAFF.name,
    )  # fmt: skip
    assert named(page.text_input, "Where is it?").value == ""
    typed(page, "Where is it?", "金桂花园 2")
    typed(page, "What is it about?", "停水")
    assert "This may be known already" in words(page)
    assert made.number in words(page)


def test_nothing_is_taken_before_place_and_category_are_known(there: Helped) -> None:
    page = pressed(opened("en", "take_request"), "Receive")
    assert "Say where it is and what it is about first." in words(page)
    assert listed() == []


def test_a_request_at_no_building_is_put_on_the_map(there: Helped) -> None:
    page = typed(opened("en", "take_request"), "What is it about?", "light")
    named(page.toggle, "It is at no building: show the map").set_value(True).run()
    page.session_state["take_map_0"] = {
        "last_object_clicked_count": 1,
        "last_object_clicked_tooltip": 'draw:{"type": "Point", "coordinates": [115.925, 36.425]}',
    }
    pressed(page.run(), "Receive")
    (made,) = listed()
    assert (made.placed_by, made.lon, made.community_id) == ("point", 115.925, there.city["north"])


def test_the_board_opens_a_card_from_its_address_and_takes_the_next_steps(there: Helped) -> None:
    number = taken(there, requester_phone="19911112222")
    page = opened("en", "requests", request=number)
    assert (figures(page)["Open requests"], figures(page)["Overdue"]) == ("1", "0")
    assert "No water on the third floor" in words(page)
    pressed(page, "Accept")
    assert now(number).status == "accepted"
    pressed(page, "Wait")
    named(page.text_area, "Reason, without names").set_value("parts ordered")
    pressed(page, "Done")
    assert now(number).status == "waiting"
    assert "parts ordered" in words(page)
    assert "the clock stands still" in words(page)
    pressed(page, "Go on")
    pressed(page, "Mark as solved")
    pressed(page, "Record the call-back")
    named(page.radio, "Are they satisfied?").set_value("no")
    pressed(page, "Done")
    assert now(number).status == "called_back"
    assert [one.label for one in page.button if one.label in {"Close", "Open again", "Accept"}] == [
        "Close",
        "Open again",
    ]


def test_a_look_at_who_brought_it_takes_a_reason(there: Helped) -> None:
    number = taken(there, requester_name="赵敏")
    page = opened("en", "requests", request=number)
    assert "赵敏" not in words(page)
    named(page.text_input, "Reason").set_value("to call back")
    pressed(page, "Show")
    assert "赵敏" in words(page)


def test_who_may_not_see_a_request_is_told_so(there: Helped, monkeypatch: pytest.MonkeyPatch) -> None:
    number = taken(there)
    enter(monkeypatch, SOUTH)
    page = opened("en", "requests", request=number)
    assert f"There is no request {number}, or you may not see it" in words(page)
    assert figures(page)["Open requests"] == "0"
    enter(monkeypatch, LEADER)
    assert "Your role does not let you" in words(opened("en", "requests"))


def test_a_head_sees_own_doors_and_reports_from_there(there: Helped, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(there)
    enter(monkeypatch, HEAD)
    page = opened("en", "my_doors")
    assert "Open requests: 1" in words(page)
    page = opened("en", "take_request", where="金桂花园2号楼")
    typed(page, "What is it about?", "lift")
    pressed(page, "Receive")
    assert {one.channel for one in listed()} == {"station_desk", "building_head"}


def test_an_incident_is_recorded_with_its_doors_and_ended(there: Helped) -> None:
    page = opened("en", "incidents", incident="new")
    typed(page, "What happened, in a few words?", "Burst pipe")
    typed(page, "Which doors?", "金桂花园")
    pressed(page, "Add all buildings found")
    page.session_state["incident_map"] = {
        "last_object_clicked_count": 1, "last_object_clicked_tooltip": f"building:{there.city['north-b3']}",
    }  # fmt: skip
    page.run()
    pressed(page, "Record")
    told = words(page) + "".join(block.value for block in page.code)
    assert "Affected doors (2)" in [one.label for one in page.expander]
    assert "Burst pipe since" in told
    assert "周文华" in told
    pressed(page, "It is over")
    assert "over since" in "".join(block.value for block in page.code)


def test_requests_around_an_incident_join_it(there: Helped) -> None:
    number = taken(there)
    with writing(NORTH) as writer:
        doors = ((there.city["north-b2"], None),)
        began = datetime.now(UTC) - timedelta(hours=1)
        made = record_incident(writer, IncidentDraft("water", "Burst pipe", began, doors))
    page = opened("zh_CN", "incidents", incident=str(made))
    page = opened("en", "incidents", incident=str(made))
    pressed(page, "Join them")
    assert now(number).incident_id == made


def test_an_incident_is_changed_with_its_doors_and_its_requests_are_solved_when_it_is_over(there: Helped) -> None:
    number = taken(there)
    with writing(NORTH) as writer:
        began = datetime.now(UTC) - timedelta(hours=1)
        made = record_incident(writer, IncidentDraft("water", "Burst pipe", began, ((there.city["north-b2"], None),)))
        found = now(number)
        move_request(writer, found.id, "accept", version=found.version)
        join_requests(writer, made, [found.id])
    page = opened("en", "incidents", incident=str(made))
    pressed(page, "Change")
    typed(page, "What happened, in a few words?", "Burst main")
    typed(page, "Which doors?", "金桂花园")
    pressed(page, "Add all buildings found")
    pressed(page, "Save")
    assert "Burst main" in words(page)
    assert [one.label for one in page.expander if one.label.startswith("Affected")] != ["Affected doors (1)"]
    with reading(NORTH) as connection:
        kept = incident(connection, made)
    assert kept is not None
    assert (kept.started_at, kept.version) == (began, 2)
    pressed(page, "It is over")
    pressed(page, "Mark its open requests as solved: 1")
    assert now(number).status == "resolved"


def test_rates_and_categories_open_for_their_roles(there: Helped, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opened("en", "answer_rates")
    assert "No request of this time was counted" in words(page)
    enter(monkeypatch, ADMINISTRATOR)
    page = opened("en", "request_categories", category="water")
    named(page.text_input, "Name in English").set_value("Drinking water")
    pressed(page, "Save")
    assert "Drinking water" in words(page)
