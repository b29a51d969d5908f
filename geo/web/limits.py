"""How often one address may try to sign in, or a key may ask: so many at once, then one after the other."""

import math
from collections import OrderedDict
from ipaddress import ip_address, ip_network

AT_ONCE = 10
ONE_MORE_EVERY_S = 6.0
MOST_ADDRESSES = 10_000
V6_NETWORK_BITS = 64


def neighbourhood(host: str | None) -> str:
    """Return what counts as one address: an IPv6 host may choose among all of its network's.

    >>> neighbourhood("192.0.2.7"), neighbourhood("2001:db8::1"), neighbourhood(None)
    ('192.0.2.7', '2001:db8::/64', 'unknown')
    """
    try:
        address = ip_address(host or "")
    except ValueError:
        return host or "unknown"
    if address.version == 4:
        return str(address)
    return str(ip_network((address, V6_NETWORK_BITS), strict=False))


class Attempts:
    """The tries every address has left, for a bounded number of addresses.

    at_once: how many it has to begin with; one_more_every_s: in how many seconds one comes back. Those of the sign-in
    unless said.
    """

    def __init__(self, at_once: int | None = None, one_more_every_s: float | None = None) -> None:
        self._most, self._pace_s = at_once, one_more_every_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, host: str | None, now: float) -> int:
        """Take one try of an address; return 0, or after how many seconds it may try again."""
        key = neighbourhood(host)
        left = self._now_left(key, now)
        if left < 1:
            return math.ceil((1 - left) * self._every_s)
        self._keep(key, left - 1, now)
        return 0

    def give_back(self, host: str | None, now: float) -> None:
        """Give a try back that was a success: a whole office may sign in from one address."""
        key = neighbourhood(host)
        self._keep(key, min(self._now_left(key, now) + 1, self._at_once), now)

    def _now_left(self, key: str, now: float) -> float:
        left, at = self._left.get(key, (float(self._at_once), now))
        return min(float(self._at_once), left + (now - at) / self._every_s)

    @property
    def _at_once(self) -> int:
        return AT_ONCE if self._most is None else self._most

    @property
    def _every_s(self) -> float:
        return ONE_MORE_EVERY_S if self._pace_s is None else self._pace_s

    def _keep(self, key: str, left: float, now: float) -> None:
        self._left[key] = (left, now)
        self._left.move_to_end(key)
        while len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
