"""The route of what a browser loads: a short list of files, all from this host."""

import mimetypes
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.errors import NotFound
from geo.i18n import N_
from geo.maps.files import FILES, content, fingerprint
from geo.web.answers import Body, answering, pack, send


def route() -> Route:
    """Return the route of the assets."""
    return Route("/assets/{name}", answering(answer))


async def answer(request: Request) -> Response:
    """Answer with one of FILES; with its fingerprint in the address it may be kept for good."""
    name = request.path_params["name"]
    if name not in FILES or not all(part.is_file() for part in FILES[name]):
        raise NotFound(N_("There is no file {name}"), name=name)
    return send(request, _body(name), lasting=request.query_params.get("v") == fingerprint(name))


@cache
def _body(name: str) -> Body:
    media_type, _encoding = mimetypes.guess_type(name)
    return pack(content(name), media_type or "application/octet-stream")
