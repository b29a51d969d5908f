"""The guard: only this machine, only our own pages, and what browsers are told."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from geo.web.guard import Guard, content_policy

OURS = "localhost:8501"


async def _hello(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(kind: str = "http", method: str = "GET", client: str = "127.0.0.1", **headers: str) -> list[Message]:
    """Make one connection through the guard and return what was sent back."""
    named = {"host": OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": kind,
        "method": method,
        "path": "/",
        "client": (client, 5000),
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(_hello)(scope, receive, send))
    return sent


def status(**asked: Any) -> int:
    return int(ask(**asked)[0]["status"])


def test_this_machine_gets_an_answer_with_the_security_headers() -> None:
    start, body = ask()
    headers = dict(start["headers"])
    assert body["body"] == b"hello"
    assert headers[b"content-security-policy"].decode() == content_policy("/")
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize("client", ["10.0.0.7", "192.168.1.2", "2001:db8::1", "::ffff:10.0.0.7"])
def test_another_machine_is_refused(client: str) -> None:
    assert status(client=client) == 403


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_what_a_proxy_passes_on_is_refused(header: str) -> None:
    assert status(**{header: "10.0.0.7"}) == 403


def test_a_foreign_name_for_this_machine_is_refused() -> None:
    assert status(host="rebound.example") == 403
    assert status(host="127.0.0.1:8501") == 200


def test_a_foreign_page_may_not_write() -> None:
    assert status(method="POST", origin="http://evil.example") == 403
    assert status(method="POST", origin="http://localhost:9999") == 403
    assert status(method="POST", origin=f"http://{OURS}") == 200


def test_a_foreign_page_may_not_open_a_websocket() -> None:
    assert ask("websocket", origin="http://evil.example")[0]["type"] == "websocket.close"
    assert ask("websocket", origin=f"http://{OURS}")[0]["type"] == "websocket.accept"


def test_only_the_frame_of_the_map_may_evaluate_scripts() -> None:
    assert "'unsafe-eval'" not in content_policy("/").replace("'wasm-unsafe-eval'", "")
    assert " 'unsafe-eval'" in content_policy("/component/streamlit_folium.st_folium/index.html")
