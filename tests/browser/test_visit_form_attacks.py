"""Attacks on the visit form in a browser: another user, another origin, names that are scripts, a phone handed on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.browser.conftest import signed_in, visiting
from tests.browser.payloads import PAYLOADS
from tests.browser.phones import (
    FORM,
    ORGANISER,
    PHONE,
    keep_entries,
    kept_lists,
    number_of,
    opened,
    phone_of,
    recorded,
    says,
    usual_visit,
)

OTHER = "demo-administrator"


@pytest.fixture
def before(demo_app: str) -> int:
    return recorded()


@pytest.fixture
def phone(browser: Browser, demo_app: str) -> Iterator[Page]:
    """A phone of the organiser with the form open and kept for offline use."""
    with phone_of(browser, demo_app) as page:
        yield page


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
    with phone_of(browser, demo_app) as page:
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
