"""The real server on a port of its own and Debian's chromium; a request that leaves the host fails the test."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Playwright, sync_playwright

from geo.access.accounts import admit
from geo.access.sessions import COOKIE
from geo.settings import ROOT
from geo.store.cluster import Cluster

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-device-scale-factor=1",
]  # fmt: skip
START_PATIENCE_S = 90
PATIENCE_MS = 45_000
HERE = "127.0.0.1"
LOCAL_SCHEMES = {"data", "blob", "about"}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HERE, 0))
        return int(listener.getsockname()[1])


@contextmanager
def serving(log: Path, *, port: int | None = None, **environment: str) -> Iterator[str]:
    """Run the app as users do, on the state folder of this test run; yield its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "warning"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, env={**os.environ, **environment}, start_new_session=True
        )
    address = f"http://{HERE}:{port}"
    try:
        _wait(server, address, log)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(30)


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start: {log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def demo_app(demo_store_for_module: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over the small demo city, shared by the tests of a module."""
    with serving(tmp_path_factory.mktemp("server") / "log") as address:
        yield address


ADMINISTRATOR = "demo-administrator"


def signed_in(context: BrowserContext, user: str) -> str:
    """Give a browser the session of a user, as the sign-in would; return its token."""
    token = admit(user, device="browser test")
    context.add_cookies([{"name": COOKIE, "value": token, "url": f"http://{HERE}", "httpOnly": True}])
    return token


@contextmanager
def visiting(
    browser: Browser, *, width: int = 1440, height: int = 900, locale: str = "en-GB", user: str | None = ADMINISTRATOR
) -> Iterator[Page]:
    """Open a user's window; at its end fail for every request that left this host and every script error."""
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    context.set_default_timeout(PATIENCE_MS)
    if user is not None:
        signed_in(context, user)
    page = context.new_page()
    foreign: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: _is_foreign(request.url) and foreign.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert foreign == []
    assert errors == []


def _is_foreign(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in LOCAL_SCHEMES and parts.hostname not in {HERE, "localhost"}


@pytest.fixture
def page(browser: Browser, demo_app: str) -> Iterator[Page]:
    """A window of the demo administrator."""
    with visiting(browser) as opened:
        yield opened


def open_map(page: Page, address: str) -> Frame:
    """Open the map page and wait until it is painted and coloured; return the frame of the map."""
    page.goto(address)
    return painted(page)


def painted(page: Page) -> Frame:
    page.frame_locator("iframe").locator("body[data-painted][data-updated]").wait_for()
    return next(frame for frame in page.frames if "streamlit_folium" in frame.url)


def settled(frame: Frame) -> None:
    """Wait until no tile is being drawn any more."""
    frame.wait_for_function("() => Yizhan.map.layer && !Yizhan.map.layer.isLoading()")


def look_closely(frame: Frame, lon: float, lat: float, zoom: int = 18) -> None:
    frame.evaluate(
        "([lon, lat, zoom]) => Yizhan.map.leaflet.setView([lat, lon], zoom, {animate: false})", [lon, lat, zoom]
    )
    frame.wait_for_function("() => YizhanPick.pick(Yizhan.map, Yizhan.map.leaflet.getCenter()) !== null")
    settled(frame)


def view(frame: Frame) -> list[float]:
    return frame.evaluate(
        "() => { const c = Yizhan.map.leaflet.getCenter(); return [Yizhan.map.leaflet.getZoom(), c.lat, c.lng] }"
    )


def click_middle(page: Page) -> None:
    """Click what lies in the middle of the map."""
    box = page.locator("iframe").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
