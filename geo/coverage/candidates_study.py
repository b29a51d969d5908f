"""Who could fill a vacancy, as the database has it: volunteers of the community against posts nobody holds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.coverage.candidates import Candidates, Vacancies, Walking, WhoCould, shortage, who_could
from geo.coverage.chain_study import ChainStudy, parts_at, positions
from geo.coverage.duty_inputs import UNKNOWN
from geo.coverage.duty_parts import left_to_building
from geo.coverage.reach_study import Points, Walks, load_doors, walks
from geo.people.candidacy_reads import declined_pairs
from geo.people.candidacy_rules import conflicts
from geo.people.volunteer_reads import PairingRow, pairing_rows
from geo.planning.reads import parameters
from geo.store.arrays import read_arrays
from geo.store.statements import statement

Ints = NDArray[np.int64]
BUILDING, UNIT = 0, 1


@dataclass(frozen=True)
class Seats:
    """Posts to fill by position: the part of the duty chain they stand for, post (-1: none yet), building or unit."""

    part: Ints
    post: Ints
    kind: Ints


@dataclass(frozen=True)
class Offers:
    """What was found: the seats, who was looked at (in the order of the candidates), and who could."""

    seats: Seats
    volunteers: list[PairingRow]
    found: WhoCould
    load: Ints
    by_network: bool


@dataclass(frozen=True)
class Short:
    """A compound whose vacancies cannot all be filled: its id, vacancies and how many stay empty at best."""

    compound_id: int
    vacancies: int
    missing: int


def seat_of(study: ChainStudy, kind: str, place_id: int, post_id: int | None) -> Seats:
    """Return the one seat of a building or unit; a place the chain does not know gives none."""
    ids = study.ids.units if kind == "unit" else study.ids.buildings
    at = positions(ids, np.array([place_id]))
    part = at if kind == "unit" else np.where(at >= 0, at + len(study.ids.units), -1)
    known = at >= 0
    code = np.array([UNIT if kind == "unit" else BUILDING])
    return Seats(part[known], np.array([post_id or UNKNOWN])[known], code[known])


def vacant_seats(connection: Connection, study: ChainStudy, community_id: int | None) -> Seats:
    """Return every post of a building or unit head that nobody holds, in a community or everywhere."""
    found = read_arrays(
        connection, statement("coverage", "vacant_posts"), {"post_id": "int8", "place_id": "int8", "of_unit": "bool"},
        {"community": community_id, "on": study.on},
    )  # fmt: skip
    of_unit = found["of_unit"] == 1
    unit, building = positions(study.ids.units, found["place_id"]), positions(study.ids.buildings, found["place_id"])
    part = np.where(of_unit, unit, np.where(building >= 0, building + len(study.ids.units), -1))
    known = part >= 0
    return Seats(part[known], found["post_id"][known], of_unit[known].astype(np.int64))


def offers(
    connection: Connection,
    study: ChainStudy,
    seats: Seats,
    community_id: int | None = None,
    *,
    doors: Points | None = None,
) -> Offers:
    """Return who could take these seats: active volunteers, ranked, within their walking limits.

    doors: where the parts of the chain enter the network, where that is known already.
    """
    chosen = parameters(connection)
    volunteers = pairing_rows(connection, community_id, on=study.on)
    candidates = _candidates(study, volunteers)
    way = walks(connection)
    entered = doors or load_doors(connection, way, study.inputs.places.unit_building)
    found = who_could(
        _vacancies(study, seats),
        candidates,
        walking=_walking(
            way,
            (entered.part(seats.part), entered.at(homes_of(study, volunteers))),
            volunteers,
            float(chosen["volunteer_limit_m"]),
        ),
        declined=_declined(connection, seats, volunteers),
        alarm_households=study.limits.alarm_households,
    )
    return Offers(seats, volunteers, found, candidates.load, way.network is not None)


def compounds_short(study: ChainStudy, found: Offers) -> list[Short]:
    """Return the compounds whose vacancies cannot all be filled even if as many as possible are, worst first."""
    compound = _vacancies(study, found.seats).compound
    missing = shortage(found.found, compound, len(study.ids.compounds)).missing
    vacant = np.bincount(compound[compound != UNKNOWN], minlength=len(study.ids.compounds))
    worst = np.flatnonzero(missing)
    order = worst[np.lexsort((worst, -missing[worst]))]
    return [Short(int(study.ids.compounds[at]), int(vacant[at]), int(missing[at])) for at in order]


def _vacancies(study: ChainStudy, seats: Seats) -> Vacancies:
    parts, places = study.chain.parts, study.inputs.places
    building, of_unit = parts.building[seats.part], seats.kind == UNIT
    left, uncounted = left_to_building(parts, study.inputs.heads)
    known = ~np.where(of_unit, parts.unknown[seats.part], uncounted[building] > 0)
    households = np.where(of_unit, parts.households[seats.part], left[building])
    return Vacancies(
        unit=parts.unit[seats.part],
        building=building,
        compound=places.building_compound[building],
        kind=seats.kind,
        households=np.where(known, households, UNKNOWN),
    )


def _candidates(study: ChainStudy, volunteers: Sequence[PairingRow]) -> Candidates:
    def column(name: str, ids: Ints) -> Ints:
        return positions(ids, np.array([getattr(row, name) or 0 for row in volunteers], dtype=np.int64))

    person = column("person_id", study.ids.persons)
    load = np.where(person >= 0, study.chain.load[person], 0) if study.inputs.persons else np.zeros(len(person))
    clash = np.array([conflicts(row.posts) for row in volunteers], dtype=np.bool_)
    return Candidates(
        unit=column("unit_id", study.ids.units),
        building=column("building_id", study.ids.buildings),
        compound=column("compound_id", study.ids.compounds),
        hours_left=np.array([row.free_hours for row in volunteers], dtype=np.float64),
        load=load.astype(np.int64),
        conflict=np.repeat(clash[:, None], 2, axis=1),
    )


def homes_of(study: ChainStudy, volunteers: Sequence[PairingRow]) -> Ints:
    """Return the part of the chain each volunteer lives at, -1 where nobody has written it down."""
    unit_ids = np.array([row.unit_id or 0 for row in volunteers], dtype=np.int64)
    building_ids = np.array([row.building_id or 0 for row in volunteers], dtype=np.int64)
    return parts_at(study.ids, unit_ids, building_ids)


def _walking(
    way: Walks, places: tuple[Points, Points], volunteers: Sequence[PairingRow], limit_m: float
) -> Walking:  # fmt: skip
    begin, homes = places
    own = np.array([float(row.limit_m or limit_m) for row in volunteers], dtype=np.float64)
    found = way.within(begin, homes, float(own.max(initial=limit_m)))
    kept = found.metres <= own[found.target] if len(own) else np.zeros(len(found.target), dtype=np.bool_)
    counts = np.bincount(found.source()[kept], minlength=len(begin.lon))
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Walking(indptr, found.target[kept].astype(np.int64), found.metres[kept])


def _declined(connection: Connection, seats: Seats, volunteers: Sequence[PairingRow]) -> tuple[Ints, Ints]:
    seat = {int(post): at for at, post in enumerate(seats.post) if post != UNKNOWN}
    who = {row.person_id: at for at, row in enumerate(volunteers)}
    pairs = declined_pairs(connection, list(seat))
    kept = [(seat[post], who[person]) for post, person in pairs if person in who]
    rows = np.array(kept, dtype=np.int64).reshape(len(kept), 2)
    return rows[:, 0], rows[:, 1]
