"""The page of care needs, with real users of several roles: what each sees, records and may look at."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from geo.i18n import use_language
from geo.store.session import owner_engine
from pages.parts import need_list
from tests.pages.care_page import figures, logged, named, opened, pressed, words
from tests.pages.conftest import SignIn
from tests.store.access import helped
from tests.store.access.helped import DETAILS, WORDS, Helped


@pytest.fixture
def there(clean_store: object) -> Iterator[Helped]:
    yield helped.build()
    use_language("en")


@pytest.fixture
def organiser(there: Helped, sign_in: SignIn) -> Helped:
    sign_in("organiser", community_id=there.city["north"])
    return there


def test_an_organiser_sees_the_needs_of_their_community_by_door_and_number_and_no_name(organiser: Helped) -> None:
    page = opened()
    assert figures(page) == {
        "Open needs": "1", "Open: visit": "1", "Open: shopping": "0", "Open: medicine": "0", "Open: meal": "1",
    }  # fmt: skip
    table = page.dataframe[0].value
    assert table["Number"].tolist() == [organiser.number]
    assert table["Place"].tolist() == ["金桂花园2号楼1单元"]
    assert not any(word in words(page) + table.to_string() for word in WORDS)


def test_a_building_head_sees_own_doors_and_may_not_look_at_anybody(there: Helped, sign_in: SignIn) -> None:
    with owner_engine().connect() as owner:
        person = owner.scalar(text("SELECT id FROM person WHERE name = '周文华'"))
    sign_in("building_head", person_id=person)
    page = opened(need=there.number)
    assert page.dataframe[0].value["Number"].tolist() == [there.number]
    assert list(named(page.pills, "What to do").options) == ["History"]
    assert not {"Record a need", "Make a list with names"} & {button.label for button in page.button}


def test_a_planner_does_not_get_in(there: Helped, sign_in: SignIn) -> None:
    sign_in("planner")
    page = opened()
    assert "Your role does not let you see care needs by number" in words(page)
    assert not page.dataframe


def test_the_need_of_another_community_is_not_there(organiser: Helped) -> None:
    with owner_engine().connect() as owner:
        other = owner.scalar(text("SELECT number FROM care_need WHERE number <> :own"), {"own": organiser.number})
    assert f"There is no need {other}" in words(opened(need=other))


def test_a_look_without_a_reason_is_refused_and_shows_nothing(organiser: Helped) -> None:
    page = pressed(opened(need=organiser.number), "Show")
    assert "Write down the reason" in words(page)
    assert DETAILS.name not in words(page)
    assert logged("reveal") == []


def test_a_look_with_a_reason_shows_what_was_asked_for_once_and_is_recorded(organiser: Helped) -> None:
    page = opened(need=organiser.number)
    assert "This look is recorded" in words(page)
    named(page.text_input, "Reason").set_value("she asked for a call")
    pressed(page, "Show")
    seen = words(page)
    assert [word in seen for word in WORDS] == [True, True, False]
    assert logged("reveal") == [
        ("the-organiser", organiser.person, "she asked for a call", {"fields": ["name", "phone"], "purpose": "look"})
    ]
    assert "Who looked before (1)" in seen
    assert not any(word in f"{page.session_state} {page.query_params}" for word in WORDS)
    page.run()
    assert not any(word in words(page) for word in WORDS)
    assert "she asked for a call" in words(page)


def test_the_risk_class_is_shown_with_how_often_to_visit(organiser: Helped) -> None:
    page = opened(need=organiser.number)
    named(page.pills, "What to show").set_value(["risk_class", "living_alone"])
    named(page.text_input, "Reason").set_value("planning the week")
    seen = words(pressed(page, "Show"))
    assert "Risk class: high risk" in seen
    assert "Lives alone: yes" in seen
    assert "every 7 days" in seen


def test_the_filters_stand_in_the_address_and_come_from_it(organiser: Helped) -> None:
    page = opened(task="shopping", status="all")
    assert "No need is like this" in words(page)
    named(page.selectbox, "Help needed").set_value("meal").run()
    assert page.dataframe[0].value["Number"].tolist() == [organiser.number]
    assert page.query_params["task"] == "meal"
    assert page.query_params["status"] == "all"


def test_a_need_is_found_by_its_number_however_it_is_typed(organiser: Helped) -> None:
    page = opened()
    typed = f" {organiser.number[:3].lower()}-{organiser.number[3:].lower()}"
    named(page.text_input, "Number of a need").set_value(typed).run()
    assert page.query_params["need"] == organiser.number
    assert f"Need {organiser.number}" in words(page)
    named(page.text_input, "Number of a need").set_value("222222").run()
    assert "You see no need with the number 222222" in words(page)


def test_nothing_recorded_says_what_would_be_here_and_starts_it(clean_store: object, sign_in: SignIn) -> None:
    sign_in("administrator")
    page = opened()
    assert "No care needs are recorded" in words(page)
    assert "Which building?" in [field.label for field in pressed(page, "Record a need").text_input]


def test_the_page_speaks_chinese(organiser: Helped) -> None:
    assert not opened("zh_CN", need=organiser.number).exception


@pytest.mark.parametrize(("role", "seen"), [("organiser", True), ("planner", False), ("leader", False)])
def test_the_card_of_a_building_leads_to_its_needs_for_who_may_see_them(
    there: Helped, sign_in: SignIn, role: str, seen: bool
) -> None:
    sign_in(role, **({"community_id": there.city["north"]} if role == "organiser" else {}))
    page = opened("en", "neighbourhood_map", place=f"building:{there.city['north-b2']}")
    assert "金桂花园2号楼" in words(page)
    assert ("Open care needs: 1" in words(page)) == seen


def test_a_head_sees_the_needs_of_their_doors_at_the_door(there: Helped, sign_in: SignIn) -> None:
    with owner_engine().connect() as owner:
        person = owner.scalar(text("SELECT id FROM person WHERE name = '周文华'"))
    sign_in("building_head", person_id=person)
    page = opened("en", "my_doors")
    assert "Open care needs: 1" in words(page)
    links = [link.proto.label for link in page.get("page_link")]
    assert f"{there.number} · visit, meal" in links
    assert "Record a need here" not in links


def test_too_many_needs_for_a_list_are_counted_by_community(
    there: Helped, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(need_list, "TOO_MANY", 1)
    sign_in("administrator")
    page = opened()
    assert "Choose a community above" in words(page)
    assert page.dataframe[0].value["Open needs"].tolist() == [1, 1]
    named(page.selectbox, "Community").set_value(there.city["north"]).run()
    assert page.dataframe[0].value["Number"].tolist() == [there.number]
