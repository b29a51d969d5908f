"""Rows of buildings in compounds: facing south, as far apart as the sun rule asks, no two in each other's way."""

from dataclasses import dataclass

import numpy as np

from data.blocks import Blocks
from data.frames import repeat_index
from data.quads import Axes
from data.zoning import COURTYARDS, ROW_HOUSES, SLAB_11, SLAB_18, TOWERS

SUN_RULE = 1.2
PATH_M = 2.0
MOST_ROWS = 40
GARDEN_FROM_M = np.array([999.0, 999.0, 999.0, 150.0, 205.0, 235.0, 250.0, 150.0])


@dataclass(frozen=True)
class Style:
    """Measures by style, metres unless named: unit length, depth, gap between neighbours, margins, storeys."""

    unit_m: np.ndarray
    depth_m: np.ndarray
    aside_m: np.ndarray
    margin_m: np.ndarray
    low: np.ndarray
    high: np.ndarray
    few: np.ndarray
    many: np.ndarray
    storey_m: np.ndarray
    sun: np.ndarray
    flats: np.ndarray


#                 courtyards, 1980s, 1990s, 2000s, 11 storeys, 18 storeys, towers, row houses
STYLE = Style(
    unit_m=np.array([12.5, 14.0, 15.0, 17.0, 21.0, 24.0, 28.0, 7.5]),
    depth_m=np.array([13.0, 10.5, 12.0, 13.0, 13.5, 15.0, 22.0, 11.0]),
    aside_m=np.array([0.6, 7.0, 8.0, 10.0, 13.0, 15.0, 30.0, 9.0]),
    margin_m=np.array([4.5, 8.0, 8.5, 9.0, 10.0, 11.0, 13.0, 8.0]),
    low=np.array([1, 3, 5, 5, 8, 14, 22, 2]),
    high=np.array([1, 5, 6, 7, 11, 18, 33, 3]),
    few=np.array([1, 2, 2, 2, 1, 1, 1, 4]),
    many=np.array([1, 4, 5, 4, 3, 2, 1, 6]),
    storey_m=np.array([3.4, 2.8, 2.8, 2.85, 2.9, 2.9, 2.95, 3.1]),
    sun=np.array([0.0, SUN_RULE, SUN_RULE, SUN_RULE, SUN_RULE, SUN_RULE, 0.66, SUN_RULE]),
    flats=np.array([1, 2, 2, 2, 2, 3, 4, 1]),
)


@dataclass(frozen=True)
class Rows:
    """One row of buildings each: its compound, place in it, south face t and the stretch from west to east (s)."""

    block: np.ndarray
    place: np.ndarray
    t: np.ndarray
    gap_south_m: np.ndarray
    west: np.ndarray
    east: np.ndarray
    floors: np.ndarray
    units: np.ndarray
    extra: np.ndarray
    count: np.ndarray
    aside_m: np.ndarray
    start: np.ndarray


def make(blocks: Blocks) -> Rows:
    """Lay out the rows of all compounds; the chances used are the compounds' own draws."""
    axes = Axes(blocks.quad)
    style = blocks.style
    depth, margin = STYLE.depth_m[style], STYLE.margin_m[style]
    south = np.maximum(axes.t[:, 0], axes.t[:, 1]) + np.where(style == COURTYARDS, 3.5, margin)
    north = np.minimum(axes.t[:, 2], axes.t[:, 3]) - (PATH_M + 2.0)
    floors, step, fit = _fit(blocks, north - south - depth)
    spare = np.where(fit > 1, (north - south - depth - (fit - 1) * step) / np.maximum(fit - 1, 1), 0.0)
    step = step + np.minimum(spare, np.where(style == COURTYARDS, 0.6, 9.0))
    block, place = repeat_index(fit)
    t = south[block] + place * step[block]
    return _fill(blocks, block, place, t=t, gap=np.where(place > 0, (step - depth)[block], 0.0), floors=floors[block])


