"""Base maps drawn in GCJ-02 lie under the data where they belong."""

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from geo.exchange.datum import gcj02_from_wgs84
from geo.maps.files import content

LIAOCHENG = (115.985, 36.456)
PLACES = [LIAOCHENG, (116.39, 39.91), (121.47, 31.23), (87.6, 43.8), (110.3, 20.0)]


@pytest.fixture
def page(browser: Browser) -> Page:
    opened = browser.new_page()
    opened.set_content("<div id='map' style='width:800px;height:600px'></div>")
    opened.add_style_tag(content=content("map.css").decode())
    opened.add_script_tag(content=content("map.js").decode())
    return opened


def test_the_maps_shift_is_the_importers(page: Page) -> None:
    shifted = np.array(page.evaluate("places => places.map(([x, y]) => YizhanGcj02.toGcj(x, y))", PLACES))
    wanted = np.column_stack(gcj02_from_wgs84(*np.array(PLACES).T))
    assert np.abs(shifted - wanted).max() < 1e-9


def test_shifting_there_and_back_returns(page: Page) -> None:
    back = page.evaluate(
        "places => places.map(([x, y]) => YizhanGcj02.toWgs(...YizhanGcj02.toGcj(x, y)))", PLACES
    )
    assert np.abs(np.array(back) - np.array(PLACES)).max() < 1e-9


def test_outside_china_nothing_is_shifted(page: Page) -> None:
    assert page.evaluate("() => YizhanGcj02.toGcj(9.52, 47.14)") == [9.52, 47.14]


@pytest.mark.parametrize("zoom", [10, 14, 17])
def test_the_picture_of_a_place_is_drawn_at_the_place_to_a_pixel(page: Page, zoom: int) -> None:
    apart = page.evaluate(
        """async ([[lon, lat], zoom]) => {
        const map = L.map('map', {fadeAnimation: false, zoomAnimation: false}).setView([lat, lon], zoom);
        const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
        const layer = YizhanGcj02.layer(dot, {}).addTo(map);
        await new Promise(done => layer.once('load', done));
        const [drawnLon, drawnLat] = YizhanGcj02.toGcj(lon, lat);
        const pixel = map.project(L.latLng(drawnLat, drawnLon), zoom);
        const column = Math.floor(pixel.x / 256), row = Math.floor(pixel.y / 256);
        const tile = layer._tiles[`${column}:${row}:${zoom}`].el.getBoundingClientRect();
        const box = map.getContainer().getBoundingClientRect();
        const here = map.latLngToContainerPoint([lat, lon]);
        return Math.hypot(tile.left - box.left + pixel.x - 256 * column - here.x,
                          tile.top - box.top + pixel.y - 256 * row - here.y); }""",
        [LIAOCHENG, zoom],
    )
    assert apart < 1.5
