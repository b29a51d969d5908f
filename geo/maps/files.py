"""The files a browser loads for a map: a short list, all from this host."""

import hashlib
from functools import cache
from pathlib import Path

from geo.settings import ROOT

OWN = Path(__file__).parent / "assets"
FROM_NPM = ROOT / "node_modules"

FILES: dict[str, Path] = {
    "leaflet.js": FROM_NPM / "leaflet/dist/leaflet.js",
    "leaflet.css": FROM_NPM / "leaflet/dist/leaflet.css",
    "protomaps-leaflet.js": FROM_NPM / "protomaps-leaflet/dist/protomaps-leaflet.js",
    **{path.name: path for path in sorted(OWN.iterdir()) if path.suffix in {".js", ".css"}},
}


@cache
def fingerprint(name: str) -> str:
    """Return a short name of a file's content, for addresses that may be kept for good."""
    return hashlib.blake2b(FILES[name].read_bytes(), digest_size=6).hexdigest()
