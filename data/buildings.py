"""Buildings: outlines, storeys, lifts, years, households known or not, addresses."""

import numpy as np

from data import outlines
from data.compounds import Compounds
from data.frames import Frame, Polygons, digits, join, masked, room_rng
from data.layout import STYLE, tall
from data.outlines import measures, template
from data.plan import Plan
from data.quads import Axes
from data.zoning import COURTYARDS


class Buildings:
    """The buildings in code order (ids 1 to n) with what later rooms ask about them."""

    def __init__(self, plan: Plan, compounds: Compounds) -> None:
        rng = room_rng(plan.seed, "buildings")
        houses = plan.houses
        self.count = len(houses.block)
        self.compound = houses.block
        self.community = plan.community[houses.block]
        self.style = plan.blocks.style[houses.block]
        self.year = plan.blocks.year[houses.block]
        self.floors = houses.floors
        self.flats = plan.flats
        self.unknown = rng.random(self.count) < _unknown_share(plan)
        retrofitted = (houses.floors >= 4) & (rng.random(self.count) < 0.04)
        self.elevator = np.where(tall(self.style), houses.floors >= 7, retrofitted)
        starts = np.searchsorted(houses.block, np.arange(len(plan.blocks.cell)))
        self.number = np.arange(self.count) - starts[houses.block] + 1
        self.code = join(compounds.code[houses.block], "-", digits(self.number, 3))
        self.address = join(compounds.address[houses.block], compounds.name[houses.block], digits(self.number), "号楼")
        self.kind = outlines.kinds(plan.blocks, houses, plan.rows.gap_south_m[houses.row], rng.random(self.count))
        self._draw = rng.random((self.count, 2))

    def frame(self, plan: Plan) -> Frame:
        """Return the rows of the table."""
        draw = self._draw
        height = np.round(self.floors * STYLE.storey_m[self.style] + 0.6 + draw[:, 0], 1)
        old = self.style == COURTYARDS
        return Frame(
            "building",
            {
                "id": np.arange(1, self.count + 1),
                "code": self.code,
                "number": digits(self.number),
                "address": self.address,
                "compound_id": self.compound + 1,
                "community_id": plan.area_ids(self.community),
                "floors": masked(self.floors, draw[:, 1] < 0.015),
                "height_m": masked(height, draw[:, 0] < 0.2),
                "elevator": masked(self.elevator, draw[:, 1] > 0.985),
                "built_year": masked(self.year, (draw[:, 1] < 0.05) | (old & (draw[:, 1] < 0.5))),
                "households": masked(self.flats, self.unknown),
                "geom": footprints(plan, self.kind),
            },
        )


def _unknown_share(plan: Plan) -> np.ndarray:
    compound_share = np.where(plan.blocks.draw[:, 6] < 0.04, 0.7, 0.045)
    return compound_share[plan.houses.block]


def footprints(plan: Plan, kind: np.ndarray) -> Polygons:
    """Return the outlines of all buildings from their templates, in lon/lat."""
    houses, rows = plan.houses, plan.rows
    style = plan.blocks.style[houses.block]
    size = measures(style, houses, kind, rows.gap_south_m[houses.row])
    axes = Axes(plan.blocks.quad)
    middle_s = houses.s + houses.length_m / 2
    middle_t = houses.t + STYLE.depth_m[style] - size[:, 2]
    known = np.unique(kind)
    sizes = {int(k): template(int(k)) for k in known}
    ring_count = np.array([len(sizes[int(k)][1]) for k in known])[np.searchsorted(known, kind)]
    vertex_count = np.array([len(sizes[int(k)][0]) for k in known])[np.searchsorted(known, kind)]
    rings = np.concatenate([[0], np.cumsum(ring_count)])
    first_vertex = np.cumsum(vertex_count) - vertex_count
    coords = np.empty((int(vertex_count.sum()), 2))
    vertices = np.empty(rings[-1] + 1, dtype=np.int64)
    vertices[-1] = len(coords)
    for k, (form, ring_sizes) in sizes.items():
        mine = np.flatnonzero(kind == k)
        s = middle_s[mine, None] + form[:, 0] * size[mine, :1] + form[:, 1] * size[mine, 1:2]
        north = form[:, 2] * size[mine, 2:3] - form[:, 3] * size[mine, 3:4]
        t = middle_t[mine, None] + north
        points = axes.ground(np.repeat(houses.block[mine, None], len(form), axis=1), s, t)
        coords[first_vertex[mine, None] + np.arange(len(form))] = points
        before = np.cumsum(ring_sizes) - np.array(ring_sizes)
        vertices[rings[mine, None] + np.arange(len(ring_sizes))] = first_vertex[mine, None] + before
    return Polygons(plan.projection.lon_lat(coords), vertices, rings)
