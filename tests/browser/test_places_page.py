"""Drawing with the mouse on the places page, and a head's doors on a phone."""

from playwright.sync_api import Browser, FrameLocator, Page, expect
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.store.session import reading
from tests.browser.conftest import PATIENCE_MS, painted, view, visiting

expect.set_options(timeout=PATIENCE_MS)

CORNERS = ((0, 0), (60, 0), (60, 40), (0, 40))
HEAD = """
    SELECT n.id, n.name, b.id AS building_id, c.name AS compound, b.number FROM holding h
    JOIN person n ON n.id = h.person_id JOIN post p ON p.id = h.post_id AND p.kind = 'building_head'
    JOIN building b ON b.id = p.building_id JOIN compound c ON c.id = b.compound_id
    WHERE h.from_on <= current_date AND (h.to_on IS NULL OR h.to_on > current_date) ORDER BY h.id LIMIT 1
"""


def _draw_outline(page: Page, frame: FrameLocator) -> None:
    box = page.locator("iframe").bounding_box()
    assert box is not None
    left, top = box["x"] + 60, box["y"] + box["height"] - 120
    for right, down in CORNERS:
        page.mouse.click(left + right, top + down)
        page.wait_for_timeout(350)
    expect(frame.locator(".yz-corner")).to_have_count(len(CORNERS))


def _area_m2(code: str) -> float:
    with reading(OPERATOR) as connection:
        query = text("SELECT ST_Area(geom::geography) FROM building WHERE code = :code")
        return connection.execute(query, {"code": code}).scalar_one()


def test_a_building_is_drawn_reshaped_and_the_reshaping_undone(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/places?lang=en")
    painted(page)
    frame = page.frame_locator("iframe")
    page.get_by_role("combobox", name="New place").click()
    page.get_by_role("option", name="Building", exact=True).click()
    expect(frame.locator(".yz-draw")).to_be_visible()
    expect(page.get_by_role("button", name="Save the new place")).to_be_disabled()
    _draw_outline(page, frame)
    frame.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("button", name="Save the new place")).to_be_enabled()
    page.get_by_label("Code").fill("drawn-by-hand")
    page.get_by_role("button", name="Save the new place").click()
    expect(page.get_by_role("heading", name="drawn-by-hand")).to_be_visible()
    drawn = _area_m2("drawn-by-hand")

    page.get_by_text("Move or reshape", exact=True).click()
    expect(frame.locator(".yz-corner")).to_have_count(len(CORNERS))
    corner = frame.locator(".yz-corner").nth(2).bounding_box()
    assert corner is not None
    page.mouse.move(corner["x"] + 7, corner["y"] + 7)
    page.mouse.down()
    page.mouse.move(corner["x"] + 60, corner["y"] + 50, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Save the new shape").click()
    expect(page.get_by_text("Saved. You can undo it in the history.")).to_be_visible()
    assert _area_m2("drawn-by-hand") > drawn * 1.05

    page.get_by_text("History", exact=True).click()
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text("The change was undone.")).to_be_visible()
    assert abs(_area_m2("drawn-by-hand") - drawn) < 0.01


def test_while_drawing_a_click_opens_no_card_and_the_map_stays(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/places?lang=en")
    inside = painted(page)
    before = view(inside)
    page.get_by_role("combobox", name="New place").click()
    page.get_by_role("option", name="Compound", exact=True).click()
    frame = page.frame_locator("iframe")
    expect(frame.locator(".yz-draw")).to_be_visible()
    _draw_outline(page, frame)
    frame.get_by_role("button", name="Take back a corner").click()
    expect(frame.locator(".yz-corner")).to_have_count(len(CORNERS) - 1)
    frame.get_by_role("button", name="Start again").click()
    expect(frame.locator(".yz-corner")).to_have_count(0)
    assert "place=" not in page.url
    assert view(inside) == before


def test_a_head_finds_their_doors_on_a_phone_with_targets_large_enough(browser: Browser, demo_app: str) -> None:
    with reading(OPERATOR) as connection:
        head = connection.execute(text(HEAD)).one()
    with visiting(browser, width=390, height=844, locale="zh-CN") as phone:
        phone.goto(f"{demo_app}/my_doors")
        expect(phone.get_by_role("heading", name="我的楼门")).to_be_visible()
        phone.get_by_role("textbox").first.fill(head.name)
        phone.keyboard.press("Enter")
        button = phone.locator(f".st-key-person_{head.id} button")
        button.wait_for()
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        button.click()
        expect(phone.locator(f".st-key-door_building_{head.building_id}")).to_contain_text(head.compound)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
