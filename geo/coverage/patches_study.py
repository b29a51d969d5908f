"""The doors of a compound to divide among heads, as the database has them, with who lives or serves there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.coverage.chain_study import ChainStudy, positions
from geo.coverage.duty_inputs import UNKNOWN
from geo.coverage.patch_graph import PatchGraph, patch_graph
from geo.people.volunteer_reads import pairing_rows
from geo.store.arrays import read_arrays
from geo.store.statements import statement

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class CompoundDoors:
    """The graph of a compound: by row the building and unit (-1: the building has none) as ids, and who could head.

    people: person ids, present heads first, then volunteers who live there; homes: the node each lives or serves in.
    """

    compound_id: int
    graph: PatchGraph
    buildings: Ints
    units: Ints
    people: Ints
    homes: Ints


def load_doors_of(connection: Connection, study: ChainStudy, compound_id: int, community_id: int) -> CompoundDoors:
    """Return the doors of a compound as a graph along its units and buildings."""
    found = read_arrays(
        connection, statement("coverage", "compound_buildings"), {"id": "int8", "x_m": "float8", "y_m": "float8"},
        {"compound": compound_id},
    )  # fmt: skip
    places = study.inputs.places
    at = positions(study.ids.buildings, found["id"])
    kept = at >= 0
    building, x_m, y_m = at[kept], found["x_m"][kept], found["y_m"][kept]
    unit = np.flatnonzero(np.isin(places.unit_building, building))
    bare = building[~np.isin(building, places.unit_building[unit])]
    row_building = np.concatenate([places.unit_building[unit], bare])
    households = np.concatenate([places.unit_households[unit], places.building_households[bare]])
    order = np.argsort(row_building, kind="stable")
    local = positions(building, row_building[order])
    graph = patch_graph(
        local, households[order], neighbours(x_m, y_m), split_above=study.limits.alarm_households
    )  # fmt: skip
    unit_ids = np.concatenate([study.ids.units[unit], np.full(len(bare), UNKNOWN)])[order]
    building_ids = study.ids.buildings[row_building[order]]
    people, homes = _people(connection, study, (building_ids, unit_ids), graph, community_id)
    return CompoundDoors(compound_id, graph, building_ids, unit_ids, people, homes)


def neighbours(x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> Ints:
    """Return the pairs of buildings with no third one between them (Gabriel's graph), which hangs together.

    >>> neighbours(np.array([0.0, 10.0, 20.0]), np.array([0.0, 1.0, 0.0])).tolist()
    [[0, 1], [1, 2]]
    """
    squares = (x_m[:, None] - x_m[None, :]) ** 2 + (y_m[:, None] - y_m[None, :]) ** 2
    pairs = []
    for one in range(len(x_m)):
        between = (squares[one][None, :] + squares[one + 1 :]) < squares[one, one + 1 :][:, None] - 1e-6
        pairs += [(one, one + 1 + int(other)) for other in np.flatnonzero(~between.any(axis=1))]
    return np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)


def _people(
    connection: Connection, study: ChainStudy, rows: tuple[Ints, Ints], graph: PatchGraph, community_id: int
) -> tuple[Ints, Ints]:
    """Return who heads doors here now and which volunteers live here, each with a node."""
    buildings, units = rows
    heads = study.inputs.heads
    of_building = heads.building_head[positions(study.ids.buildings, buildings)]
    unit = positions(study.ids.units, units)
    of_unit = np.where(unit >= 0, heads.unit_head[unit] if len(heads.unit_head) else UNKNOWN, UNKNOWN)
    found: dict[int, int] = {}
    for holder in (of_unit, of_building):
        for row in np.flatnonzero(holder >= 0):
            found.setdefault(int(study.ids.persons[holder[row]]), int(graph.row_node[row]))
    first_row = {int(building): row for row, building in reversed(list(enumerate(buildings)))}
    for volunteer in pairing_rows(connection, community_id, on=study.on):
        if volunteer.building_id in first_row:
            found.setdefault(volunteer.person_id, int(graph.row_node[first_row[volunteer.building_id]]))
    return np.array(list(found), dtype=np.int64), np.array(list(found.values()), dtype=np.int64)
