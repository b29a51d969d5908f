"""Water and green: rivers with their banks, the lake, parks with ponds, gardens of compounds."""

import numpy as np
import shapely

from data import names, quads
from data.frames import Frame, Shapes, digits, join, polygonal, room_rng, texts
from data.layout import garden_size
from data.plan import Plan
from data.quads import Axes
from data.zoning import LAKE, PARK

WATER_SHARES = (0.31, 0.69)
BANKS = ((0.13, 0.31), (0.69, 0.87))
RIVER_PIECE = 64
SHORE_M, ISLAND_M = 30.0, 26.0
GARDEN_CORNERS = 14


def frame(plan: Plan) -> Frame:
    """Return the rows of the table of ground."""
    rng = room_rng(plan.seed, "ground")
    water, banks = _rivers(plan)
    lake, shore = _lake(plan, rng)
    parks, ponds = _parks(plan, rng)
    gardens = _gardens(plan)
    layers = (
        ("river", texts(["运澄河"]), water),
        ("park", texts(["运澄河滨河绿地"]), banks),
        ("water", texts(["澄湖"]), np.array([lake])),
        ("park", texts(["澄湖公园"]), np.array([shore])),
        ("park", names.areas(rng, len(parks), "公园")[0], parks),
        ("water", texts([""]), ponds),
        ("park", texts([""]), gardens),
    )
    kinds = np.concatenate([np.full(len(shapes), kind.encode()) for kind, _, shapes in layers])
    labels = np.concatenate([np.broadcast_to(label, len(shapes)) for _, label, shapes in layers])
    local = np.concatenate([shapes for _, _, shapes in layers])
    real = np.flatnonzero(~shapely.is_empty(local))
    stored = polygonal(shapely.transform(local[real], plan.projection.lon_lat))
    ids = np.arange(1, len(real) + 1)
    columns = {"id": ids, "code": join("ground-", digits(ids, 4)), "kind": kinds[real], "name": labels[real]}
    return Frame("ground", {**columns, "geom": Shapes(stored)})


def _smooth(line: np.ndarray, times: int = 3) -> np.ndarray:
    for _ in range(times):
        near, far = 0.75 * line[:-1] + 0.25 * line[1:], 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.concatenate([line[:1], np.stack([near, far], axis=1).reshape(-1, 2), line[-1:]])
    return line


def _ribbons(nodes: np.ndarray, river: np.ndarray, shares: tuple[float, float]) -> np.ndarray:
    ribbons = []
    for gap in np.flatnonzero(river):
        sides = [_smooth(nodes[:, gap] * (1 - share) + nodes[:, gap + 1] * share) for share in shares]
        for start in range(0, len(sides[0]) - 1, RIVER_PIECE):
            part = slice(start, start + RIVER_PIECE + 1)
            ribbons.append(shapely.Polygon(np.concatenate([sides[0][part], sides[1][part][::-1]])))
    return np.array(ribbons, dtype=object)


def _rivers(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    along, across = plan.lattice.along.river, plan.lattice.across.river
    nodes, turned = plan.lattice.nodes, plan.lattice.nodes.swapaxes(0, 1)
    water = [_ribbons(nodes, along, WATER_SHARES), _ribbons(turned, across, WATER_SHARES)]
    banks = []
    for bank in BANKS:
        banks.append(shapely.difference(_ribbons(nodes, along, bank), shapely.union_all(water[1])))
        banks.append(shapely.difference(_ribbons(turned, across, bank), shapely.union_all(water[0])))
    return np.concatenate(water), np.concatenate(banks)


def _lake(plan: Plan, rng: np.random.Generator) -> tuple[shapely.Geometry, shapely.Geometry]:
    cells = plan.lattice.quads().reshape(-1, 4, 2)[(plan.zoning.use == LAKE).ravel()]
    basin = shapely.union_all(shapely.polygons(cells), grid_size=0.01)
    core = basin.buffer(-SHORE_M - 45).buffer(45)
    outer = shapely.segmentize(core, 25.0)
    phase = rng.uniform(0, 2 * np.pi, 4)

    def ripple(points: np.ndarray) -> np.ndarray:
        x, y = points[:, 0], points[:, 1]
        return points + 9 * np.stack([np.sin(y / 61 + phase[0]) + np.sin(y / 37 + phase[1]),
                                      np.sin(x / 67 + phase[2]) + np.sin(x / 41 + phase[3])], axis=1)  # fmt: skip

    lake = shapely.make_valid(shapely.transform(outer, ripple))
    return lake, basin.buffer(-14).difference(lake)


def _parks(plan: Plan, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    park = np.flatnonzero((plan.zoning.use == PARK).ravel() & plan.urban.ravel())
    beside = plan.segments.of_cells(plan.lattice.shape)[park]
    quad = plan.lattice.quads().reshape(-1, 4, 2)[park]
    half = plan.segments.half_width_m[beside]
    shapes = shapely.buffer(shapely.polygons(quads.inset(quad, half + 4.0)), -18)
    parks = shapely.buffer(shapes, 18, quad_segs=3)
    with_pond = rng.random(len(park)) < 0.55
    at = quads.at(quad, rng.uniform(0.38, 0.62, (len(park), 2)))[with_pond]
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    size = rng.uniform(24, 44, (len(at), 1)) * (1 + 0.22 * np.sin(2 * angle + rng.uniform(0, 6, (len(at), 1))))
    ring = at[:, None] + np.stack([1.3 * size * np.cos(angle), size * np.sin(angle)], axis=-1)
    ponds = shapely.polygons(ring)
    return shapely.difference(parks, shapely.union_all(ponds)) if len(parks) < 500 else parks, ponds


def _gardens(plan: Plan) -> np.ndarray:
    size = garden_size(plan.blocks)
    which = np.flatnonzero(size[:, 0] > 0)
    angle = np.linspace(0, 2 * np.pi, GARDEN_CORNERS, endpoint=False)
    s, t = size[which, :1] * np.cos(angle), size[which, 1:] * np.sin(angle)
    owner = np.repeat(which[:, None], GARDEN_CORNERS, axis=1)
    return shapely.polygons(Axes(plan.blocks.quad).ground(owner, s, t))