def _fit(blocks: Blocks, room_m: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return storeys, distance from row to row and number of rows; lower houses where that wins a row."""
    style = blocks.style
    floors, depth = _floors(blocks), STYLE.depth_m[style]
    step = depth + _gap(style, floors)
    steps = np.minimum(np.floor(np.maximum(room_m, 0) / step), MOST_ROWS - 1)
    tighter = room_m / (steps + 1)
    lower = np.floor(((tighter - depth) / np.maximum(STYLE.sun[style], 0.1) - 0.6) / STYLE.storey_m[style])
    wins = (style != COURTYARDS) & (lower >= STYLE.low[style] - (STYLE.low[style] > 5) * 3) & (tighter > 0.62 * step)
    step, floors, steps = np.where(wins, tighter, step), np.where(wins, lower, floors), np.where(wins, steps + 1, steps)
    return floors.astype(int), step, np.where(room_m < 0, 0, steps + 1).astype(int)


def _floors(blocks: Blocks) -> np.ndarray:
    low, high = STYLE.low[blocks.style], STYLE.high[blocks.style]
    return low + np.floor((high - low + 1) * blocks.draw[:, 0] ** 0.6).astype(int)


def _gap(style: np.ndarray, floors: np.ndarray) -> np.ndarray:
    return np.maximum(STYLE.sun[style] * (floors * STYLE.storey_m[style] + 0.6), 4.0)


def _stretch(axes: Axes, block: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (
        axes.s[block, 0] + (axes.s[block, 3] - axes.s[block, 0]) * _share(axes, block, t, 0, 3),
        axes.s[block, 1] + (axes.s[block, 2] - axes.s[block, 1]) * _share(axes, block, t, 1, 2),
    )


def _share(axes: Axes, block: np.ndarray, t: np.ndarray, low: int, high: int) -> np.ndarray:
    return (t - axes.t[block, low]) / (axes.t[block, high] - axes.t[block, low])


def _fill(
    blocks: Blocks, block: np.ndarray, place: np.ndarray, *, t: np.ndarray, gap: np.ndarray, floors: np.ndarray
) -> Rows:
    style, axes = blocks.style[block], Axes(blocks.quad)
    unit, aside = STYLE.unit_m[style], STYLE.aside_m[style]
    near, far = _stretch(axes, block, t), _stretch(axes, block, t + STYLE.depth_m[style] + PATH_M)
    margin = STYLE.margin_m[style]
    west, east = np.maximum(near[0], far[0]) + margin, np.minimum(near[1], far[1]) - margin
    width = east - west
    few, many = STYLE.few[style], STYLE.many[style]
    units = few + np.floor((many - few + 1) * blocks.draw[block, 1]).astype(int)
    units = np.where(width < units * unit, np.maximum(np.floor(width / unit).astype(int), 0), units)
    length = units * unit
    count = np.where(units > 0, np.floor((width + aside) / np.maximum(length + aside, 1)), 0).astype(int)
    staggered = (style == TOWERS) & (place % 2 == 1) & (count > 1)
    slack = width - count * length - (count - 1) * aside
    extra = np.where((style == TOWERS) | (style == COURTYARDS), 0, np.minimum(np.floor(slack / unit), count))
    extra = np.maximum(extra, 0).astype(int)
    spread = np.where(count > 1, (slack - extra * unit) / np.maximum(count - 1, 1), 0.0)
    aside = aside + np.minimum(spread, np.where(style == COURTYARDS, 1.0, 14.0))
    left = width - count * length - extra * unit - (count - 1) * aside
    start = west + np.maximum(left, 0) * blocks.draw[block, 2]
    start = start + np.where(staggered, (length + aside) / 2, 0.0)
    count = count - staggered
    return Rows(block, place, t, gap, west, east, floors, units, extra, count, aside, start)


def path_t(blocks: Blocks, rows: Rows, row: np.ndarray) -> np.ndarray:
    """Return where the path along the north side of a row of buildings runs (t in the compound's frame)."""
    return rows.t[row] + STYLE.depth_m[blocks.style[rows.block[row]]] + PATH_M


def tall(style: np.ndarray) -> np.ndarray:
    """Return which styles have a lift as a rule."""
    return (style == SLAB_11) | (style == SLAB_18) | (style == TOWERS)


def is_row_house(style: np.ndarray) -> np.ndarray:
    """Return which styles have one household a unit, whatever the storeys."""
    return (style == ROW_HOUSES) | (style == COURTYARDS)


@dataclass(frozen=True)
class Houses:
    """One building each: its compound and row, stretch west to east (s) and south face (t), storeys and units."""

    block: np.ndarray
    row: np.ndarray
    place: np.ndarray
    s: np.ndarray
    t: np.ndarray
    length_m: np.ndarray
    floors: np.ndarray
    units: np.ndarray

    def take(self, which: np.ndarray) -> "Houses":
        """Return the buildings at the given places."""
        return Houses(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def houses(blocks: Blocks, rows: Rows) -> Houses:
    """Place the buildings of each row; a garden in the middle of large compounds stays free."""
    row, place = repeat_index(rows.count)
    block = rows.block[row]
    style = blocks.style[block]
    units = rows.units[row] + (place < rows.extra[row])
    unit = STYLE.unit_m[style]
    before = place * rows.units[row] + np.minimum(place, rows.extra[row])
    s = rows.start[row] + before * unit + place * rows.aside_m[row]
    every = Houses(block, row, place, s, rows.t[row], units * unit, rows.floors[row], units)
    return every.take(np.flatnonzero(~_in_garden(blocks, every)))


def garden_size(blocks: Blocks) -> np.ndarray:
    """Return the half width and half depth (n, 2) in metres of each compound's garden, 0 where it has none."""
    axes = Axes(blocks.quad)
    span = np.stack([np.ptp(axes.s, axis=1), np.ptp(axes.t, axis=1)], axis=1)
    has = (span.min(axis=1) > GARDEN_FROM_M[blocks.style]) & (blocks.draw[:, 3] < 0.75)
    return span * np.array([0.16, 0.09]) * has[:, None]


def _in_garden(blocks: Blocks, houses: Houses) -> np.ndarray:
    garden = garden_size(blocks)[houses.block]
    depth = STYLE.depth_m[blocks.style[houses.block]]
    across = np.abs(houses.s + houses.length_m / 2) < garden[:, 0] + houses.length_m / 2
    return across & (np.abs(houses.t + depth / 2) < garden[:, 1] + depth / 2) & (garden[:, 0] > 0)
