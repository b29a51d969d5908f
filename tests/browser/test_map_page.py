"""The map page as people use it: open, zoom, click, assign, search, filter, share, on a phone, in both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.access.accounts import admit
from geo.access.actor import OPERATOR
from geo.access.sessions import COOKIE
from geo.store.session import reading
from tests.browser.conftest import (
    ADMINISTRATOR,
    click_middle,
    look_closely,
    open_map,
    painted,
    settled,
    view,
    visiting,
)

BUILDING = """
    SELECT b.id, ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat, c.name AS compound
    FROM building b JOIN compound c ON c.id = b.compound_id
    JOIN post p ON p.building_id = b.id AND p.kind = 'building_head'
    WHERE ST_Area(b.geom::geography) > 250 AND EXISTS (
        SELECT FROM holding h WHERE h.post_id = p.id AND h.from_on <= current_date
        AND (h.to_on IS NULL OR h.to_on > current_date)) = :held
    ORDER BY b.households DESC NULLS LAST, b.id LIMIT 1 OFFSET :skipped
"""


class Place:
    def __init__(self, *, held: bool, skipped: int = 0) -> None:
        with reading(OPERATOR) as connection:
            row = connection.execute(text(BUILDING), {"held": held, "skipped": skipped}).one()
        self.id, self.lon, self.lat, self.compound = row


@pytest.fixture
def phone(browser: Browser, demo_app: str) -> Iterator[Page]:
    with visiting(browser, width=390, height=844, locale="zh-CN") as opened:
        yield opened


def test_it_opens_with_figures_a_legend_with_counts_and_a_painted_map(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    expect(page.get_by_role("heading", name="Neighbourhood map")).to_be_visible()
    expect(page.get_by_test_id("stMetric")).to_have_count(5)
    counts = frame.locator(".yz-count").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts) > 5
    colours = frame.evaluate(
        """() => { const seen = new Set();
        for (const canvas of document.querySelectorAll('canvas.leaflet-tile')) {
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            for (let at = 0; at < data.length; at += 388) seen.add(data.slice(at, at + 3).join());
        } return seen.size }"""
    )
    assert colours > 5


def test_zooming_shows_single_buildings_and_the_legend_follows(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    place = Place(held=True)
    look_closely(frame, place.lon, place.lat)
    assert frame.evaluate("() => YizhanPick.pick(Yizhan.map, Yizhan.map.leaflet.getCenter())")["id"] == place.id
    expect(frame.locator(".yz-title").first).to_have_text("Buildings by head")


def test_hovering_shows_the_name(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    place = Place(held=True)
    look_closely(frame, place.lon, place.lat)
    box = page.locator("iframe").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(frame.locator(".yz-tip-name")).to_contain_text(place.compound)


def test_a_click_opens_the_card_and_moves_neither_map_nor_page(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    place = Place(held=True)
    look_closely(frame, place.lon, place.lat)
    before, top = view(frame), page.locator("iframe").bounding_box()
    click_middle(page)
    card = page.locator(".st-key-card")
    expect(card.get_by_role("heading")).to_contain_text(place.compound)
    expect(card.get_by_text("Building head")).to_be_visible()
    expect(page).to_have_url(re.compile(f"place=building%3A{place.id}"))
    assert view(frame) == before
    assert page.locator("iframe").bounding_box() == top
    assert painted(page) is frame


def test_a_rerun_keeps_card_and_view(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    place = Place(held=True)
    look_closely(frame, place.lon, place.lat)
    click_middle(page)
    expect(page.locator(".st-key-card").get_by_role("heading")).to_contain_text(place.compound)
    before = view(frame)
    page.get_by_test_id("stMultiSelect").locator("input").click()
    page.get_by_role("option", name="No building head").click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("status=2"))
    frame.wait_for_function("() => Yizhan.map.state.statuses !== null")
    expect(page.locator(".st-key-card").get_by_role("heading")).to_contain_text(place.compound)
    assert view(frame) == before
    assert painted(page) is frame


def test_assigning_a_head_recolours_the_building_and_can_be_undone(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    place = Place(held=False)
    look_closely(frame, place.lon, place.lat)
    code = "id => Yizhan.map.classOf('building', id)"
    assert frame.evaluate(code, place.id) == 2
    click_middle(page)
    card = page.locator(".st-key-card")
    card.get_by_role("button", name="Assign").first.click()
    form = page.locator("[data-testid='stForm']").first
    form.get_by_label("Name").fill("林舒")
    form.get_by_label("Phone").fill("13800001234")
    form.get_by_label("Reason").fill("elected at the meeting of residents")
    form.get_by_role("button", name="Assign this head").click()
    expect(card.get_by_text("林舒").first).to_be_visible()
    frame.wait_for_function(f"id => ({code})(id) !== 2", arg=place.id)
    card.get_by_text(re.compile(r"History")).click()
    card.get_by_role("button", name="Undo").first.click()
    frame.wait_for_function(f"id => ({code})(id) === 2", arg=place.id)


def test_searching_by_pinyin_finds_a_compound_and_goes_there(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    with reading(OPERATOR) as connection:
        name, pinyin = connection.execute(
            text("SELECT name, split_part(pinyin, ' ', 1) FROM compound ORDER BY length(name) DESC, id LIMIT 1")
        ).first() or ("", "")
    before = view(frame)
    page.locator(".st-key-neighbourhood_map_search input").fill(pinyin)
    page.locator(".st-key-neighbourhood_map_search input").press("Enter")
    page.locator(".st-key-controls").get_by_role("button", name=name).first.click()
    expect(page.locator(".st-key-card").get_by_role("heading")).to_contain_text(name)
    frame.wait_for_function("before => Yizhan.map.leaflet.getZoom() !== before", arg=before[0])


def test_a_vacancy_in_the_list_leads_to_its_building(page: Page, demo_app: str) -> None:
    open_map(page, demo_app)
    table = page.locator(".st-key-card").get_by_test_id("stDataFrame")
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 52)
    expect(page).to_have_url(re.compile("place=building"))
    expect(page.locator(".st-key-card").get_by_text("nobody").first).to_be_visible()


def test_a_filter_by_community_pales_everything_else(page: Page, demo_app: str) -> None:
    with reading(OPERATOR) as connection:
        community, inside = connection.execute(
            text("SELECT community_id, count(*) FROM building GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1")
        ).one()
    frame = open_map(page, f"{demo_app}/?community={community}")
    frame.wait_for_function(
        "count => [...Yizhan.map.classes.building.values].filter(code => code < 254).length === count", arg=inside
    )


def test_a_shared_address_opens_the_same_view_and_card(page: Page, demo_app: str) -> None:
    place = Place(held=True)
    frame = open_map(page, f"{demo_app}/?place=building:{place.id}#map=18/{place.lat:.5f}/{place.lon:.5f}")
    settled(frame)
    assert view(frame)[0] == 18
    expect(page.locator(".st-key-card").get_by_role("heading")).to_contain_text(place.compound)


def test_an_address_that_names_only_a_place_begins_there(page: Page, demo_app: str) -> None:
    place = Place(held=True)
    frame = open_map(page, f"{demo_app}/?place=building:{place.id}")
    settled(frame)
    zoom, lat, lon = view(frame)
    assert zoom >= 17
    assert (lat, lon) == pytest.approx((place.lat, place.lon), abs=5e-4)
    expect(page).to_have_url(re.compile(rf"place=building(:|%3A){place.id}#map={zoom}/"))


def test_a_layer_can_be_switched_off_and_no_tile_is_fetched_for_it(page: Page, demo_app: str) -> None:
    frame = open_map(page, demo_app)
    place = Place(held=True)
    look_closely(frame, place.lon, place.lat)
    tiles: list[str] = []
    page.on("request", lambda request: "/tiles/" in request.url and tiles.append(request.url))
    frame.get_by_text("Layers", exact=True).click()
    frame.get_by_label("Buildings").uncheck()
    picked = frame.evaluate("() => YizhanPick.pick(Yizhan.map, Yizhan.map.leaflet.getCenter())")
    assert picked is None or picked["kind"] != "building"
    assert tiles == []


def test_the_language_is_the_browsers_first_and_can_be_switched(browser: Browser, demo_app: str) -> None:
    with visiting(browser, locale="zh-CN") as page:
        frame = open_map(page, demo_app)
        expect(page.get_by_role("heading", name="社区地图")).to_be_visible()
        page.get_by_role("radio", name="English").or_(page.get_by_text("English", exact=True)).first.click()
        expect(page.get_by_role("heading", name="Neighbourhood map")).to_be_visible()
        expect(page).to_have_url(re.compile("lang=en"))
        frame.wait_for_function("() => Yizhan.map.state.language === 'en'")


def test_on_a_phone_the_map_comes_before_the_figures_and_the_card_below_it(phone: Page, demo_app: str) -> None:
    place = Place(held=True)
    frame = open_map(phone, f"{demo_app}/?place=building:{place.id}")
    settled(frame)
    tops = [
        (phone.locator(where).first.bounding_box() or {"y": -1})["y"]
        for where in ("iframe", ".st-key-card", ".st-key-figures")
    ]
    assert tops == sorted(tops)
    name, shut = (
        phone.locator(".st-key-card").get_by_role(role).first.bounding_box() or {} for role in ("heading", "button")
    )
    assert name["y"] <= shut["y"] + shut["height"] / 2 <= name["y"] + name["height"]
    assert phone.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert frame.evaluate("() => document.querySelector('.yz-panel').open") is False


def test_a_foreign_page_may_not_use_the_websocket_or_write(demo_app: str) -> None:
    import http.client

    host = demo_app.removeprefix("http://")
    cookie = {"Cookie": f"{COOKIE}={admit(ADMINISTRATOR)}"}
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example", "Origin": f"http://{host}"}):
        connection = http.client.HTTPConnection(host)
        connection.request("POST", "/_stcore/upload_file/x/y", headers=cookie | headers)
        assert connection.getresponse().status == 403
        connection.close()
