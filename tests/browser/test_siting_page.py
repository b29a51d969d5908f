"""The siting page in a real browser: a search, a station dragged and moved by keys, a place asked about, a new site."""

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.browser.conftest import PATIENCE_MS, painted, visiting

PLANNER = "demo-planner"


def searched(page: Page, address: str) -> Frame:
    """Have sites looked for with the usual question and wait until its stations are on the map."""
    page.goto(f"{address}/siting")
    page.get_by_role("button", name="Find sites").click()
    page.wait_for_url("**study=**", timeout=PATIENCE_MS)
    frame = painted(page)
    expect(frame.locator(".yz-site")).to_have_count(3)
    return frame


def within(frame: Frame, column: int) -> int:
    """Households within the limit on the panel of the map: 1 today, 2 by the plan, 3 with the station moved."""
    cell = frame.locator(".yz-moved tr").nth(1).locator("th, td").nth(column)
    return int(cell.inner_text().replace(",", ""))


def answered(frame: Frame, more_than: int) -> int:
    frame.wait_for_function("least => Number(document.body.dataset.moved || 0) > least", arg=more_than)
    return int(frame.evaluate("Number(document.body.dataset.moved)"))


def beside(frame: Frame) -> list[int]:
    """A point of the map, in pixels, where no place is drawn."""
    found: list[int] = frame.evaluate(
        "() => { const { leaflet } = Yizhan.map; const size = leaflet.getSize();"
        " for (let y = size.y - 60; y > 60; y -= 7) for (let x = 60; x < size.x / 2; x += 7)"
        "  if (!YizhanPick.pick(Yizhan.map, leaflet.containerPointToLatLng([x, y]))) return [x, y]; }"
    )
    return found


@pytest.mark.usefixtures("demo_store_for_module")
def test_a_station_is_dragged_and_moved_by_keys_and_any_place_says_why_not_there(
    browser: Browser, demo_app: str
) -> None:
    with visiting(browser, user=PLANNER, height=1600) as page:
        frame = searched(page, demo_app)
        stations = [frame.locator(".yz-site").nth(at).bounding_box() for at in range(3)]
        legend = frame.locator(".yz-panel").first.bounding_box()
        assert legend is not None
        at, box = next((at, box) for at, box in enumerate(stations) if box and box["x"] + 40 < legend["x"])
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 13):
            page.mouse.move(x - 2 * step, y + 6 * step)
        so_far = answered(frame, 0)
        page.mouse.up()
        page.wait_for_url("**moved=**")
        so_far = answered(frame, so_far)
        assert within(frame, 2) != within(frame, 3)
        assert within(frame, 1) < within(frame, 2)
        moved = page.url
        frame.locator(".yz-site").nth(at).focus()
        page.keyboard.press("Shift+ArrowDown")
        answered(frame, so_far)
        page.wait_for_url(lambda url: "moved=" in url and url != moved)
        frame.get_by_role("button", name="Put it back").click()
        page.wait_for_url(lambda url: "moved=" not in url)
        x, y = beside(frame)
        frame.locator(".leaflet-container").click(position={"x": x, "y": y})
        page.wait_for_url("**spot=**")
        expect(page.get_by_role("heading", name="Why not here?")).to_be_visible()


@pytest.mark.usefixtures("demo_store_for_module")
def test_a_candidate_site_is_added_with_a_click_and_pinned(browser: Browser, demo_app: str) -> None:
    with visiting(browser, user=PLANNER, height=1600) as page:
        page.goto(f"{demo_app}/siting")
        frame = painted(page)
        page.get_by_role("button", name="Add a candidate site").click()
        frame.get_by_text("Click where it is").wait_for()
        frame.locator(".leaflet-container").click(position={"x": 300, "y": 300})
        page.get_by_label("Name", exact=True).fill("gatehouse of the test")
        save = page.get_by_role("button", name="Save the candidate site")
        expect(save).to_be_enabled()
        save.click()
        page.wait_for_url("**place=candidate_site**")
        expect(page.get_by_role("switch", name="Pin", exact=True)).to_be_visible()
    with owner_engine().connect() as owner:
        query = text("SELECT count(*) FROM candidate_site WHERE name = 'gatehouse of the test'")
        assert owner.scalar(query) == 1
