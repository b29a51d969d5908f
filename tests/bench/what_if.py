"""A what-if on the coverage page in the browser: from the click to the repainted map and the numbers beside it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Row, text

from geo.access.actor import OPERATOR
from geo.store.session import reading
from tests.bench import city
from tests.bench.case import Case, middle
from tests.bench.demo import made_in
from tests.bench.map import CHROMIUM, COMPLETE, QUIET, frame_of, serving, window
from tests.browser.conftest import look_closely

PLACES = 8
SETTLED_MS = 2500
HEADED = text("""
SELECT b.id, ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat
FROM building b JOIN post p ON p.building_id = b.id AND p.kind = 'building_head' AND p.closed_on IS NULL
JOIN holding h ON h.post_id = p.id AND h.from_on <= current_date AND h.to_on IS NULL
WHERE b.closed_on IS NULL AND b.id % 101 = 7 ORDER BY b.id LIMIT :many
""")
VACANT = text("""
SELECT b.id, ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat
FROM building b JOIN post p ON p.building_id = b.id AND p.kind = 'building_head' AND p.closed_on IS NULL
WHERE b.closed_on IS NULL AND b.households BETWEEN 1 AND 40 AND NOT EXISTS (
    SELECT FROM holding h WHERE h.post_id = p.id AND (h.to_on IS NULL OR h.to_on > current_date)
) ORDER BY b.id LIMIT :many
""")
TRIES = (
    ("a head leaves", HEADED, re.compile("What if .* left")),
    ("somebody new steps in", VACANT, "What if somebody"),
)
PRESSED = "() => addEventListener('pointerdown', () => (window.pressed = Date.now()), {capture: true})"
SEEN = """() => { window.seen = new Promise((done, failed) => {
    const began = Date.now(), patience = 20000;
    const look = () => {
        if (Date.now() - began > patience) return failed(new Error('nothing was repainted'));
        const painted = Number(document.body.dataset.repainted) > began && document.querySelector('.yz-tried');
        requestAnimationFrame(painted ? () => done(Date.now()) : look);
    };
    look();
}); }"""


def cases(_buildings: int) -> Iterator[Case]:
    """Measure both kinds of change in the demo of a city, each beside the card of its building."""
    with city.apart("what_if"):
        made_in("city")
        with serving("app:app") as app, sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            for kind, query, button in TRIES:
                with reading(OPERATOR) as connection:
                    places = connection.execute(query, {"many": PLACES}).all()
                taken, tiles = in_the_browser(browser, app, places, button)
                name = f"what if {kind}, the demo of a city, from the click to map and numbers"
                yield Case(name, "s", middle(taken), "< 0.3")
                yield Case(f"tiles fetched meanwhile, {kind}", "tiles", tiles, "< 1")
            browser.close()


def in_the_browser(
    browser: Browser, app: str, places: Sequence[Row[Any]], button: "str | re.Pattern[str]"
) -> tuple[list[float], int]:
    """Return the seconds of each click but the first, and how many tiles were fetched meanwhile."""
    asked: list[str] = []
    taken, fetched = [], 0
    with window(browser) as page:
        page.on("request", lambda request: asked.append(request.url))
        for place in places:
            page.goto(f"{app}/coverage?place=building:{place.id}", wait_until="commit")
            frame = frame_of(page)
            frame.wait_for_function(COMPLETE)
            look_closely(frame, place.lon, place.lat, 17)
            wish = page.get_by_role("button", name=button).first
            wish.scroll_into_view_if_needed()
            page.wait_for_timeout(SETTLED_MS)
            page.evaluate(PRESSED)
            frame.evaluate(SEEN)
            asked.clear()
            wish.click()
            seen_ms = frame.evaluate("() => window.seen")
            taken.append((seen_ms - page.evaluate("() => window.pressed")) / 1000)
            fetched += sum("/tiles/" in url for url in asked)
    return taken[1:], fetched
