"""The hotspots page in a real browser: cells are painted over the town, and a click on one opens its card."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import painted, settled

A_CELL = """() => {
    const map = Yizhan.map, { cells } = map.state, size = map.leaflet.getSize();
    const seen = ([x, y]) => x > 60 && y > 60 && x < size.x / 2 && y < size.y - 60;
    for (const row of cells.rows.filter((one) => one[1] !== 9)) {
        const point = map.leaflet.latLngToContainerPoint([row[3], row[2]]);
        if (seen([point.x, point.y])) return { id: row[0], words: row[4], x: point.x, y: point.y };
    }
    return null;
}"""
INKED = """() => {
    const canvas = Yizhan.map.leaflet.getPane("yz-cells").querySelector("canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value, at) => at % 4 === 3 && value > 0);
}"""


def test_cells_are_painted_and_a_click_on_one_opens_its_card(page: Page, demo_app: str) -> None:
    page.goto(f"{demo_app}/hotspots?lang=en&days=730")
    page.get_by_role("heading", name="Hotspots").wait_for()
    frame = painted(page)
    settled(frame)
    assert frame.evaluate(INKED)
    cell = frame.evaluate(A_CELL)
    frame.locator(".leaflet-container").click(position={"x": cell["x"], "y": cell["y"]})
    page.wait_for_url(f"**cell={cell['id']}")
    expect(page.get_by_role("button", name="Back to the list")).to_be_visible()
    requests = cell["words"].splitlines()[0]
    expect(page.get_by_text(requests, exact=True).first).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_role("heading", name="Most striking places")).to_be_visible()
    assert "cell=" not in page.url
