"""What if this head left, or somebody took a post: only what changes is computed again, in milliseconds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geo.coverage.duty_chain import DutyChain, chain_with, duty_chain
from geo.coverage.duty_figures import DutyFigures, exchanged, figures_of
from geo.coverage.duty_inputs import (
    OPEN_ENDED,
    UNKNOWN,
    VACANT,
    Codes,
    DutyInputs,
    Heads,
    Ints,
    Limits,
    Places,
    Service,
)
from geo.coverage.duty_parts import holders_of, loads_of, parts_of


@dataclass(frozen=True)
class Leaves:
    """Somebody gives up every post and every team."""

    person: int


@dataclass(frozen=True)
class TakesPost:
    """Somebody becomes head of a building, or of one of its units, in the place of whoever is."""

    person: int
    building: int
    unit: int | None = None


@dataclass(frozen=True)
class JoinsTeam:
    """Somebody joins a team (its position)."""

    person: int
    team: int


Change = Leaves | TakesPost | JoinsTeam


@dataclass(frozen=True)
class Effect:
    """What a change changed: buildings and units with another gap than before, the gap now, and the figures now."""

    buildings: Ints
    building_gap: Codes
    units: Ints
    unit_gap: Codes
    figures: DutyFigures


@dataclass(frozen=True)
class Rows:
    """Positions by key: those of key k are positions[indptr[k]:indptr[k + 1]]."""

    indptr: Ints
    positions: Ints

    @classmethod
    def by(cls, key: Ints, keys: int) -> "Rows":
        """Return the positions in which each key from 0 on stands."""
        kept = np.flatnonzero(key >= 0)
        order = kept[np.argsort(key[kept], kind="stable")]
        counts = np.bincount(key[kept], minlength=keys)
        return cls(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), order)

    def of(self, keys: Iterable[int]) -> Ints:
        """Return the positions of some keys together; unheard-of keys have none."""
        spans = [self.positions[self.indptr[key] : self.indptr[key + 1]] for key in keys if key < len(self.indptr) - 1]
        return np.concatenate([np.empty(0, dtype=np.int64), *spans])


class Today:
    """A city as it is, with what finds the few places a change touches; made once, shared by all who ask."""

    def __init__(self, inputs: DutyInputs, limits: Limits | None = None, chain: DutyChain | None = None) -> None:
        self.inputs = inputs
        self.limits = limits or Limits()
        self.chain = chain or duty_chain(inputs, self.limits)

    @cached_property
    def figures(self) -> DutyFigures:
        """The key figures of the city as it is."""
        return figures_of(self.chain, self.limits)

    @cached_property
    def units_of(self) -> Rows:
        """The units of each building."""
        places = self.inputs.places
        return Rows.by(places.unit_building, len(places.building_compound))

    @cached_property
    def in_compound(self) -> Rows:
        """The buildings of each compound."""
        return Rows.by(self.inputs.places.building_compound, self.inputs.places.compounds)

    @cached_property
    def in_community(self) -> Rows:
        """The buildings of each community."""
        return Rows.by(self.inputs.places.building_community, self.inputs.places.communities)

    @cached_property
    def headed_by(self) -> Rows:
        """The buildings in which each person heads something: one row a post, the building's own first."""
        heads = self.inputs.heads
        return Rows.by(np.concatenate([heads.building_head, heads.unit_head]), self.inputs.persons)


