"""The map page on a large city beside folium.GeoJson of 10,000 polygons, in the same browser."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Frame, Page, sync_playwright
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.settings import ROOT
from geo.store.session import reading
from tests.bench import city, tiles
from tests.bench.case import Case, middle
from tests.browser.conftest import CHROMIUM, HERE, QUIET, free_port, look_closely, signed_in

PEER = "folium.GeoJson, 10,000 polygons"
OPENINGS = 5
CLICKS = 7
PATIENCE_MS = 180_000
SETTLED_MS = 1500
PAINTED = "() => document.body && document.body.dataset.painted"
COMPLETE = "() => document.body.dataset.painted && document.body.dataset.updated"
PEER_PAINTED = """() => {
    if (!window.map) return false;
    const shapes = Object.values(window.map._layers).filter(layer => layer instanceof L.Polygon);
    if (shapes.length < 10000) return false;
    const renderer = shapes[0]._renderer;
    return renderer && !renderer._redrawRequest;
}"""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@contextmanager
def serving(app: str) -> Iterator[str]:
    """Run an ASGI app in a process of its own; yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "error", "--no-access-log"]
    server = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "STREAMLIT_LOGGER_LEVEL": "error"},
    )  # fmt: skip
    address = f"http://{HERE}:{port}"
    deadline = time.monotonic() + 120
    while True:
        try:
            urlopen(f"{address}/_stcore/health", timeout=5).close()
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    try:
        yield address
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(60)


def cases(buildings: int) -> Iterator[Case]:
    """Measure everything on a city of so many buildings, as a signed-in user sees it."""
    taken = city.ready(buildings)
    if taken is not None:
        yield Case(f"demo city, {buildings:,} buildings", "s", taken, "< 600")
    try:
        yield from tiles.uncached(buildings)
        with serving("app:app") as ours, serving("tests.bench.peer_app:app") as theirs:
            warm(ours, theirs)
            yield tiles.cached(ours, buildings)
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
                yield from in_the_browser(browser, ours, theirs, buildings)
                browser.close()
    finally:
        city.stop()


def warm(ours: str, theirs: str) -> None:
    """Let both apps run once before anything is measured."""
    cookie = {"Cookie": city.session_cookie()}
    for address in (f"{ours}/classes/building", f"{ours}/classes/compound", f"{ours}/classes/community", theirs):
        urlopen(Request(address, headers=cookie), timeout=300).close()


@contextmanager
def window(browser: Browser) -> Iterator[Page]:
    """Open a window whose cache is empty, of the same kind for both sides, and wait until the browser has it ready."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    signed_in(context, city.ADMINISTRATOR)
    page = context.new_page()
    page.wait_for_timeout(SETTLED_MS)
    yield page
    context.close()


def frame_of(page: Page) -> Frame:
    page.locator("iframe").wait_for()
    while not (found := [frame for frame in page.frames if "streamlit_folium" in frame.url]):
        page.wait_for_timeout(20)
    return found[0]


def open_ours(page: Page, address: str) -> tuple[float, float, Frame]:
    """Return the seconds until a map is painted and until it is the page's own, and the frame of that."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(PAINTED)
    page.evaluate(TWO_FRAMES)
    first = time.perf_counter() - began
    frame = frame_of(page)
    frame.wait_for_function(COMPLETE)
    frame.evaluate(TWO_FRAMES)
    return first, time.perf_counter() - began, frame


def open_theirs(page: Page, address: str) -> tuple[float, Frame]:
    """Return the seconds until the map is painted, and its frame."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    frame = frame_of(page)
    frame.wait_for_function(PEER_PAINTED)
    frame.evaluate(TWO_FRAMES)
    return time.perf_counter() - began, frame


def in_the_browser(browser: Browser, ours: str, theirs: str, buildings: int) -> Iterator[Case]:
    with window(browser) as page:
        open_ours(page, ours)
    with window(browser) as page:
        open_theirs(page, theirs)
    first, own, peer = [], [], []
    for _turn in range(OPENINGS):
        with window(browser) as page:
            painted, replaced, _frame = open_ours(page, ours)
            first.append(painted)
            own.append(replaced)
        with window(browser) as page:
            peer.append(open_theirs(page, theirs)[0])
    name = f"first painted map, {buildings:,} buildings, from an empty window"
    yield Case(name, "s", middle(first), "ratio <= 0.3333", PEER, middle(peer))
    yield Case(f"{name} to the page's own map", "s", middle(own), "ratio <= 1", PEER, middle(peer))
    yield from clicks(browser, ours, theirs)


def clicks(browser: Browser, ours: str, theirs: str) -> Iterator[Case]:
    with window(browser) as page:
        peer = click_theirs(page, open_theirs(page, theirs)[1])
    with window(browser) as page:
        received: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
        page.on("response", lambda answer: received.append(int(answer.headers.get("content-length", 0))))
        mine, sizes = click_ours(page, open_ours(page, ours)[2], received)
    yield Case("click to card", "s", middle(mine), "ratio <= 0.5", PEER, middle(peer))
    yield Case("click to card", "s", middle(mine), "< 1")
    yield Case("a rerun ships", "kB", max(sizes) / 1000, "< 100")


def click_ours(page: Page, frame: Frame, received: list[int]) -> tuple[list[float], list[int]]:
    with reading(OPERATOR) as connection:
        query = text(
            "SELECT ST_X(ST_PointOnSurface(geom)) AS lon, ST_Y(ST_PointOnSurface(geom)) AS lat FROM building "
            "WHERE id % 1009 = 7 AND ST_Area(geom::geography) > 300 ORDER BY id LIMIT :many"
        )
        places = connection.execute(query, {"many": CLICKS + 1}).all()
    taken, sizes = [], []
    for at, place in enumerate(places):
        look_closely(frame, place.lon, place.lat, 18)
        page.wait_for_timeout(1500)
        wanted = frame.evaluate("() => YizhanPick.pick(Yizhan.map, Yizhan.map.leaflet.getCenter()).id")
        box = page.locator("iframe").bounding_box()
        assert box is not None
        before = sum(received)
        began = time.perf_counter()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_function("id => decodeURIComponent(location.search).includes('building:' + id)", arg=wanted)
        page.locator(f".st-key-card_building_{wanted} h3").wait_for()
        elapsed = time.perf_counter() - began
        page.wait_for_timeout(1500)
        if at:
            taken.append(elapsed)
            sizes.append(sum(received) - before)
    return taken, sizes


def click_theirs(page: Page, frame: Frame) -> list[float]:
    taken = []
    for at in range(CLICKS + 1):
        number = 5050 + 3 * at
        spot = frame.evaluate(
            """number => { const shape = Object.values(window.map._layers).find(
                layer => layer.feature && layer.feature.properties && layer.feature.properties.id === number);
            const [west, south] = shape.feature.geometry.coordinates[0][0];
            const centre = L.latLng(south + 0.00005, west + 0.00005);
            window.map.setView(centre, 18, {animate: false});
            const point = window.map.latLngToContainerPoint(centre); return [point.x, point.y]; }""",
            number,
        )
        page.wait_for_timeout(2500)
        box = page.locator("iframe").bounding_box()
        assert box is not None
        began = time.perf_counter()
        page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
        page.get_by_role("heading", name=f"building {number}", exact=True).wait_for()
        if at:
            taken.append(time.perf_counter() - began)
        page.wait_for_timeout(500)
    return taken
