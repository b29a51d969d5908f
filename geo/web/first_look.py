"""What a page's HTML carries along: the map, which paints while the page loads, and the script of the session."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.access.rules import home_page
from geo.briefing.first_look import FirstLook, first_look
from geo.errors import YizhanError
from geo.i18n import preferred_language, use_language
from geo.maps.city_map import SCRIPT, STYLESHEET, asset_address
from geo.maps.safe_text import script_value
from geo.web.answers import actor_of, visitor_of

MAP_PAGE = "neighbourhood_map"
MAP_PAGES = ("/", f"/{MAP_PAGE}")
FIRST_SCRIPT, TAB_SCRIPT = "first.js", "tab.js"
CONDITIONS = {b"if-none-match", b"if-modified-since", b"accept-encoding"}
HEAD = b"<head>"
INLINE_SCRIPT = re.compile(rb"<script>.*?</script>", re.DOTALL)
"""Streamlit's one inline script only speaks to services that render pages ahead; the content policy allows none."""


def is_map_page(scope: Scope) -> bool:
    """Tell whether a browser asks for the HTML of the map page."""
    return scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in MAP_PAGES


async def answer_with_page(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the page of the app and in its head what watches over the session, and the map where it is shown."""
    tags = tab_tag()
    if is_map_page(scope) and home_page(held.role for held in visitor_of(scope).roles) == MAP_PAGE:
        tags += await run_in_threadpool(_map_tags, Request(scope))
    await app(unconditional(scope), receive, Insertion(tags, send))


def tab_tag() -> bytes:
    """Return the script that leads to the sign-in when the session of a tab has ended; it has to run first."""
    return f'<script src="{asset_address(TAB_SCRIPT)}"></script>'.encode()


def unconditional(scope: Scope) -> Scope:
    """Return the same request without its conditions: what goes into the page may have changed while it has not."""
    return {**scope, "headers": [header for header in scope["headers"] if header[0] not in CONDITIONS]}


def _map_tags(request: Request) -> bytes:
    query = dict(parse_qsl(request.url.query))
    use_language(query.get("lang") or preferred_language(request.headers.get("accept-language", "")))
    try:
        found = first_look(actor_of(request), query)
    except YizhanError:
        return b""
    return head_tags(found).encode() if found else b""


def head_tags(found: FirstLook) -> str:
    """Return what goes into the head of the page: what the map shows, its style and scripts."""
    told = script_value({"bounds": found.bounds, "state": found.look.state()})
    scripts = "".join(f'<script defer src="{asset_address(name)}"></script>' for name in (SCRIPT, FIRST_SCRIPT))
    style = f'<link rel="stylesheet" href="{asset_address(STYLESHEET)}" data-yizhan-first>'
    return f'<script type="application/json" id="yizhan-first-look">{told}</script>{style}{scripts}'


class Insertion:
    """Passes an answer on with something put at the beginning of its head, when it is HTML."""

    def __init__(self, tags: bytes, send: Send) -> None:
        self._tags = tags
        self._send = send
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start" and _is_html(message["headers"]):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(self._start, b"".join(self._parts))

    async def _finish(self, start: Message, body: bytes) -> None:
        whole = INLINE_SCRIPT.sub(b"", body).replace(HEAD, HEAD + self._tags, 1)
        headers = MutableHeaders(scope=start)
        for name in ("etag", "last-modified"):
            del headers[name]
        headers["content-length"] = str(len(whole))
        headers["cache-control"] = "private, no-store"
        await self._send(start)
        await self._send({"type": "http.response.body", "body": whole})


def _is_html(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    told = Headers(raw=list(headers))
    return told.get("content-type", "").startswith("text/html") and "content-encoding" not in told
