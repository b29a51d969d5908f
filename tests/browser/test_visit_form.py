"""The visit form on a phone: six taps at most, without signal, an answer lost on the way, two tabs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import text

from geo.access.sessions import end_sessions
from geo.store.session import Actor, owner_engine, writing
from tests.browser.conftest import visiting
from tests.browser.phones import (
    FORM,
    ORGANISER,
    PHONE,
    at_rest,
    keep_entries,
    kept_lists,
    number_of,
    opened,
    phone_of,
    recorded,
    says,
    usual_visit,
)

LEAST_TARGET_PX = 44


@pytest.fixture
def before(demo_app: str) -> int:
    return recorded()


@pytest.fixture
def phone(browser: Browser, demo_app: str) -> Iterator[Page]:
    """A phone of the organiser with the form open and kept for offline use."""
    with phone_of(browser, demo_app) as page:
        yield page


def taps_counted(page: Page) -> None:
    page.evaluate(
        "() => { window.taps = 0; window.typed = 0;"
        "document.addEventListener('click', () => { window.taps += 1; }, true);"
        "document.addEventListener('keydown', () => { window.typed += 1; }, true); }"
    )


def test_a_usual_visit_takes_at_most_six_taps_and_no_typing(phone: Page, before: int) -> None:
    taps_counted(phone)
    taps = usual_visit(phone)
    says(phone, "1 sent today")
    assert phone.evaluate("() => [window.taps, window.typed]") == [taps, 0]
    assert taps <= 6
    assert recorded() == before + 1
    with owner_engine().connect() as owner:
        row = owner.execute(
            text("SELECT result, findings, minutes, recorded_by FROM visit ORDER BY id DESC LIMIT 1")
        ).one()
    assert tuple(row) == ("met", ["all_well"], 20, ORGANISER)


def small_targets(page: Page) -> list[str]:
    """What can be tapped and is lower than a finger."""
    found: list[str] = page.evaluate(
        "(least) => [...document.querySelectorAll('button, select, a')].filter((one) => one.checkVisibility() "
        "&& one.getBoundingClientRect().height < least).map((one) => one.outerHTML)",
        LEAST_TARGET_PX,
    )
    return found


@pytest.mark.parametrize("width", [390, 320])
def test_everything_to_tap_is_large_and_fits_the_phone(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 700})
    for step in (".needs button >> nth=0", "#results button >> nth=0", "#findings button >> nth=1"):
        assert phone.evaluate("() => document.documentElement.scrollWidth") <= width
        assert small_targets(phone) == []
        phone.locator(step).click()
    expect(phone.locator("#findings [aria-pressed=true]")).to_have_count(1)


def test_nobody_there_takes_three_taps_and_leaves_the_visit_due(phone: Page, before: int) -> None:
    number = number_of(phone, 0)
    phone.locator(".needs button").first.click()
    phone.get_by_role("button", name="Nobody there").click()
    assert phone.locator("#findings, #minutes").count() == 0
    phone.get_by_role("button", name="Save").click()
    says(phone, "1 sent today")
    phone.reload()
    expect(phone.locator(".needs", has_text=number)).to_have_count(1)


def test_nothing_is_saved_before_it_is_whole(phone: Page) -> None:
    phone.locator(".needs button").first.click()
    save = phone.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    phone.get_by_role("button", name="Met", exact=True).click()
    phone.get_by_role("button", name="Lonely").click()
    expect(save).to_be_disabled()
    phone.get_by_role("button", name="30 min").click()
    expect(save).to_be_enabled()
    phone.get_by_role("button", name="All well").click()
    expect(phone.locator("#findings [aria-pressed=true]")).to_have_count(1)
    phone.get_by_role("button", name="Back to the list").click()
    assert keep_entries(phone) == []


def test_visits_made_without_signal_arrive_once_when_it_is_back(phone: Page, demo_app: str, before: int) -> None:
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator("#status")).to_contain_text("No signal")
    for at in (0, 1, 2):
        usual_visit(phone, at)
    says(phone, "3 waiting to be sent")
    phone.reload()
    says(phone, "3 waiting to be sent")
    assert recorded() == before
    phone.context.set_offline(False)
    says(phone, "3 sent today")
    expect(phone.locator("#status")).not_to_contain_text("No signal")
    assert recorded() == before + 3


def test_an_answer_that_is_lost_on_the_way_doubles_nothing(phone: Page, before: int) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.context.route("**/visit-form/visits", lose)
    usual_visit(phone)
    at_rest(phone)
    says(phone, "1 waiting to be sent")
    assert lost == [201]
    assert recorded() == before + 1
    phone.get_by_role("button", name="Send now").click()
    at_rest(phone)
    assert lost == [201, 200]
    assert recorded() == before + 1
    phone.context.unroute("**/visit-form/visits")
    phone.get_by_role("button", name="Send now").click()
    says(phone, "1 sent today")
    assert recorded() == before + 1


def test_a_phone_switched_off_while_sending_goes_on_where_it_was(phone: Page, demo_app: str, before: int) -> None:
    with phone.expect_request("**/visit-form/visits"):
        phone.context.route("**/visit-form/visits", lambda route: route.fetch())
        usual_visit(phone)
    while recorded() == before:
        phone.wait_for_timeout(50)
    assert [entry["state"] for entry in keep_entries(phone)] == ["waiting"]
    context = phone.context
    phone.close()
    context.unroute("**/visit-form/visits")
    again = context.new_page()
    again.goto(demo_app + FORM)
    says(again, "1 sent today")
    assert recorded() == before + 1


def test_two_tabs_send_each_visit_once_and_show_the_same(phone: Page, demo_app: str, before: int) -> None:
    other = phone.context.new_page()
    opened(other, demo_app)
    phone.context.set_offline(True)
    usual_visit(other, 1)
    phone.bring_to_front()
    usual_visit(phone, 0)
    for tab in (phone, other):
        says(tab, "2 waiting to be sent")
    phone.context.set_offline(False)
    for tab in (phone, other):
        says(tab, "2 sent today")
    assert recorded() == before + 2


def end_all_sessions(user: str) -> None:
    with writing(Actor(user)) as session:
        end_sessions(session, user)


def test_a_session_that_ended_asks_for_the_sign_in_and_keeps_what_waits(
    phone: Page, demo_app: str, before: int
) -> None:
    phone.context.set_offline(True)
    usual_visit(phone)
    end_all_sessions(ORGANISER)
    phone.wait_for_timeout(1100)
    phone.context.set_offline(False)
    expect(phone.locator("#status")).to_contain_text("Your sign-in has ended")
    says(phone, "1 waiting to be sent")
    assert phone.locator(".needs").count() == 0
    assert kept_lists(phone) == 0
    phone.get_by_role("link", name="Sign in").click()
    expect(phone).to_have_url(re.compile(r"/sign-in\?next="))
    phone.locator("button[value=demo-organiser]").click()
    expect(phone).to_have_url(re.compile(FORM))
    says(phone, "1 sent today")
    assert recorded() == before + 1


@contextmanager
def with_clock_ahead(browser: Browser, demo_app: str) -> Iterator[Page]:
    with visiting(browser, user=ORGANISER, **PHONE) as page:
        opened(page, demo_app)
        page.evaluate(
            "() => { const now = Date.now; window.setRight = () => { Date.now = now; };"
            "Date.now = () => now() + 86400000; }"
        )
        usual_visit(page)
        says(page, "1 not accepted")
        page.evaluate("() => window.setRight()")
        yield page


def test_a_visit_that_is_refused_stays_with_its_reason_until_somebody_decides(
    browser: Browser, demo_app: str, before: int
) -> None:
    with with_clock_ahead(browser, demo_app) as page:
        page.reload()
        refused = page.locator("#queue .told")
        expect(refused).to_contain_text("Time of the visit: it lies in the future")
        page.get_by_role("button", name="Try again").click()
        expect(refused).to_contain_text("Time of the visit: it lies in the future")
        says(page, "1 not accepted")
        assert recorded() == before


def test_a_refused_visit_is_corrected_or_deleted_by_hand(browser: Browser, demo_app: str, before: int) -> None:
    with with_clock_ahead(browser, demo_app) as page:
        first = keep_entries(page)[0]["key"]
        page.get_by_role("button", name="Correct").click()
        expect(page.locator("#findings [aria-pressed=true]")).to_have_text("All well")
        page.get_by_role("button", name="Save").click()
        says(page, "1 sent today")
        assert recorded() == before + 1
        assert [entry["key"] for entry in keep_entries(page)] != [first]
    with with_clock_ahead(browser, demo_app) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Delete from this phone").click()
        expect(page.locator("#queue .told")).to_have_count(0)
        assert keep_entries(page) == []
        assert recorded() == before + 1


def test_a_page_that_is_not_kept_yet_says_what_to_do(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user=ORGANISER, **PHONE) as page:
        page.context.route("**/visit-form/due**", lambda route: route.abort())
        page.goto(demo_app + FORM)
        expect(page.locator("#view")).to_contain_text("There is no list on this phone")


def test_the_form_speaks_chinese_without_signal_too(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user=ORGANISER, locale="zh-CN", **PHONE) as page:
        opened(page, demo_app)
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(page.locator(".needs button").first).to_be_visible()
