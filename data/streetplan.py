"""Which pieces of the lattice are streets: dropped lanes, bridges, causeways and the edge of the city."""

from dataclasses import dataclass

import numpy as np

from data.frames import room_rng
from data.lattice import ARTERIAL, HALF_WIDTH_M, LANE_HALF_WIDTH_M, LESSER, Lattice
from data.zoning import LAKE, PARK, RIVER, WHOLE, Zoning


@dataclass(frozen=True)
class Segments:
    """Straight pieces between neighbouring crossings: first the ones along rows (west to east), then along columns.

    ``ends`` (n, 2) are node numbers (row * (columns + 1) + column), ``sides`` (n, 2) the cells left and right of it
    (north, south or west, east; -1 outside), ``line`` the street's number, ``name`` the place of its name (three a
    line: plain, west or south part, east or north part of an arterial), ``kept`` whether there is a street.
    """

    ends: np.ndarray
    sides: np.ndarray
    rank: np.ndarray
    line: np.ndarray
    name: np.ndarray
    kept: np.ndarray
    half_width_m: np.ndarray

    def of_cells(self, shape: tuple[int, int]) -> np.ndarray:
        """Return (cells, 4): the segment on the south, east, north and west of each cell."""
        rows, columns = shape
        j, i = np.divmod(np.arange(rows * columns), columns)
        upright = (rows + 1) * columns
        west = upright + j * (columns + 1) + i
        return np.stack([j * columns + i, west + 1, (j + 1) * columns + i, west], axis=1)


def make(seed: int, lattice: Lattice, zoning: Zoning) -> Segments:
    """Decide for each piece of the lattice whether a street runs there and how wide it is."""
    rng = room_rng(seed, "streetplan")
    ends, sides, rank, line = _pieces(lattice)
    beside_old_town = np.append(zoning.old_town.ravel(), False)[sides].any(axis=1)
    rank = np.where(beside_old_town & ~_causeway(lattice, line), LESSER, rank)
    inside = (sides >= 0).all(axis=1)
    use = np.append(zoning.use.ravel(), -1)[sides]
    whole = np.append(zoning.pattern.ravel() == WHOLE, False)[sides]
    undivided = (whole | (use == PARK)).all(axis=1) & ~(use == RIVER).any(axis=1) & ~(use == LAKE).any(axis=1)
    draw = rng.random(len(ends))
    dropped = inside & (rank == LESSER) & undivided & (draw < 0.4)
    water = (use == RIVER).all(axis=1)
    dropped |= water & (rank == LESSER) & (draw < 0.6)
    dropped |= (use == LAKE).all(axis=1) & ~_causeway(lattice, line)
    dropped &= ~_last_access(dropped, sides)
    old_town = np.append(zoning.old_town.ravel(), False)[sides].all(axis=1)
    half = np.where(old_town, LANE_HALF_WIDTH_M, HALF_WIDTH_M[rank])
    name = 3 * line + np.where(rank == LESSER, 0, np.where(_beyond_centre(lattice, line, ends), 2, 1))
    return Segments(ends, sides, rank, line, name, ~dropped, np.where(dropped, 0.0, half))


def _pieces(lattice: Lattice) -> tuple[np.ndarray, ...]:
    rows, columns = lattice.shape
    cell = np.full((rows + 2, columns + 2), -1)
    cell[1:-1, 1:-1] = np.arange(rows * columns).reshape(rows, columns)
    node = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    flat_ends = np.stack([node[:, :-1], node[:, 1:]], axis=-1).reshape(-1, 2)
    flat_sides = np.stack([cell[1:, 1:-1], cell[:-1, 1:-1]], axis=-1).reshape(-1, 2)
    up_ends = np.stack([node[:-1], node[1:]], axis=-1).reshape(-1, 2)
    up_sides = np.stack([cell[1:-1, :-1], cell[1:-1, 1:]], axis=-1).reshape(-1, 2)
    flat_line = np.repeat(np.arange(rows + 1), columns)
    up_line = np.tile(np.arange(columns + 1), rows)
    rank = np.concatenate([lattice.across.rank[flat_line], lattice.along.rank[up_line]])
    line = np.concatenate([flat_line, rows + 1 + up_line])
    return np.concatenate([flat_ends, up_ends]), np.concatenate([flat_sides, up_sides]), rank, line


def _beyond_centre(lattice: Lattice, line: np.ndarray, ends: np.ndarray) -> np.ndarray:
    rows, columns = lattice.shape
    row, column = np.divmod(ends[:, 0], columns + 1)
    return np.where(line <= rows, column >= lattice.along.centre, row >= lattice.across.centre)


def _last_access(dropped: np.ndarray, sides: np.ndarray) -> np.ndarray:
    cells = int(sides.max()) + 2
    lost = np.bincount(sides[dropped].ravel() + 1, minlength=cells)
    return (lost == 4)[sides + 1][:, 0] & (sides[:, 0] >= 0)


def _causeway(lattice: Lattice, line: np.ndarray) -> np.ndarray:
    return (line == lattice.across.centre) | (line == lattice.shape[0] + 1 + lattice.along.centre)


def within(segments: Segments, urban: np.ndarray) -> np.ndarray:
    """Return which streets are built once the urban cells are known: those beside one, and arterials near them."""
    beside = np.append(urban.ravel(), False)[segments.sides].any(axis=1)
    near = urban.copy()
    for _ in range(2):
        near[1:] |= near[:-1].copy()
        near[:-1] |= near[1:].copy()
        near[:, 1:] |= near[:, :-1].copy()
        near[:, :-1] |= near[:, 1:].copy()
    approach = np.append(near.ravel(), False)[segments.sides].any(axis=1) & (segments.rank >= ARTERIAL)
    return _connected(segments.ends, segments.kept & (beside | approach))


def _connected(ends: np.ndarray, kept: np.ndarray) -> np.ndarray:
    label = np.arange(ends.max() + 1)
    used = ends[kept]
    while True:
        lower = np.minimum(label[used[:, 0]], label[used[:, 1]])
        before = label.copy()
        np.minimum.at(label, used[:, 0], lower)
        np.minimum.at(label, used[:, 1], lower)
        label = label[label]
        if np.array_equal(before, label):
            break
    found, counts = np.unique(label[used[:, 0]], return_counts=True)
    return kept & (label[ends[:, 0]] == found[np.argmax(counts)])
