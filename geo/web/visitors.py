"""Who is behind a request: sessions are looked up at most once a second, and open tabs end with theirs."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from anyio import CapacityLimiter, to_thread

from geo.access.sessions import COOKIE, Visitor, still_open, visitor_of
from geo.errors import YizhanError

LOG = logging.getLogger(__name__)
FRESH_S = 1.0
LOOK_EVERY_S = 3.0
MOST_KNOWN = 10_000
LONGEST_TOKEN = 100
LOOKUPS_AT_ONCE = 4
COOKIE_BYTES = COOKIE.encode() + b"="


def token_of(headers: list[tuple[bytes, bytes]]) -> str | None:
    """Return the session token among the headers of a request, None when there is none that could be one.

    >>> token_of([(b"cookie", b"a=1; yizhan_session=abc; b=2")]), token_of([(b"cookie", b"x_yizhan_session=abc")])
    ('abc', None)
    """
    for name, value in headers:
        if name == b"cookie":
            for part in value.split(b";"):
                if part.strip().startswith(COOKIE_BYTES):
                    token = part.strip()[len(COOKIE_BYTES) :].decode("latin-1")
                    return token if 0 < len(token) <= LONGEST_TOKEN else None
    return None


class Visitors:
    """The visitors of this server by their tokens, and the tabs they have open."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, Visitor | None]] = OrderedDict()
        self._asked: dict[str, asyncio.Task[Visitor | None]] = {}
        self._tabs: dict[asyncio.Event, str] = {}
        self._watch: asyncio.Task[None] | None = None
        self._lookups = CapacityLimiter(LOOKUPS_AT_ONCE)

    async def visitor(self, token: str | None) -> Visitor | None:
        """Return who is behind a token, as the database knew it at most a second ago."""
        if token is None:
            return None
        known = self._known.get(token)
        if known is not None and time.monotonic() - known[0] < FRESH_S:
            return known[1]
        asked = self._asked.get(token)
        if asked is None:
            asked = self._asked[token] = asyncio.create_task(self._look_up(token))
        return await asyncio.shield(asked)

    async def _look_up(self, token: str) -> Visitor | None:
        began = time.monotonic()
        try:
            found = await to_thread.run_sync(visitor_of, token, limiter=self._lookups)
            if self._asked.get(token) is asyncio.current_task():
                self._keep(token, began, found)
        finally:
            if self._asked.get(token) is asyncio.current_task():
                del self._asked[token]
        return found

    def _keep(self, token: str, began: float, found: Visitor | None) -> None:
        self._known[token] = (began, found)
        self._known.move_to_end(token)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def forget(self, token: str | None) -> None:
        """Forget a session that has ended, and end its tabs at once."""
        if token is not None:
            self._known.pop(token, None)
            self._asked.pop(token, None)
            self._end({token})

    @contextmanager
    def tab(self, token: str) -> Iterator[asyncio.Event]:
        """Watch over an open tab: the event is set as soon as its session is seen to have ended."""
        ended = asyncio.Event()
        self._tabs[ended] = token
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look_after_tabs())
        try:
            yield ended
        finally:
            del self._tabs[ended]

    async def _look_after_tabs(self) -> None:
        while self._tabs:
            await asyncio.sleep(LOOK_EVERY_S)
            tokens = set(self._tabs.values())
            try:
                alive = await to_thread.run_sync(still_open, tokens, limiter=self._lookups)
            except YizhanError:
                LOG.warning("Sessions could not be read; open tabs stay as they are", exc_info=True)
                continue
            self._end(tokens - alive)

    def _end(self, tokens: set[str]) -> None:
        for ended, token in self._tabs.items():
            if token in tokens:
                ended.set()
