"""What a browser loads for a map: one script and one stylesheet, put together from ours and npm's, from this host."""

import hashlib
from functools import cache
from pathlib import Path

from geo.settings import ROOT

OWN = Path(__file__).parent / "assets"
FROM_NPM = ROOT / "node_modules"

PARTS = "style", "repaint", "pick", "cells", "panel", "try", "map"
LEAFLET = FROM_NPM / "leaflet/dist"
FILES: dict[str, tuple[Path, ...]] = {
    "leaflet.js": (LEAFLET / "leaflet.js",),
    "leaflet.css": (LEAFLET / "leaflet.css",),
    "first.js": (OWN / "yizhan-first.js",),
    "tab.js": (OWN / "tab.js",),
    "sign-in.js": (OWN / "sign-in.js", OWN / "visit-form-leave.js"),
    "sign-in.css": (OWN / "sign-in.css",),
    "visit-form.js": (OWN / "visit-queue.js", OWN / "visit-form.js"),
    "visit-form.css": (OWN / "visit-form.css",),
    "request-form.js": (OWN / "request-form.js",),
    "request-form.css": (OWN / "request-form.css",),
    "visit-form-worker.js": (OWN / "visit-form-worker.js",),
    "house.svg": (OWN / "house.svg",),
    "yizhan-draw.js": (OWN / "yizhan-draw.js",),
    "yizhan-siting.js": (OWN / "yizhan-siting.js",),
    "map.css": (LEAFLET / "leaflet.css", OWN / "yizhan-map.css"),
    "map.js": (
        LEAFLET / "leaflet.js",
        FROM_NPM / "protomaps-leaflet/dist/protomaps-leaflet.js",
        *(OWN / f"{name}.js" for name in ("gcj02", *(f"yizhan-{part}" for part in PARTS))),
    ),
}
"""streamlit-folium loads one script after the other: a single one shows the map sooner."""


@cache
def content(name: str) -> bytes:
    """Return one of FILES, its parts one after the other; FileNotFoundError before ``npm ci``."""
    separator = b"\n;\n" if name.endswith(".js") else b"\n"
    return separator.join(part.read_bytes() for part in FILES[name])


@cache
def fingerprint(name: str) -> str:
    """Return a short name of a file's content, for addresses that may be kept for good."""
    return hashlib.blake2b(content(name), digest_size=6).hexdigest()
