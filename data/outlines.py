"""Outlines of buildings as templates: each vertex is a share of length and depth plus metres of wing and bump."""

from functools import cache

import numpy as np

from data.blocks import Blocks
from data.layout import STYLE, Houses
from data.zoning import COURTYARDS, ROW_HOUSES, SLAB_11, SLAB_18, TOWERS, WALKUP_80, WALKUP_90

PLAIN, ELBOW_WEST, ELBOW_EAST, HORSESHOE, RING, CROSS = range(6)
BUMPS = 10
WING_WIDTH_M = 10.5
BUMP_WIDTH_M, BUMP_DEPTH_M = 3.2, 1.1


def kinds(blocks: Blocks, houses: Houses, gap_south_m: np.ndarray, draw: np.ndarray) -> np.ndarray:
    """Return each building's template; ``draw`` (n,) are chances, ``gap_south_m`` the free depth south of it."""
    style = blocks.style[houses.block]
    kind = np.full(len(style), PLAIN)
    kind[style == TOWERS] = CROSS
    court = style == COURTYARDS
    kind[court] = np.array([PLAIN, ELBOW_EAST, HORSESHOE, RING])[np.searchsorted([0.3, 0.5, 0.78], draw[court])]
    kind[(style == SLAB_11) | (style == SLAB_18)] = BUMPS
    kind[(style == ROW_HOUSES) & (draw < 0.5)] = BUMPS
    kind = np.where(kind == BUMPS, BUMPS + houses.units, kind)
    winged = ((style == WALKUP_80) | (style == WALKUP_90)) & (gap_south_m > 15) & (houses.length_m > 38)
    first = houses.place == 0
    kind[winged & first & (draw < 0.2)] = ELBOW_WEST
    kind[winged & ~first & (draw < 0.05)] = ELBOW_EAST
    kind[winged & (draw > 0.985)] = HORSESHOE
    return kind


@cache
def template(kind: int) -> tuple[np.ndarray, tuple[int, ...]]:
    """Return a template (vertices, 4) and the sizes of its rings, each closed.

    Columns: share of the half length east, metres east in wing widths, share of the half depth north, wing depths
    south.
    """
    rings = [_bumps(kind - BUMPS)] if kind > BUMPS else _PLAIN_RINGS[kind]
    closed = [np.array([*ring, ring[0]], dtype=float) for ring in rings]
    return np.concatenate(closed), tuple(len(ring) for ring in closed)


def _box(length: float, depth: float) -> list[tuple[float, float, float, float]]:
    return [(-length, 0, -depth, 0), (length, 0, -depth, 0), (length, 0, depth, 0), (-length, 0, depth, 0)]


def _bumps(units: int) -> list[tuple[float, float, float, float]]:
    north = []
    for unit in range(units - 1, -1, -1):
        middle = -1 + (2 * unit + 1) / units
        half = BUMP_WIDTH_M / WING_WIDTH_M / 2
        north += [(middle, half, 1, 0), (middle, half, 1, -1), (middle, -half, 1, -1), (middle, -half, 1, 0)]
    return [(-1, 0, -1, 0), (1, 0, -1, 0), (1, 0, 1, 0), *north, (-1, 0, 1, 0)]


_PLAIN_RINGS: dict[int, list[list[tuple[float, float, float, float]]]] = {
    PLAIN: [_box(1, 1)],
    ELBOW_WEST: [[(-1, 0, -1, 1), (-1, 1, -1, 1), (-1, 1, -1, 0), (1, 0, -1, 0), (1, 0, 1, 0), (-1, 0, 1, 0)]],
    ELBOW_EAST: [[(-1, 0, -1, 0), (1, -1, -1, 0), (1, -1, -1, 1), (1, 0, -1, 1), (1, 0, 1, 0), (-1, 0, 1, 0)]],
    HORSESHOE: [
        [(-1, 0, -1, 1), (-1, 1, -1, 1), (-1, 1, -1, 0), (1, -1, -1, 0), (1, -1, -1, 1), (1, 0, -1, 1), (1, 0, 1, 0),
         (-1, 0, 1, 0)],
    ],
    RING: [_box(1, 1), _box(0.45, 0.4)[::-1]],
    CROSS: [
        [(-0.55, 0, -1, 0), (-0.15, 0, -1, 0), (-0.15, 0, -0.8, 0), (0.15, 0, -0.8, 0), (0.15, 0, -1, 0),
         (0.55, 0, -1, 0), (0.55, 0, -0.6, 0), (1, 0, -0.6, 0), (1, 0, 0.45, 0), (0.5, 0, 0.45, 0), (0.5, 0, 0.9, 0),
         (-0.5, 0, 0.9, 0), (-0.5, 0, 0.45, 0), (-1, 0, 0.45, 0), (-1, 0, -0.6, 0), (-0.55, 0, -0.6, 0)],
    ],
}  # fmt: skip


def measures(style: np.ndarray, houses: Houses, kind: np.ndarray, gap_south_m: np.ndarray) -> np.ndarray:
    """Return (n, 4): half length, wing width, half depth, wing depth in metres; courtyards keep wings inside."""
    depth = STYLE.depth_m[style]
    wing = np.minimum(gap_south_m - 8.0, 14.0)
    wing = np.where(kind > BUMPS, BUMP_DEPTH_M, wing)
    court = style == COURTYARDS
    half_depth = np.where(court & ((kind == ELBOW_EAST) | (kind == HORSESHOE)), depth * 0.21, depth / 2)
    wing = np.where(court, depth * 0.58, wing)
    width = np.where(court, 3.6, WING_WIDTH_M)
    return np.stack([houses.length_m / 2, width, half_depth, wing], axis=1)
