"""Paths inside compounds: along the north side of each row of buildings, joined at both ends and to the gates."""

from dataclasses import dataclass

import numpy as np

from data.compounds import Compounds
from data.lattice import EAST, NORTH, SOUTH, WEST
from data.layout import STYLE, path_t
from data.plan import Plan
from data.quads import Axes
from data.units import Units

KINDS = ("road", "street", "path", "stairs", "crossing")
ROAD, STREET, PATH, STAIRS, CROSSING = range(5)


@dataclass(frozen=True)
class Nodes:
    """Numbers of the first node of each sort: crossings, gates on their street, gates, feet of gates inside,

    ends of row paths, ends of southern paths, entrances, and the first free number.
    """

    crossing: int
    beside_gate: int
    gate: int
    foot: int
    row_end: int
    south_end: int
    entrance: int
    free: int


@dataclass(frozen=True)
class Edges:
    """Pieces of the network: node numbers and points (n, 2) in local metres of both ends, kind, line, barrier."""

    ends: np.ndarray
    points: np.ndarray
    kind: np.ndarray
    line: np.ndarray
    shut: np.ndarray

    @staticmethod
    def plain(ends: np.ndarray, points: np.ndarray, kind: int | np.ndarray) -> "Edges":
        """Return edges without name or barrier."""
        size = len(ends)
        return Edges(ends, points, np.broadcast_to(kind, size), np.full(size, -1), np.zeros(size, dtype=np.int8))

    @staticmethod
    def together(parts: list["Edges"]) -> "Edges":
        """Return all edges as one."""
        return Edges(*(np.concatenate([getattr(p, name) for p in parts]) for name in Edges.__dataclass_fields__))


def number(plan: Plan, compounds: Compounds, units: Units) -> Nodes:
    """Number the nodes: each sort after the other."""
    gates = len(compounds.gates.compound)
    sizes = [plan.lattice.nodes.shape[0] * plan.lattice.nodes.shape[1], gates, gates, gates]
    sizes += [2 * len(plan.rows.block), 2 * compounds.count, units.count]
    return Nodes(*(int(n) for n in np.concatenate([[1], 1 + np.cumsum(sizes)])))


def chain(owner: np.ndarray, position: np.ndarray, node: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join stops on the same line in the order of their position; return pairs of places (n, 2) and of nodes.

    >>> chain(np.array([0, 0, 1, 0]), np.array([2.0, 1.0, 5.0, 3.0]), np.array([7, 8, 9, 6]))[1].tolist()
    [[8, 7], [7, 6]]
    """
    order = np.lexsort((position, owner))
    same = owner[order[1:]] == owner[order[:-1]]
    pairs = np.stack([order[:-1][same], order[1:][same]], axis=1)
    return pairs, node[pairs]


def inside(plan: Plan, compounds: Compounds, units: Units, nodes: Nodes) -> list[Edges]:
    """Return the edges inside compounds, their gates included."""
    axes, rows, gates = Axes(plan.blocks.quad), plan.rows, compounds.gates
    margin = 0.4 * STYLE.margin_m[plan.blocks.style]
    row = np.arange(len(rows.block))
    row_t = path_t(plan.blocks, rows, row)
    own = Axes(plan.blocks.quad[rows.block])
    row_s = np.stack([own.west_at(row_t) + margin[rows.block], own.east_at(row_t) - margin[rows.block]], axis=1)
    south_t = np.maximum(axes.t[:, 0], axes.t[:, 1]) + margin
    south_s = np.stack([axes.west_at(south_t) + margin, axes.east_at(south_t) - margin], axis=1)
    last = np.searchsorted(rows.block, np.arange(compounds.count), side="right") - 1
    sideways = (gates.side == EAST) | (gates.side == WEST)
    foot_s = np.where(sideways, row_s[gates.row, np.where(gates.side == EAST, 1, 0)], gates.s)
    foot_t = np.where(gates.side == SOUTH, south_t[gates.compound], row_t[last[gates.compound]])
    foot_t = np.where(sideways, row_t[gates.row], foot_t)
    foot_node = np.where(
        sideways, nodes.row_end + 2 * gates.row + (gates.side == EAST), nodes.foot + np.arange(len(gates.side))
    )
    foot_row = np.where(gates.side == NORTH, last[gates.compound], -1)
    ends = np.where((gates.side == NORTH)[:, None], row_s[last[gates.compound]], south_s[gates.compound])
    foot_s = np.where(sideways, foot_s, np.clip(foot_s, ends[:, 0] + 1, ends[:, 1] - 1))
    foot_s = _clear_of_entrances(units, foot_row, foot_s)
    at_north, at_south = np.flatnonzero(foot_row >= 0), np.flatnonzero(gates.side == SOUTH)

    stop_row = np.concatenate([np.repeat(row, 2), units.row, foot_row[at_north]])
    stop_s = np.concatenate([row_s.ravel(), units.s, foot_s[at_north]])
    stop_node = np.concatenate([
        nodes.row_end + np.arange(2 * len(row)), nodes.entrance + np.arange(units.count), foot_node[at_north]
    ])  # fmt: skip
    edges = [_chained(axes, rows.block[stop_row], stop_row, stop_s, t=row_t[stop_row], node=stop_node)]

    block = np.concatenate([np.repeat(np.arange(compounds.count), 2), gates.compound[at_south]])
    stop_s = np.concatenate([south_s.ravel(), foot_s[at_south]])
    stop_node = np.concatenate([nodes.south_end + np.arange(2 * compounds.count), foot_node[at_south]])
    edges.append(_chained(axes, block, block, stop_s, t=south_t[block], node=stop_node))

    for side in (0, 1):
        spine_block = np.concatenate([np.arange(compounds.count), rows.block])
        spine_s = np.concatenate([south_s[:, side], row_s[:, side]])
        spine_t = np.concatenate([south_t, row_t])
        spine_node = np.concatenate([
            nodes.south_end + side + 2 * np.arange(compounds.count), nodes.row_end + side + 2 * row
        ])  # fmt: skip
        pairs, joined = chain(spine_block, spine_t, spine_node)
        points = axes.ground(spine_block, spine_s, spine_t)[pairs]
        edges.append(Edges.plain(joined, points, PATH))
    feet = axes.ground(gates.compound, foot_s, foot_t)
    link = np.stack([nodes.gate + np.arange(len(foot_node)), foot_node], axis=1)
    edges.append(Edges.plain(link, np.stack([gates.point, feet], axis=1), PATH))
    return edges


def _clear_of_entrances(units: Units, row: np.ndarray, s: np.ndarray) -> np.ndarray:
    order = np.argsort(units.row * 10_000 + units.s, kind="stable")
    key = (units.row * 10_000 + units.s)[order]
    asked = row * 10_000 + s
    after = np.clip(np.searchsorted(key, asked), 1, len(key) - 1)
    near = np.minimum(np.abs(key[after] - asked), np.abs(key[after - 1] - asked)) < 0.5
    return s + near * 1.3


def _chained(
    axes: Axes, block: np.ndarray, owner: np.ndarray, s: np.ndarray, *, t: np.ndarray, node: np.ndarray
) -> Edges:
    pairs, ends = chain(owner, s, node)
    return Edges.plain(ends, axes.ground(block, s, t)[pairs], PATH)
