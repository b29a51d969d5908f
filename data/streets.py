"""The walking network as table rows: streets split at gates, bridges, river walks, park paths, paths in compounds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data import walks
from data.compounds import Compounds
from data.frames import Frame, Lines, digits, join, room_rng, texts
from data.lattice import ARTERIAL
from data.plan import Plan
from data.units import Units
from data.walks import CROSSING, KINDS, PATH, ROAD, STAIRS, STREET, Edges, Nodes
from data.zoning import PARK

OPEN, GATE, BOLLARD, LOCKED = range(4)
BARRIERS = ("", "gate", "bollard", "locked_gate")
BANK_SHARES = (0.21, 0.79)
EDGES_AT_ONCE = 400_000
SPLIT_M = 4.0


def network(plan: Plan, compounds: Compounds, units: Units) -> Edges:
    """Return all edges of the walking network."""
    nodes = walks.number(plan, compounds, units)
    rng = room_rng(plan.seed, "streets")
    parts = [_streets(plan, compounds, nodes), _gate_links(plan, compounds, nodes, rng)]
    parts += walks.inside(plan, compounds, units, nodes)
    parts += _park_paths(plan, nodes)
    parts += _river_walks(plan, nodes)
    return Edges.together(parts)


@dataclass(frozen=True)
class _Splits:
    """Where streets are split: opposite gates share a split; ``of_gate`` is each gate's split."""

    of_gate: np.ndarray
    segment: np.ndarray
    share: np.ndarray
    point: np.ndarray


def _splits(plan: Plan, compounds: Compounds) -> _Splits:
    gates = compounds.gates
    ends = plan.lattice.nodes.reshape(-1, 2)[plan.segments.ends]
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    own = ends[gates.street]
    way = own[:, 1] - own[:, 0]
    share = ((gates.point - own[:, 0]) * way).sum(axis=1) / (way**2).sum(axis=1)
    steps = np.floor(length / SPLIT_M)[gates.street]
    step = np.clip(np.round(share * steps), 1, steps - 1).astype(int)
    key, of_gate = np.unique(gates.street * 10_000 + step, return_inverse=True)
    segment, step = np.divmod(key, 10_000)
    share = step / np.floor(length / SPLIT_M)[segment]
    point = ends[segment, 0] + (ends[segment, 1] - ends[segment, 0]) * share[:, None]
    return _Splits(of_gate, segment, share, point)


def _streets(plan: Plan, compounds: Compounds, nodes: Nodes) -> Edges:
    segments, splits = plan.segments, _splits(plan, compounds)
    kept = np.flatnonzero(plan.streets)
    flat = plan.lattice.nodes.reshape(-1, 2)
    owner = np.concatenate([kept, kept, splits.segment])
    position = np.concatenate([np.zeros(len(kept)), np.ones(len(kept)), splits.share])
    node = np.concatenate([
        nodes.crossing + segments.ends[kept, 0], nodes.crossing + segments.ends[kept, 1],
        nodes.beside_gate + np.arange(len(splits.share)),
    ])  # fmt: skip
    point = np.concatenate([flat[segments.ends[kept, 0]], flat[segments.ends[kept, 1]], splits.point])
    pairs, ends = walks.chain(owner, position, node)
    segment = owner[pairs[:, 0]]
    kind = np.where(segments.rank[segment] >= ARTERIAL, ROAD, STREET)
    return Edges(ends, point[pairs], kind, segments.name[segment], np.zeros(len(kind), dtype=np.int8))


def _gate_links(plan: Plan, compounds: Compounds, nodes: Nodes, rng: np.random.Generator) -> Edges:
    gates = compounds.gates
    place = np.arange(len(gates.compound))
    splits = _splits(plan, compounds)
    ends = np.stack([nodes.beside_gate + splits.of_gate, nodes.gate + place], axis=1)
    kind = np.where(plan.segments.rank[gates.street] >= ARTERIAL, CROSSING, PATH)
    shut = np.where(gates.locked, LOCKED, np.where(rng.random(len(place)) < 0.25, BOLLARD, GATE))
    return Edges(
        ends,
        np.stack([splits.point[splits.of_gate], gates.point], axis=1),
        kind,
        np.full(len(place), -1),
        shut.astype(np.int8),
    )


