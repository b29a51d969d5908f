"""Questions about posts: who holds them, which are vacant, what a person carries, where a head's doors are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, text

from geo.access.contacts import phone_marks
from geo.people.loads import Ids, head_classes, loads
from geo.people.rules import PHONE, Term, is_current, is_ending, masked_phone, plain_phone
from geo.people.seats import PLACE_OF_POST
from geo.people.vacant import Vacancy, vacancies
from geo.places.names import building_name_of, unit_name_of
from geo.places.search_text import escaped, folded
from geo.store.arrays import read_arrays
from geo.store.clock import today
from geo.store.statements import statement

__all__ = [
    "Door",
    "HoldingView",
    "Neighbour",
    "PersonView",
    "PostView",
    "Shares",
    "Vacancy",
    "building_posts",
    "compound_shares",
    "doors_of",
    "head_classes",
    "loads",
    "neighbours_of",
    "person_named",
    "persons",
    "today",
    "vacancies",
]


@dataclass(frozen=True)
class HoldingView:
    """Who holds a post from which day to which (to_on: the first day without; None: open-ended).

    person_name is None where the reader sees that the post is held, but not by whom.
    """

    id: int
    person_id: int
    person_name: str | None
    from_on: date
    to_on: date | None
    how: str
    end_reason: str | None
    version: int


@dataclass(frozen=True)
class PostView:
    """A seat at a building or unit: id is None while the roster does not know it; load in known households."""

    id: int | None
    kind: str
    place_kind: str
    place_id: int
    number: str | None
    households: int | None
    current: HoldingView | None
    coming: HoldingView | None
    past: tuple[HoldingView, ...]
    ending: bool
    load: int | None


@dataclass(frozen=True)
class Shares:
    """Per compound or community (ids ascending): how many buildings, in the roster, with a head, and the share.

    share is with_head / in_roster, NaN where the roster knows no building; households_without counts the known
    households of roster buildings without a head.
    """

    ids: Ids
    buildings: NDArray[np.int64]
    in_roster: NDArray[np.int64]
    with_head: NDArray[np.int64]
    households_without: NDArray[np.int64]

    @property
    def share(self) -> NDArray[np.float64]:
        """Return with_head / in_roster as floats, NaN where unknown."""
        known = np.where(self.in_roster > 0, self.in_roster, 1)
        return np.where(self.in_roster > 0, self.with_head / known, np.nan)


@dataclass(frozen=True)
class Door:
    """A building or unit a person looks after."""

    kind: str
    place_id: int
    building_id: int
    name: str
    address: str | None
    households: int | None
    post_id: int
    holding_id: int
    version: int
    from_on: date
    to_on: date | None
    lon: float
    lat: float


@dataclass(frozen=True)
class Neighbour:
    """A building next door in the same compound and its head (None: nobody, or the reader may not see who)."""

    building_id: int
    name: str
    households: int | None
    in_roster: bool
    held: bool
    person_name: str | None


@dataclass(frozen=True)
class PersonView:
    """A person to choose from: the phone number is masked."""

    id: int
    name: str
    phone: str | None
    community_id: int
    community: str
    posts: int


def building_posts(
    connection: Connection, building_id: int, *, on: date | None = None, ending_days: int = 60
) -> list[PostView]:
    """Return the seats of a building: its head first, then one per unit in the order of their numbers.

    on: the day asked about (None: today); ending_days: a term that ends within so many days counts as ending.
    """
    day = on or today()
    rows = connection.execute(text(statement("people", "posts_of_building")), {"building_id": building_id}).all()
    holders = {row.person_id for row in rows if row.holding_id and is_current(Term(row.from_on, row.to_on), day)}
    carried = loads(connection, on=day, person_ids=sorted(holders))
    seats = [list(seat) for _key, seat in groupby(rows, key=lambda row: (row.kind, row.place_id))]
    return [_post(seat, day, ending_days, carried) for seat in seats]


def empty_seat(kind: str, place_id: int) -> PostView:
    """Return the seat of a place that nobody holds or is arranged to hold.

    >>> empty_seat("stationmaster", 4).place_kind
    'station'
    """
    place_kind = PLACE_OF_POST[kind]
    return PostView(None, kind, place_kind, place_id, None, None, None, None, (), ending=False, load=None)


def _post(rows: Sequence[Row[Any]], on: date, ending_days: int, carried: dict[int, int]) -> PostView:
    first = rows[0]
    holdings = [
        HoldingView(r.holding_id, r.person_id, r.person_name, r.from_on, r.to_on, r.how, r.end_reason, r.version)
        for r in rows
        if r.holding_id is not None
    ]
    current = next((h for h in holdings if is_current(Term(h.from_on, h.to_on), on)), None)
    coming = min(
        (h for h in holdings if h.from_on > on and h.to_on != h.from_on), key=lambda h: h.from_on, default=None
    )
    followed = bool(current and coming and coming.from_on == current.to_on)
    return PostView(
        id=first.post_id,
        kind=first.kind,
        place_kind=first.place_kind,
        place_id=first.place_id,
        number=first.number,
        households=first.households,
        current=current,
        coming=coming,
        past=tuple(h for h in holdings if h.to_on is not None and h.to_on <= on),
        ending=bool(current and not followed and is_ending(Term(current.from_on, current.to_on), on, ending_days)),
        load=carried.get(current.person_id) if current else None,
    )


def compound_shares(
    connection: Connection,
    *,
    on: date,
    by: Literal["compound", "community"] = "compound",
    community_id: int | None = None,
) -> Shares:
    """Return per compound or community how many open buildings have a current head on a day."""
    columns = {
        "id": "int8",
        "buildings": "int4",
        "in_roster": "int4",
        "with_head": "int4",
        "households_without": "int8",
    }
    query = statement("people", "shares").replace("{place}", f"{by}_id")
    found = read_arrays(connection, query, columns, {"on": on, "community_id": community_id})
    return Shares(
        found["id"],
        found["buildings"].astype(np.int64),
        found["in_roster"].astype(np.int64),
        found["with_head"].astype(np.int64),
        found["households_without"],
    )


def doors_of(connection: Connection, person_id: int, on: date) -> list[Door]:
    """Return the buildings and units a person heads on a day, in the order of compound and number."""
    rows = connection.execute(text(statement("people", "doors")), {"person_id": person_id, "on": on})
    return [
        Door(
            kind="building" if row.kind == "building_head" else "unit",
            place_id=row.building_id if row.kind == "building_head" else row.unit_id,
            building_id=row.building_id,
            name=unit_name_of(row),
            address=row.address,
            households=row.households,
            post_id=row.post_id,
            holding_id=row.holding_id,
            version=row.version,
            from_on=row.from_on,
            to_on=row.to_on,
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
    ]


def neighbours_of(connection: Connection, building_id: int, on: date, *, limit: int = 4) -> list[Neighbour]:
    """Return the nearest open buildings of the same compound with their heads on a day."""
    rows = connection.execute(
        text(statement("people", "neighbours")), {"building_id": building_id, "on": on, "most": limit}
    )
    return [
        Neighbour(
            building_id=row.building_id,
            name=building_name_of(row),
            households=row.households,
            in_roster=row.post_id is not None,
            held=row.person_id is not None,
            person_name=row.person_name,
        )
        for row in rows
    ]


def person_named(connection: Connection, person_id: int) -> PersonView | None:
    """Return one person, None when the actor sees no such person."""
    row = connection.execute(
        text(
            "SELECT n.id, n.name, n.phone_end, n.community_id, a.name AS community FROM person n "
            "JOIN area a ON a.id = n.community_id WHERE n.id = :id AND n.closed_on IS NULL"
        ),
        {"id": person_id},
    ).first()
    if row is None:
        return None
    return PersonView(row.id, row.name, masked_phone(row.phone_end), row.community_id, row.community, 0)


def _marks(connection: Connection, wanted: str) -> list[bytes]:
    phone = plain_phone(wanted)
    return phone_marks(connection, phone) if phone is not None and PHONE.fullmatch(phone) else []


def persons(
    connection: Connection,
    wanted: str,
    *,
    on: date | None = None,
    community_id: int | None = None,
    holders: bool = False,
    limit: int = 20,
) -> list[PersonView]:
    """Return persons by name, pinyin (in full or initials) or whole phone number; holders: only those with doors."""
    key = escaped(folded(wanted))
    rows = connection.execute(
        text(statement("people", "persons")),
        {
            "text": wanted.strip(),
            "anywhere": f"%{escaped(wanted.strip())}%",
            "pinyin_start": f"{key}%" if key else "",
            "initials": f"% {key}%" if key else "",
            "marks": _marks(connection, wanted),
            "community_id": community_id,
            "holders": holders,
            "on": on or today(),
            "most": limit,
        },
    )
    return [
        PersonView(row.id, row.name, masked_phone(row.phone_end), row.community_id, row.community, row.posts)
        for row in rows
    ]
