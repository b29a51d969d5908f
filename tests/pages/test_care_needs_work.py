"""What is done on the page of care needs: record, change, end, agree, list, hand over, erase, purge."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from geo.access import reveals
from geo.access.consents import PURPOSE_LABELS, record_consent
from geo.access.helped_persons import change_person
from geo.i18n import use_language
from geo.people.need_writes import change_need, end_need
from geo.store.clock import today
from geo.store.session import owner_engine, writing
from tests.pages.care_page import doing, logged, named, opened, pressed, words
from tests.pages.conftest import SignIn
from tests.store.access import helped
from tests.store.access.helped import DAY, DETAILS, WORDS, Helped
from tests.store.small_city import NORTH_ORGANISER

NEED = text("SELECT tasks, status, ended_on, unit_id, helped_person_id FROM care_need WHERE number = :number")


@pytest.fixture
def there(clean_store: object) -> Iterator[Helped]:
    yield helped.build()
    use_language("en")


@pytest.fixture
def organiser(there: Helped, sign_in: SignIn) -> Helped:
    sign_in("organiser", community_id=there.city["north"])
    return there


def stored(number: str) -> Any:
    with owner_engine().connect() as owner:
        return owner.execute(NEED, {"number": number}).one()


def consents() -> list[Any]:
    with owner_engine().connect() as owner:
        query = text("SELECT purpose, withdrawn_on FROM personal.consent ORDER BY id")
        return list(owner.execute(query))


def test_what_a_need_takes_is_said_and_left_open_again(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "details")
    named(page.pills, "Skills").set_value(["nursing", "company"])
    named(page.number_input, "Hours a week").set_value(2.5)
    named(page.number_input, "Days between visits").set_value(14)
    pressed(page, "Save")
    seen = words(page)
    assert "keeping company, nursing" in seen
    assert "2.5 h" in seen
    assert "every 14 days" in seen
    named(page.number_input, "Hours a week").set_value(None)
    pressed(page, "Save")
    assert "2.5 h" not in words(page)
    assert "Hours a week: 2.5 → nothing" in words(doing(page, "history"))


def test_a_need_is_recorded_at_a_door_with_its_person_and_consent_in_one_form(organiser: Helped) -> None:
    page = pressed(opened(), "Record a need")
    named(page.text_input, "Which building?").set_value("金桂花园 2").run()
    next(button for button in page.button if button.label.replace("\\", "").startswith("金桂花园2号楼")).click().run()
    named(page.selectbox, "Unit").set_value(organiser.city["north-u2"]).run()
    named(page.pills, "Help needed").set_value(["shopping"])
    named(page.text_input, "Name").set_value("孙玉梅")
    named(page.text_input, "Telephone").set_value("19900009999")
    for purpose in ("care", "volunteers"):
        named(page.checkbox, PURPOSE_LABELS[purpose].capitalize()).check()
    pressed(page, "Record this need")
    number = page.query_params["need"]
    made = stored(number)
    assert (made.tasks, made.status, made.unit_id) == (["shopping"], "open", organiser.city["north-u2"])
    shown = reveals.reveal(NORTH_ORGANISER, made.helped_person_id, ["name", "phone"], reason="test")
    assert shown.values == {"name": "孙玉梅", "phone": "19900009999"}
    assert [purpose for purpose, _end in consents()][-2:] == ["care", "volunteers"]
    assert f"Need {number}" in words(page)
    assert "孙玉梅" not in f"{words(page)} {page.query_params} {page.session_state}"


def test_a_need_without_help_is_refused_in_words_and_what_was_typed_stays(organiser: Helped) -> None:
    page = opened(do="new", building=str(organiser.city["north-b1"]))
    named(page.text_input, "Name").set_value("孙玉梅")
    pressed(page, "Record this need")
    assert "Choose at least one kind of help" in words(page)
    assert named(page.text_input, "Name").value == "孙玉梅"
    assert len(logged("record_person")) == 2


def test_a_door_without_a_person_is_enough_and_the_person_can_follow(organiser: Helped) -> None:
    page = opened(do="new", building=str(organiser.city["north-b1"]))
    named(page.pills, "Help needed").set_value(["meal"])
    pressed(page, "Record this need")
    assert stored(page.query_params["need"]).helped_person_id is None
    assert "Nobody is recorded with this need" in words(page)
    doing(page, "join")
    named(page.text_input, "Name").set_value("孙玉梅")
    pressed(page, "Record the person")
    person = stored(page.query_params["need"]).helped_person_id
    assert reveals.reveal(NORTH_ORGANISER, person, ["name"], reason="test").values == {"name": "孙玉梅"}
    assert "孙玉梅" not in f"{words(page)} {page.query_params} {page.session_state}"


def test_a_building_of_another_community_cannot_be_chosen_by_address(organiser: Helped) -> None:
    page = opened(do="new", building=str(organiser.city["south-b1"]))
    assert "does not exist, or you may not see it" in words(page)


def test_help_and_status_are_changed_and_the_history_says_so(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "change")
    named(page.pills, "Help needed").set_value(["visit", "medicine"])
    named(page.radio, "Status").set_value("paused")
    pressed(page, "Save")
    assert (stored(organiser.number).tasks, stored(organiser.number).status) == (["visit", "medicine"], "paused")
    assert "visit, meal → visit, medicine" in words(doing(page, "history"))


def test_what_somebody_else_changed_meanwhile_is_shown_and_settled_not_overwritten(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "change")
    with writing(NORTH_ORGANISER) as session:
        change_need(session, organiser.need, tasks=["shopping"], version=1)
    named(page.pills, "Help needed").set_value(["medicine"])
    named(page.radio, "Status").set_value("paused")
    pressed(page, "Save")
    assert stored(organiser.number).tasks == ["shopping"]
    assert "Somebody changed this while you were working on it" in words(page)
    assert f"Now: shopping · {NORTH_ORGANISER.name}" in words(page)
    assert named(page.button, "Save both").disabled
    named(page.radio, "Help needed").set_value(True).run()
    pressed(page, "Save both")
    assert (stored(organiser.number).tasks, stored(organiser.number).status) == (["medicine"], "paused")


def test_two_changes_of_different_things_are_kept_both(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "change")
    with writing(NORTH_ORGANISER) as session:
        change_need(session, organiser.need, status="paused", version=1)
    named(page.pills, "Help needed").set_value(["medicine"])
    pressed(page, "Save")
    pressed(page, "Save both")
    assert (stored(organiser.number).tasks, stored(organiser.number).status) == (["medicine"], "paused")


def test_a_need_that_was_changed_meanwhile_is_not_ended_unseen(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "end")
    with writing(NORTH_ORGANISER) as session:
        change_need(session, organiser.need, tasks=["shopping"], version=1)
    pressed(page, "End this need")
    assert "Somebody else changed this need meanwhile" in words(page)
    assert stored(organiser.number).status == "open"
    pressed(pressed(page, "Show the new state"), "End this need")
    assert stored(organiser.number).status == "ended"


def test_an_ended_need_says_until_when_the_person_is_kept(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "end")
    assert "is kept 365 days more" in words(page)
    named(page.text_input, "Reason, without names").set_value("moved to her daughter")
    pressed(page, "End this need")
    assert stored(organiser.number).status == "ended"
    assert [note for _who, _id, note, _after in logged("end_need")] == ["moved to her daughter"]


def test_a_consent_is_recorded_and_taken_back(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "consents")
    named(page.radio, "Agreed to").set_value("volunteers")
    pressed(page, "Record this consent")
    assert consents() == [("planning", None), ("volunteers", None)]
    pressed(page, "Take this consent back")
    assert consents() == [("planning", today()), ("volunteers", None)]
    assert "Taken back" in words(page)


def test_a_person_is_corrected_without_being_shown(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "person")
    named(page.pills, "What to correct").set_value(["phone"]).run()
    named(page.text_input, "Telephone").set_value("19900005555")
    pressed(page, "Save the correction")
    shown = reveals.reveal(NORTH_ORGANISER, organiser.person, ["name", "phone"], reason="test")
    assert shown.values == {"name": DETAILS.name, "phone": "19900005555"}
    assert logged("change_person")[0][3] == {"fields": ["phone"]}


def test_everything_stored_is_handed_over_with_a_reason(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "copy")
    named(page.text_input, "Reason").set_value("asked for in writing")
    pressed(page, "Make the copy")
    assert [button.label for button in page.get("download_button")][-2:] == ["To read", "For programs (JSON)"]
    assert [(who, note) for who, _id, note, _after in logged("export_person")] == [
        ("the-organiser", "asked for in writing")
    ]
    assert not any(word in f"{page.session_state}" for word in WORDS)
    page.run()
    assert "To read" not in [button.label for button in page.get("download_button")]


def test_erasing_names_what_goes_asks_for_a_reason_and_leaves_only_the_building(organiser: Helped) -> None:
    page = doing(opened(need=organiser.number), "erase")
    assert f"Erase the person of need {organiser.number}?" in words(page)
    assert "(consents: 1) go for good" in words(page)
    pressed(page, "Erase for good")
    assert "Write down the reason" in words(page)
    named(page.text_input, "Reason, without names").set_value("wished it")
    pressed(page, "Erase for good")
    gone = stored(organiser.number)
    assert (gone.status, gone.unit_id, gone.helped_person_id) == ("ended", None, None)
    assert consents() == []


def test_station_staff_look_but_neither_hand_over_nor_erase(there: Helped, sign_in: SignIn) -> None:
    with owner_engine().connect() as owner:
        station = owner.scalar(text("SELECT id FROM station WHERE code = 's-1'"))
    sign_in("station_staff", station_id=station)
    offered = set(named(opened(need=there.number).pills, "What to do").options)
    assert {"Look at the person", "Change", "End", "Consents"} <= offered
    assert not {"Hand over a copy", "Erase"} & offered


def test_an_administrator_sees_numbers_and_keeps_out_of_persons(there: Helped, sign_in: SignIn) -> None:
    sign_in("administrator")
    page = opened(need=there.number)
    assert len(page.dataframe[0].value) == 2
    assert not {"Look at the person", "Hand over a copy"} & set(named(page.pills, "What to do").options)
    assert "Make a list with names" not in [button.label for button in page.button]


def test_a_list_for_volunteers_leaves_out_who_has_not_agreed(organiser: Helped) -> None:
    page = opened(do="list")
    named(page.multiselect, "Needs on the list").set_value([organiser.need]).run()
    assert "Left out, because nobody has recorded that these persons agree" in words(page)
    assert "Make the list" not in [button.label for button in page.button]


def test_a_list_says_how_many_looks_it_is_and_records_each(organiser: Helped) -> None:
    with writing(NORTH_ORGANISER) as session:
        record_consent(session, organiser.person, "volunteers", given_on=DAY, how="written")
    page = opened(do="list")
    named(page.multiselect, "Needs on the list").set_value([organiser.need]).run()
    assert "Looks that will be recorded: 1, one for each person" in words(page)
    assert logged("reveal") == []
    named(page.text_input, "Reason").set_value("shopping in May")
    pressed(page, "Make the list")
    seen = words(page)
    assert [word in seen for word in WORDS] == [True, True, False]
    assert organiser.number in seen
    told = {"fields": ["name", "phone"], "purpose": "rota"}
    assert logged("reveal") == [("the-organiser", organiser.person, "shopping in May", told)]
    page.run()
    assert not any(word in words(page) for word in WORDS)


def test_a_hostile_name_is_only_text_wherever_it_is_shown(organiser: Helped) -> None:
    hostile = "<img src=x onerror=alert(1)>![](//x.example)"
    with writing(NORTH_ORGANISER) as session:
        change_person(session, organiser.person, {"name": hostile, "notes": hostile})
        record_consent(session, organiser.person, "volunteers", given_on=DAY, how="written")
    page = opened(need=organiser.number)
    named(page.text_input, "Reason").set_value(hostile)
    pressed(page, "Show")
    assert not [part.value for part in page.markdown if re.search(r"(?<!\\)<img|!\[", part.value)]
    page = opened(do="list")
    named(page.multiselect, "Needs on the list").set_value([organiser.need]).run()
    named(page.text_input, "Reason").set_value("x")
    pressed(page, "Make the list")
    assert not any("<img" in element.proto.body for element in page.get("html"))


def test_who_is_due_is_counted_before_the_purge(there: Helped, sign_in: SignIn) -> None:
    with writing(NORTH_ORGANISER) as session:
        end_need(session, there.need, on=today(), retain_days=-30, version=1)
    sign_in("administrator")
    page = opened()
    assert "persons: 1, kept until" in words(page)
    assert there.number in words(page)
    pressed(page, "Erase for good")
    with owner_engine().connect() as owner:
        assert list(owner.scalars(text("SELECT id FROM personal.helped_person"))) == [there.stranger]
    assert "Nobody is kept for too long" in words(page)
