"""The duty chain of the city as the database has it: its inputs by position, and the ids the positions stand for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.access.reads import may
from geo.coverage.duty_chain import GAP_OF_FLAGS, DutyChain, duty_chain
from geo.coverage.duty_inputs import (
    NO_POST,
    OPEN_ENDED,
    UNKNOWN,
    VACANT,
    DutyInputs,
    Flag,
    Heads,
    Ints,
    Limits,
    Places,
    Service,
)
from geo.people.loads import POSTGRES_EPOCH, lookup
from geo.planning.reads import parameters
from geo.store.arrays import read_arrays
from geo.store.statements import statement

Columns = dict[str, NDArray[Any]]
NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True)
class ChainIds:
    """The ids behind the positions of a chain, each ascending."""

    units: Ints
    buildings: Ints
    compounds: Ints
    communities: Ints
    persons: Ints
    stations: Ints
    teams: Ints


@dataclass(frozen=True)
class ChainStudy:
    """The chain of everything an actor sees on a day, with what it was computed from.

    sees_teams: the actor sees who helps in teams; without them nobody can say which doors hang on one person, and the
    gaps leave that out.
    """

    on: date
    ids: ChainIds
    inputs: DutyInputs
    limits: Limits
    chain: DutyChain
    sees_teams: bool = True

    @property
    def part_gap(self) -> NDArray[np.uint8]:
        """Return the gap of every part of the chain."""
        return self._gap(self.chain.part_flags)

    @property
    def building_gap(self) -> NDArray[np.uint8]:
        """Return the gap of every building."""
        return self._gap(self.chain.building_flags)

    def _gap(self, flags: NDArray[np.uint8]) -> NDArray[np.uint8]:
        told = flags if self.sees_teams else flags & np.uint8(0xFF & ~Flag.SINGLE_POINT)
        return GAP_OF_FLAGS[told]

    def person(self, person_id: int) -> int | None:
        """Return the position of a person, None for somebody who holds nothing the chain knows."""
        at = int(np.searchsorted(self.ids.persons, person_id))
        return at if at < len(self.ids.persons) and self.ids.persons[at] == person_id else None


@dataclass(frozen=True)
class _Holders:
    """Who holds which post now: the holder and the days left by post, and every holder of a post in rows."""

    person_ids: Ints
    posts: Ints
    person: Ints
    days_left: Ints

    def of(self, posts: Ints) -> tuple[Ints, Ints]:
        """Return the position of the holder of each post (VACANT for nobody) and the days left."""
        at = lookup(self.posts, np.arange(len(self.posts))).of(posts)
        held = at >= 0
        person = np.where(held, self.person[at] if len(self.person) else VACANT, VACANT)
        days = np.where(held, self.days_left[at] if len(self.person) else OPEN_ENDED, OPEN_ENDED)
        return person.astype(np.int64), days.astype(np.int64)


def load_chain(connection: Connection, on: date) -> ChainStudy:
    """Return the duty chain of everything the actor sees on a day, with the city's own limits.

    A station serves the compound it stands in (the whole community when it stands in none) while it is open. A team's
    active volunteers, as far as the actor may see them, serve the compound they live in; where nobody has written down
    where they live, what their team serves.
    """
    chosen = parameters(connection)
    limits = Limits(chosen["head_households"], chosen["head_alarm_households"], chosen["term_ending_days"])
    ids, inputs = chain_inputs(connection, on)
    sees_teams = may(connection, "see_volunteers") or may(connection, "run_studies")
    return ChainStudy(on, ids, inputs, limits, duty_chain(inputs, limits), sees_teams)


def chain_inputs(connection: Connection, on: date) -> tuple[ChainIds, DutyInputs]:
    """Return the ids of the places, posts' holders and teams the actor sees, and the chain's inputs by their order."""
    buildings = _read(connection, "chain_buildings", id="int8", compound_id="int8", community_id="int8",
                      households="int4")  # fmt: skip
    units = _read(connection, "chain_units", id="int8", building_id="int8", households="int4")
    stations = _read(connection, "chain_stations", id="int8", compound_id="int8", community_id="int8")
    teams = _read(connection, "chain_teams", id="int8", compound_id="int8", community_id="int8")
    members = _read(connection, "chain_members", team_id="int8", person_id="int8", compound_id="int8")
    holders = _holders(connection, on, members["person_id"])
    served = [buildings, stations, teams]
    compounds = np.unique(np.concatenate([part["compound_id"] for part in served]))
    ids = ChainIds(
        units=units["id"],
        buildings=buildings["id"],
        compounds=compounds[compounds != UNKNOWN],
        communities=np.unique(np.concatenate([part["community_id"] for part in served])),
        persons=holders.person_ids,
        stations=stations["id"],
        teams=teams["id"],
    )
    places = Places(
        unit_building=positions(ids.buildings, units["building_id"]),
        unit_households=units["households"].astype(np.int64),
        building_compound=positions(ids.compounds, buildings["compound_id"]),
        building_community=positions(ids.communities, buildings["community_id"]),
        building_households=buildings["households"].astype(np.int64),
        compounds=len(ids.compounds),
        communities=len(ids.communities),
    )
    return ids, DutyInputs(
        places=places,
        heads=_heads(connection, ids, holders),
        stations=_stations(connection, ids, stations, holders),
        teams=_teams(ids, teams, members),
        persons=len(ids.persons),
    )


def parts_at(ids: ChainIds, unit_ids: Ints, building_ids: Ints) -> Ints:
    """Return the part of the chain somebody lives at: of the unit, else of the building, -1 where neither is known."""
    unit, building = positions(ids.units, unit_ids), positions(ids.buildings, building_ids)
    return np.where(unit >= 0, unit, np.where(building >= 0, building + len(ids.units), -1))


def positions(ids: Ints, wanted: NDArray[Any]) -> Ints:
    """Return where each wanted id stands among ids in ascending order, -1 for one that is not there.

    >>> positions(np.array([4, 7, 9]), np.array([9, 4, 5])).tolist()
    [2, 0, -1]
    """
    return lookup(ids, np.arange(len(ids))).of(wanted)


def _read(connection: Connection, name: str, params: dict[str, Any] | None = None, **columns: str) -> Columns:
    return read_arrays(connection, statement("coverage", name), columns, params)


def _holders(connection: Connection, on: date, others: Ints) -> _Holders:
    """Return who holds what: a term somebody follows without a break counts as open-ended."""
    found = _read(
        connection, "chain_holdings", {"on": on}, post_id="int8", person_id="int8", from_on="date", to_on="date"
    )
    day = (on - POSTGRES_EPOCH).days
    begun = found["from_on"] <= day
    followed = np.isin(_post_and_day(found["post_id"], found["to_on"]),
                       _post_and_day(found["post_id"][~begun], found["from_on"][~begun]))  # fmt: skip
    left = np.where((found["to_on"] == NEVER) | followed, OPEN_ENDED, found["to_on"].astype(np.int64) - day)
    persons = np.unique(np.concatenate([found["person_id"], others]))
    return _Holders(
        persons, found["post_id"][begun], positions(persons, found["person_id"][begun]), left[begun].astype(np.int64)
    )


def _post_and_day(posts: Ints, days: NDArray[np.int32]) -> Ints:
    return (posts << 32) + days


def _heads(connection: Connection, ids: ChainIds, holders: _Holders) -> Heads:
    unit_head, unit_days = _head_of(connection, "unit_head", ids.units, holders)
    building_head, building_days = _head_of(connection, "building_head", ids.buildings, holders)
    return Heads(unit_head, unit_days, building_head, building_days)


def _head_of(connection: Connection, kind: str, places: Ints, holders: _Holders) -> tuple[Ints, Ints]:
    posts = _read(connection, "chain_posts", {"kind": kind}, post_id="int8", place_id="int8")
    at = positions(places, posts["place_id"])
    person, days = holders.of(posts["post_id"])
    head = np.full(len(places), NO_POST, dtype=np.int64)
    left = np.full(len(places), OPEN_ENDED, dtype=np.int64)
    head[at[at >= 0]], left[at[at >= 0]] = person[at >= 0], days[at >= 0]
    return head, left


def _stations(connection: Connection, ids: ChainIds, stations: Columns, holders: _Holders) -> Service:
    posts = _read(connection, "chain_station_posts", post_id="int8", station_id="int8", leads="bool")
    station = positions(ids.stations, posts["station_id"])
    leads = (posts["leads"] == 1) & (station >= 0)
    lead = np.full(len(ids.stations), NO_POST, dtype=np.int64)
    lead[station[leads]] = holders.of(posts["post_id"][leads])[0]
    deputy = {int(post): int(at) for post, at in zip(posts["post_id"], station, strict=True) if at >= 0}
    of_deputies = np.isin(holders.posts, posts["post_id"][~leads & (station >= 0)])
    where = np.array([deputy[int(post)] for post in holders.posts[of_deputies]], dtype=np.int64)
    indptr, members = _rows(where, holders.person[of_deputies], len(ids.stations))
    return Service(*_served(ids, stations), lead, indptr, members)


def _teams(ids: ChainIds, teams: Columns, members: Columns) -> Service:
    """Return the teams by position, and after them a row for every team and compound its members live in."""
    team = positions(ids.teams, members["team_id"])
    known = team >= 0
    team, person = team[known], positions(ids.persons, members["person_id"][known])
    home = positions(ids.compounds, members["compound_id"][known])
    pairs, row = np.unique(np.column_stack([team, home]), axis=0, return_inverse=True)
    many = len(ids.teams)
    row = np.where(home >= 0, row.reshape(-1) + many, team)
    compound, community = _served(ids, teams)
    rows = many + len(pairs)
    indptr, listed = _rows(row, person, rows)
    return Service(
        np.concatenate([compound, pairs[:, 1]]),
        np.concatenate([community, community[pairs[:, 0]]]),
        np.full(rows, NO_POST, dtype=np.int64),
        indptr,
        listed,
    )


def _served(ids: ChainIds, services: Columns) -> tuple[Ints, Ints]:
    return positions(ids.compounds, services["compound_id"]), positions(ids.communities, services["community_id"])


def _rows(row: Ints, value: Ints, rows: int) -> tuple[Ints, Ints]:
    order = np.argsort(row, kind="stable")
    counts = np.bincount(row, minlength=rows)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), value[order].astype(np.int64)
