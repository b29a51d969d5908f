"""The page of users and roles, and everybody's own account."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.accounts import sign_in as sign_in_with
from geo.access.actor import OPERATOR
from geo.access.sessions import open_session, visitor_of
from geo.access.user_reads import roles_of_user, user_named
from geo.access.user_rules import NewUser
from geo.access.user_writes import correct_user
from geo.i18n import use_language
from geo.settings import ROOT
from geo.store.clock import today
from geo.store.session import Actor, reading, writing
from tests.pages.conftest import SignIn
from tests.store.small_city import SmallCity, build
from tests.users import add_user


@pytest.fixture
def city(clean_store: object, administrator: Actor) -> Iterator[SmallCity]:
    yield build()
    use_language("en")


def opened(page_name: str = "users", language: str = "en", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = language
    page.run()
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page(f"{page_name}.py").run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    parts = (*page.title, *page.subheader, *page.caption, *page.markdown, *page.info, *page.error, *page.warning)
    return "\n".join(part.value for part in (*parts, *page.success)).replace("\\", "")


def field(page: AppTest, label: str) -> Any:
    return next(one for one in page.text_input if one.label == label)


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception


def test_an_organiser_of_two_communities_is_invited_and_told_a_password_once(city: SmallCity) -> None:
    page = opened()
    page.text_input("invite_0_name").set_value("wang")
    page.selectbox("invite_0_role").set_value("organiser").run()
    page.multiselect("invite_0_communities").set_value([city["north"], city["south"]]).run()
    press(page, "Invite")
    password = page.code[0].value
    visitor = visitor_of(sign_in_with("wang", password))
    assert visitor is not None
    assert {held.community_id for held in visitor.roles} == {city["north"], city["south"]}
    assert visitor.must_change
    page.run()
    assert not page.code


def test_a_role_without_its_place_is_said_and_nobody_is_made(city: SmallCity) -> None:
    page = opened()
    page.text_input("invite_0_name").set_value("wang")
    page.selectbox("invite_0_role").set_value("organiser").run()
    press(page, "Invite")
    assert "Choose where this role is held" in words(page)
    assert "There is no user called wang" in words(opened(user="wang"))


def test_users_are_found_by_role_and_place(city: SmallCity) -> None:
    page = opened()
    assert list(page.dataframe[0].value["Name"]) == ["organiser-of-the-north", "the-administrator"]
    page.text_input("users_search").set_value("金桂").run()
    assert list(page.dataframe[0].value["Name"]) == ["organiser-of-the-north"]
    page.selectbox("users_role").set_value("auditor").run()
    assert "No user is like this" in words(page)


def test_a_role_is_ended_and_another_given(city: SmallCity) -> None:
    page = opened(user="organiser-of-the-north")
    assert "Organiser: 金桂社区" in words(page)
    next(field for field in page.text_input if field.label == "Reason").set_value("moves on")
    press(page, "End this role")
    assert "ended on" in words(page)
    page.selectbox("give_organiser-of-the-north_0_role").set_value("planner").run()
    press(page, "Give this role")
    with reading(Actor("the-administrator")) as connection:
        held = roles_of_user(connection, "organiser-of-the-north", on=today())
    assert [(role.role, role.has_ended(today())) for role in held] == [("planner", False), ("organiser", True)]


def test_somebody_is_suspended_with_a_reason_and_let_in_again(city: SmallCity) -> None:
    token = open_session("organiser-of-the-north")
    page = opened(user="organiser-of-the-north")
    press(page, r"Suspend organiser\-of\-the\-north")
    assert "Write down why" in words(page)
    reasons = [field for field in page.text_input if field.label == "Reason" and field.form_id == "suspend"]
    reasons[0].set_value("left")
    press(page, r"Suspend organiser\-of\-the\-north")
    assert visitor_of(token) is None
    press(page, "Let in again")
    with reading(Actor("the-administrator")) as connection:
        assert user_named(connection, "organiser-of-the-north", on=today()).status == "active"


def test_a_reset_shows_a_new_password_once(city: SmallCity) -> None:
    page = opened(user="organiser-of-the-north")
    press(page, "Yes, reset it")
    assert visitor_of(sign_in_with("organiser-of-the-north", page.code[0].value)) is not None


def test_nobody_suspends_themselves(city: SmallCity) -> None:
    page = opened(user="the-administrator")
    next(field for field in page.text_input if field.form_id == "suspend").set_value("tired")
    press(page, r"Suspend the\-administrator")
    assert "Nobody suspends themselves" in words(page)


def test_my_account_shows_my_roles_and_signs_my_other_devices_out(city: SmallCity, sign_in: SignIn) -> None:
    actor = sign_in("organiser", "wang", community_id=city["north"])
    elsewhere = [open_session(actor.name, device=name) for name in ("Phone", "Desk")]
    page = opened("my_account")
    assert "Organiser: 金桂社区" in words(page)
    assert "a test: this one" in words(page)
    press(page, "Sign out there")
    assert sum(visitor_of(token) is None for token in elsewhere) == 1
    press(page, "Sign out on all other devices")
    assert [visitor_of(token) for token in elsewhere] == [None, None]
    assert "My devices (1)" in words(page)


def test_the_pages_speak_chinese(city: SmallCity) -> None:
    add_user("li", "leader")
    opened("users", "zh_CN", user="li")
    opened("my_account", "zh_CN")


def test_two_administrators_who_correct_one_user_both_keep_what_they_typed(city: SmallCity) -> None:
    add_user("wang", "auditor")
    page = opened(user="wang")
    with writing(OPERATOR) as session:
        correct_user(session, NewUser("wang", "Wang of the North", "north@example.org"), expected_version=1)
    field(page, "E-mail address").set_value("wang@example.org")
    press(page, "Save")
    assert "Somebody changed this while you were working on it" in words(page)
    assert {"Wang of the North", "north@example.org"} <= set(re.findall(r"Now: ([\w@. ]+?)(?: ·|$)", words(page), re.M))
    choice = next(radio for radio in page.radio if radio.key.endswith("_take_email"))
    choice.set_value(True).run()
    press(page, "Save both")
    with reading(OPERATOR) as connection:
        user = user_named(connection, "wang", on=today())
    assert (user.shown_name, user.email, user.version) == ("Wang of the North", "wang@example.org", 3)


def test_an_address_another_user_has_is_no_conflict_to_settle(city: SmallCity) -> None:
    add_user("wang", "auditor")
    add_user("li", "auditor")
    with writing(OPERATOR) as session:
        correct_user(session, NewUser("li", None, "li@example.org"), expected_version=1)
    page = opened(user="wang")
    field(page, "E-mail address").set_value("li@example.org")
    press(page, "Save")
    assert "Another user has this e-mail address" in words(page)
    assert not page.radio
