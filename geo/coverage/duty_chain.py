"""The duty chain door, unit, building head, station, team: what is missing where, and what every head carries."""

from dataclasses import dataclass

import numpy as np

from geo.coverage.duty_inputs import (
    NO_POST,
    UNKNOWN,
    VACANT,
    Codes,
    DutyInputs,
    Flag,
    Gap,
    Ints,
    Level,
    Limits,
    Places,
    Service,
)
from geo.coverage.duty_parts import Holders, Parts, holders_of, loads_of, parts_of

NOBODY = -1
SEVERAL = -2
"""In place of the only person somewhere: nobody at all, or more than one."""
GRAVEST = (
    (Flag.NO_HEAD, Gap.NO_HEAD),
    (Flag.TERM_ENDING, Gap.TERM_ENDING),
    (Flag.OVERLOADED, Gap.OVERLOADED),
    (Flag.SINGLE_POINT, Gap.SINGLE_POINT),
    (Flag.UNKNOWN, Gap.UNKNOWN),
)
"""An ending term comes before an overload, because it has a date by which somebody must act."""


def _gap_of_flags() -> Codes:
    gaps = [next((gap for flag, gap in GRAVEST if flags & flag), Gap.COVERED) for flags in range(32)]
    return np.array(gaps, dtype=np.uint8)


GAP_OF_FLAGS = _gap_of_flags()
SERVED = ("compound", "community")
LEVEL_RANK = np.array([1, 3, 2, 0], dtype=np.uint8)
LEVEL_OF_RANK = np.array([Level.NONE, Level.UNKNOWN, Level.VACANT, Level.HELD], dtype=np.uint8)


@dataclass(frozen=True)
class DutyChain:
    """The chain of every door, by unit and by building (the gravest of its parts).

    unit_gap, building_gap: Gap; unit_flags, building_flags: Flag, everything missing at once; unit_level,
    building_level: Level of the head; station_level, team_level: Level by building; load: known households each
    person carries, load_uncounted: parts carried whose households nobody knows; parts, holders, part_flags and others
    (the only other person on station and team of each building, NOBODY or SEVERAL): what the figures count.
    """

    unit_gap: Codes
    unit_flags: Codes
    building_gap: Codes
    building_flags: Codes
    unit_level: Codes
    building_level: Codes
    station_level: Codes
    team_level: Codes
    load: Ints
    load_uncounted: Ints
    parts: Parts
    holders: Holders
    part_flags: Codes
    others: Ints


@dataclass(frozen=True)
class Scene:
    """What decides the flags of parts beside their heads: loads, who else is there, and which heads are neighbours.

    others: by building the only person of its stations and teams, NOBODY or SEVERAL; group: by building a number
    that buildings of one compound share.
    """

    load: Ints
    uncounted: Ints
    others: Ints
    group: Ints
    groups: int


def duty_chain(inputs: DutyInputs, limits: Limits | None = None) -> DutyChain:
    """Return what is missing in the chain of every unit and building.

    No head: the unit has no head and its building's post is vacant. Unknown: the roster knows no post. Term ending:
    the head's term ends within limits.ending_days and nobody follows. Overloaded: the head carries more known
    households than limits.alarm_households. **Single point of failure**: everything hangs on one person. If the head
    were away, nobody known could stand in: no building head above the unit's head, no stationmaster, deputy or team
    member who serves here and is somebody else, and no other head in the same compound who could take these doors as
    well and stay within the alarm (heads with an uncounted load are not counted on).

    >>> from geo.coverage.duty_inputs import OPEN_ENDED, Heads
    >>> one = np.zeros(1, dtype=np.int64)
    >>> places = Places(one, one + 12, one, one, one + 30, compounds=1, communities=1)
    >>> heads = Heads(one - 1, one + OPEN_ENDED, one, one + OPEN_ENDED)
    >>> chain = duty_chain(DutyInputs(places, heads, Service.none(), Service.none(), persons=1))
    >>> Gap(chain.building_gap[0]), int(chain.load[0])
    (<Gap.SINGLE_POINT: 5>, 30)
    """
    return chain_with(inputs, limits or Limits(), None)


def chain_with(inputs: DutyInputs, limits: Limits, loads: tuple[Ints, Ints] | None) -> DutyChain:
    """Return the chain of some buildings; loads: what each person carries there and elsewhere, known and uncounted."""
    places = inputs.places
    parts = parts_of(places)
    holders = holders_of(parts, places, inputs.heads)
    scene = _scene(inputs, *(loads or loads_of(parts, holders.person, inputs.persons)))
    flags = _part_flags(parts, holders, scene, limits)
    buildings = len(places.building_compound)
    building_flags = np.zeros(buildings, dtype=np.uint8)
    np.bitwise_or.at(building_flags, parts.building, flags)
    unit_flags = flags[: len(places.unit_building)]
    return DutyChain(
        unit_gap=GAP_OF_FLAGS[unit_flags],
        unit_flags=unit_flags,
        building_gap=GAP_OF_FLAGS[building_flags],
        building_flags=building_flags,
        unit_level=head_level(holders.person[: len(unit_flags)]),
        building_level=head_level(inputs.heads.building_head),
        station_level=service_level(inputs.stations, places),
        team_level=service_level(inputs.teams, places),
        load=scene.load,
        load_uncounted=scene.uncounted,
        parts=parts,
        holders=holders,
        part_flags=flags,
        others=scene.others,
    )


