"""Two people correct one place in two browsers; the auditor's page then tells who did what."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.store.session import reading
from tests.browser.conftest import PATIENCE_MS, visiting
from tests.users import add_user

expect.set_options(timeout=PATIENCE_MS)

STILL_MS = 1500
"""A panel that opens makes the page run once more; what is clicked before may be drawn anew under the hand."""


def _building() -> int:
    with reading(OPERATOR) as connection:
        return connection.execute(text("SELECT min(id) FROM building WHERE closed_on IS NULL")).scalar_one()


def _open_form(page: Page, address: str, building: int) -> None:
    page.goto(f"{address}/places?lang=en&place=building:{building}")
    expect(page.get_by_label("Address", exact=True)).to_be_visible()


def test_the_second_of_two_sees_what_changed_and_keeps_both(browser: Browser, demo_app: str) -> None:
    add_user("first", "administrator")
    add_user("second", "administrator")
    building = _building()
    with visiting(browser, user="first") as first, visiting(browser, user="second") as second:
        _open_form(first, demo_app, building)
        _open_form(second, demo_app, building)
        first.get_by_label("Floors").fill("23")
        first.get_by_label("Floors").press("Tab")
        first.get_by_role("button", name="Save the correction").click()
        expect(first.get_by_text("Saved. You can undo it in the history.")).to_be_visible()

        second.get_by_label("Address", exact=True).fill("New Road 5")
        second.get_by_label("Address", exact=True).press("Tab")
        second.get_by_label("Floors").fill("24")
        second.get_by_label("Floors").press("Tab")
        second.get_by_role("button", name="Save the correction").click()
        expect(second.get_by_text("Somebody changed this while you were working on it")).to_be_visible()
        expect(second.get_by_text("Now: 23 · first")).to_be_visible()
        expect(second.get_by_role("button", name="Save both")).to_be_disabled()
        second.get_by_text("Keep what is there now").click()
        second.get_by_role("button", name="Save both").click()
        expect(second.get_by_text("Saved. You can undo it in the history.")).to_be_visible()
    with reading(OPERATOR) as connection:
        stored = connection.execute(text("SELECT floors, address FROM building WHERE id = :id"), {"id": building}).one()
    assert stored == (23, "New Road 5")


def test_an_auditor_reads_the_log_and_proves_it(browser: Browser, demo_app: str) -> None:
    add_user("looks-after-the-log", "auditor")
    with visiting(browser, user="looks-after-the-log") as page:
        page.goto(f"{demo_app}/audit?lang=en&from=all")
        expect(page.get_by_role("heading", name="Audit")).to_be_visible()
        expect(page.get_by_test_id("stDataFrame")).to_be_visible()
        page.get_by_text("Is the log as it was written?").click()
        expect(page.get_by_text("Note this number down")).to_be_visible()
        page.wait_for_timeout(STILL_MS)
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        page.get_by_role("button", name="Check the whole log").click()
        expect(page.get_by_text("entries are as they were written")).to_be_visible()
