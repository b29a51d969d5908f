"""What the duty chain is computed from: places, heads, stations and teams as arrays of positions."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Codes = NDArray[np.uint8]

UNKNOWN = -1
"""A number of households, a compound or a community nobody has written down."""
VACANT = -1
"""In place of a person: there is a post and nobody holds it."""
NO_POST = -2
"""In place of a person: the roster knows no such post."""
OPEN_ENDED = np.iinfo(np.int32).max
"""Days left of a term without an end, or of one somebody is already arranged to follow."""


class Gap(IntEnum):
    """What is missing in the duty chain of a door, a unit or a building, as one byte; 0 to 4 as on the map of heads."""

    UNKNOWN = 0
    COVERED = 1
    NO_HEAD = 2
    TERM_ENDING = 3
    OVERLOADED = 4
    SINGLE_POINT = 5


class Flag(IntFlag):
    """Everything that is missing at once; the gap is the gravest of these."""

    UNKNOWN = 1
    SINGLE_POINT = 2
    OVERLOADED = 4
    TERM_ENDING = 8
    NO_HEAD = 16


class Level(IntEnum):
    """The state of one level of the chain: held, vacant (a post or team without anybody), none, or unknown."""

    UNKNOWN = 0
    HELD = 1
    VACANT = 2
    NONE = 3


@dataclass(frozen=True)
class Limits:
    """Where a gap begins: a head's load is an overload above alarm_households; a term is ending within ending_days.

    head_households is what a head is meant to carry; who stands in for somebody else may carry up to the alarm.
    """

    head_households: int = 20
    alarm_households: int = 40
    ending_days: int = 60


@dataclass(frozen=True)
class Places:
    """Units and buildings by position: the unit's building, the building's compound and community, known households.

    Households are UNKNOWN (-1) where nobody has counted; building_compound and building_community likewise. A
    building's households include those of its units.
    """

    unit_building: Ints
    unit_households: Ints
    building_compound: Ints
    building_community: Ints
    building_households: Ints
    compounds: int
    communities: int


@dataclass(frozen=True)
class Heads:
    """Who heads each unit and building: a person's position, VACANT or NO_POST, and the days left of the term."""

    unit_head: Ints
    unit_days_left: Ints
    building_head: Ints
    building_days_left: Ints


@dataclass(frozen=True)
class Service:
    """Stations or teams by position: where they serve, who leads them and who else belongs to them.

    compound (UNKNOWN: the whole community) and community served; lead: the stationmaster or leader, VACANT or NO_POST;
    members[indptr[i]:indptr[i + 1]]: deputies of station i or members of team i, without the lead.
    """

    compound: Ints
    community: Ints
    lead: Ints
    indptr: Ints
    members: Ints

    @classmethod
    def none(cls) -> "Service":
        """Return the service of a place without any."""
        empty = np.empty(0, dtype=np.int64)
        return cls(empty, empty, empty, np.zeros(1, dtype=np.int64), empty)


@dataclass(frozen=True)
class DutyInputs:
    """Everything the chain hangs on; persons is how many people the positions count."""

    places: Places
    heads: Heads
    stations: Service
    teams: Service
    persons: int
