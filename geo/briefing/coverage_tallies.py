"""Classes of coverage counted: by class, by place, and the worst class of every building (pure)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_parts import Parts

Codes = NDArray[np.uint8]
Ints = NDArray[np.int64]
UNKNOWN = 0


@dataclass(frozen=True)
class Tally:
    """Known households, parts of unknown size and buildings by class code."""

    households: tuple[int, ...]
    uncounted: tuple[int, ...]
    buildings: tuple[int, ...]

    @property
    def known(self) -> int:
        """Return the known households whose class is known."""
        return sum(self.households) - self.households[UNKNOWN]

    def within(self, codes: tuple[int, ...]) -> int:
        """Return the known households in some classes."""
        return sum(self.households[code] for code in codes)

    def share(self, codes: tuple[int, ...]) -> float | None:
        """Return the share (0 to 1) of known households of known class in some classes; None when there are none.

        >>> Tally((10, 30, 60), (0, 0, 0), (1, 3, 6)).share((1,))
        0.3333333333333333
        """
        return self.within(codes) / self.known if self.known else None


@dataclass(frozen=True)
class Area:
    """Where buildings belong: the position of the place of each, -1 to leave it out, and how many places there are."""

    place: Ints
    places: int


def tally(parts: Parts, part_class: Codes, building_class: Codes, *, classes: int, kept: Ints | None = None) -> Tally:
    """Return the counts of the buildings at the positions kept (None: all)."""
    chosen = np.ones(len(building_class), dtype=np.bool_)
    if kept is not None:
        chosen[:] = False
        chosen[kept] = True
    of_parts = parts.real & chosen[parts.building]
    codes = part_class[of_parts]
    return Tally(
        _row(np.bincount(codes, parts.households[of_parts], minlength=classes)),
        _row(np.bincount(codes, parts.unknown[of_parts], minlength=classes)),
        _row(np.bincount(building_class[chosen], minlength=classes)),
    )


def households_by_place(parts: Parts, part_class: Codes, area: Area, classes: int) -> Ints:
    """Return known households by place and class: one row a place, one column a class."""
    of_part = area.place[parts.building]
    counted = parts.real & (of_part >= 0)
    cell = of_part[counted] * classes + part_class[counted]
    found = np.bincount(cell, parts.households[counted], minlength=area.places * classes)
    return found.astype(np.int64).reshape(area.places, classes)


def shares(households: Ints, covered: tuple[int, ...]) -> NDArray[np.float64]:
    """Return by place the share of known households of known class that are covered, NaN where none are known.

    >>> shares(np.array([[5, 30, 10], [7, 0, 0]]), (1,)).tolist()
    [0.75, nan]
    """
    known = households.sum(axis=1) - households[:, UNKNOWN]
    within = households[:, list(covered)].sum(axis=1)
    return np.where(known > 0, within / np.where(known > 0, known, 1), np.nan)


def gravest(parts: Parts, part_class: Codes, order: tuple[int, ...], buildings: int) -> Codes:
    """Return the gravest class among the parts of each building; order: codes from the gravest to the least.

    A building without any part that exists is unknown.

    >>> one, yes = np.ones(3, dtype=np.int64), np.ones(3, dtype=np.bool_)
    >>> parts = Parts(np.array([0, 0, 1]), one, one, ~yes, yes)
    >>> gravest(parts, np.array([1, 2, 1], dtype=np.uint8), (2, 1, 0), 2).tolist()
    [2, 1]
    """
    rank = np.zeros(max(order) + 1, dtype=np.int64)
    rank[list(order)] = np.arange(len(order))
    best = np.full(buildings, len(order), dtype=np.int64)
    np.minimum.at(best, parts.building[parts.real], rank[part_class[parts.real]])
    return np.array([*order, UNKNOWN], dtype=np.uint8)[best]


def _row(counts: NDArray[np.int64] | NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)