def used_crossings(plan: Plan) -> np.ndarray:
    """Return which nodes of the lattice have a street."""
    used = np.zeros(plan.lattice.nodes.shape[0] * plan.lattice.nodes.shape[1], dtype=bool)
    used[plan.segments.ends[plan.streets]] = True
    return used


def _park_paths(plan: Plan, nodes: Nodes) -> list[Edges]:
    columns = plan.lattice.shape[1]
    used = used_crossings(plan)
    park = np.flatnonzero((plan.zoning.use == PARK).ravel() & plan.urban.ravel())
    j, i = np.divmod(park, columns)
    corner = np.stack([j * (columns + 1) + i, j * (columns + 1) + i + 1, (j + 1) * (columns + 1) + i + 1,
                       (j + 1) * (columns + 1) + i], axis=1)  # fmt: skip
    middle = plan.lattice.quads().reshape(-1, 4, 2)[park].mean(axis=1)
    which, spot = np.nonzero(used[corner])
    ends = np.stack([nodes.crossing + corner[which, spot], nodes.free + which], axis=1)
    points = np.stack([plan.lattice.nodes.reshape(-1, 2)[corner[which, spot]], middle[which]], axis=1)
    return [Edges.plain(ends, points, PATH)]


def _river_walks(plan: Plan, nodes: Nodes) -> list[Edges]:
    rows, columns = plan.lattice.shape
    used = used_crossings(plan).reshape(rows + 1, columns + 1)
    first_free = nodes.free + rows * columns
    parts = []
    grids = ((plan.lattice.along.river, plan.lattice.nodes, used, np.arange(used.size).reshape(used.shape)),
             (plan.lattice.across.river, plan.lattice.nodes.swapaxes(0, 1), used.T,
              np.arange(used.size).reshape(used.shape).T))  # fmt: skip
    for river, grid, walked, crossing in grids:
        for gap in np.flatnonzero(river):
            for bank, share in enumerate(BANK_SHARES):
                beside = gap + bank
                spot = grid[:, gap] * (1 - share) + grid[:, gap + 1] * share
                on = np.flatnonzero(walked[:, beside])
                node = first_free + np.arange(len(spot))
                first_free += len(spot)
                stairs = np.stack([nodes.crossing + crossing[on, beside], node[on]], axis=1)
                parts.append(Edges.plain(stairs, np.stack([grid[on, beside], spot[on]], axis=1), STAIRS))
                next_on = on[:-1][np.diff(on) == 1]
                along = np.stack([node[next_on], node[next_on + 1]], axis=1)
                parts.append(Edges.plain(along, np.stack([spot[next_on], spot[next_on + 1]], axis=1), PATH))
    return parts


def frames(plan: Plan, edges: Edges, street_names: list[str]) -> Iterator[Frame]:
    """Yield the rows of the table of walk edges."""
    named = np.append(texts(street_names), b"")
    kinds, barriers = texts(KINDS), texts(BARRIERS)
    for start in range(0, len(edges.kind), EDGES_AT_ONCE):
        part = slice(start, start + EDGES_AT_ONCE)
        points = edges.points[part]
        size = len(points)
        ids = np.arange(start + 1, start + size + 1)
        coords = plan.projection.lon_lat(points.reshape(-1, 2))
        yield Frame(
            "walk_edge",
            {
                "id": ids,
                "code": join("w", digits(ids, 8)),
                "from_node": edges.ends[part, 0],
                "to_node": edges.ends[part, 1],
                "kind": kinds[edges.kind[part]],
                "name": named[edges.line[part]],
                "walkable": edges.shut[part] != LOCKED,
                "oneway": np.zeros(size, dtype=bool),
                "barrier": barriers[edges.shut[part]],
                "length_m": np.round(np.hypot(*(points[:, 1] - points[:, 0]).T), 2),
                "geom": Lines("LINESTRING", coords, np.arange(size + 1) * 2),
            },
        )
