"""What stands where: water, parks, public blocks, homes by age and style, cell by cell of the lattice."""

from dataclasses import dataclass

import numpy as np

from data.frames import room_rng
from data.lattice import Lattice

HOMES, PARK, PUBLIC, LAKE, RIVER = range(5)
COURTYARDS, WALKUP_80, WALKUP_90, WALKUP_00, SLAB_11, SLAB_18, TOWERS, ROW_HOUSES = range(8)
WHOLE, EAST_WEST, NORTH_SOUTH, THREE, FOUR, SIX = range(6)
SMALL_CITY_CELLS = 14

STYLE_BY_YEAR = (
    (1992, (0, 1, 0, 0, 0, 0, 0, 0)),
    (2001, (0, 0.08, 0.92, 0, 0, 0, 0, 0)),
    (2009, (0, 0, 0.12, 0.74, 0.08, 0, 0, 0.06)),
    (2015, (0, 0, 0, 0.08, 0.5, 0.26, 0.12, 0.04)),
    (9999, (0, 0, 0, 0, 0.28, 0.42, 0.22, 0.08)),
)
PATTERN_BY_STYLE = np.array(
    [
        (0, 0, 0, 0.15, 0.6, 0.25),
        (0, 0.05, 0.15, 0.25, 0.35, 0.2),
        (0.05, 0.2, 0.2, 0.25, 0.3, 0),
        (0.3, 0.3, 0.2, 0.15, 0.05, 0),
        (0.55, 0.25, 0.1, 0.1, 0, 0),
        (0.7, 0.2, 0.1, 0, 0, 0),
        (0.7, 0.2, 0.1, 0, 0, 0),
        (0.5, 0.3, 0.2, 0, 0, 0),
    ]
)


@dataclass(frozen=True)
class Zoning:
    """One value per cell, rows by columns: use, distance from the centre (1 at the edge), year, style and pattern."""

    use: np.ndarray
    reach: np.ndarray
    year: np.ndarray
    style: np.ndarray
    pattern: np.ndarray
    old_town: np.ndarray


def make(seed: int, lattice: Lattice) -> Zoning:
    """Give every cell its use, and cells with homes the year and the style they were built in."""
    rng = room_rng(seed, "zoning")
    reach = _reach(rng, lattice)
    old_town, use = _uses(rng, lattice, reach)
    year = 1979 + 41 * np.clip(reach, 0, 1) ** 0.75 + rng.normal(0, 4.5, reach.shape)
    rebuilt = rng.random(reach.shape) < 0.13
    year = np.where(rebuilt, rng.uniform(2009, 2023, reach.shape), np.clip(year, 1974, 2023)).astype(int)
    style = _styles(rng, year)
    hutong = old_town & (rng.random(reach.shape) < (0.25 if reach.shape[1] < SMALL_CITY_CELLS else 0.7))
    style[hutong] = COURTYARDS
    year[hutong] = rng.integers(1935, 1974, int(hutong.sum()))
    pattern = _choose(rng, PATTERN_BY_STYLE[style])
    return Zoning(use, reach, year, style, pattern, old_town)


def _reach(rng: np.random.Generator, lattice: Lattice) -> np.ndarray:
    middle = lattice.quads().mean(axis=2)
    x, y = middle[..., 0], middle[..., 1]
    angle = np.arctan2(y, x)
    phase = rng.uniform(0, 2 * np.pi, 3)
    lobes = 1 + 0.10 * np.cos(2 * angle + phase[0]) + 0.07 * np.cos(3 * angle + phase[1])
    distance = (np.abs(x) ** 2.6 + np.abs(y) ** 2.6) ** (1 / 2.6) * lobes
    rough = 1 + 0.05 * np.sin(x / 410 + phase[2]) * np.sin(y / 530)
    return distance * rough / (0.78 * np.abs(lattice.nodes).max())


def _uses(rng: np.random.Generator, lattice: Lattice, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    columns = lattice.shape[1]
    east, north = (np.broadcast_to(part, reach.shape) for part in lattice.offsets())
    use = np.full(reach.shape, HOMES)
    draw = rng.random(reach.shape)
    use[draw < 0.075] = PUBLIC
    use[draw > 0.955] = PARK
    if columns < SMALL_CITY_CELLS:
        old_town = (np.abs(north) < 1) & (east > -1) & (east < 1)
        lake = (east == -1.5) & (np.abs(north - 0.5) < 2)
        use[(east == -1.5) & (north == 2.5)] = PARK
    else:
        span = np.maximum(np.abs(east), np.abs(north))
        old_town = span < 2
        lake = ((span < 3) | ((east < 0) & (east > -4) & (np.abs(north) < 3))) & ~old_town
    use[old_town] = HOMES
    use[lake] = LAKE
    river = np.broadcast_to(lattice.along.river, reach.shape) | lattice.across.river[:, None]
    use[river] = RIVER
    return old_town, use


def _styles(rng: np.random.Generator, year: np.ndarray) -> np.ndarray:
    bounds = np.array([bound for bound, _ in STYLE_BY_YEAR])
    shares = np.array([share for _, share in STYLE_BY_YEAR])
    return _choose(rng, shares[np.searchsorted(bounds, year, side="right")])


def _choose(rng: np.random.Generator, shares: np.ndarray) -> np.ndarray:
    steps = np.cumsum(shares, axis=-1)
    draw = rng.random(shares.shape[:-1])[..., None] * steps[..., -1:]
    return (draw >= steps).sum(axis=-1)
