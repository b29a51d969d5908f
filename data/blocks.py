"""Blocks between streets cut into compounds: where each lies, its sides on a street, its style and year."""

from dataclasses import dataclass

import numpy as np

from data import quads
from data.frames import room_rng
from data.lattice import Lattice
from data.streetplan import Segments
from data.zoning import EAST_WEST, FOUR, HOMES, NORTH_SOUTH, SIX, THREE, WHOLE, Zoning

SIDEWALK_M = 3.0
WALL_GAP_M = 1.2
PARTS = {
    WHOLE: ((0, 3, 0, 3),),
    EAST_WEST: ((0, 1, 0, 3), (1, 3, 0, 3)),
    NORTH_SOUTH: ((0, 3, 0, 1), (0, 3, 1, 3)),
    THREE: ((0, 1, 0, 1), (0, 1, 1, 3), (1, 3, 0, 3)),
    FOUR: ((0, 1, 0, 1), (1, 3, 0, 1), (0, 1, 1, 3), (1, 3, 1, 3)),
    SIX: ((0, 1, 0, 1), (1, 2, 0, 1), (2, 3, 0, 1), (0, 1, 1, 3), (1, 2, 1, 3), (2, 3, 1, 3)),
}


@dataclass(frozen=True)
class Blocks:
    """Compounds to be: ``quad`` (n, 4, 2) local metres, ``share`` the part of the cell (east from, to, north from, to),

    ``street`` (n, 4) the segment on each side or -1 behind another compound.
    """

    cell: np.ndarray
    share: np.ndarray
    quad: np.ndarray
    street: np.ndarray
    style: np.ndarray
    year: np.ndarray
    draw: np.ndarray

    def take(self, which: np.ndarray) -> "Blocks":
        """Return the compounds at the given places."""
        return Blocks(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def make(seed: int, lattice: Lattice, zoning: Zoning, segments: Segments) -> Blocks:
    """Cut every cell with homes into compounds; ``draw`` (n, 8) are chances for the layout of each."""
    rng = room_rng(seed, "blocks")
    cuts = _cuts(rng, zoning)
    rects, counts = _rects()
    homes = np.flatnonzero(zoning.use.ravel() == HOMES)
    pattern = zoning.pattern.ravel()[homes]
    cell = np.repeat(homes, counts[pattern])
    order = np.arange(len(cell)) - np.repeat(np.cumsum(counts[pattern]) - counts[pattern], counts[pattern])
    rect = rects[np.repeat(pattern, counts[pattern]), order]
    share = np.stack([cuts[cell, 0, rect[:, 0]], cuts[cell, 0, rect[:, 1]], cuts[cell, 1, rect[:, 2]],
                      cuts[cell, 1, rect[:, 3]]], axis=1)  # fmt: skip
    outer = np.stack([rect[:, 2] == 0, rect[:, 1] == 3, rect[:, 3] == 3, rect[:, 0] == 0], axis=1)
    beside = segments.of_cells(lattice.shape)[cell]
    half = segments.half_width_m[beside]
    lane = segments.kept[beside]
    block = quads.inset(lattice.quads().reshape(-1, 4, 2)[cell], np.where(lane, half, 0.0))
    quad = quads.inset(quads.part(block, share), np.where(outer & lane, SIDEWALK_M, WALL_GAP_M))
    street = np.where(outer & lane, beside, -1)
    year = zoning.year.ravel()[cell] + rng.integers(-2, 3, len(cell))
    draw = rng.random((len(cell), 8))
    blocks = Blocks(cell, share, quad, street, zoning.style.ravel()[cell], year, draw)
    return blocks.take(np.flatnonzero((street >= 0).any(axis=1)))


def _cuts(rng: np.random.Generator, zoning: Zoning) -> np.ndarray:
    cells = zoning.use.size
    first = rng.uniform(0.42, 0.58, (cells, 2))
    six = zoning.pattern.ravel() == SIX
    first[six, 0] = rng.uniform(0.30, 0.36, int(six.sum()))
    second = np.where(six, rng.uniform(0.63, 0.69, cells), 1.0)[:, None]
    second = np.concatenate([second, np.ones((cells, 1))], axis=1)
    return np.stack([np.zeros((cells, 2)), first, second, np.ones((cells, 2))], axis=-1)


def _rects() -> tuple[np.ndarray, np.ndarray]:
    rects = np.zeros((len(PARTS), 6, 4), dtype=int)
    for pattern, parts in PARTS.items():
        rects[pattern, : len(parts)] = parts
    return rects, np.array([len(PARTS[pattern]) for pattern in range(len(PARTS))])
