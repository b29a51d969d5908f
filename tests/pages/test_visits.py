"""The page of visits: what is due, by place and number, its figures, plans, history, and the way to the form."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.rules import MAY
from geo.access.sessions import open_session
from geo.i18n import day, use_language
from geo.people.need_writes import change_need
from geo.people.visit_rules import VisitDraft
from geo.people.visit_writes import record_visit
from geo.store.clock import today
from geo.store.session import owner_engine, writing
from pages.parts import session
from tests.pages.care_page import figures, named, opened, pressed, words
from tests.store.access import helped
from tests.store.access.helped import AUDITOR, HEAD, LEADER, PLANNER, SOUTH, STAFF, WORDS, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH


@pytest.fixture
def there(clean_store: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helped]:
    made = helped.build()
    _enter(monkeypatch, NORTH.name)
    yield made
    use_language("en")


def _enter(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    token = open_session(name, device="a test")
    monkeypatch.setattr(session, "session_token", lambda: token)


def visited(there: Helped, days_ago: float = 0, **fields: Any) -> None:
    met: dict[str, Any] = {"result": "met", "findings": ("lonely",), "minutes": 20}
    moment = datetime.now(UTC) - timedelta(days=days_ago, seconds=5)
    with writing(STAFF) as writer:
        record_visit(writer, VisitDraft(uuid4(), there.need, moment, **met | fields))


def page_of(lang: str = "en", **query: str) -> AppTest:
    return opened(lang, "visits", **query)


def listed(page: AppTest) -> Any:
    return page.dataframe[0].value


def links(page: AppTest) -> list[str]:
    return [element.proto.url for element in page.get("link_button")]


def code(page: AppTest) -> str:
    return "\n".join(block.value for block in page.code)


def test_a_need_nobody_visited_is_due_and_counted_and_nobody_is_named(there: Helped) -> None:
    page = page_of()
    assert figures(page) == {
        "Due this week": "0", "Overdue": "0", "Never visited": "1", "In time": "0 %", "Somebody met": "unknown",
    }  # fmt: skip
    assert list(listed(page)["Number"]) == [there.number]
    assert list(listed(page)["How it stands"]) == ["never visited"]
    assert "/visit-form/?lang=en" in links(page)
    assert not [word for word in WORDS if word in words(page) + code(page) + str(listed(page).values)]


def test_a_late_visit_is_first_with_how_late_it_is(there: Helped) -> None:
    visited(there, 9)
    page = page_of(need=there.number)
    assert figures(page)["Overdue"] == "1"
    assert figures(page)["Somebody met"] == "100 %"
    assert "2 days overdue" in words(page)
    assert f"/visit-form/?lang=en&need={there.number}" in links(page)


def test_the_card_shows_every_visit_and_a_message_to_copy(there: Helped) -> None:
    visited(there, 2)
    visited(there, 1, result="absent", findings=(), minutes=None)
    page = page_of(need=there.number)
    told = words(page)
    assert "Met, visit, Lonely, 20 min" in told
    assert "Nobody there, visit" in told
    assert told.index("Nobody there, visit") < told.index("Met, visit, Lonely")
    assert f"recorded by {STAFF.name}" in told
    assert there.number in code(page)
    assert day(today() + timedelta(days=5)) in code(page)


def test_a_plan_names_the_day_that_is_chosen(there: Helped) -> None:
    page = page_of(need=there.number)
    on = today() + timedelta(days=3)
    named(page.date_input, "On which day?").set_value(on).run()
    assert f"金桂花园2号楼1单元 (need {there.number}) on {day(on)}" in code(page)


def test_filters_choose_by_state_visitor_and_place_and_stand_in_the_address_without_the_visitor(there: Helped) -> None:
    visited(there)
    page = page_of(state="never")
    assert "No visit is like this" in words(page)
    page = page_of()
    named(page.selectbox, "Who came last").set_value(STAFF.name).run()
    assert list(listed(page)["Number"]) == [there.number]
    assert STAFF.name not in str(page.query_params)
    named(page.selectbox, "How it stands").set_value("overdue").run()
    assert "No visit is like this" in words(page)
    assert page.query_params["state"] == "overdue"


def test_how_well_the_rhythm_is_kept_is_told_in_merged_counts(there: Helped) -> None:
    page = page_of()
    table = page.dataframe[1].value
    assert table.to_numpy().tolist() == [["金桂社区", "all with a person", "0", "1", "0 %"]]
    assert "at least 5" in words(page)


def test_a_head_sees_the_own_doors_and_nothing_by_class_of_risk(there: Helped, monkeypatch: pytest.MonkeyPatch) -> None:
    _enter(monkeypatch, HEAD.name)
    page = page_of()
    assert list(listed(page)["Number"]) == [there.number]
    assert len(page.dataframe) == 1
    doors = opened("en", "my_doors")
    assert "Visits due within a week: 1" in words(doors)
    assert there.number in words(doors)
    assert "/visit-form/?lang=en" in links(doors)


def test_the_card_of_a_need_shows_the_last_visit_and_the_next(there: Helped) -> None:
    visited(there)
    page = opened("en", "care_needs", need=there.number)
    assert f"Last visit] {day(today())}" in words(page)
    assert f"Next visit due] {day(today() + timedelta(days=7))}" in words(page)
    assert f"/visit-form/?lang=en&need={there.number}" in links(page)
    with writing(NORTH) as writer:
        change_need(writer, there.need, status="paused", version=1)
    assert "Next visit due" not in words(opened("en", "care_needs", need=there.number))
    assert "not open, so no visit is due" in words(page_of(need=there.number))


def a_volunteer(there: Helped) -> int:
    with owner_engine().begin() as owner:
        person = owner.scalar(
            text("INSERT INTO person (name, community_id) VALUES ('志愿者甲', :at) RETURNING id"),
            {"at": there.city["north"]},
        )
        query = text("INSERT INTO volunteer (person_id, community_id, hours_week) VALUES (:who, :at, 4) RETURNING id")
        return int(owner.scalar(query, {"who": person, "at": there.city["north"]}) or 0)


def test_a_visit_a_volunteer_told_of_is_recorded_once_and_gives_them_the_hours(there: Helped) -> None:
    who = a_volunteer(there)
    page = page_of(need=there.number)
    assert named(page.selectbox, "Who went?").options == ["志愿者甲"]
    named(page.pills, "How was it?").set_value(["lonely"])
    named(page.pills, "How many minutes?").set_value(45)
    pressed(page, "Record this visit")
    with owner_engine().connect() as owner:
        made = owner.execute(text("SELECT volunteer_id, result, findings, minutes, kind FROM visit")).all()
        given = owner.execute(text("SELECT volunteer_id, minutes FROM hours_given")).all()
    assert [tuple(row) for row in made] == [(who, "met", ["lonely"], 45, "first")]
    assert [tuple(row) for row in given] == [(who, 45)]
    assert figures(page)["Never visited"] == "0"


def test_at_the_desk_what_cannot_have_been_is_said(there: Helped) -> None:
    a_volunteer(there)
    page = page_of(need=there.number)
    named(page.pills, "Did they meet somebody?").set_value("absent")
    named(page.pills, "How was it?").set_value(["fell"])
    pressed(page, "Record this visit")
    assert "Findings: nobody was met" in words(page)


def test_a_number_that_is_not_there_is_said(there: Helped) -> None:
    assert "There is no need ZZZZZZ" in words(page_of(need="zzz-zzz"))


def test_a_foreign_need_is_one_that_is_not_there(there: Helped, monkeypatch: pytest.MonkeyPatch) -> None:
    _enter(monkeypatch, SOUTH.name)
    told = words(page_of(need=there.number))
    assert "There is no need" in told
    assert "金桂花园" not in told


@pytest.mark.parametrize("user", [LEADER.name, PLANNER.name, AUDITOR.name])
def test_who_does_not_visit_is_refused(there: Helped, monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    _enter(monkeypatch, user)
    assert "record_visits" not in MAY[user.partition("-")[0]]
    assert "does not let you record visits" in words(page_of())


def test_where_no_need_is_open_the_page_says_so(there: Helped) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM care_need"))
    assert "No care need is open" in words(page_of())


def test_the_page_speaks_chinese(there: Helped) -> None:
    visited(there, 9)
    assert not page_of("zh_CN", need=there.number).exception
