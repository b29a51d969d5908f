"""Volunteers in reach, as the database has it: hours left of those with a skill, shared among the needs around them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.access.reads import may
from geo.coverage.candidates_study import homes_of
from geo.coverage.catchment import Decay, catchment
from geo.coverage.chain_study import ChainStudy, parts_at
from geo.coverage.nearest import Within
from geo.coverage.reach_study import Points, Walks, load_doors, walks
from geo.people.volunteer_reads import pairing_rows
from geo.planning.reads import parameters
from geo.store.arrays import read_arrays
from geo.store.statements import statement

Floats = NDArray[np.float64]
RING_SHARES = (0.3, 0.5, 1.0)
"""The rings of the decay as shares of the walking limit: 300, 500 and 1000 m of the city's usual one."""
NOBODY, USED_UP, IN_REACH, CUT_OFF, UNKNOWN = 2, 3, 1, 4, 0


@dataclass(frozen=True)
class HelpersReach:
    """By part of the duty chain: the class of volunteers in reach, and hours they can give for an hour needed there.

    needs: hours a week needed by part; needs_known: the actor sees needs, else only who is in reach counts;
    volunteers: how many offer the skill; placeless: how many of them live nobody knows where.
    """

    part_class: NDArray[np.uint8]
    access: Floats
    needs: Floats
    needs_known: bool
    volunteers: int
    placeless: int
    by_network: bool


def load_helpers(
    connection: Connection, study: ChainStudy, skill: str | None, *, doors: Points | None = None
) -> HelpersReach:
    """Return how every door stands with volunteers of a skill (None: any) who have hours left.

    In reach: somebody with hours left walks there within their own limit. Hours used up: those in reach cannot give
    what is needed there once all needs around share them by a two-step floating catchment.
    """
    chosen = parameters(connection)
    usual_m = float(chosen["volunteer_limit_m"])
    offering = [row for row in pairing_rows(connection, on=study.on) if skill is None or skill in row.skills]
    placed = [row for row in offering if row.building_id is not None]
    way = walks(connection)
    doors = doors or load_doors(connection, way, study.inputs.places.unit_building)
    hours = np.array([row.free_hours for row in placed], dtype=np.float64)
    own_m = np.array([float(row.limit_m or usual_m) for row in placed], dtype=np.float64)
    homes = doors.at(homes_of(study, placed))
    needs = _needs(connection, study, skill, float(chosen["need_hours_week"]))
    access = _access(way, (doors, homes), needs, hours, own_m)
    in_reach = _in_reach(way, doors, homes, np.where(hours > 0, own_m, 0.0))
    codes = np.where(in_reach, IN_REACH, NOBODY)
    codes[in_reach & (needs > 0) & (access < 1 - 1e-9)] = USED_UP
    codes[doors.cut_off()] = CUT_OFF
    return HelpersReach(
        part_class=codes.astype(np.uint8),
        access=access,
        needs=needs,
        needs_known=may(connection, "see_needs"),
        volunteers=len(offering),
        placeless=len(offering) - len(placed),
        by_network=way.network is not None,
    )


def _in_reach(way: Walks, doors: Points, homes: Points, limits_m: Floats) -> NDArray[np.bool_]:
    """Return by door whether somebody is near who walks that far; a limit of 0 walks nowhere."""
    found = np.zeros(len(doors.lon), dtype=np.bool_)
    for limit_m in np.unique(limits_m[limits_m > 0]):
        nearest = way.nearest(doors, homes.part(np.flatnonzero(limits_m == limit_m)), float(limit_m))
        found |= nearest.target >= 0
    return found


def _access(way: Walks, places: tuple[Points, Points], needs: Floats, hours: Floats, own_m: Floats) -> Floats:
    """Return by door the hours that can be given for an hour needed there; 0 where nothing is needed."""
    doors, homes = places
    access = np.zeros(len(needs))
    wanted = np.flatnonzero(needs > 0)
    if not len(wanted) or not len(own_m):
        return access
    longest_m = float(own_m.max())
    reach = way.within(doors.part(wanted), homes, longest_m)
    kept = reach.metres <= own_m[reach.target]
    counts = np.bincount(reach.source()[kept], minlength=len(wanted))
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    decay = Decay.steps(tuple(share * longest_m for share in RING_SHARES))
    found = catchment(Within(indptr, reach.target[kept], reach.metres[kept]), needs[wanted], hours, decay)
    access[wanted] = found.access
    return access


def _needs(connection: Connection, study: ChainStudy, skill: str | None, usual_hours: float) -> Floats:
    """Return the hours a week that open needs without a circle ask for, by part of the chain."""
    columns = {"building_id": "int8", "unit_id": "int8", "hours_week": "float8"}
    found = read_arrays(connection, statement("coverage", "open_needs"), columns, {"skill": skill})
    part = parts_at(study.ids, found["unit_id"], found["building_id"])
    hours = np.where(found["hours_week"] < 0, usual_hours, found["hours_week"])
    many = len(study.chain.parts.building)
    return np.bincount(part[part >= 0], hours[part >= 0], minlength=many).astype(np.float64)
