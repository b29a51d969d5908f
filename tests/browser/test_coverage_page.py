"""The coverage page in a real browser: another view repaints the same tiles, what is tried or done shows at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Frame, Page, expect
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.coverage.duty_inputs import Gap
from geo.people.reads import vacancies
from geo.store.clock import today
from geo.store.session import reading
from tests.browser.conftest import look_closely, painted, settled

MIDDLE = (
    "SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM building WHERE id = :id) m"
)


def opened(page: Page, address: str, query: str = "") -> Frame:
    page.goto(f"{address}/coverage{query}")
    page.get_by_role("heading", name="Coverage").wait_for()
    return painted(page)


@contextmanager
def watching_tiles(page: Page) -> Iterator[list[str]]:
    """Collect the tiles a browser asks for meanwhile."""
    asked: list[str] = []
    page.on("request", lambda request: "/tiles/" in request.url and asked.append(request.url))
    yield asked


def vacant_place() -> tuple[int, float, float]:
    with reading(OPERATOR) as connection:
        found = next(
            row
            for row in vacancies(connection, on=today(), kind="building_head", limit=100)
            if row.households and row.households <= 40
        )
        spot = connection.execute(text(MIDDLE), {"id": found.place_id}).one()
    return found.place_id, spot.lon, spot.lat


def class_of(frame: Frame, place: int) -> int:
    return int(frame.evaluate(f"() => Yizhan.map.classOf('building', {place})"))


def test_another_view_repaints_the_same_tiles_with_other_classes(page: Page, demo_app: str) -> None:
    frame = opened(page, demo_app)
    place, lon, lat = vacant_place()
    look_closely(frame, lon, lat, 17)
    expect(frame.locator(".yz-title").first).to_have_text("Buildings by who looks after the doors")
    assert class_of(frame, place) == Gap.NO_HEAD
    with watching_tiles(page) as tiles:
        page.get_by_text("Stations in reach").click()
        expect(frame.locator(".yz-title").first).to_have_text("Buildings by the way to the next station")
        settled(frame)
    assert tiles == []
    assert class_of(frame, place) in {1, 2, 3, 4, 6}
    assert "view=station" in page.url


def test_a_vacancy_is_tried_and_then_filled_and_the_map_follows_each_time(page: Page, demo_app: str) -> None:
    place, lon, lat = vacant_place()
    frame = opened(page, demo_app, f"?place=building:{place}")
    look_closely(frame, lon, lat, 17)
    with watching_tiles(page) as tiles:
        with page.expect_response(lambda answer: "/what-if/" in answer.url):
            page.get_by_role("button", name="What if somebody took this post?").first.click()
        expect(frame.locator(".yz-tried .yz-row").first).to_contain_text("(+")
        page.get_by_text("Tried, not decided").wait_for()
        frame.wait_for_function(f"() => Yizhan.map.classOf('building', {place}) !== {int(Gap.NO_HEAD)}")
        page.get_by_role("button", name="Drop all").click()
        expect(frame.locator(".yz-tried")).to_have_count(0)
        frame.wait_for_function(f"() => Yizhan.map.classOf('building', {place}) === {int(Gap.NO_HEAD)}")
        page.get_by_role("button", name="Do", exact=True).first.click()
        page.get_by_role("button", name="Appoint").click()
        frame.wait_for_function(f"() => Yizhan.map.classOf('building', {place}) !== {int(Gap.NO_HEAD)}")
    assert tiles == []


def test_a_click_on_a_building_opens_its_card_beside_the_map(page: Page, demo_app: str) -> None:
    frame = opened(page, demo_app, "?view=station")
    place, lon, lat = vacant_place()
    look_closely(frame, lon, lat, 18)
    box = page.locator("iframe").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**place=building%3A{place}**")
