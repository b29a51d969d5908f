"""Districts, street offices and communities: the lattice split again and again along its streets."""

from dataclasses import dataclass

import numpy as np

from data.frames import room_rng
from data.lattice import LESSER, Lattice

HOUSEHOLDS_A_COMMUNITY = 2600
COMMUNITIES_A_STREET = 8
STREETS_A_DISTRICT = 6
MOST_DISTRICTS = 90
EMPTY_CELL = 12.0


@dataclass(frozen=True)
class Tree:
    """Which community each cell is in (in code order), and the parents: street office per community, district per

    street office.
    """

    community: np.ndarray
    street_of: np.ndarray
    district_of: np.ndarray


def make(seed: int, lattice: Lattice, households: np.ndarray) -> Tree:
    """Split all cells so that districts, street offices and communities have about equally many households."""
    splitter = _Splitter(room_rng(seed, "tree"), lattice, households + EMPTY_CELL)
    wanted = max(2, round(float(households.sum()) / HOUSEHOLDS_A_COMMUNITY))
    streets = max(1, round(wanted / COMMUNITIES_A_STREET))
    districts = min(MOST_DISTRICTS, max(1, round(streets / STREETS_A_DISTRICT)))
    community = np.zeros(len(households), dtype=int)
    street_of: list[int] = []
    district_of: list[int] = []
    for district, cells in enumerate(splitter.split(np.arange(len(households)), districts)):
        for part in splitter.split(cells, splitter.share(cells, streets)):
            for leaf in splitter.split(part, splitter.share(part, wanted)):
                community[leaf] = len(street_of)
                street_of.append(len(district_of))
            district_of.append(district)
    return Tree(community, np.array(street_of), np.array(district_of))


class _Splitter:
    def __init__(self, rng: np.random.Generator, lattice: Lattice, weight: np.ndarray) -> None:
        self.rng = rng
        self.weight = weight
        self.total = float(weight.sum())
        rows, columns = lattice.shape
        self.place = np.stack(np.divmod(np.arange(rows * columns), columns))
        self.position_m = (lattice.across.position_m, lattice.along.position_m)
        self.lesser = (lattice.across.rank == LESSER, lattice.along.rank == LESSER)

    def share(self, cells: np.ndarray, parts: int) -> int:
        """Return how many of all the parts fall to these cells by weight."""
        return max(1, round(parts * float(self.weight[cells].sum()) / self.total))

    def split(self, cells: np.ndarray, parts: int) -> list[np.ndarray]:
        """Split cells into parts of about equal weight, larger splits first."""
        if parts == 1 or len(cells) == 1:
            return [cells]
        low = self._low_side(cells, (parts // 2) / parts)
        return self.split(cells[low], parts // 2) + self.split(cells[~low], parts - parts // 2)

    def _low_side(self, cells: np.ndarray, share: float) -> np.ndarray:
        extents = [
            self.position_m[axis][self.place[axis, cells].max() + 1]
            - self.position_m[axis][self.place[axis, cells].min()]
            for axis in (0, 1)
        ]
        axis = int(np.argmax(extents))
        if np.ptp(self.place[axis, cells]) == 0:
            axis = 1 - axis
        key = self.place[axis, cells]
        first, last = int(key.min()), int(key.max())
        weight = np.bincount(key - first, weights=self.weight[cells])
        cut = np.arange(first + 1, last + 1)
        miss = np.abs(np.cumsum(weight)[:-1] / weight.sum() - share)
        best = int(cut[np.argmin(miss + 0.06 * self.lesser[axis][cut])])
        return key < best + self._jog(axis, cells, best, (first, last))

    def _jog(self, axis: int, cells: np.ndarray, cut: int, bounds: tuple[int, int]) -> np.ndarray:
        other = self.place[1 - axis, cells]
        at = self.rng.uniform(0.3, 0.7)
        by = int(self.rng.integers(-1, 2))
        if len(cells) < 40 or not bounds[0] + 1 < cut + by <= bounds[1]:
            by = 0
        return by * (other > other.min() + at * np.ptp(other))
