"""An open tab's websocket, which ends with the session it was opened in."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable

from starlette.types import Message, Receive, Scope, Send

SIGNED_OUT = 4401
"""The close code our script in the page knows; codes from 4000 on are an application's own."""
FRAMES_WITH_ID = 8
MOST_OWNED = 20_000
PROTOCOL = b"sec-websocket-protocol"
IDS = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Owners:
    """Whose each of Streamlit's page sessions is: what was typed and shown in one is never handed to somebody else.

    >>> owners = Owners()
    >>> owners.note("wang", b"..8a1f4c1e-0c1b-4c57-9a76-2f3f8a0d5b11..")
    >>> owners.is_of("8a1f4c1e-0c1b-4c57-9a76-2f3f8a0d5b11", "wang"), owners.is_of("8a1f", "wang")
    (True, False)
    """

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, str] = OrderedDict()

    def note(self, user: str, frame: bytes) -> None:
        """Note the ids in a frame sent to a user's tab as theirs."""
        for found in IDS.findall(frame):
            self._by_id.setdefault(found.decode(), user)
        while len(self._by_id) > MOST_OWNED:
            self._by_id.popitem(last=False)

    def is_of(self, page_session: str, user: str) -> bool:
        """Tell whether a page session is known to be a user's."""
        return self._by_id.get(page_session) == user

    def is_of_another(self, page_session: str, user: str) -> bool:
        """Tell whether a page session is known to be somebody else's."""
        return self._by_id.get(page_session, user) != user


def without_foreign_session(scope: Scope, owners: Owners, user: str) -> Scope:
    """Return a websocket's scope in which it takes up no page session but one of the same user.

    A browser names the session to take up as the third of its subprotocols.
    """
    return {**scope, "headers": list(_own_headers(scope["headers"], owners, user))}


def _own_headers(headers: Iterable[tuple[bytes, bytes]], owners: Owners, user: str) -> Iterable[tuple[bytes, bytes]]:
    for name, value in headers:
        named = [part.strip() for part in value.split(b",")]
        foreign = name == PROTOCOL and len(named) > 2 and not owners.is_of(named[2].decode("latin-1"), user)
        yield name, b", ".join(named[:2]) if foreign else value


class Tab:
    """The two ends of a websocket as the app sees them; when ``ended`` is set, both close."""

    def __init__(self, receive: Receive, send: Send, ended: asyncio.Event, *, owners: Owners, user: str) -> None:
        self._receive, self._send = receive, send
        self._owners, self._user = owners, user
        self._frames = 0
        self._closed = False
        self._incoming: asyncio.Task[Message] | None = None
        self._ended = asyncio.create_task(ended.wait())

    async def receive(self) -> Message:
        """Return the browser's next message; a disconnection once the session has ended."""
        if self._incoming is None:
            self._incoming = asyncio.create_task(_next(self._receive))
        await asyncio.wait({self._incoming, self._ended}, return_when=asyncio.FIRST_COMPLETED)
        if not self._ended.done():
            message = await self._incoming
            self._incoming = None
            return message
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": SIGNED_OUT, "reason": "signed out"})
        return {"type": "websocket.disconnect", "code": SIGNED_OUT}

    async def send(self, message: Message) -> None:
        """Send one of the app's messages, none any more once the session has ended."""
        if self._closed:
            return
        if self._frames < FRAMES_WITH_ID and message.get("bytes"):
            self._frames += 1
            self._owners.note(self._user, message["bytes"])
        self._closed = message["type"] == "websocket.close"
        await self._send(message)

    def leave(self) -> None:
        """Wait for nothing any more."""
        for waiting in (self._incoming, self._ended):
            if waiting is not None:
                waiting.cancel()


async def _next(receive: Receive) -> Message:
    return await receive()
