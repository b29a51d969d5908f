"""A phone with the visit form: what is done on it, what it shows and what it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.browser.conftest import visiting

ORGANISER = "demo-organiser"
FORM = "/visit-form/"
PHONE = {"width": 390, "height": 844}


@contextmanager
def phone_of(browser: Browser, address: str, **more: Any) -> Iterator[Page]:
    """Open the form on the organiser's phone and wait until it is kept for offline use."""
    with visiting(browser, user=ORGANISER, **PHONE, **more) as page:
        opened(page, address)
        yield page


def opened(page: Page, address: str) -> None:
    page.goto(address + FORM)
    page.locator("body[data-kept=yes]").wait_for()


def recorded() -> int:
    """How many visits the database holds."""
    with owner_engine().connect() as owner:
        return int(owner.scalar(text("SELECT count(*) FROM visit")) or 0)


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
