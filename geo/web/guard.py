"""The guard in front of everything: who may pass, which routes their roles open, what a browser may do with answers."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.access.rules import ROUTE_ACTIONS, refusal
from geo.access.sessions import Visitor
from geo.errors import NotAllowed, NotSignedIn, YizhanError
from geo.i18n import N_
from geo.maps.base_maps import hosts
from geo.settings import settings
from geo.web import gate
from geo.web.answers import error_answer
from geo.web.request_form import FORM as REQUEST_FORM
from geo.web.request_form import HAND_IN, PLACES
from geo.web.sign_in import PASSWORD_PAGE
from geo.web.tab import Owners, Tab, without_foreign_session
from geo.web.visit_form import DUE, FORM, VISITS, WORKER
from geo.web.visitors import Visitors, token_of

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
MAP_FRAME = "/component/"
UPLOADS = "/_stcore/upload_file/"
SIGN_IN_PAGES = frozenset({"/sign-in", "/sign-in/demo", "/sign-in/outside", PASSWORD_PAGE, "/sign-out"})
OPEN = SIGN_IN_PAGES | {"/_stcore/health", "/favicon.png", "/favicon.ico", "/auth/login", "/oauth2callback"}
"""What anybody may ask for: nothing of it holds data of the city."""
OPEN_FILES = "/assets/"
KEYED = "/open311/"
"""Routes for other systems: a key in the query or form may stand for a session, so they ask who it is themselves."""
NO_PAGES = (
    "/tiles/", "/classes/", "/names/", "/api/", "/assets/", "/_stcore/", "/media/", "/component/", "/static/",
    "/app/static/", "/auth/", "/what-if/", "/siting/", "/attachments/", KEYED, PLACES, HAND_IN, DUE, VISITS, WORKER,
)  # fmt: skip


def is_page(path: str) -> bool:
    """Tell whether a path is a page for people; everything else is asked for by pages and programs."""
    return not path.startswith(NO_PAGES) and path not in OPEN


def is_own_page(path: str) -> bool:
    """Tell whether a page is ours alone, without Streamlit: it needs no inline style."""
    return path in SIGN_IN_PAGES or path.startswith((FORM, REQUEST_FORM))


def action_of(path: str) -> str | None:
    """Return the action a route asks for, None for what everybody who is signed in may have.

    >>> action_of("/tiles/building/14/1/1.mvt"), action_of("/places")
    ('see_map', None)
    """
    return next((action for prefix, action in ROUTE_ACTIONS.items() if path.startswith(prefix)), None)


def content_policy(path: str, base_map_hosts: tuple[str, ...] = ()) -> str:
    """Return the content security policy of a page: everything from this host, but for base maps when switched on.

    The frame of the map evaluates the scripts folium writes; no other page may, and our own pages have no inline style.
    """
    scripts = "'self' 'unsafe-inline' 'unsafe-eval'" if path.startswith(MAP_FRAME) else "'self'"
    styles = "'self'" if is_own_page(path) else "'self' 'unsafe-inline'"
    images = " ".join(["'self' data: blob:", *base_map_hosts])
    return (
        f"default-src 'self'; script-src {scripts}; style-src {styles}; img-src {images}; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


@lru_cache(maxsize=16)
def _headers(kind: str, base_map_hosts: tuple[str, ...], https: bool) -> tuple[tuple[bytes, bytes], ...]:
    told = {
        "content-security-policy": content_policy(kind, base_map_hosts),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), payment=()",
    }
    told |= {"strict-transport-security": "max-age=31536000"} if https else {}
    return tuple((name.encode(), value.encode()) for name, value in told.items())


def security_headers(path: str) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers every answer to a path carries."""
    kind = MAP_FRAME if path.startswith(MAP_FRAME) else "/sign-in" if is_own_page(path) else "/"
    return _headers(kind, hosts(), settings().https)


def is_same_origin(headers: Headers) -> bool:
    """Tell whether a request comes from our own pages; programs that are no browsers send no origin."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class Guard:
    """Lets nobody but signed-in users pass, as far as their roles go, and adds the security headers to every answer.

    Anonymous: pages lead to the sign-in, everything else is refused with 401, websockets with 403. A foreign origin
    is refused with 403 for websockets and for whatever changes something.
    """

    def __init__(self, app: ASGIApp, visitors: Visitors) -> None:
        self.app = app
        self.visitors = visitors
        self.owners = Owners()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on, or refuse it."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = security_headers(scope["path"])

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _value in more}
                message["headers"] = [*(one for one in message["headers"] if one[0] not in ours), *more]
            await send(message)

        try:
            refused = await self._refusal(scope)
        except YizhanError as error:
            shown = is_page(scope["path"]) and scope["method"] not in CHANGING
            refused = gate.failure(Request(scope), error) if shown else error_answer(scope, error)
        await (refused or self.app)(scope, receive, send_guarded)

    async def _refusal(self, scope: Scope) -> Response | None:
        """Return why a request may not pass, None when it may; who asks is then in its state."""
        path: str = scope["path"]
        if scope["method"] in CHANGING and not is_same_origin(Headers(scope=scope)):
            return PlainTextResponse("not allowed", status_code=403)
        if path in OPEN or path.startswith(OPEN_FILES):
            return None
        visitor = await self.visitors.visitor(token_of(scope["headers"]))
        if path.startswith(KEYED):
            known = visitor is not None and not visitor.must_change
            scope.setdefault("state", {})["visitor"] = visitor if known else None
            return None
        if visitor is None and path.startswith(REQUEST_FORM) and settings().public_request_form is not None:
            return None
        if visitor is None or visitor.must_change:
            return _sent_away(scope, visitor)
        action = action_of(path)
        if action is not None and not visitor.may(action):
            raise refusal(action)
        if path.startswith(UPLOADS) and self._is_of_another(path, visitor):
            raise NotAllowed(N_("This upload belongs to somebody else's page."))
        scope.setdefault("state", {})["visitor"] = visitor
        return None

    def _is_of_another(self, path: str, visitor: Visitor) -> bool:
        page_session = path.removeprefix(UPLOADS).partition("/")[0]
        return self.owners.is_of_another(page_session, visitor.actor.name)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = token_of(scope["headers"])
        visitor = await self._let_in(scope, token)
        if visitor is None or token is None:
            await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
            return
        user = visitor.actor.name
        scope = without_foreign_session(scope, self.owners, user)
        scope.setdefault("state", {})["visitor"] = visitor
        with self.visitors.tab(token) as ended:
            tab = Tab(receive, send, ended, owners=self.owners, user=user)
            try:
                await self.app(scope, tab.receive, tab.send)
            finally:
                tab.leave()

    async def _let_in(self, scope: Scope, token: str | None) -> Visitor | None:
        if not is_same_origin(Headers(scope=scope)):
            return None
        try:
            visitor = await self.visitors.visitor(token)
        except YizhanError:
            return None
        return None if visitor is None or visitor.must_change else visitor


def _sent_away(scope: Scope, visitor: Visitor | None) -> Response:
    path: str = scope["path"]
    if not is_page(path) or scope["method"] in CHANGING:
        if visitor is None:
            return error_answer(scope, NotSignedIn(N_("Nobody is signed in. Sign in first.")))
        return error_answer(scope, NotAllowed(N_("Your password has to be changed first. Open the sign-in page.")))
    query = scope.get("query_string", b"").decode("latin-1")
    asked = quote(path + (f"?{query}" if query else ""), safe="/")
    page = "/sign-in" if visitor is None else PASSWORD_PAGE
    return RedirectResponse(f"{page}?next={asked}", status_code=303, headers={"cache-control": "no-store"})
