"""If this person is away: which doors lose their head, which move to another, and which have nobody else at all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_chain import NOBODY, SEVERAL, DutyChain, only_member
from geo.coverage.duty_inputs import DutyInputs, Flag, Ints, Limits

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Absence:
    """What happens while one person holds none of their posts.

    lost: parts (see duty_parts) without a head then; only: those of them nobody could stand in for; moved: parts that
    pass from a unit's head to the building's; overloaded: heads whom this takes above the alarm. stations and teams:
    left without anybody; without_master: stations that a deputy must lead.
    """

    lost: Ints
    only: Ints
    moved: Ints
    overloaded: Ints
    stations: Ints
    without_master: Ints
    teams: Ints


@dataclass(frozen=True)
class Absences:
    """The same for everybody, counted: one row a person.

    Households are known ones; uncounted: parts whose households nobody knows.
    """

    lost_households: Ints
    lost_uncounted: Ints
    only_households: Ints
    only_uncounted: Ints
    moved_households: Ints
    moved_uncounted: Ints
    overloaded: Ints
    stations: Ints
    without_master: Ints
    teams: Ints

    def ranked(self, most: int | None = None) -> Ints:
        """Return the people whose absence takes something away, the gravest first.

        First counts what only they cover, then what loses its head, then what moves or is left without anybody; equal
        ones stand by position. A part of unknown size weighs less than any counted household.
        """
        left = self.stations + self.without_master + self.teams
        keys = (
            self.only_households, self.lost_households, self.only_uncounted, self.lost_uncounted,
            self.moved_households + self.moved_uncounted, left,
        )  # fmt: skip
        position = np.arange(len(left))
        order = np.lexsort((position, *(-key for key in reversed(keys))))
        matters = np.any(np.stack(keys) > 0, axis=0)
        return order[matters[order]][:most]


def absence_of(inputs: DutyInputs, chain: DutyChain, person: int, limits: Limits | None = None) -> Absence:
    """Return what happens while a person is away from every post held; chain is computed from inputs and limits.

    >>> from geo.coverage.duty_chain import duty_chain
    >>> from geo.coverage.duty_inputs import OPEN_ENDED, Heads, Places, Service
    >>> one, none = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    >>> places = Places(none, none, one, one, one + 30, compounds=1, communities=1)
    >>> heads = Heads(none, none, one, one + OPEN_ENDED)
    >>> city = DutyInputs(places, heads, Service.none(), Service.none(), persons=1)
    >>> away = absence_of(city, duty_chain(city), 0)
    >>> away.lost.tolist(), away.only.tolist(), away.moved.tolist()
    ([0], [0], [])
    """
    limits = limits or Limits()
    mine = chain.holders.person == person
    lost, moved = (kind & mine for kind in _lost_and_moved(chain))
    stations, teams = (np.flatnonzero(only_member(service) == person) for service in (inputs.stations, inputs.teams))
    return Absence(
        lost=np.flatnonzero(lost),
        only=np.flatnonzero(lost & _hangs_on_one(chain)),
        moved=np.flatnonzero(moved),
        overloaded=_newly_overloaded(chain, moved, limits)[1],
        stations=stations,
        without_master=np.setdiff1d(np.flatnonzero(inputs.stations.lead == person), stations),
        teams=teams,
    )


def absences(inputs: DutyInputs, chain: DutyChain, limits: Limits | None = None) -> Absences:
    """Return what happens while each person is away, for everybody at once."""
    limits = limits or Limits()
    lost, moved = _lost_and_moved(chain)
    households, uncounted = chain.parts.households, chain.parts.unknown.astype(np.int64)

    def summed(parts: Flags, values: Ints) -> Ints:
        return np.bincount(chain.holders.person[parts], values[parts], minlength=inputs.persons).astype(np.int64)

    def people(positions: Ints) -> Ints:
        return np.bincount(positions[positions >= 0], minlength=inputs.persons)

    only = lost & _hangs_on_one(chain)
    last_at_station = only_member(inputs.stations)
    return Absences(
        lost_households=summed(lost, households),
        lost_uncounted=summed(lost, uncounted),
        only_households=summed(only, households),
        only_uncounted=summed(only, uncounted),
        moved_households=summed(moved, households),
        moved_uncounted=summed(moved, uncounted),
        overloaded=people(_newly_overloaded(chain, moved, limits)[0]),
        stations=people(last_at_station),
        without_master=people(np.where(last_at_station == SEVERAL, inputs.stations.lead, NOBODY)),
        teams=people(only_member(inputs.teams)),
    )


def _lost_and_moved(chain: DutyChain) -> tuple[Flags, Flags]:
    held = chain.parts.real & (chain.holders.person >= 0)
    backed = (chain.holders.above >= 0) & (chain.holders.above != chain.holders.person)
    return held & ~backed, held & backed


def _hangs_on_one(chain: DutyChain) -> Flags:
    return (chain.part_flags & Flag.SINGLE_POINT) > 0


def _newly_overloaded(chain: DutyChain, moved: Flags, limits: Limits) -> tuple[Ints, Ints]:
    """Return who is away and whom that takes above the alarm, one pair an overload."""
    persons = len(chain.load)
    pairs, place = np.unique(chain.holders.person[moved] * persons + chain.holders.above[moved], return_inverse=True)
    away, above = pairs // max(persons, 1), pairs % max(persons, 1)
    more = np.bincount(place, chain.parts.households[moved], minlength=len(pairs)).astype(np.int64)
    over = (chain.load[above] <= limits.alarm_households) & (chain.load[above] + more > limits.alarm_households)
    return away[over], above[over]