def _scene(inputs: DutyInputs, load: Ints, uncounted: Ints) -> Scene:
    places = inputs.places
    alone = np.arange(len(places.building_compound)) + places.compounds
    group = np.where(places.building_compound == UNKNOWN, alone, places.building_compound)
    others = only_other(inputs.stations, inputs.teams, places)
    return Scene(load, uncounted, others, group, places.compounds + len(alone))


def _part_flags(parts: Parts, holders: Holders, scene: Scene, limits: Limits) -> Codes:
    """Return everything that is missing at each part (0: nothing, or the part does not exist)."""
    person, held = holders.person, (holders.person >= 0) & parts.real
    flags = np.zeros(len(person), dtype=np.int64)
    flags[person == NO_POST] = Flag.UNKNOWN
    flags[person == VACANT] = Flag.NO_HEAD
    flags[held & (holders.days_left <= limits.ending_days)] |= Flag.TERM_ENDING
    at = np.flatnonzero(held)
    head = person[at]
    flags[at[scene.load[head] > limits.alarm_households]] |= Flag.OVERLOADED
    building = parts.building[at]
    backed = (holders.above[at] >= 0) & (holders.above[at] != head)
    other = scene.others[building]
    backed |= (other == SEVERAL) | ((other >= 0) & (other != head))
    room = np.where(scene.uncounted[head] > 0, 0, limits.alarm_households - scene.load[head])
    backed |= _room_nearby(scene.group[building], head, room, scene.groups) >= parts.households[at].clip(min=1)
    flags[at[~backed]] |= Flag.SINGLE_POINT
    flags[~parts.real] = 0
    return flags.astype(np.uint8)


def _room_nearby(group: Ints, head: Ints, room: Ints, groups: int) -> Ints:
    most = np.zeros(groups, dtype=np.int64)
    np.maximum.at(most, group, room)
    first = np.full(groups, NOBODY, dtype=np.int64)
    roomiest = room == most[group]
    np.maximum.at(first, group[roomiest], head[roomiest])
    second = np.zeros(groups, dtype=np.int64)
    rest = head != first[group]
    np.maximum.at(second, group[rest], room[rest])
    return np.where(rest, most[group], second[group])


def head_level(person: Ints) -> Codes:
    """Return the level of posts: held by a person, vacant, or unknown to the roster.

    >>> head_level(np.array([7, VACANT, NO_POST])).tolist()
    [1, 2, 0]
    """
    codes = np.array([Level.UNKNOWN, Level.VACANT, Level.HELD], dtype=np.uint8)
    return codes[np.minimum(person, 0) - NO_POST]


def service_level(service: Service, places: Places) -> Codes:
    """Return by building the best level of the stations or teams that serve its compound or whole community.

    Held: somebody leads it or belongs to it; vacant: it is there without anybody; unknown: the roster knows neither
    a leader's post nor a member; none: nothing serves here.
    """
    manned = (service.lead >= 0) | (np.diff(service.indptr) > 0)
    rank = LEVEL_RANK[np.where(manned, Level.HELD, head_level(service.lead))]
    whole = service.compound == UNKNOWN
    by_compound = np.zeros(places.compounds + 1, dtype=np.uint8)
    np.maximum.at(by_compound, service.compound[~whole], rank[~whole])
    by_community = np.zeros(places.communities + 1, dtype=np.uint8)
    np.maximum.at(by_community, service.community[whole], rank[whole])
    return LEVEL_OF_RANK[np.maximum(by_compound[places.building_compound], by_community[places.building_community])]


def only_other(stations: Service, teams: Service, places: Places) -> Ints:
    """Return by building the only person of the stations and teams that serve it, NOBODY or SEVERAL."""
    only = np.concatenate([only_member(service) for service in (stations, teams)])
    compound, community = (np.concatenate([getattr(one, name) for one in (stations, teams)]) for name in SERVED)
    whole = compound == UNKNOWN
    near = _only(compound[~whole], only[~whole], places.compounds)[places.building_compound]
    wide = _only(community[whole], only[whole], places.communities)[places.building_community]
    return _joined(near, wide)


def only_member(service: Service) -> Ints:
    """Return by station or team the only person of it, its lead included, NOBODY or SEVERAL.

    >>> one = np.zeros(1, dtype=np.int64)
    >>> only_member(Service(one, one, one + 4, np.array([0, 1]), one + 4)).tolist()
    [4]
    """
    at = np.repeat(np.arange(len(service.lead)), np.diff(service.indptr))
    return _joined(service.lead.clip(min=NOBODY), _only(at, service.members, len(service.lead))[:-1])


def _joined(one: Ints, other: Ints) -> Ints:
    either = np.where(one == NOBODY, other, one)
    return np.where((one != NOBODY) & (other != NOBODY) & (one != other), SEVERAL, either)


def _only(place: Ints, person: Ints, places: int) -> Ints:
    highest = np.full(places + 1, NOBODY, dtype=np.int64)
    several = np.zeros(places + 1, dtype=np.bool_)
    np.maximum.at(highest, place, person)
    several[place[(person == SEVERAL) | ((person != NOBODY) & (person != highest[place]))]] = True
    only = np.where(several, SEVERAL, highest)
    only[places] = NOBODY
    return only
