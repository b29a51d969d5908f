"""The map that is painted before its page: there at once, in its place, and gone when the page has its own."""

import re

from playwright.sync_api import Page, Route, expect
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.store.session import reading
from tests.browser.conftest import PATIENCE_MS, painted, view

PAINTED = "() => document.body && document.body.dataset.painted && document.body.dataset.updated"


def hold_back(page: Page) -> list[Route]:
    """Keep the page's first script back; let it go by continuing what is returned."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/static/js/index\."), keep)
    return held


def test_the_map_is_painted_while_nothing_of_the_page_has_run(page: Page, demo_app: str) -> None:
    held = hold_back(page)
    page.goto(demo_app, wait_until="commit")
    page.wait_for_function(PAINTED)
    assert page.locator("#root > *").count() == 0
    expect(page.locator(".yz-first .yz-count").first).to_be_visible()
    before = page.locator(".yz-first").bounding_box()
    for route in held:
        route.continue_()
    frame = painted(page)
    expect(page.locator(".yz-first")).to_have_count(0)
    after = page.locator("iframe").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 2
    assert abs(before["width"] - after["width"]) < 2
    assert abs(before["height"] - after["height"]) < 2
    assert frame.evaluate("() => Yizhan.map.leaflet.getZoom()") > 5


def test_the_page_takes_over_where_the_first_map_was_moved_to_and_what_was_clicked(page: Page, demo_app: str) -> None:
    with reading(OPERATOR) as connection:
        query = (
            "SELECT id, ST_X(ST_PointOnSurface(geom)), ST_Y(ST_PointOnSurface(geom)) FROM building ORDER BY id LIMIT 1"
        )
        building_id, lon, lat = connection.execute(text(query)).one()
    held = hold_back(page)
    page.goto(demo_app, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.evaluate("([lon, lat]) => Yizhan.map.leaflet.setView([lat, lon], 18, { animate: false })", [lon, lat])
    page.wait_for_function("() => YizhanPick.pick(Yizhan.map, Yizhan.map.leaflet.getCenter())")
    box = page.locator(".yz-first").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for route in held:
        route.continue_()
    frame = painted(page)
    assert view(frame)[0] == 18
    expect(page).to_have_url(re.compile(f"place=building%3A{building_id}"), timeout=PATIENCE_MS)


def test_the_page_s_own_map_asks_for_no_tile_again(page: Page, demo_app: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/tiles/" in request.url else None)
    page.goto(demo_app)
    painted(page)
    assert asked
    assert len(asked) == len(set(asked))


def test_a_page_without_a_map_lets_the_first_one_go(page: Page, demo_app: str) -> None:
    page.goto(demo_app, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.get_by_role("link", name="Running work").click()
    expect(page.get_by_role("heading", name="Running work")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator(".yz-first")).to_have_count(0, timeout=PATIENCE_MS)
