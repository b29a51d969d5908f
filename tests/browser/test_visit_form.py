"""The visit form on a phone: six taps at most, without signal, an answer lost on the way, two tabs, two users."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import text

from geo.access.sessions import end_sessions
from geo.store.session import Actor, owner_engine, writing
from tests.browser.conftest import signed_in, visiting
from tests.browser.payloads import PAYLOADS

ORGANISER, OTHER = "demo-organiser", "demo-administrator"
FORM = "/visit-form/"
PHONE = {"width": 390, "height": 844}
LEAST_TARGET_PX = 44


@pytest.fixture
def before(demo_app: str) -> int:
    return recorded()


@pytest.fixture
def phone(browser: Browser, demo_app: str) -> Iterator[Page]:
    """A phone of the organiser with the form open and kept for offline use."""
    with visiting(browser, user=ORGANISER, **PHONE) as page:
        opened(page, demo_app)
        yield page


def opened(page: Page, address: str) -> None:
    page.goto(address + FORM)
    page.locator("body[data-kept=yes]").wait_for()


def recorded(number: str | None = None) -> int:
    """How many visits the database holds, to one need or to all."""
    query = "SELECT count(*) FROM visit v JOIN care_need n ON n.id = v.care_need_id WHERE :number IN ('', n.number)"
    with owner_engine().connect() as owner:
        return int(owner.scalar(text(query), {"number": number or ""}) or 0)


def number_of(page: Page, at: int) -> str:
    return page.locator(".needs button .quiet").nth(at).inner_text()[:6]


def usual_visit(page: Page, at: int = 0) -> int:
    """Record a usual visit to the need at a place of the list; return the taps it took."""
    taps = [
        page.locator(".needs button").nth(at),
        page.get_by_role("button", name="Met", exact=True),
        page.get_by_role("button", name="All well"),
        page.get_by_role("button", name="20 min"),
        page.get_by_role("button", name="Save"),
    ]
    for tap in taps:
        tap.click()
    expect(page.locator(".needs")).not_to_have_count(0)
    return len(taps)


def says(page: Page, words: str) -> None:
    expect(page.locator("#queue .counts")).to_contain_text(words)


def keep_entries(page: Page) -> list[dict[str, Any]]:
    """What the phone keeps, whoever it belongs to."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open("yizhan-visit-form");
        asked.onsuccess = () => { const all = asked.result.transaction("queue").objectStore("queue").getAll();
        all.onsuccess = () => { asked.result.close(); done(all.result); }; }; })"""
    )
    return found


def at_rest(page: Page) -> None:
    """Wait until nothing is on its way."""
    page.wait_for_function("() => !document.body.dataset.sending")


def kept_lists(page: Page) -> int:
    return int(
        page.evaluate(
            """() => new Promise((done) => { const asked = indexedDB.open("yizhan-visit-form");
            asked.onsuccess = () => { const all = asked.result.transaction("kept").objectStore("kept").count();
            all.onsuccess = () => { asked.result.close(); done(all.result); }; }; })"""
        )
    )


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


def sign_out(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/my_account")
    page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{demo_app}/sign-in")


def test_signing_out_clears_the_list_and_the_page_and_nobody_else_sees_what_waits(
    browser: Browser, demo_app: str, before: int
) -> None:
    with visiting(browser, user=ORGANISER) as page:
        opened(page, demo_app)
        usual_visit(page, 1)
        says(page, "1 sent today")
        page.context.route("**/visit-form/visits", lambda route: route.abort())
        usual_visit(page, 0)
        says(page, "1 waiting to be sent")
        sign_out(page, demo_app)
        page.wait_for_function("async () => !(await caches.has('visit-form'))")
        page.wait_for_function("async () => !(await navigator.serviceWorker.getRegistration('/visit-form/'))")
        assert kept_lists(page) == 0
        [waits] = keep_entries(page)
        assert set(waits) == {
            "key",
            "who",
            "state",
            "at",
            "need",
            "number",
            "kind",
            "result",
            "findings",
            "minutes",
            "visited_at",
        }
        assert ORGANISER not in str(waits)
        _as_somebody_else(page.context, demo_app, before)
        page.context.unroute("**/visit-form/visits")
        signed_in(page.context, ORGANISER)
        page.goto(demo_app + FORM)
        says(page, "1 sent today")
        assert recorded() == before + 2


def _as_somebody_else(context: BrowserContext, demo_app: str, before: int) -> None:
    signed_in(context, OTHER)
    page = context.new_page()
    opened(page, demo_app)
    assert page.locator("#queue .counts").count() == 0
    assert len(keep_entries(page)) == 1
    assert recorded() == before + 1
    page.close()


def test_another_user_who_signs_in_without_a_sign_out_gets_neither_list_nor_queue(
    phone: Page, demo_app: str, before: int
) -> None:
    theirs = [number_of(phone, at) for at in range(phone.locator(".needs button").count())]
    phone.context.set_offline(True)
    usual_visit(phone)
    says(phone, "1 waiting to be sent")
    signed_in(phone.context, "demo-head")
    phone.context.set_offline(False)
    expect(phone.locator("#queue .counts")).to_have_count(0)
    own = [number_of(phone, at) for at in range(phone.locator(".needs button").count())]
    assert len(own) < len(theirs)
    phone.wait_for_timeout(500)
    assert recorded() == before


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


def test_nothing_of_the_form_is_refused_by_the_content_policy(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user=ORGANISER, **PHONE) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        opened(page, demo_app)
        page.locator(".needs button").first.click()
        assert not [line for line in said if "Content Security Policy" in line]


@pytest.fixture
def hostile_places(demo_app: str) -> Iterator[None]:
    """The compounds and doors of the demo city say payloads for one test."""
    rename = "UPDATE {table} SET {column} = (CAST(:payloads AS text[]))[1 + id % :count] || ' ' || id"
    fields = (("compound", "name"), ("building", "number"), ("household", "room"))
    with owner_engine().begin() as owner:
        for table, column in fields:
            checks = "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = to_regclass(:table)"
            for rule in owner.scalars(text(checks), {"table": table}).all():
                owner.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{rule}"')
            values = {"payloads": list(PAYLOADS), "count": len(PAYLOADS)}
            owner.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN former text")
            owner.exec_driver_sql(f"UPDATE {table} SET former = {column}")
            owner.execute(text(rename.format(table=table, column=column)), values)
    yield
    with owner_engine().begin() as owner:
        for table, column in fields:
            owner.exec_driver_sql(f"UPDATE {table} SET {column} = former")
            owner.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN former")


@pytest.mark.usefixtures("hostile_places")
def test_names_that_are_scripts_are_shown_and_never_run(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user=ORGANISER, **PHONE) as page:
        opened(page, demo_app)
        shown = page.locator(".needs .place").all_inner_texts()
        assert sum(any(payload[:12] in place for payload in PAYLOADS) for place in shown) > 3
        page.locator("select").select_option(index=1)
        usual_visit(page)
        says(page, "sent today")
        page.context.set_offline(True)
        page.reload()
        page.locator(".needs button").first.click()
        assert page.evaluate("() => window.hit") is None


def test_a_page_of_another_origin_hands_in_nothing_with_the_cookie_of_the_reader(
    phone: Page, demo_app: str, before: int
) -> None:
    """The cookie is SameSite=Lax and goes along from the same site; Origin, kind of body and proof refuse."""
    phone.locator(".needs button").first.wait_for()
    need = phone.evaluate("async () => (await (await fetch('/visit-form/due')).json()).needs[0].id")
    other = phone.context.new_page()
    other.route(
        "http://localhost:1/", lambda route: route.fulfill(content_type="text/html", body="<p>another page</p>")
    )
    other.goto("http://localhost:1/")
    tried = other.evaluate(
        """async ([address, need]) => {
            const visit = {key: crypto.randomUUID(), need, visited_at: new Date().toISOString(), result: "absent"};
            const told = [];
            for (const type of ["text/plain", "application/json"]) {
                try {
                    const sent = {method: "POST", credentials: "include", headers: {"content-type": type},
                                  body: JSON.stringify({who: "x", form_token: "x", visit})};
                    told.push((await fetch(address + "/visit-form/visits", sent)).status);
                } catch { told.push("refused"); }
            }
            try { told.push(await (await fetch(address + "/visit-form/due", {credentials: "include"})).text()); }
            catch { told.push("refused"); }
            return told;
        }""",
        [demo_app, need],
    )
    assert tried == ["refused", "refused", "refused"]
    assert recorded() == before
