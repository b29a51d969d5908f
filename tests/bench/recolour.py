"""Recolouring the map of a large city: from known classes to the painted map, without a tile fetched anew."""

from collections.abc import Iterator
from itertools import product
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Frame, Page, sync_playwright

from geo.briefing.class_arrays import KINDS
from tests.bench import city
from tests.bench.case import Case, middle
from tests.bench.map import CHROMIUM, COMPLETE, QUIET, frame_of, serving, window
from tests.browser.conftest import look_closely

TOPICS = ("duty", "away")
TURNS = 6
LOOKS = ((16, "buildings"), (12, "compounds of the buildings"))
RECOLOURED = """async topic => {
    const { map, update } = Yizhan, { dataset } = document.body, before = dataset.repainted;
    const began = performance.now();
    const classes = Object.fromEntries(
        Object.keys(map.state.classes).map(kind => [kind, `/classes/${kind}?topic=${topic}&turn=${began}`]));
    const updated = update({ ...map.state, classes });
    const frame = () => new Promise(requestAnimationFrame);
    while (dataset.repainted === before) await frame();
    await frame();
    const took = performance.now() - began;
    await updated;
    return [took, map.classes.building.values.length];
}"""


def cases(buildings: int) -> Iterator[Case]:
    """Measure it in the browser, close by where buildings are drawn and from afar."""
    city.ready(buildings)
    try:
        with serving("app:app") as app:
            cookie = {"Cookie": city.session_cookie()}
            for topic, kind in product(TOPICS, KINDS):
                urlopen(Request(f"{app}/classes/{kind}?topic={topic}", headers=cookie), timeout=300).close()
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
                yield from in_the_browser(browser, app, buildings)
                browser.close()
    finally:
        city.stop()


def in_the_browser(browser: Browser, app: str, buildings: int) -> Iterator[Case]:
    """Open the coverage page and change what its map is coloured by."""
    with window(browser) as page:
        tiles: list[str] = []
        page.goto(f"{app}/coverage", wait_until="commit")
        frame = frame_of(page)
        frame.wait_for_function(COMPLETE)
        middle_of = frame.evaluate("() => { const at = Yizhan.map.leaflet.getCenter(); return [at.lng, at.lat]; }")
        page.on("request", lambda asked: tiles.append(asked.url) if "/tiles/" in asked.url else None)
        for zoom, places in LOOKS:
            look_closely(frame, *middle_of, zoom)
            page.wait_for_timeout(4000)
            tiles.clear()
            seconds = middle(_turns(page, frame))
            name = f"{places} of {buildings:,} recoloured, zoom {zoom}, from the result to the painted map"
            yield Case(name, "s", seconds, "< 1")
            yield Case(f"tiles fetched meanwhile, zoom {zoom}", "tiles", len(tiles), "< 1")


def _turns(page: Page, frame: Frame) -> list[float]:
    taken = []
    for turn in range(TURNS):
        took_ms, known = frame.evaluate(RECOLOURED, TOPICS[turn % len(TOPICS)])
        if not known:
            raise AssertionError("nothing was recoloured")
        page.wait_for_timeout(300)
        if turn:
            taken.append(took_ms / 1000)
    return taken
