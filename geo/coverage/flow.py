"""The cheapest way to hand out units: from needs along arcs to volunteers, as much as can be, then at least cost."""

from dataclasses import dataclass
from math import gcd
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from geo.errors import NoRoom
from geo.i18n import N_

Integers = npt.NDArray[np.int64]
TOO_LARGE = N_("There are too many needs and volunteers to be paired at once. Pair each street office for itself.")


@dataclass(frozen=True)
class Arcs:
    """Who may give to whom: need and volunteer (positions), the most units, and the cost of one (whole, any sign)."""

    need: Integers
    volunteer: Integers
    room: Integers
    cost: Integers

    def __len__(self) -> int:
        return len(self.need)


def transport(wanted: Integers, offered: Integers, arcs: Arcs) -> Integers:
    """Return how many units each arc carries: first as many as possible in all, then at the least total cost.

    wanted: units of each need; offered: units of each volunteer. Both aims are met exactly: a maximum flow, and among
    all of these one of least cost (cost scaling, OR-tools). Of the equally cheap ones it is one whose divided arcs
    (neither empty nor full) form no ring, so that few needs are divided. Raises NoRoom when costs exceed 64 bits.

    >>> arcs = Arcs(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([2, 2, 1]), np.array([5, 90, 70]))
    >>> transport(np.array([2, 1]), np.array([1, 2]), arcs).tolist()
    [0, 2, 1]
    """
    needs, volunteers = len(wanted), len(offered)
    source, sink = needs + volunteers, needs + volunteers + 1
    tails = np.concatenate((np.full(needs, source), arcs.need, needs + np.arange(volunteers)))
    heads = np.concatenate((np.arange(needs), needs + arcs.volunteer, np.full(volunteers, sink)))
    rooms = np.concatenate((wanted, arcs.room, offered)).astype(np.int64)
    costs = np.concatenate((np.zeros(needs), arcs.cost, np.zeros(volunteers))).astype(np.int64)
    solver = SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(tails.astype(np.int32), heads.astype(np.int32), rooms, costs)
    supply = int(wanted.sum())
    solver.set_node_supply(source, supply)
    solver.set_node_supply(sink, -supply)
    if solver.solve_max_flow_with_min_cost() != SimpleMinCostFlow.OPTIMAL:
        raise NoRoom(TOO_LARGE)
    carried = np.asarray(solver.flows(numbers[needs : needs + len(arcs)]), dtype=np.int64)
    return without_rings(carried, wanted, offered, arcs)


def without_rings(carried: Integers, wanted: Integers, offered: Integers, arcs: Arcs) -> Integers:
    """Return a plan of the same cost whose divided arcs form no ring: what goes around a ring may as well not.

    In a cheapest plan a ring of divided arcs costs nothing in either direction, so that units are moved along it until
    one of its arcs is empty or full. Needs that are met in part and volunteers with some units left are joined too.

    >>> arcs = Arcs(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.full(4, 2), np.full(4, 7))
    >>> without_rings(np.array([1, 1, 1, 1]), np.array([2, 2]), np.array([2, 2]), arcs).tolist()
    [2, 0, 0, 2]
    """
    if not _divided(carried, arcs.room).size:
        return carried
    given = np.bincount(arcs.need, weights=carried, minlength=len(wanted)).astype(np.int64)
    used = np.bincount(arcs.volunteer, weights=carried, minlength=len(offered)).astype(np.int64)
    rings = _Rings((carried.copy(), given, used), (arcs.room, wanted, offered))
    for need in _divided(given, wanted).tolist():
        rings.add(_Strand(GIVEN, need, ("all", 0), ("need", need)))
    for volunteer in _divided(used, offered).tolist():
        rings.add(_Strand(USED, volunteer, ("volunteer", volunteer), ("all", 0)))
    for arc in _divided(carried, arcs.room).tolist():
        ends = ("need", int(arcs.need[arc])), ("volunteer", int(arcs.volunteer[arc]))
        rings.add(_Strand(CARRIED, arc, *ends))
    return rings.flows[CARRIED]


def _divided(flow: Integers, room: Integers) -> Integers:
    return np.flatnonzero((flow > 0) & (flow < room))


CARRIED, GIVEN, USED = range(3)
Node = tuple[str, int]


class _Strand(NamedTuple):
    """A divided arc: of the plan, from all that is given to a need, or from a volunteer to all that is used."""

    kind: int
    number: int
    tail: Node
    head: Node

    def other(self, node: Node) -> Node:
        return self.head if node == self.tail else self.tail


class _Rings:
    """A forest of strands; a strand that would close a ring is resolved by moving units around it."""

    def __init__(self, flows: tuple[Integers, ...], rooms: tuple[Integers, ...]) -> None:
        self.flows, self.rooms = flows, rooms
        self.at: dict[Node, list[_Strand]] = {}

    def add(self, strand: _Strand) -> None:
        if not self._is_divided(strand):
            return
        path = self._path(strand.head, strand.tail)
        if path is None:
            self._join(strand)
            return
        ring = [(strand, 1), *path]
        step = min(self._slack(one, sign) for one, sign in ring)
        for one, sign in ring:
            self.flows[one.kind][one.number] += sign * step
        for one, _sign in path:
            if not self._is_divided(one):
                self.at[one.tail].remove(one)
                self.at[one.head].remove(one)
        self.add(strand)

    def _join(self, strand: _Strand) -> None:
        for node in (strand.tail, strand.head):
            self.at.setdefault(node, []).append(strand)

    def _is_divided(self, strand: _Strand) -> bool:
        return 0 < self.flows[strand.kind][strand.number] < self.rooms[strand.kind][strand.number]

    def _slack(self, strand: _Strand, sign: int) -> int:
        flow, room = self.flows[strand.kind][strand.number], self.rooms[strand.kind][strand.number]
        return int(room - flow if sign > 0 else flow)

    def _path(self, start: Node, goal: Node) -> list[tuple[_Strand, int]] | None:
        """Return the strands from start to goal, each with +1 when it is passed from tail to head; None if apart."""
        came: dict[Node, _Strand | None] = {start: None}
        waiting = [start]
        for node in waiting:
            if node == goal:
                break
            for strand in self.at.get(node, ()):
                following = strand.other(node)
                if following not in came:
                    came[following] = strand
                    waiting.append(following)
        if goal not in came:
            return None
        path: list[tuple[_Strand, int]] = []
        node = goal
        while (last := came[node]) is not None:
            path.append((last, 1 if last.head == node else -1))
            node = last.other(node)
        return path


def largest_unit(amounts: Integers) -> int:
    """Return the largest whole number that goes into every amount; 1 for none.

    >>> largest_unit(np.array([8, 12, 20])), largest_unit(np.array([], dtype=np.int64))
    (4, 1)
    """
    return gcd(*np.unique(amounts).tolist()) or 1
