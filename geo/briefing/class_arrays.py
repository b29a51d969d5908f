"""The classes the map is coloured by, kept as one byte an id: computed whole once, then only where a post changed."""

import itertools
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.maps.legend import HIDDEN, NO_PLACE, share_classes
from geo.people.reads import compound_shares, head_classes
from geo.planning.reads import parameters
from geo.store import versions
from geo.store.arrays import read_arrays
from geo.store.session import Actor, reading
from geo.store.statements import statement

KINDS = ("building", "compound", "community")
KEPT_PATCHES = 50
LATE_ENTRIES = 100
"""Entries are numbered before they are committed: a few older ones may become visible later and are read again."""
MOST_TO_PATCH = 5_000

Ids = NDArray[np.int64]
Codes = NDArray[np.uint8]

_states = itertools.count(time.time_ns())
"""Numbered from the start of the process: a browser may ask for what changed since a state of the one before."""


@dataclass
class Array:
    """Classes by id: values[id - first]; state names this content, patches what led to it."""

    kind: str
    places: int
    posts: int
    on: date
    last_entry: int
    first: int
    values: Codes
    state: int = field(default_factory=lambda: next(_states))
    patches: deque[tuple[int, Ids, Codes]] = field(default_factory=lambda: deque(maxlen=KEPT_PATCHES))

    def since(self, state: int) -> tuple[list[int], list[int]] | None:
        """Return ids and classes that changed since a state; None when that is not known any more."""
        if state == self.state:
            return [], []
        from_then = list(itertools.dropwhile(lambda patch: patch[0] != state, self.patches))
        if not from_then:
            return None
        ids = np.unique(np.concatenate([changed for _state, changed, _codes in from_then]))
        return ids.tolist(), self.values[ids - self.first].tolist()

    def change(self, ids: Ids, codes: Codes) -> None:
        """Write new classes of some ids and remember them as a patch; ids outside the array are left out."""
        inside = (ids >= self.first) & (ids < self.first + len(self.values))
        ids, codes = ids[inside], codes[inside]
        self.values[ids - self.first] = codes
        self.patches.append((self.state, ids, codes))
        self.state = next(_states)


def by_id(ids: Ids, codes: Codes) -> tuple[int, Codes]:
    """Return the first id and one byte for each id from it on, NO_PLACE where there is none.

    >>> by_id(np.array([7, 9]), np.array([1, 2], dtype=np.uint8))
    (7, array([  1, 254,   2], dtype=uint8))
    """
    if not len(ids):
        return 0, np.empty(0, dtype=np.uint8)
    first = int(ids.min())
    values = np.full(int(ids.max()) - first + 1, NO_PLACE, dtype=np.uint8)
    values[ids - first] = codes
    return first, values


def classes_of(
    connection: Connection,
    kind: str,
    on: date,
    *,
    building_ids: Sequence[int] | None = None,
    communities: Iterable[int] | None = None,
) -> tuple[Ids, Codes]:
    """Return ids and classes of a kind on a day: all, or those of some buildings or communities."""
    if kind == "building":
        chosen = parameters(connection)
        return head_classes(
            connection,
            on=on,
            ending_days=chosen["term_ending_days"],
            alarm_households=chosen["head_alarm_households"],
            building_ids=building_ids,
        )
    by: Literal["compound", "community"] = "compound" if kind == "compound" else "community"
    wanted = [None] if communities is None else list(communities)
    found = [compound_shares(connection, on=on, by=by, community_id=one) for one in wanted]
    shares = [share_classes(shares.share) for shares in found]
    empty: tuple[Ids, Codes] = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint8))
    return (np.concatenate([s.ids for s in found]), np.concatenate(shares)) if found else empty


class ClassArrays:
    """The class arrays of every scope and kind, brought up to date when asked for."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, str], Array] = {}
        self._lock = threading.Lock()

    def current(self, actor: Actor, kind: str, on: date) -> Array:
        """Return the array of a kind as it is now for an actor."""
        with self._lock, reading(actor) as connection:
            counters, seen = versions.current(connection), sees(connection)
            known = self._arrays.get((seen, kind))
            same_places = known is not None and known.on == on and known.places == counters["places"]
            if known is None or not same_places or not self._patched(connection, known, counters["posts"]):
                known = self._compute(connection, kind, on, counters)
            self._arrays[seen, kind] = known
            return known

    def _compute(self, connection: Connection, kind: str, on: date, counters: dict[str, int]) -> Array:
        last = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM audit_entry").scalar_one())
        first, values = by_id(*classes_of(connection, kind, on))
        return Array(kind, counters["places"], counters["posts"], on, last, first, values)

    def _patched(self, connection: Connection, known: Array, posts: int) -> bool:
        if known.posts == posts:
            return True
        recent = connection.exec_driver_sql(statement("briefing", "last_changes"), {"since": known.last_entry}).one()
        told_one_by_one = recent.others == 0 and recent.of_heads >= posts - known.posts
        if not told_one_by_one:
            return False
        since = max(0, known.last_entry - LATE_ENTRIES)
        changed = connection.exec_driver_sql(statement("briefing", "changed_buildings"), {"since": since}).all()
        if len(changed) > MOST_TO_PATCH:
            return False
        if changed:
            buildings, communities = [row[0] for row in changed], {row[1] for row in changed}
            known.change(*classes_of(connection, known.kind, known.on, building_ids=buildings, communities=communities))
        known.posts, known.last_entry = posts, int(recent.last)
        return True


def sees(connection: Connection) -> str:
    """Return what an actor sees as a key: the database, and every community or the actor's own."""
    city_wide, communities, database = connection.exec_driver_sql(statement("briefing", "sees")).one()
    return f"{database}:" + ("*" if city_wide else ",".join(map(str, communities)))


ARRAYS = ClassArrays()
"""The arrays of this process: the routes and the pages look at the same ones."""


def inside(connection: Connection, kind: str, *, community_id: int | None, compound_kind: str | None) -> Ids:
    """Return the ids of a kind that a filter by community or kind of compound lets through."""
    values = {"community_id": community_id, "compound_kind": compound_kind}
    return np.asarray(read_arrays(connection, statement("briefing", f"inside_{kind}"), {"id": "int8"}, values)["id"])


def filtered(array: Array, ids: Ids) -> Codes:
    """Return the classes with HIDDEN for every place that is not among the ids."""
    hidden = np.where(array.values == NO_PLACE, NO_PLACE, HIDDEN).astype(np.uint8)
    shown = ids[(ids >= array.first) & (ids < array.first + len(array.values))] - array.first
    hidden[shown] = array.values[shown]
    return hidden
