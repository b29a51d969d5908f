"""The map in the head of its page: what is put there, and what of an answer stays as it was."""

import asyncio
from dataclasses import replace

import pytest
from starlette.types import Message

from geo.briefing.first_look import FirstLook
from geo.maps.city_map import Look
from geo.web.first_look import Insertion, head_tags, is_map_page, unconditional

LOOK = Look({"base": "base1", "places": "places1"}, {"building": "/classes/building?v=1"}, "1")
FIRST = FirstLook((115.9, 36.4, 116.0, 36.5), LOOK)


def passed_on(headers: list[tuple[bytes, bytes]], *parts: bytes) -> list[Message]:
    """Pass an answer in parts through the insertion of ``<x>``; return what was sent."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def answer() -> None:
        inserting = Insertion(b"<x>", send)
        await inserting({"type": "http.response.start", "status": 200, "headers": headers})
        for part in parts:
            await inserting({"type": "http.response.body", "body": part, "more_body": True})
        await inserting({"type": "http.response.body", "body": b"", "more_body": False})

    asyncio.run(answer())
    return sent


def test_the_map_comes_first_in_the_head_and_the_length_is_right() -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"25"), (b"etag", b'"1"')]
    start, body = passed_on(headers, b"<html><he", b"ad><body></html>")
    assert body["body"] == b"<html><head><x><body></html>"
    told = dict(start["headers"])
    assert told[b"content-length"] == str(len(body["body"])).encode()
    assert b"etag" not in told


def test_what_is_no_page_passes_as_it_is() -> None:
    headers = [(b"content-type", b"text/plain"), (b"etag", b'"1"')]
    start, first, _last = passed_on(headers, b"<head>")
    assert start["headers"] == headers
    assert first["body"] == b"<head>"


@pytest.mark.parametrize(
    ("kind", "method", "path", "wanted"),
    [("http", "GET", "/", True), ("http", "GET", "/places", False), ("http", "POST", "/", False),
     ("websocket", "GET", "/", False)],
)  # fmt: skip
def test_only_the_page_of_the_map_carries_it(kind: str, method: str, path: str, wanted: bool) -> None:
    assert is_map_page({"type": kind, "method": method, "path": path}) is wanted


def test_no_text_of_the_map_leaves_its_place_in_the_head() -> None:
    hostile = replace(FIRST, look=replace(LOOK, classes={"building": "</script><script>alert(1)</script>"}))
    assert head_tags(hostile).count("<script") == head_tags(FIRST).count("<script") == 3


def test_a_page_asked_for_again_is_sent_again_because_its_map_may_have_changed() -> None:
    asked = {"type": "http", "headers": [(b"if-none-match", b'"1"'), (b"host", b"here")]}
    assert unconditional(asked)["headers"] == [(b"host", b"here")]
