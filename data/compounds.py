"""Compounds and their gates: kind, year, address on a street, households known or not."""

import numpy as np
import shapely

from data import names
from data.frames import Frame, Lines, Polygons, digits, join, masked, room_rng, texts
from data.lattice import EAST, NORTH, SOUTH, WEST
from data.layout import path_t
from data.plan import Plan
from data.quads import Axes
from data.zoning import COURTYARDS, WALKUP_80, WALKUP_90

KINDS = ("commodity", "old", "work_unit", "unknown")
COMMODITY, OLD, WORK_UNIT, UNKNOWN = range(4)
MAIN, SIDE, FOOT = range(3)
GATES = ("main", "side", "foot")


class Gates:
    """Gates: compound, side, kind, point in the compound's frame and in local metres."""

    def __init__(self, plan: Plan, rng: np.random.Generator) -> None:
        street = plan.blocks.street
        open_side = (street >= 0) & plan.streets[street]
        count = len(street)
        liking = np.where(open_side, rng.random((count, 4)) + np.array([0.35, 0.0, 0.1, 0.0]), -1.0)
        ranked = np.argsort(-liking, axis=1)
        area = np.abs(np.ptp(plan.blocks.quad, axis=1).prod(axis=1))
        wanted = np.where(area > 45_000, 3, np.where(area > 14_000, 2, 1))
        wanted = np.minimum(wanted, np.maximum(open_side.sum(axis=1), 1))
        place = np.arange(3)[None, :] < wanted[:, None]
        owner, nth = np.nonzero(place)
        self.compound = owner
        self.side = ranked[owner, nth]
        self.kind = np.where(nth == 0, MAIN, np.where(rng.random(len(owner)) < 0.5, SIDE, FOOT))
        self.locked = (nth > 0) & (rng.random(len(owner)) < 0.12)
        self.street = street[owner, self.side]
        self.ordinal = nth + 1
        self.share = rng.uniform(0.3, 0.7, len(owner))
        self.row = _middle_row(plan, owner, self.share)
        self.s, self.t = _on_side(plan, self)
        self.point = Axes(plan.blocks.quad).ground(owner, self.s, self.t)


def _middle_row(plan: Plan, owner: np.ndarray, share: np.ndarray) -> np.ndarray:
    first = np.searchsorted(plan.rows.block, owner)
    last = np.searchsorted(plan.rows.block, owner, side="right")
    return first + ((last - first) * share).astype(int)


def _on_side(plan: Plan, gates: Gates) -> tuple[np.ndarray, np.ndarray]:
    axes = Axes(plan.blocks.quad[gates.compound])
    corner_s = axes.s
    north = gates.side == NORTH
    west, east = np.where(north, corner_s[:, 3], corner_s[:, 0]), np.where(north, corner_s[:, 2], corner_s[:, 1])
    s = west + (east - west) * gates.share
    t = path_t(plan.blocks, plan.rows, gates.row)
    upright = (gates.side == EAST) | (gates.side == WEST)
    s = np.where(gates.side == EAST, axes.east_at(t), np.where(gates.side == WEST, axes.west_at(t), s))
    t = np.where(gates.side == SOUTH, axes.south_at(s), np.where(gates.side == NORTH, axes.north_at(s), t))
    return s, np.where(upright, path_t(plan.blocks, plan.rows, gates.row), t)


class Compounds:
    """The compounds in code order (ids 1 to n) with what later rooms ask about them."""

    def __init__(self, plan: Plan, community_code: np.ndarray, street_names: list[str]) -> None:
        rng = room_rng(plan.seed, "compounds")
        self.count = len(plan.blocks.cell)
        self.gates = Gates(plan, rng)
        self.community = plan.community
        self.kind = _kinds(plan, rng)
        named = np.where(self.kind == UNKNOWN, OLD, self.kind)
        self.name, self.pinyin = names.compounds(rng, named)
        first = np.searchsorted(self.community, np.arange(len(community_code)))
        ordinal = np.arange(self.count) - first[self.community] + 1
        self.code = join(community_code[self.community], "-", digits(ordinal, 2))
        main = np.flatnonzero(self.gates.ordinal == 1)
        self.address = _addresses(plan, self.gates.point[main], self.gates.street[main], street_names)
        self.flats = np.bincount(plan.houses.block, weights=plan.flats, minlength=self.count).astype(int)
        self.unknown = rng.random(self.count) < 0.33
        self._year_unknown = rng.random(self.count) < np.where(plan.blocks.style == COURTYARDS, 0.6, 0.05)

    def frame(self, plan: Plan) -> Frame:
        """Return the rows of the table of compounds."""
        ring = plan.projection.lon_lat(plan.blocks.quad[:, [0, 1, 2, 3, 0]].reshape(-1, 2))
        parts = np.arange(self.count + 1)
        return Frame(
            "compound",
            {
                "id": np.arange(1, self.count + 1),
                "code": self.code,
                "name": self.name,
                "pinyin": self.pinyin,
                "community_id": plan.area_ids(self.community),
                "kind": texts(KINDS)[self.kind],
                "built_year": masked(plan.blocks.year, self._year_unknown),
                "households": masked(self.flats, self.unknown),
                "address": self.address,
                "geom": Polygons(ring, parts * 5, parts),
            },
        )

    def gate_frame(self, plan: Plan) -> Frame:
        """Return the rows of the table of gates."""
        gates = self.gates
        sides = texts(("南门", "东门", "北门", "西门"))
        return Frame(
            "gate",
            {
                "id": np.arange(1, len(gates.compound) + 1),
                "code": join(self.code[gates.compound], "-G", digits(gates.ordinal)),
                "compound_id": gates.compound + 1,
                "community_id": plan.area_ids(self.community[gates.compound]),
                "kind": texts(GATES)[gates.kind],
                "name": sides[gates.side],
                "geom": Lines("POINT", plan.projection.lon_lat(gates.point)),
            },
        )


def _kinds(plan: Plan, rng: np.random.Generator) -> np.ndarray:
    style, draw = plan.blocks.style, rng.random(len(plan.blocks.style))
    kind = np.full(len(style), COMMODITY)
    kind[style == COURTYARDS] = OLD
    kind[style == WALKUP_80] = np.where(draw[style == WALKUP_80] < 0.6, WORK_UNIT, OLD)
    kind[style == WALKUP_90] = np.where(draw[style == WALKUP_90] < 0.25, WORK_UNIT, OLD)
    kind[draw > 0.985] = UNKNOWN
    return kind


def _addresses(plan: Plan, gate: np.ndarray, street: np.ndarray, street_names: list[str]) -> np.ndarray:
    line = plan.segments.line[street]
    rows = plan.lattice.shape[0] + 1
    upright = line >= rows
    along_m = np.where(upright, gate[:, 1], gate[:, 0])
    start = np.where(upright, plan.lattice.nodes[..., 1].min(), plan.lattice.nodes[..., 0].min())
    right = np.where(upright, gate[:, 0], -gate[:, 1])
    ends = plan.lattice.nodes.reshape(-1, 2)[plan.segments.ends[street]].mean(axis=1)
    odd = right > np.where(upright, ends[:, 0], -ends[:, 1])
    number = 2 * np.floor((along_m - start) / 11).astype(int) + np.where(odd, 1, 2)
    return join(texts(street_names)[plan.segments.name[street]], digits(number), "号")


def shapes(plan: Plan) -> np.ndarray:
    """Return the compounds as shapely polygons in local metres, for checks."""
    return shapely.polygons(plan.blocks.quad)
