"""The route of what a browser loads: a short list of files, all from this host."""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo import maps
from geo.errors import NotFound
from geo.i18n import N_
from geo.settings import ROOT
from geo.web.answers import Body, answering, pack, send

OWN = Path(maps.__file__).parent / "assets"
FROM_NPM = ROOT / "node_modules"

FILES: dict[str, Path] = {
    "leaflet.js": FROM_NPM / "leaflet/dist/leaflet.js",
    "leaflet.css": FROM_NPM / "leaflet/dist/leaflet.css",
    "protomaps-leaflet.js": FROM_NPM / "protomaps-leaflet/dist/protomaps-leaflet.js",
    **{path.name: path for path in sorted(OWN.iterdir()) if path.suffix in {".js", ".css"}},
}


def route() -> Route:
    """Return the route of the assets."""
    return Route("/assets/{name}", answering(answer))


async def answer(request: Request) -> Response:
    """Answer with one of FILES; with its fingerprint in the address it may be kept for good."""
    name = request.path_params["name"]
    if name not in FILES or not FILES[name].is_file():
        raise NotFound(N_("There is no file {name}"), name=name)
    return send(request, _body(name), lasting=request.query_params.get("v") == fingerprint(name))


@cache
def _body(name: str) -> Body:
    media_type, _encoding = mimetypes.guess_type(name)
    return pack(FILES[name].read_bytes(), media_type or "application/octet-stream")


@cache
def fingerprint(name: str) -> str:
    """Return a short name of a file's content."""
    return hashlib.blake2b(FILES[name].read_bytes(), digest_size=6).hexdigest()
