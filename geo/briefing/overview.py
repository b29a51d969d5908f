"""The figures above the map and the table below it, from the same classes the map is coloured by."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
from sqlalchemy import Connection, text

from geo.access.reads import may
from geo.briefing.class_arrays import ARRAYS, filtered, inside, sees
from geo.i18n import _, current_language
from geo.maps.city_map import FEW_BUILDINGS
from geo.people.reads import Vacancy, compound_shares, vacancies
from geo.people.rules import HeadClass
from geo.places.reads import Community, communities
from geo.store import versions
from geo.store.clock import today
from geo.store.session import Actor, reading
from geo.store.statements import statement

MOST_VACANCIES = 200
HELD = (HeadClass.HAS_HEAD, HeadClass.TERM_ENDING, HeadClass.OVERLOADED)


@dataclass(frozen=True)
class Choice:
    """Which part of the city is asked about: a community by id, a kind of compound; None: all."""

    community_id: int | None = None
    compound_kind: str | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether nothing is left out."""
        return self.community_id is None and self.compound_kind is None

    def values(self) -> dict[str, object]:
        """Return the choice as the values of a query."""
        return {"community_id": self.community_id, "compound_kind": self.compound_kind}


EVERYWHERE = Choice()


@dataclass(frozen=True)
class Stand:
    """The state of the registry that figures hold for: day, what the actor sees, data versions, language of the words.

    sees_requests: who looks may see single requests, not only counts of them;
    few_buildings: the map draws buildings from afar, in a town of few that has no outlines of compounds; reader: who
    looks, for whom the rows are read when nobody has seen the same before (figures are kept for all who see the same).
    """

    on: date
    sees: str
    places: int
    posts: int
    care: int
    base: int
    requests: int
    sees_requests: bool
    language: str
    few_buildings: bool
    reader: Actor = field(compare=False)

    def version(self, topic: str) -> str:
        """Return the version of a topic and who sees it as they stand in addresses, as in ``places3-0a1b2c3d4e``."""
        return f"{topic}{getattr(self, topic)}-{versions.part_seen(self.sees)}"


def stand_now(actor: Actor) -> Stand:
    """Return the state of the registry now."""
    with reading(actor) as connection:
        found, seen = versions.current(connection), sees(connection)
        rows = may(connection, "see_requests")
    few = _draws_buildings_from_afar(_Part(actor, seen, found["places"]))
    of_topics = {topic: found[topic] for topic in ("places", "posts", "care", "base", "requests")}
    words = current_language()
    return Stand(today(), seen, sees_requests=rows, language=words, few_buildings=few, reader=actor, **of_topics)


@dataclass(frozen=True)
class Overview:
    """Counts of a part of the city on a day; households are those known, uncounted the buildings without a count."""

    on: date
    buildings: int
    uncounted: int
    households: int
    heads: dict[int, int]

    @property
    def in_roster(self) -> int:
        """Return how many buildings the roster knows."""
        return sum(self.heads.values()) - self.heads.get(HeadClass.UNKNOWN, 0)

    @property
    def held(self) -> int:
        """Return how many buildings have a head now."""
        return sum(self.heads.get(code, 0) for code in HELD)


@lru_cache(maxsize=100)
def overview(stand: Stand, choice: Choice) -> Overview:
    """Return the counts of a part of the city."""
    array = ARRAYS.current(stand.reader, "building", stand.on)
    codes = array.values
    if not choice.is_all:
        with reading(stand.reader) as connection:
            ids = inside(connection, "building", community_id=choice.community_id, compound_kind=choice.compound_kind)
        codes = filtered(array, ids)
    counted = _households(_Part(stand.reader, stand.sees, stand.places), choice)
    found = np.bincount(codes, minlength=len(HeadClass))
    heads = {int(code): int(found[code]) for code in HeadClass}
    return Overview(stand.on, counted[0], counted[0] - counted[1], counted[2], heads)


@dataclass(frozen=True)
class _Part:
    """What is seen of the registry and in which state, whoever looks."""

    reader: Actor = field(compare=False)
    sees: str
    places: int


@lru_cache(maxsize=100)
def _draws_buildings_from_afar(part: _Part) -> bool:
    query = "SELECT NOT EXISTS (SELECT FROM compound WHERE geom IS NOT NULL)"
    with reading(part.reader) as connection:
        no_outlines = bool(connection.scalar(text(query)))
    return no_outlines and _households(part, EVERYWHERE)[0] <= FEW_BUILDINGS


@lru_cache(maxsize=500)
def _households(part: _Part, choice: Choice) -> tuple[int, int, int]:
    with reading(part.reader) as connection:
        row = connection.exec_driver_sql(statement("briefing", "households"), choice.values()).one()
    return int(row.buildings), int(row.counted), int(row.households)


@dataclass(frozen=True)
class AreaRow:
    """A community or compound in the table below the map."""

    kind: str
    id: int
    name: str
    buildings: int
    in_roster: int
    with_head: int
    share: float | None
    households_without: int


@lru_cache(maxsize=100)
def areas_by_need(stand: Stand, community_id: int | None) -> tuple[AreaRow, ...]:
    """Return the communities, or the compounds of one, most known households without a head first."""
    with reading(stand.reader) as connection:
        return _areas_by_need(connection, stand.on, community_id)


@lru_cache(maxsize=100)
def vacant_heads(stand: Stand, community_id: int | None) -> tuple[Vacancy, ...]:
    """Return the posts of building heads nobody holds, most households first, not more than a list shows."""
    with reading(stand.reader) as connection:
        found = vacancies(
            connection, on=stand.on, community_id=community_id, kind="building_head", limit=MOST_VACANCIES
        )
    return tuple(found)


@lru_cache(maxsize=20)
def known_communities(stand: Stand) -> tuple[Community, ...]:
    """Return the communities to choose from."""
    with reading(stand.reader) as connection:
        return tuple(communities(connection))


def _areas_by_need(connection: Connection, on: date, community_id: int | None) -> tuple[AreaRow, ...]:
    by: Literal["compound", "community"] = "community" if community_id is None else "compound"
    shares = compound_shares(connection, on=on, by=by, community_id=community_id)
    table = "area" if by == "community" else "compound"
    query = text(f"SELECT id, name, placeholder FROM {table} WHERE id = ANY (:ids)")  # noqa: S608
    named = connection.execute(query, {"ids": shares.ids.tolist()})
    names = {row.id: _("Not assigned yet") if row.placeholder else row.name for row in named}
    columns = (shares.ids, shares.buildings, shares.in_roster, shares.with_head, shares.households_without)
    found = [
        AreaRow(by, place, names.get(place, ""), all_, known, held, held / known if known else None, without)
        for place, all_, known, held, without in zip(*(column.tolist() for column in columns), strict=True)
    ]
    return tuple(sorted(found, key=lambda row: (-row.households_without, row.name)))
