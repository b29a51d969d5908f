"""The street lattice: lines of arterial and lesser streets, bent by a ring road and a canal, in local metres."""

from dataclasses import dataclass

import numpy as np

from data.frames import room_rng

LESSER, ARTERIAL, RING = 1, 2, 3
HALF_WIDTH_M = np.array([0.0, 9.0, 16.0, 23.0])
LANE_HALF_WIDTH_M = 4.5
CELLS_PER_BUILDING = 1 / 10.5
RIVER_WIDTH_M = 88.0
SOUTH, EAST, NORTH, WEST = range(4)


@dataclass(frozen=True)
class Lines1D:
    """Parallel street lines: position in metres from the centre, class, and which gaps between them are rivers."""

    position_m: np.ndarray
    rank: np.ndarray
    river: np.ndarray
    centre: int


@dataclass(frozen=True)
class Lattice:
    """Street lines across and along; ``nodes`` is (rows + 1, columns + 1, 2) local metres, cells lie between them."""

    across: Lines1D
    along: Lines1D
    nodes: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.nodes.shape[0] - 1, self.nodes.shape[1] - 1

    def quads(self) -> np.ndarray:
        """Return the corners of all cells: (rows, columns, 4, 2) from the south-west, counter-clockwise."""
        n = self.nodes
        return np.stack([n[:-1, :-1], n[:-1, 1:], n[1:, 1:], n[1:, :-1]], axis=2)

    def offsets(self) -> tuple[np.ndarray, np.ndarray]:
        """Return each cell's distance in columns and rows from the old town's central crossing (half cells)."""
        rows, columns = self.shape
        return np.arange(columns) + 0.5 - self.along.centre, (np.arange(rows) + 0.5 - self.across.centre)[:, None]


def make(seed: int, buildings: int, room: float) -> Lattice:
    """Lay out the lattice for about so many buildings, with so many times the room they need."""
    rng = room_rng(seed, "lattice")
    cells = max(8, int(np.ceil(np.sqrt(buildings * CELLS_PER_BUILDING * room))) + 2)
    river_every = 44
    along = _lines(rng, cells, 2 if cells < 14 else 6, river_every)
    across = _lines(rng, cells, -(cells // 3) if cells > 14 else None, river_every)
    return Lattice(across, along, _bend(rng, along, across))


def _lines(rng: np.random.Generator, cells: int, river_at: int | None, river_every: int) -> Lines1D:
    half = cells // 2
    sides = [_side(rng, half), _side(rng, cells - half)]
    widths = np.concatenate([sides[0][0][::-1], sides[1][0]])
    rank = np.concatenate([sides[0][1][::-1], [ARTERIAL], sides[1][1]])
    river = np.zeros(cells, dtype=bool)
    if river_at is not None:
        river[np.arange((half + river_at) % river_every, cells, river_every)] = True
        river[[0, -1]] = False
    widths[river] = RIVER_WIDTH_M
    gap = np.flatnonzero(river)
    rank[np.concatenate([gap, gap + 1])] = LESSER
    distance = np.abs(np.arange(cells) + 0.5 - half) * 240
    widths = np.where(river, widths, widths * np.clip(0.74 + 0.26 * distance / 1500, 0.74, 1.0))
    position = np.concatenate([[0.0], np.cumsum(widths)])
    position -= position[half]
    for sign in (-1, 1):
        _mark_ring(rank, position, sign * 0.66 * min(abs(position[0]), abs(position[-1])))
    return Lines1D(position, rank, river, half)


def _side(rng: np.random.Generator, cells: int) -> tuple[np.ndarray, np.ndarray]:
    widths: list[float] = []
    rank: list[int] = []
    while len(widths) < cells:
        parts = int(rng.choice([2, 3, 4], p=[0.35, 0.45, 0.2]))
        total = rng.uniform(215, 265) * parts
        share = rng.uniform(0.85, 1.15, parts)
        widths.extend(total * share / share.sum())
        rank.extend([LESSER] * (parts - 1) + [ARTERIAL])
    return np.array(widths[:cells]), np.array(rank[:cells])


def _mark_ring(rank: np.ndarray, position: np.ndarray, at_m: float) -> None:
    arterial = np.flatnonzero(rank == ARTERIAL)
    rank[arterial[np.argmin(np.abs(position[arterial] - at_m))]] = RING


def _bend(rng: np.random.Generator, along: Lines1D, across: Lines1D) -> np.ndarray:
    u, v = np.meshgrid(along.position_m, across.position_m)
    reach = max(abs(u).max(), abs(v).max())
    squash = 0.36
    x = u * np.sqrt(1 - squash * (v / reach) ** 2 / 2)
    y = v * np.sqrt(1 - squash * (u / reach) ** 2 / 2)
    phase = rng.uniform(0, 2 * np.pi, 6)
    x += 11 * np.sin(2 * np.pi * (u / 1900 + v / 2300) + phase[0])
    y += 11 * np.sin(2 * np.pi * (u / 2100 - v / 1700) + phase[1])
    swing = min(110.0, reach / 22)
    for gap in np.flatnonzero(along.river):
        off = u - along.position_m[gap : gap + 2].mean()
        x += swing * np.sin(2 * np.pi * v / 2900 + phase[2] + gap) * np.exp(-((off / 700) ** 2))
    for gap in np.flatnonzero(across.river):
        off = v - across.position_m[gap : gap + 2].mean()
        y += swing * np.sin(2 * np.pi * u / 3300 + phase[3] + gap) * np.exp(-((off / 700) ** 2))
    turn = np.deg2rad(rng.uniform(2.2, 4.2))
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=-1)
