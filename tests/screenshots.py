"""Photograph the running product for the documents: ``python -m tests.screenshots [small|city] [page …]``."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "screenshots"
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
SIZES = {"": (1440, 1000), "-phone": (390, 844)}
SHOTS = {
    "sign-in": "/sign-in",
    "map": "/#map=17/36.4488/115.9800",
    "city": "/",
    "my-doors": "/my_doors",
    "import": "/import_files",
}
ROSTER = """地址,岗位,姓名,电话,任职日期,任期至
康桥城1号楼,楼栋长,林舒,13800000001,2026-03-01,2029-02-28
康桥城99号楼,楼栋长,何宁,13800000002,2026-03-01,2029-02-28
明珠学府2号楼1单元,单元长,秦朗,13800000003,2026-03-01,
幸福里7号楼,楼栋长,苏禾,13800000004,三月一日,
"""
COLOURS = 256
MAP_FRAME = "iframe[title*=folium]"
WITH_MAP = ("map", "city")
CALM_MS = 2500
PATIENCE_MS = 90_000
SERVE = "from geo.cli import main; main()"


@contextmanager
def server(size: str) -> Iterator[str]:
    """Run the product with a demo city of its own; yields the address it prints."""
    folder = Path(tempfile.mkdtemp(prefix="yz-"))
    folder.chmod(0o711)
    around = {name: value for name, value in os.environ.items() if not name.startswith(("YIZHAN_", "DATABASE_URL"))}
    running = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--demo", size, "--port", "0"],
        cwd=ROOT,
        env=around | {"YIZHAN_STATE_DIR": str(folder), "YIZHAN_LOG_LEVEL": "WARNING", "LANG": "C.UTF-8"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _address(running)
    finally:
        running.terminate()
        running.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _address(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    for line in running.stdout:
        found = re.search(r"http://[\d.]+:\d+", line)
        if found:
            return found[0]
    raise RuntimeError("The server ended before it said where it is.")


def photograph(browser: Browser, address: str, name: str) -> None:
    """Write the pictures of one page in both languages and at both widths."""
    for language, locale in LANGUAGES.items():
        for suffix, (width, height) in SIZES.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
            page = context.new_page()
            page.goto(address + SHOTS[name])
            if name != "sign-in":
                page.locator("button[value=demo-administrator]").click()
                page.wait_for_url(lambda url: "/sign-in" not in url)
            _wait_until_calm(page, has_map=name in WITH_MAP)
            if name in ACTS:
                ACTS[name](page)
            ending = "" if language == "en" else f"-{language}"
            _write(page.screenshot(), TARGET / f"{name}{ending}{suffix}.png")
            context.close()


def _wait_until_calm(page: Page, *, has_map: bool) -> None:
    page.wait_for_selector("h1", timeout=PATIENCE_MS)
    if urlsplit(page.url).path == "/sign-in":
        return
    page.wait_for_selector("[data-testid=stMain] h1", timeout=PATIENCE_MS)
    if has_map:
        map_frame = page.frame_locator(MAP_FRAME)
        map_frame.locator("body[data-painted]").wait_for(state="attached", timeout=PATIENCE_MS)
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached", timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)
    page.wait_for_timeout(CALM_MS)


def _open_a_building(page: Page) -> None:
    """Click across the map until a building's card is open."""
    box = page.locator(MAP_FRAME).bounding_box()
    assert box is not None
    for step in range(12):
        page.mouse.click(box["x"] + box["width"] * (0.45 + 0.013 * step), box["y"] + box["height"] * 0.6)
        page.wait_for_timeout(CALM_MS)
        if "place=building" in page.url:
            break
    page.mouse.move(5, 5)
    page.wait_for_timeout(CALM_MS)


def _find_a_head(page: Page) -> None:
    """Look up somebody by surname and open their doors."""
    page.locator("[data-testid=stMain] input[type=text]").first.fill("zhao")
    page.keyboard.press("Enter")
    page.wait_for_timeout(CALM_MS)
    page.locator("[data-testid=stMain] button").first.click()
    page.wait_for_url("**person=**")
    page.wait_for_timeout(2 * CALM_MS)


def _offer_a_roster(page: Page) -> None:
    """Upload a small roster and wait for what was found in it."""
    roster = {"name": "roster.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()}
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", files=[roster])
    page.locator(".st-key-import_read button").click()
    page.wait_for_url("**run=**", timeout=PATIENCE_MS)
    page.wait_for_selector("[data-testid=stDataFrame]", timeout=PATIENCE_MS)
    page.wait_for_timeout(2 * CALM_MS)


ACTS = {"map": _open_a_building, "my-doors": _find_a_head, "import": _offer_a_roster}


def _write(picture: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main(size: str = "city", *names: str) -> None:
    """Photograph the named pages, or all."""
    with server(size) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in names or SHOTS:
            photograph(browser, address, name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
