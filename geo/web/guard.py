"""The guard in front of everything: who may connect at all, and what a browser may do with the answers."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.access.actor import is_loopback
from geo.maps.base_maps import hosts
from geo.settings import settings

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
MAP_FRAME = "/component/"


def content_policy(path: str) -> str:
    """Return the content security policy of a page: everything from this host, but for base maps when switched on.

    The frame of the map evaluates the scripts folium writes; nothing else may.
    """
    evaluation = "'unsafe-eval'" if path.startswith(MAP_FRAME) else "'wasm-unsafe-eval'"
    images = " ".join(["'self' data: blob:", *hosts()])
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-inline' {evaluation}; "
        f"style-src 'self' 'unsafe-inline'; img-src {images}; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; media-src 'self' blob:; "
        "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )


def is_local(client: str | None, headers: Headers) -> bool:
    """Tell whether a request was made on this machine, by a name of this machine, and not passed on by a proxy."""
    if client is None or not is_loopback(client) or any(name in headers for name in FORWARDED):
        return False
    asked = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return is_loopback(asked) or asked == settings().host


def is_same_origin(headers: Headers) -> bool:
    """Tell whether a request comes from our own pages; programs that are no browsers send no origin."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class Guard:
    """Refuses what is not local or comes from a foreign page, and adds the security headers to every answer.

    Until accounts exist, whoever reaches the app is the demo administrator: so only this machine may reach it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on, or refuse it with 403."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if not self._may_pass(scope):
            await self._refuse(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, scope["path"])
            await send(message)

        await self.app(scope, receive, send_guarded if scope["type"] == "http" else send)

    def _may_pass(self, scope: MutableMapping[str, Any]) -> bool:
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else None
        foreign_is_harmless = scope["type"] == "http" and scope["method"] not in CHANGING
        return is_local(client, headers) and (foreign_is_harmless or is_same_origin(headers))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
        else:
            await PlainTextResponse("not allowed", status_code=403)(scope, receive, send)


def _add_headers(message: Message, path: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["content-security-policy"] = content_policy(path)
    headers["x-content-type-options"] = "nosniff"
    headers["referrer-policy"] = "same-origin"
    headers["cross-origin-opener-policy"] = "same-origin"
    headers["cross-origin-resource-policy"] = "same-origin"
    headers["permissions-policy"] = "camera=(), microphone=(), payment=()"
