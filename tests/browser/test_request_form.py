"""The form for residents on a phone: a building that is typed, a photo, a number to ask by, in both languages."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.browser.conftest import visiting
from tests.browser.phones import ORGANISER, PHONE

FORM = "/request-form/"
LEAST_TARGET_PX = 44


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (3000, 2000), "teal").save(path)
    return path


def test_a_building_is_typed_a_photo_taken_and_the_number_shown(browser: Browser, demo_app: str, photo: Path) -> None:
    with owner_engine().connect() as owner:
        door = owner.execute(
            text(
                "SELECT b.id, c.name || ' ' || b.number || '号楼' AS typed FROM building b JOIN compound c "
                "ON c.id = b.compound_id JOIN user_role r ON r.community_id = b.community_id "
                "WHERE r.user_name = :organiser AND NOT c.placeholder ORDER BY b.id LIMIT 1"
            ),
            {"organiser": ORGANISER},
        ).one()
    with visiting(browser, user=ORGANISER, **PHONE) as page:
        page.goto(demo_app + FORM)
        page.locator("#category").select_option("water")
        page.locator("#typed").fill(door.typed)
        page.locator(".places button").first.click()
        page.locator("#summary").fill("No water on floor 3")
        page.locator("#photo").set_input_files(photo)
        small = page.locator("button, select, input").evaluate_all(
            f"all => all.filter(one => one.getBoundingClientRect().height < {LEAST_TARGET_PX}).map(one => one.id)"
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#status")).to_contain_text(re.compile(r"\d{6}-\d+"))
        told = re.search(r"\d{6}-\d+", page.locator("#status").inner_text())
        page.get_by_role("link", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert told
    with owner_engine().connect() as owner:
        kept = owner.execute(
            text(
                "SELECT r.building_id, r.channel, p.width_px FROM request r JOIN attachment p ON p.request_id = r.id "
                "WHERE r.number = :number"
            ),
            {"number": told[0]},
        ).one()
    assert (kept.building_id, kept.channel, kept.width_px) == (door.id, "web", 2048)