class WhatIf:
    """Changes to a city that nobody has decided: each is answered by what it changes, and they add up.

    inputs is the city with all changes so far, figures its key figures.
    """

    def __init__(self, today: Today) -> None:
        self._today = today
        heads = today.inputs.heads
        own = Heads(
            heads.unit_head.copy(),
            heads.unit_days_left.copy(),
            heads.building_head.copy(),
            heads.building_days_left.copy(),
        )
        self.inputs = replace(today.inputs, heads=own)
        self._loads = today.chain.load, today.chain.load_uncounted
        self._taken: dict[int, set[int]] = {}
        self._touched: set[int] = set()
        self.figures = today.figures

    def newcomer(self) -> int:
        """Return the position of somebody the city does not know yet."""
        self.inputs = replace(self.inputs, persons=self.inputs.persons + 1)
        self._loads = np.append(self._loads[0], 0), np.append(self._loads[1], 0)
        return self.inputs.persons - 1

    def apply(self, change: Change) -> Effect:
        """Make a change and return what is different from just before it.

        >>> one, none = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
        >>> places = Places(none, none, one, one, one + 30, compounds=1, communities=1)
        >>> heads = Heads(none, none, one + VACANT, one + OPEN_ENDED)
        >>> asked = WhatIf(Today(DutyInputs(places, heads, Service.none(), Service.none(), persons=0)))
        >>> effect = asked.apply(TakesPost(asked.newcomer(), building=0))
        >>> effect.buildings.tolist(), effect.building_gap.tolist(), effect.figures.households
        ([0], [5], (0, 0, 0, 0, 0, 30))
        """
        changed = self._changed_buildings(change)
        near = self._near(change, changed)
        before = self._chain(near)
        mine = self._carried(changed)
        self._make(change, changed)
        load, uncounted = self._carried(changed)
        self._loads = self._loads[0] - mine[0] + load, self._loads[1] - mine[1] + uncounted
        after = self._chain(near)
        limits = self._today.limits
        self.figures = exchanged(self.figures, figures_of(before, limits), figures_of(after, limits))
        self._touched.update(near.tolist())
        return self._effect(near, (before.building_gap, before.unit_gap), after)

    def so_far(self) -> Effect:
        """Return what all changes together make different from today."""
        near = np.array(sorted(self._touched), dtype=np.int64)
        today = self._today.chain
        gaps = today.building_gap[near], today.unit_gap[self._units(near)]
        return self._effect(near, gaps, self._chain(near))

    def _effect(self, near: Ints, gaps: tuple[Codes, Codes], after: DutyChain) -> Effect:
        units = self._units(near)
        building, unit = after.building_gap != gaps[0], after.unit_gap != gaps[1]
        return Effect(near[building], after.building_gap[building], units[unit], after.unit_gap[unit], self.figures)

    def _units(self, buildings: Ints) -> Ints:
        return self._today.units_of.of(buildings.tolist())

    def _headed(self, person: int) -> set[int]:
        at = self._today.headed_by.of([person])
        many = len(self.inputs.places.building_compound)
        units = at[at >= many] - many
        found = np.concatenate([at[at < many], self.inputs.places.unit_building[units]])
        return {*found.tolist(), *self._taken.get(person, ())}

    def _changed_buildings(self, change: Change) -> Ints:
        if isinstance(change, TakesPost):
            return np.array([change.building], dtype=np.int64)
        buildings = self._headed(change.person) if isinstance(change, Leaves) else set()
        return np.array(sorted(buildings), dtype=np.int64)

    def _near(self, change: Change, changed: Ints) -> Ints:
        """Return every building whose gap the change could touch: whole compounds, or buildings outside any."""
        heads, places = self.inputs.heads, self.inputs.places
        holders = np.concatenate([heads.building_head[changed], heads.unit_head[self._units(changed)]])
        people = {change.person, *holders[holders >= 0].tolist()}
        seeds = np.array(sorted({*changed.tolist(), *(one for person in people for one in self._headed(person))}))
        seeds = seeds.astype(np.int64)
        compounds, communities = self._served(change)
        compounds |= set(places.building_compound[seeds].tolist())
        found = (
            seeds,
            self._today.in_compound.of(sorted(compounds - {UNKNOWN})),
            self._today.in_community.of(sorted(communities - {UNKNOWN})),
        )
        wide = np.unique(np.concatenate(found))
        whole = self._today.in_compound.of(sorted(set(places.building_compound[wide].tolist()) - {UNKNOWN}))
        return np.unique(np.concatenate([wide, whole]))

    def _served(self, change: Change) -> tuple[set[int], set[int]]:
        """Return the compounds and the whole communities served by the stations and teams a change is about."""
        served: tuple[set[int], set[int]] = set(), set()
        for service in (self.inputs.stations, self.inputs.teams):
            at = np.zeros(len(service.lead), dtype=np.bool_)
            if isinstance(change, Leaves):
                at = service.lead == change.person
                at[_crew(service)[service.members == change.person]] = True
            elif isinstance(change, JoinsTeam) and service is self.inputs.teams:
                at[change.team] = True
            served[0].update(service.compound[at].tolist())
            served[1].update(service.community[at & (service.compound == UNKNOWN)].tolist())
        return served

    def _make(self, change: Change, changed: Ints) -> None:
        heads = self.inputs.heads
        if isinstance(change, TakesPost):
            post = heads.building_head, heads.building_days_left
            if change.unit is not None:
                post = heads.unit_head, heads.unit_days_left
            at = change.building if change.unit is None else change.unit
            post[0][at], post[1][at] = change.person, OPEN_ENDED
            self._taken.setdefault(change.person, set()).add(change.building)
        elif isinstance(change, Leaves):
            for holder, places in ((heads.building_head, changed), (heads.unit_head, self._units(changed))):
                holder[places[holder[places] == change.person]] = VACANT
            stations = _without(self.inputs.stations, change.person)
            self.inputs = replace(self.inputs, stations=stations, teams=_without(self.inputs.teams, change.person))
        else:
            self.inputs = replace(self.inputs, teams=_with(self.inputs.teams, change.team, change.person))

    def _inputs(self, buildings: Ints) -> DutyInputs:
        places, heads, units = self.inputs.places, self.inputs.heads, self._units(buildings)
        return replace(
            self.inputs,
            places=Places(
                np.searchsorted(buildings, places.unit_building[units]),
                places.unit_households[units],
                places.building_compound[buildings],
                places.building_community[buildings],
                places.building_households[buildings],
                places.compounds,
                places.communities,
            ),
            heads=Heads(
                heads.unit_head[units],
                heads.unit_days_left[units],
                heads.building_head[buildings],
                heads.building_days_left[buildings],
            ),
        )

    def _chain(self, buildings: Ints) -> DutyChain:
        return chain_with(self._inputs(buildings), self._today.limits, self._loads)

    def _carried(self, buildings: Ints) -> tuple[Ints, Ints]:
        inputs = self._inputs(buildings)
        parts = parts_of(inputs.places)
        return loads_of(parts, holders_of(parts, inputs.places, inputs.heads).person, inputs.persons)


def _crew(service: Service) -> Ints:
    return np.repeat(np.arange(len(service.lead)), np.diff(service.indptr))


def _without(service: Service, person: int) -> Service:
    stays = service.members != person
    indptr = np.concatenate([[0], np.cumsum(stays)])[service.indptr].astype(np.int64)
    lead = np.where(service.lead == person, VACANT, service.lead)
    return replace(service, lead=lead, indptr=indptr, members=service.members[stays])


def _with(service: Service, at: int, person: int) -> Service:
    members = np.insert(service.members, service.indptr[at + 1], person)
    return replace(service, indptr=service.indptr + (np.arange(len(service.indptr)) > at), members=members)
