"""Loads and head classes of many buildings at once, as arrays; the rules for one are in rules.py."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.people.rules import HeadClass
from geo.store.arrays import read_arrays
from geo.store.statements import statement

HELD = {"person_id": "int8", "building_id": "int8", "households": "int4"}
NOBODY = -1

Ids = NDArray[np.int64]


class Loads(NamedTuple):
    """Known households each person carries: person ids in ascending order, and the sums (-1: no count is known)."""

    person_ids: Ids
    households: NDArray[np.int64]

    def of(self, persons: Ids) -> NDArray[np.int64]:
        """Return the load of each given person, -1 where nothing is known."""
        if not len(self.person_ids):
            return np.full(len(persons), -1, dtype=np.int64)
        at = np.searchsorted(self.person_ids, persons).clip(max=len(self.person_ids) - 1)
        return np.where(self.person_ids[at] == persons, self.households[at], -1)


def loads(connection: Connection, *, on: date, person_ids: Sequence[int] | None = None) -> Loads:
    """Return what the given persons (None: everybody) carry as building and unit heads on a day."""
    persons = None if person_ids is None else sorted(set(person_ids))
    buildings = read_arrays(connection, statement("people", "held_buildings"), HELD, {"on": on, "persons": persons})
    held = None if persons is None else np.unique(buildings["building_id"]).tolist()
    units = read_arrays(
        connection, statement("people", "held_units"), HELD, {"on": on, "persons": persons, "buildings": held}
    )
    under = _sums(units["building_id"], units["households"].clip(min=0))
    own = np.where(
        buildings["households"] < 0,
        -1,
        (buildings["households"] - under.of(buildings["building_id"]).clip(min=0)).clip(min=0),
    )
    carried = np.concatenate([own, units["households"].astype(np.int64)])
    who = np.concatenate([buildings["person_id"], units["person_id"]])
    known = carried >= 0
    return _sums(who[known], carried[known])


def _sums(keys: Ids, values: NDArray[np.int64]) -> Loads:
    order = np.argsort(keys, kind="stable")
    unique, starts = np.unique(keys[order], return_index=True)
    return Loads(unique, np.add.reduceat(values[order], starts) if len(starts) else np.empty(0, dtype=np.int64))


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
    wanted = None if building_ids is None else sorted(set(building_ids))
    heads = read_arrays(
        connection,
        statement("people", "heads"),
        {"building_id": "int8", "person_id": "int8", "ending": "bool"},
        {"on": on, "ends_by": on + timedelta(days=ending_days), "buildings": wanted},
    )
    persons = heads["person_id"]
    held = persons != NOBODY
    carried = loads(connection, on=on, person_ids=None if wanted is None else persons[held].tolist()).of(persons)
    found = np.full(len(persons), HeadClass.HAS_HEAD, dtype=np.uint8)
    found[carried > alarm_households] = HeadClass.OVERLOADED
    found[heads["ending"] == 1] = HeadClass.TERM_ENDING
    found[~held] = HeadClass.VACANT
    ids = np.sort(
        read_arrays(connection, statement("people", "open_buildings"), {"id": "int8"}, {"buildings": wanted})["id"]
    )
    classes = np.full(len(ids), HeadClass.UNKNOWN, dtype=np.uint8)
    if len(ids):
        at = np.searchsorted(ids, heads["building_id"]).clip(max=len(ids) - 1)
        there = ids[at] == heads["building_id"]
        classes[at[there]] = found[there]
    return ids, classes
