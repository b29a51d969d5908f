"""The parts a city's doors are counted in: every unit, and of every building the doors no unit accounts for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_inputs import NO_POST, OPEN_ENDED, UNKNOWN, VACANT, Heads, Ints, Places

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Parts:
    """Doors in groups that have one head: first every unit, then the rest of every building.

    households: known ones (0 where they are not known here); unknown: nobody knows how many, not even with the
    building; real: the part exists (a building whose units account for every door has no rest); unit: its position or
    -1 for a rest. A count known for a building but not for some of its units stands with the rest.
    """

    building: Ints
    unit: Ints
    households: Ints
    unknown: Flags
    real: Flags


@dataclass(frozen=True)
class Holders:
    """Who answers for each part: the unit's head, else the building's (a person, VACANT or NO_POST).

    days_left is that head's; above: the building's head over a unit's head, VACANT where there is none.
    """

    person: Ints
    days_left: Ints
    above: Ints


def parts_of(places: Places) -> Parts:
    """Return the parts of all buildings."""
    buildings = len(places.building_compound)
    units = len(places.unit_building)
    known = places.unit_households != UNKNOWN
    in_units = np.bincount(places.unit_building, np.where(known, places.unit_households, 0), minlength=buildings)
    has_units = np.bincount(places.unit_building, minlength=buildings) > 0
    counted = places.building_households != UNKNOWN
    rest = np.where(counted, places.building_households - in_units.astype(np.int64), 0).clip(min=0)
    return Parts(
        building=np.concatenate([places.unit_building, np.arange(buildings)]),
        unit=np.concatenate([np.arange(units), np.full(buildings, -1)]),
        households=np.concatenate([np.where(known, places.unit_households, 0), rest]),
        unknown=np.concatenate([~known & ~counted[places.unit_building], ~counted & ~has_units]),
        real=np.concatenate([np.ones(units, dtype=np.bool_), ~has_units | (rest > 0)]),
    )


def holders_of(parts: Parts, places: Places, heads: Heads) -> Holders:
    """Return who answers for each part.

    A rest answers to the building's head; without one, but with a head in a unit whose own count is missing, nobody
    can say whose doors the rest are: NO_POST.
    """
    own = heads.unit_head >= 0
    of_building = heads.building_head[parts.building]
    units = len(own)
    person, days = of_building.copy(), heads.building_days_left[parts.building]
    person[:units][own] = heads.unit_head[own]
    days[:units][own] = heads.unit_days_left[own]
    above = np.full(len(person), VACANT, dtype=np.int64)
    above[:units][own] = of_building[:units][own]
    unclear = np.zeros(len(heads.building_head), dtype=np.bool_)
    unclear[places.unit_building[own & (places.unit_households == UNKNOWN)]] = True
    rest = person[units:]
    rest[unclear & (rest == VACANT)] = NO_POST
    return Holders(person, np.where(person >= 0, days, OPEN_ENDED), above)


def loads_of(parts: Parts, person: Ints, persons: int) -> tuple[Ints, Ints]:
    """Return per person the known households carried and how many parts carried have no known count.

    Doors under a unit's head count for that head only.
    """
    held = parts.real & (person >= 0)
    load = np.bincount(person[held], parts.households[held], minlength=persons).astype(np.int64)
    uncounted = np.bincount(person[held & parts.unknown], minlength=persons)
    return load, uncounted


def left_to_building(parts: Parts, heads: Heads) -> tuple[Ints, Ints]:
    """Return by building what its head carries, or would: known households of the parts without a head of their own,
    and how many of those parts nobody has counted.
    """
    buildings = len(heads.building_head)
    own = np.concatenate([heads.unit_head >= 0, np.zeros(buildings, dtype=np.bool_)])
    left = parts.real & ~own
    known = np.bincount(parts.building[left], parts.households[left], minlength=buildings).astype(np.int64)
    return known, np.bincount(parts.building[left & parts.unknown], minlength=buildings)
