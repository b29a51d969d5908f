"""Loads and head classes of many buildings at once, as arrays; the rules for one are in rules.py."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.people.rules import HeadClass
from geo.store.arrays import read_arrays
from geo.store.statements import statement

NOBODY = -1
UNKNOWN = -1
POSTGRES_EPOCH = date(2000, 1, 1)
DAY_BITS = 22

Ids = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]


class Lookup(NamedTuple):
    """Values by key, keys ascending; -1 stands for nobody and for unknown."""

    keys: Ids
    values: NDArray[np.int64]

    def of(self, wanted: Ids) -> NDArray[np.int64]:
        """Return the value of each wanted key, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(wanted), -1, dtype=np.int64)
        at = np.searchsorted(self.keys, wanted).clip(max=len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, self.values[at], -1)


class Roster(NamedTuple):
    """Who heads what on a day, as columns.

    seats: building_id, person_id (-1: vacant) and ending of each post of building head; buildings and units: person_id,
    building_id and households (-1: unknown) of what is held.
    """

    seats: Columns
    buildings: Columns
    units: Columns


def lookup(keys: Ids, values: NDArray[Any]) -> Lookup:
    """Return the lookup of values by key, in any order."""
    order = np.argsort(keys, kind="stable")
    return Lookup(keys[order], values[order].astype(np.int64))


def _sums(keys: Ids, values: NDArray[Any]) -> Lookup:
    sorted_keys, sorted_values = lookup(keys, values)
    unique, starts = np.unique(sorted_keys, return_index=True)
    return Lookup(unique, np.add.reduceat(sorted_values, starts) if len(starts) else sorted_values)


def read(connection: Connection, name: str, columns: dict[str, str], **params: Any) -> Columns:
    """Return the columns of one of this room's statements as arrays."""
    return read_arrays(connection, statement("people", name), columns, params)


HELD = {"person_id": "int8", "building_id": "int8", "households": "int4"}


def _roster_of_persons(connection: Connection, on: date, person_ids: Sequence[int]) -> tuple[Columns, Columns]:
    persons = sorted(set(person_ids) - {NOBODY})
    buildings = read(connection, "buildings_of_persons", HELD, on=on, persons=persons)
    held = np.unique(buildings["building_id"]).tolist()
    return buildings, read(connection, "units_of_persons", HELD, on=on, persons=persons, buildings=held)


def _roster_of_buildings(connection: Connection, on: date, ends_by: date, building_ids: Sequence[int]) -> Roster:
    columns = {"building_id": "int8", "person_id": "int8", "ending": "bool"}
    seats = read(connection, "seats_of_buildings", columns, on=on, ends_by=ends_by, buildings=list(building_ids))
    return Roster(seats, *_roster_of_persons(connection, on, seats["person_id"].tolist()))


def _roster_of_all(connection: Connection, on: date, ends_by: date, households: Lookup) -> Roster:
    posts = read(connection, "head_posts", {"post_id": "int8", "building_id": "int8"}, community=None)
    units = read(
        connection, "unit_posts", {"post_id": "int8", "building_id": "int8", "households": "int4"}, community=None
    )
    now = read(
        connection, "current_holdings", {"post_id": "int8", "person_id": "int8", "to_on": "date"}, on=on, community=None
    )
    coming = read(connection, "coming_holdings", {"post_id": "int8", "from_on": "date"}, on=on, ends_by=ends_by)
    last = (ends_by - POSTGRES_EPOCH).days
    ends = now["to_on"] <= last
    ends[ends] = ~np.isin(
        _post_and_day(now["post_id"][ends], now["to_on"][ends]), _post_and_day(coming["post_id"], coming["from_on"])
    )
    order = np.argsort(now["post_id"], kind="stable")
    holder = Lookup(now["post_id"][order], now["person_id"][order])
    ending = Lookup(holder.keys, ends[order].astype(np.int64))
    person = holder.of(posts["post_id"])
    held = person != NOBODY
    seats = {"building_id": posts["building_id"], "person_id": person, "ending": ending.of(posts["post_id"]) == 1}
    buildings = {"person_id": person[held], "building_id": posts["building_id"][held]}
    buildings["households"] = households.of(buildings["building_id"])
    of_unit = holder.of(units["post_id"])
    taken = of_unit != NOBODY
    held_units = {
        "person_id": of_unit[taken],
        "building_id": units["building_id"][taken],
        "households": units["households"][taken],
    }
    return Roster(seats, buildings, held_units)


def _post_and_day(posts: Ids, days: NDArray[np.int32]) -> Ids:
    return (posts << DAY_BITS) + days


def _carried(buildings: Columns, units: Columns) -> Lookup:
    under = _sums(units["building_id"], units["households"].clip(min=0))
    own = (buildings["households"] - under.of(buildings["building_id"]).clip(min=0)).clip(min=0)
    own[buildings["households"] == UNKNOWN] = UNKNOWN
    carried = np.concatenate([own, units["households"]])
    known = carried != UNKNOWN
    return _sums(np.concatenate([buildings["person_id"], units["person_id"]])[known], carried[known])


def loads(connection: Connection, *, on: date, person_ids: Sequence[int]) -> dict[int, int]:
    """Return the known households each person carries as head on a day; who has no known count is left out."""
    found = _carried(*_roster_of_persons(connection, on, person_ids))
    by_person = dict(zip(found.keys.tolist(), found.values.tolist(), strict=True))
    return {person_id: by_person[person_id] for person_id in person_ids if person_id in by_person}


def head_classes(
    connection: Connection,
    *,
    on: date,
    ending_days: int,
    alarm_households: int,
    building_ids: Sequence[int] | None = None,
) -> tuple[Ids, NDArray[np.uint8]]:
    """Return building ids (ascending) and the HeadClass of each on a day.

    ending_days: a term that ends within so many days counts as ending; alarm_households: a load above it is an
    overload; building_ids: only these (None: every open building the actor may see).
    """
    ends_by = on + timedelta(days=ending_days)
    if building_ids is None:
        open_buildings = read(connection, "open_buildings", {"id": "int8", "households": "int4"}, community=None)
        households = lookup(open_buildings["id"], open_buildings["households"])
        ids, roster = households.keys, _roster_of_all(connection, on, ends_by, households)
    else:
        wanted = sorted(set(building_ids))
        ids = np.sort(read(connection, "open_buildings_among", {"id": "int8"}, buildings=wanted)["id"])
        roster = _roster_of_buildings(connection, on, ends_by, wanted)
    seats = roster.seats
    carried = _carried(roster.buildings, roster.units).of(seats["person_id"])
    found = np.full(len(carried), HeadClass.HAS_HEAD, dtype=np.uint8)
    found[carried > alarm_households] = HeadClass.OVERLOADED
    found[seats["ending"] == 1] = HeadClass.TERM_ENDING
    found[seats["person_id"] == NOBODY] = HeadClass.VACANT
    classes = lookup(seats["building_id"], found).of(ids).clip(min=HeadClass.UNKNOWN)
    return ids, classes.astype(np.uint8)
