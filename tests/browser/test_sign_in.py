"""Signing in and out as people do it: the demo's one click, a first password, and tabs that end with their session."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.access import passwords
from geo.access.accounts import DEMO_ACCOUNTS
from geo.access.sessions import end_sessions
from geo.store.session import Actor, owner_engine, writing
from tests.browser.conftest import ADMINISTRATOR, painted, serving, visiting
from tests.users import add_user

FIRST, SECOND = "first quiet words", "second quiet words"


@pytest.fixture
def stranger(browser: Browser, demo_app: str) -> Iterator[Page]:
    """A window of somebody who is not signed in."""
    with visiting(browser, user=None) as opened:
        yield opened


def signed_in_as(page: Page, name: str) -> None:
    expect(page.get_by_test_id("stSidebar").get_by_text(name, exact=True)).to_be_visible()


def enter(page: Page, name: str, password: str) -> None:
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_one_click_leads_a_newcomer_to_the_map_at_the_place_they_were_sent_to(stranger: Page, demo_app: str) -> None:
    stranger.goto(f"{demo_app}/#map=17/36.44880/115.98000")
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(stranger.locator("button[name=account]")).to_have_count(len(DEMO_ACCOUNTS))
    stranger.get_by_role("button", name="Planner").click()
    painted(stranger)
    expect(stranger).to_have_url(re.compile(r"#map=17/36\.4488"))
    signed_in_as(stranger, "demo-planner")


def test_the_page_speaks_the_readers_language_and_fits_a_phone(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user=None, width=390, height=844, locale="zh-CN") as phone:
        phone.goto(demo_app)
        expect(phone.locator("html")).to_have_attribute("lang", "zh-CN")
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
        for button in phone.locator("button").all():
            assert (button.bounding_box() or {"height": 0})["height"] >= 44
        phone.get_by_role("link", name="English").click()
        expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
        phone.get_by_role("button", name="Leader").click()
        expect(phone).to_have_url(re.compile("lang=en"))


def test_a_first_password_has_to_be_changed_before_anything_else(stranger: Page, demo_app: str) -> None:
    add_user("li", "planner")
    with owner_engine().begin() as owner:
        query = text("INSERT INTO credential (user_name, password_hash, must_change) VALUES ('li', :hash, true)")
        owner.execute(query, {"hash": passwords.hash_of(FIRST)})
    stranger.goto(f"{demo_app}/places")
    enter(stranger, "li", "wrong and wrong")
    expect(stranger.get_by_role("alert")).to_contain_text("is not right")
    enter(stranger, "li", FIRST)
    expect(stranger.get_by_role("heading", name="Change the password")).to_be_visible()
    stranger.goto(f"{demo_app}/places")
    expect(stranger).to_have_url(re.compile("/sign-in/password"))
    stranger.get_by_label("Password until now").fill(FIRST)
    stranger.get_by_label("New password, at least").fill(SECOND)
    stranger.get_by_label("New password once more").fill(SECOND)
    stranger.get_by_role("button", name="Change the password").click()
    expect(stranger).to_have_url(f"{demo_app}/places")
    signed_in_as(stranger, "li")


def test_signing_out_leads_to_the_sign_in_and_ends_the_other_tab_at_once(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/jobs")
    other = page.context.new_page()
    other.goto(f"{demo_app}/parameters")
    signed_in_as(other, ADMINISTRATOR)
    page.bring_to_front()
    page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{demo_app}/sign-in")
    expect(other).to_have_url(re.compile("/sign-in\\?next=/parameters"))
    other.goto(f"{demo_app}/parameters")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_idle_tab_is_led_to_the_sign_in_when_its_session_ends_elsewhere(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user="demo-leader") as idle:
        idle.goto(f"{demo_app}/parameters")
        signed_in_as(idle, "demo-leader")
        with writing(Actor("demo-leader")) as session:
            assert end_sessions(session, "demo-leader")
        expect(idle).to_have_url(re.compile("/sign-in\\?next=/parameters"))
        expect(idle.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_deep_link_first_after_a_restart_meets_guard_and_roles(
    browser: Browser, demo_app: str, tmp_path: Path
) -> None:
    with serving(tmp_path / "first") as address, visiting(browser, user=None) as stranger:
        stranger.goto(f"{address}/users")
        expect(stranger).to_have_url(f"{address}/sign-in?next=/users")
    with serving(tmp_path / "second") as address, visiting(browser, user="demo-leader") as leader:
        leader.goto(f"{address}/users")
        expect(leader.get_by_test_id("stMain").get_by_text("Your role does not let you manage users")).to_be_visible()


def test_nothing_a_page_needs_is_refused_by_the_content_policy(page: Page, demo_app: str) -> None:
    """Streamlit's stylesheet holds the fonts of formulas as data; nothing of ours shows formulas."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/places", "/import_files", "/export", "/parameters", "/jobs", "/my_doors"):
        page.goto(demo_app + path)
        signed_in_as(page, ADMINISTRATOR)
        page.wait_for_load_state("networkidle")
    assert not [line for line in said if "Content Security Policy" in line and "data:font" not in line]
    assert page.evaluate("() => document.fonts.check('16px \"Source Sans\"')")
