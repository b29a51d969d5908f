"""The guard: nobody passes without a session, foreign pages change nothing, and what browsers are told."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from geo.access.reads import HeldRole
from geo.access.rules import ROUTE_ACTIONS
from geo.access.sessions import COOKIE, Visitor
from geo.errors import StoreUnavailable
from geo.store.session import Actor
from geo.web.guard import KEYED, Guard, content_policy
from geo.web.tab import SIGNED_OUT
from geo.web.visitors import FRESH_S, LOOK_EVERY_S, Visitors

OURS = "localhost:8501"
PAGES = ["/", "/places", "/neighbourhood_map?place=building:7", "/users", "/no/such/page"]
DATA = [
    "/tiles/building/14/1/1.mvt", "/classes/building", "/names/building/7", "/api/v1/requests", "/media/0a1b.csv",
    "/_stcore/stream", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/s/f", "/app/static/x.png",
    "/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/bidi-components/x.js", "/static/js/index.js",
    "/component/streamlit_folium.st_folium/index.html", "/auth/logout",
]  # fmt: skip
ANYBODYS = ["/sign-in", "/sign-in/outside", "/sign-in/password", "/_stcore/health", "/favicon.png", "/assets/x.css"]
NEARLY_OPEN = ["/sign-in/../places", "/sign-inn", "/x/_stcore/health", "//assets/x", "/favicon.png/x", "/assetsx"]


class Known(Visitors):
    """Visitors by token, without a database."""

    def __init__(self, **known: Visitor) -> None:
        super().__init__()
        self.by_token = known

    async def visitor(self, token: str | None) -> Visitor | None:
        return self.by_token.get(token or "")


def visitor(role: str, *, must_change: bool = False) -> Visitor:
    return Visitor(Actor(role), 1, role, (HeldRole(role, None, None, None, None),), must_change)


KNOWN = Known(planner=visitor("planner"), auditor=visitor("auditor"), due=visitor("planner", must_change=True))


async def _hello(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    who = scope.get("state", {}).get("visitor")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"DENY")]})
    await send({"type": "http.response.body", "body": who.actor.name.encode() if who else b"hello"})


def ask(
    path: str = "/",
    kind: str = "http",
    *,
    method: str = "GET",
    user: str = "",
    visitors: Visitors | None = None,
    **headers: str,
) -> list[Message]:
    """Make one connection through the guard and return what was sent back."""
    named = {"host": OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    named |= {"cookie": f"other=1; {COOKIE}={user}"} if user else {}
    path, _mark, query = path.partition("?")
    scope = {
        "type": kind, "method": method, "path": path, "query_string": query.encode(), "client": ("127.0.0.1", 5000),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(_hello, visitors or KNOWN)(scope, receive, send))
    return sent


def status(path: str = "/", **asked: Any) -> int:
    return int(ask(path, **asked)[0]["status"])


def header(sent: list[Message], name: str) -> str:
    return dict(sent[0]["headers"])[name.encode()].decode()


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_led_from_a_page_to_the_sign_in_and_back(path: str) -> None:
    sent = ask(path)
    assert sent[0]["status"] == 303
    assert header(sent, "location").startswith("/sign-in?next=/")
    assert status(path, user="planner") == 200


def test_the_page_asked_for_is_named_whole() -> None:
    assert header(ask("/places?place=building:7&lang=zh_CN"), "location") == (
        "/sign-in?next=/places%3Fplace%3Dbuilding%3A7%26lang%3Dzh_CN"
    )


@pytest.mark.parametrize("path", DATA)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
def test_nobody_gets_401_from_everything_that_is_no_page(path: str, method: str) -> None:
    assert status(path, method=method) == 401
    assert status(path, method=method, user="planner") == 200


@pytest.mark.parametrize("path", ANYBODYS)
def test_the_sign_in_and_what_holds_no_data_is_open(path: str) -> None:
    assert status(path) == 200


@pytest.mark.parametrize("path", NEARLY_OPEN)
def test_what_only_looks_like_an_open_path_is_closed(path: str) -> None:
    assert status(path) in {303, 401}


@pytest.mark.parametrize("path", PAGES)
def test_nobody_posts_to_a_page(path: str) -> None:
    assert status(path, method="POST") == 401


def test_a_websocket_takes_a_session() -> None:
    assert ask("/_stcore/stream", "websocket")[0]["type"] == "websocket.close"
    assert ask("/_stcore/stream", "websocket", user="never-given")[0]["type"] == "websocket.close"
    assert ask("/_stcore/stream", "websocket", user="due")[0]["type"] == "websocket.close"
    assert ask("/_stcore/stream", "websocket", user="planner")[0]["type"] == "websocket.accept"


def test_routes_for_other_systems_ask_for_a_key_themselves_and_are_told_who_is_signed_in() -> None:
    assert status(f"{KEYED}v2/requests.json") == 200
    assert ask(f"{KEYED}v2/requests.json", user="planner")[1]["body"] == b"planner"
    assert status(f"{KEYED}v2/requests.json", user="never-given") == 200


@pytest.mark.parametrize("prefix", [prefix for prefix in ROUTE_ACTIONS if prefix != KEYED])
def test_our_routes_ask_what_the_roles_may_do(prefix: str) -> None:
    for user in ("planner", "auditor"):
        wanted = 200 if KNOWN.by_token[user].may(ROUTE_ACTIONS[prefix]) else 403
        assert status(f"{prefix}x", user=user) == wanted


def test_who_asks_is_told_to_the_routes_and_nobody_else_is() -> None:
    assert ask(user="planner")[1]["body"] == b"planner"
    assert ask("/assets/map.js", user="planner")[1]["body"] == b"hello"


def test_a_database_that_is_away_is_told_in_words_on_pages_and_as_a_code_elsewhere() -> None:
    class Away(Known):
        async def visitor(self, token: str | None) -> Visitor | None:
            raise StoreUnavailable("The database does not answer.")

    page, data = ask("/places", visitors=Away()), ask("/tiles/x", visitors=Away())
    assert (page[0]["status"], data[0]["status"]) == (503, 503)
    assert "The database does not answer." in page[1]["body"].decode()
    assert header(page, "content-type").startswith("text/html")
    assert header(data, "content-type") == "application/json"
    assert ask("/_stcore/stream", "websocket", visitors=Away())[0]["type"] == "websocket.close"


def test_who_has_a_password_to_change_does_nothing_else() -> None:
    assert header(ask("/places", user="due"), "location") == "/sign-in/password?next=/places"
    assert status("/tiles/building/14/1/1.mvt", user="due") == 403
    assert status("/sign-in/password", user="due") == 200


def test_a_foreign_page_may_not_write() -> None:
    for origin in ("http://evil.example", "http://localhost:9999", "null"):
        assert status("/sign-in", method="POST", origin=origin) == 403
        assert status(method="PUT", origin=origin, user="planner") == 403
    assert status(method="POST", origin=f"http://{OURS}", user="planner") == 200


def test_a_foreign_page_may_not_open_a_websocket() -> None:
    for origin in ("http://evil.example", "null"):
        assert ask(kind="websocket", origin=origin, user="planner")[0]["type"] == "websocket.close"
    assert ask(kind="websocket", origin=f"http://{OURS}", user="planner")[0]["type"] == "websocket.accept"


def test_every_answer_carries_the_security_headers() -> None:
    for path in ("/", "/sign-in", "/tiles/building/14/1/1.mvt", "/component/x/index.html"):
        for user in ("", "planner"):
            sent = ask(path, user=user)
            assert header(sent, "content-security-policy") == content_policy(path)
            assert header(sent, "x-content-type-options") == "nosniff"


def directives(path: str) -> dict[str, set[str]]:
    parts = [part.split() for part in content_policy(path).split(";")]
    return {name: set(values) for name, *values in parts}


@pytest.mark.parametrize("path", ["/", "/sign-in", "/component/streamlit_folium.st_folium/index.html"])
def test_everything_comes_from_this_host(path: str) -> None:
    told = directives(path)
    for name in ("default-src", "connect-src", "font-src", "frame-src", "form-action", "base-uri", "frame-ancestors"):
        assert told[name] == {"'self'"}
    assert told["object-src"] == {"'none'"}
    assert told["img-src"] == {"'self'", "data:", "blob:"}


def test_only_the_frame_of_the_map_may_evaluate_and_run_inline_scripts() -> None:
    unsafe = {"'unsafe-inline'", "'unsafe-eval'"}
    assert not directives("/")["script-src"] & unsafe
    assert not directives("/sign-in")["script-src"] & unsafe
    assert not directives("/sign-in")["style-src"] & unsafe
    assert directives("/component/streamlit_folium.st_folium/index.html")["script-src"] >= unsafe


def test_sessions_of_open_tabs_are_looked_up_every_three_seconds_and_others_once_a_second() -> None:
    assert (LOOK_EVERY_S, FRESH_S) == (3.0, 1.0)


def test_a_tab_ends_when_its_session_is_seen_to_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.web.visitors.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("geo.web.visitors.still_open", lambda _tokens: set())
    heard: list[Message] = []

    async def idle(_scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        heard.append(await receive())
        await send({"type": "websocket.send", "bytes": b"too late"})

    async def silence() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", OURS.encode()), (b"cookie", f"{COOKIE}=planner".encode())]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(asyncio.wait_for(Guard(idle, Known(planner=visitor("planner")))(scope, silence, send), 10))
    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert sent[1]["code"] == SIGNED_OUT
    assert heard[0]["type"] == "websocket.disconnect"


def test_a_page_session_is_taken_up_by_its_own_user_only() -> None:
    page_session = "8a1f4c1e-0c1b-4c57-9a76-2f3f8a0d5b11"
    named: list[bytes] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        named.append(dict(scope["headers"])[b"sec-websocket-protocol"])
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": f"..{page_session}..".encode()})

    async def connect(guard: Guard, user: str) -> None:
        headers = [
            (b"host", OURS.encode()),
            (b"cookie", f"{COOKIE}={user}".encode()),
            (b"sec-websocket-protocol", f"streamlit, xsrf, {page_session}".encode()),
        ]

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(_message: Message) -> None:
            pass

        await guard({"type": "websocket", "path": "/_stcore/stream", "headers": headers}, receive, send)

    async def all_of_them() -> int:
        guard = Guard(app, KNOWN)
        for user in ("planner", "planner", "auditor"):
            await connect(guard, user)
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        path = f"/_stcore/upload_file/{page_session}/f"
        cookie = [(b"cookie", f"{COOKIE}=auditor".encode())]
        scope = {"type": "http", "method": "PUT", "path": path, "headers": cookie}
        await guard(scope, send, send)  # type: ignore[arg-type]
        return int(sent[0]["status"])

    assert asyncio.run(all_of_them()) == 403
    assert named == [b"streamlit, xsrf", f"streamlit, xsrf, {page_session}".encode(), b"streamlit, xsrf"]
