"""The class arrays of the coverage page's map: kept as one byte an id for each scope and question."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection

from geo.access.reads import roles_of
from geo.briefing.class_arrays import Array, by_id, sees
from geo.briefing.coverage_kept import paint_kept
from geo.briefing.coverage_paint import OF_PLACES, Asked, Painted, Sources, paint, rooms
from geo.briefing.coverage_places import PlacesPainted, paint_places
from geo.briefing.coverage_tallies import Ints
from geo.coverage.chain_study import ChainStudy, load_chain
from geo.coverage.helpers_study import load_helpers
from geo.coverage.reach_study import StationReach, circle_limits, load_station_reach
from geo.coverage.station_room import StationRoom
from geo.planning.reads import parameters
from geo.store import versions
from geo.store.session import Actor, reading

K = TypeVar("K")
V = TypeVar("V")
KEPT_ARRAYS, KEPT_STUDIES = 60, 6


@dataclass(frozen=True)
class Versions:
    """The day and the data versions a computation rests on."""

    on: date
    places: int
    posts: int
    care: int
    base: int


class CoverageArrays:
    """The studies and class arrays of every scope, computed anew when the data has changed."""

    def __init__(self) -> None:
        self._studies: OrderedDict[str, tuple[Versions, ChainStudy]] = OrderedDict()
        self._reaches: OrderedDict[tuple[str, float, float], tuple[Versions, StationReach]] = OrderedDict()
        self._painted: OrderedDict[tuple[str, Asked], tuple[Versions, Painted]] = OrderedDict()
        self._arrays: OrderedDict[tuple[str, Asked, str], tuple[Versions, Array]] = OrderedDict()
        self._lock = threading.Lock()

    def study(self, actor: Actor, on: date) -> ChainStudy:
        """Return the duty chain as an actor sees it now."""
        with self._lock, reading(actor) as connection:
            return self._study(connection, scope_of(connection), _now(connection, on))

    def painted(self, actor: Actor, asked: Asked, on: date) -> Painted:
        """Return the classes of what was asked as an actor sees it now."""
        with self._lock, reading(actor) as connection:
            return self._paint(connection, scope_of(connection), asked, _now(connection, on))

    def current(self, actor: Actor, asked: Asked, kind: str, on: date) -> Array:
        """Return the array of a kind of place as it is now for an actor; it remembers what changed lately."""
        with self._lock, reading(actor) as connection:
            now, key = _now(connection, on), (scope_of(connection), asked, kind)
            known = self._arrays.get(key)
            if known is None or known[0] != now:
                painted = self._places(connection, key[0], asked, now) or self._paint(connection, key[0], asked, now)
                array = _brought_up(known[1] if known else None, painted, kind, now)
                _keep(self._arrays, key, (now, array), KEPT_ARRAYS)
                return array
            self._arrays.move_to_end(key)
            return known[1]

    def _paint(self, connection: Connection, scope: str, asked: Asked, now: Versions) -> Painted:
        known = self._painted.get((scope, asked))
        if known is None or known[0] != now:
            if asked.study_id is not None:
                known = now, paint_kept(connection, self._study(connection, scope, now), asked)
            else:
                known = now, paint(self._sources(connection, scope, asked, now), asked)
            _keep(self._painted, (scope, asked), known, KEPT_ARRAYS)
        return known[1]

    def rooms(self, actor: Actor, asked: Asked, on: date) -> tuple[Ints, StationRoom]:
        """Return the ids of the open stations, and what they serve and could serve, as an actor sees it now."""
        with self._lock, reading(actor) as connection:
            sources = self._sources(connection, scope_of(connection), asked, _now(connection, on))
        if sources.reach is None:
            raise ValueError("Rooms of stations are asked of the topic station.")
        return sources.reach.station_ids, rooms(sources, asked)[1]

    def reach(self, actor: Actor, on: date) -> StationReach:
        """Return the ways from every door to the next station as an actor sees them now."""
        with self._lock, reading(actor) as connection:
            return self._reach(connection, scope_of(connection), _now(connection, on))

    def _places(self, connection: Connection, scope: str, asked: Asked, now: Versions) -> PlacesPainted | None:
        if asked.topic not in OF_PLACES:
            return None
        return paint_places(connection, self._study(connection, scope, now), asked)

    def _sources(self, connection: Connection, scope: str, asked: Asked, now: Versions) -> Sources:
        study = self._study(connection, scope, now)
        if asked.topic not in {"skill", "station"}:
            return Sources(study)
        reach = self._reach(connection, scope, now)
        if asked.topic == "skill":
            return Sources(study, helpers=load_helpers(connection, study, asked.skill, doors=reach.doors))
        chosen = parameters(connection)
        return Sources(
            study, reach, circle_limits(chosen, old=asked.old), m2_per_100=float(chosen["service_m2_per_100"])
        )

    def _reach(self, connection: Connection, scope: str, now: Versions) -> StationReach:
        chosen = parameters(connection)
        key = scope, chosen["snap_limit_m"], chosen["straight_line_factor"]
        known, rests_on = self._reaches.get(key), replace(now, posts=0, care=0)
        if known is None or known[0] != rests_on:
            study = self._study(connection, scope, now)
            known = rests_on, load_station_reach(connection, study.inputs.places.unit_building)
            _keep(self._reaches, key, known, KEPT_STUDIES)
        return known[1]

    def _study(self, connection: Connection, scope: str, now: Versions) -> ChainStudy:
        known = self._studies.get(scope)
        if known is None or known[0] != now:
            known = now, load_chain(connection, now.on)
            _keep(self._studies, scope, known, KEPT_STUDIES)
        return known[1]


def _keep(kept: "OrderedDict[K, V]", key: K, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)


def _now(connection: Connection, on: date) -> Versions:
    found = versions.current(connection)
    return Versions(on, found["places"], found["posts"], found["care"], found["base"])


def _brought_up(known: Array | None, painted: Painted | PlacesPainted, kind: str, now: Versions) -> Array:
    """Return the array of what was painted: the known one with the few bytes that differ, else a new one."""
    first, values = by_id(*painted.codes(kind))
    if known is None or (known.first, len(known.values)) != (first, len(values)):
        return Array(kind, now.places, now.posts, now.on, 0, first, values)
    changed = np.flatnonzero(known.values != values)
    if len(changed):
        known.change(changed + first, values[changed])
    return replace(known, places=now.places, posts=now.posts, on=now.on)


def scope_of(connection: Connection) -> str:
    """Return what an actor sees as a key: places by community, and people by role."""
    roles = sorted({f"{held.role}@{held.community_id or '*'}" for held in roles_of(connection)})
    return f"{sees(connection)}/{'+'.join(roles)}"


COVERAGE = CoverageArrays()
"""The arrays of this process: the routes and the page look at the same ones."""
