"""Looking at a helped person in a browser: recorded first, shown once, gone with the next step."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.browser.conftest import PATIENCE_MS, visiting

expect.set_options(timeout=PATIENCE_MS)

ORGANISER = "demo-organiser"
REASON = "she asked for a call back"
AN_OPEN_NEED = text("""
SELECT n.number, n.helped_person_id, n.building_id FROM care_need n
JOIN user_role r ON r.community_id = n.community_id AND r.user_name = :name
WHERE n.status = 'open' AND n.helped_person_id IS NOT NULL ORDER BY n.id LIMIT 1
""")
LOOKS = text("SELECT actor, note, after->'fields' FROM audit_entry WHERE action = 'reveal' AND entity_id = :person")


def _need() -> Any:
    with owner_engine().connect() as owner:
        return owner.execute(AN_OPEN_NEED, {"name": ORGANISER}).one()


def _looks(person_id: int) -> list[Any]:
    with owner_engine().connect() as owner:
        return list(owner.execute(LOOKS, {"person": person_id}))


def _open(page: Page, address: str, number: str) -> None:
    page.goto(f"{address}/care_needs?lang=en&need={number}")
    expect(page.get_by_role("heading", name=f"Need {number}")).to_be_visible()


def _look(page: Page) -> str:
    """Give the reason and press Show, with the keyboard only; return the name that is shown."""
    page.get_by_label("Reason").fill(REASON)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shown = page.locator(".st-key-revealed")
    expect(shown).to_contain_text("Telephone")
    found = re.search(r"Name: (\S+)", shown.inner_text())
    assert found
    return found[1]


def test_a_look_is_recorded_with_its_reason_and_gone_with_the_next_step(browser: Browser, demo_app: str) -> None:
    need = _need()
    with visiting(browser, user=ORGANISER) as page:
        _open(page, demo_app, need.number)
        name = _look(page)
        assert _looks(need.helped_person_id) == [(ORGANISER, REASON, ["name", "phone"])]
        expect(page.get_by_text("Who looked before (1)")).to_be_visible()
        assert name not in page.url
        page.get_by_text("Consents", exact=True).click()
        expect(page.locator(".st-key-revealed")).to_have_count(0)
        assert name not in page.content()


def test_a_look_is_gone_after_leaving_the_page(browser: Browser, demo_app: str) -> None:
    need = _need()
    with visiting(browser, user=ORGANISER, width=390, height=844) as phone:
        _open(phone, demo_app, need.number)
        name = _look(phone)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        phone.get_by_role("button", name="Show on the map").click()
        expect(phone).to_have_url(re.compile("place=building"))
        expect(phone.get_by_role("heading", name="Neighbourhood map")).to_be_visible()
        phone.go_back()
        expect(phone.get_by_role("heading", name="Care needs")).to_be_visible()
        expect(phone.get_by_text("Click a row to open its card", exact=False)).to_be_visible()
        expect(phone.locator(".st-key-revealed")).to_have_count(0)
        assert name not in phone.content()
