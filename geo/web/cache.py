"""What the server remembers: packed bodies, the least recently used forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable

from geo.web.answers import Body

MB = 1024 * 1024


class Bodies:
    """Packed bodies by key, at most so many bytes of them.

    >>> from geo.web.answers import pack
    >>> kept = Bodies(capacity_bytes=1200)
    >>> for name in "abc": kept.put(name, pack(name.encode(), "text/plain"))
    >>> kept.get("a") is None, kept.get("c") is None
    (True, False)
    """

    OVERHEAD = 500

    def __init__(self, capacity_bytes: int = 256 * MB) -> None:
        self.capacity_bytes = capacity_bytes
        self.bytes = 0
        self._bodies: OrderedDict[Hashable, Body] = OrderedDict()

    def get(self, key: Hashable) -> Body | None:
        """Return the body of a key, None when it is not here (any more)."""
        body = self._bodies.get(key)
        if body is not None:
            self._bodies.move_to_end(key)
        return body

    def put(self, key: Hashable, body: Body) -> None:
        """Remember a body, forgetting the longest unused ones that no longer fit."""
        self.forget(key)
        self._bodies[key] = body
        self.bytes += len(body.packed) + self.OVERHEAD
        while self.bytes > self.capacity_bytes and self._bodies:
            self.forget(next(iter(self._bodies)))

    def forget(self, key: Hashable) -> None:
        """Forget the body of a key."""
        body = self._bodies.pop(key, None)
        if body is not None:
            self.bytes -= len(body.packed) + self.OVERHEAD
