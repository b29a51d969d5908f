"""The station desk in a browser: a request is taken with the keyboard alone."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.browser.conftest import PATIENCE_MS, visiting

expect.set_options(timeout=PATIENCE_MS)

STAFF = "demo-staff"
MOST_TABS = 12
A_BUILDING = text("""
SELECT c.name || ' ' || b.number FROM building b JOIN compound c ON c.id = b.compound_id
JOIN station s ON s.community_id = b.community_id
JOIN user_role r ON r.station_id = s.id AND r.user_name = :name
WHERE b.number IS NOT NULL AND NOT c.placeholder ORDER BY b.id LIMIT 1
""")
LAST = text("SELECT channel, summary, owner, building_id IS NOT NULL AS placed FROM request ORDER BY id DESC LIMIT 1")
FOCUSED = "() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.innerText || ''; }"


def _tab_to(page: Page, label: str) -> None:
    """Press Tab until the field or button of that name has the focus."""
    for _tab in range(MOST_TABS):
        page.keyboard.press("Tab")
        if label in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"{label} is not reached with Tab")


def test_a_request_is_taken_without_a_mouse(browser: Browser, demo_app: str) -> None:
    with owner_engine().connect() as owner:
        place = owner.scalar(A_BUILDING, {"name": STAFF})
    with visiting(browser, user=STAFF) as page:
        page.goto(f"{demo_app}/take_request?lang=en")
        page.get_by_label("Where is it?").focus()
        page.keyboard.type(str(place))
        page.keyboard.press("Enter")
        expect(page.get_by_role("radiogroup", name="Which place?")).to_be_visible()
        _tab_to(page, "What is it about?")
        page.keyboard.type("noise")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Noise (normal)")).to_be_visible()
        _tab_to(page, "What do they say?")
        page.keyboard.type("Drilling at night")
        _tab_to(page, "Telephone (optional)")
        page.keyboard.type("19911112222")
        _tab_to(page, "Receive")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Received as")).to_be_visible()
    with owner_engine().connect() as owner:
        assert tuple(owner.execute(LAST).one()) == ("station_desk", "Drilling at night", STAFF, True)
