"""How often chance alone does as well: replicates that hold a window reaching a ratio, many compared at once.

Every window's smallest count that reaches the ratio is found once; replicates are then only added up and compared, a
machine word of several small integers at a time. Exact: no window is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.hotspots.scan_draws import Draws, draw, draws
from geo.hotspots.scan_ratio import Counts, Ladder, ladder, smallest_counts
from geo.hotspots.scan_windows import Field
from geo.hotspots.scan_zones import Floats, Ints, Zones

LANES, FEW_LANES = 512, 32
MEMORY = 256_000_000
NEVER = -1
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Chance:
    """A field as chance would fill it: expected cases summed over time, and what replicates are drawn from."""

    field: Field
    sums: Floats
    source: Draws
    kind: np.dtype[np.int16] | np.dtype[np.int32]
    highest: float


def chance(field: Field, replicates: int, seed: int) -> Chance:
    """Return what replicates are drawn from; only cases of the periods looked at are drawn."""
    sums = field.times.summed(field.expected)
    share = field.expected[:, field.times.periods].T / field.expected.sum()
    source = draws(np.ascontiguousarray(share), field.total, replicates, seed)
    small = source.number.sum(axis=1).max(initial=0) < np.iinfo(np.int16).max
    kind = np.dtype(np.int16) if small else np.dtype(np.int32)
    return Chance(field, sums, source, kind, float(sums[-1].sum()))


def first_reached(world: Chance, levels: Floats, chosen: Ints, heard: Callable[[], None]) -> Ints:
    """Return for each replicate the first of the falling levels that a window of it reaches, else their number.

    heard: called now and then; what it raises ends the work.
    """
    first = np.full(chosen.size, levels.size)
    waiting = [(np.arange(chosen.size), 0, levels.size)]
    while waiting:
        here, low, high = waiting.pop()
        first[here] = low
        if low < high and here.size:
            middle = (low + high) // 2
            reached = reaching(world, float(levels[middle]), chosen[here])
            heard()
            waiting += [(here[reached], low, middle), (here[~reached], middle + 1, high)]
    return first


def reaching(world: Chance, level: float, chosen: Ints) -> Flags:
    """Return which of the chosen replicates hold a window whose ratio reaches the level (to a billionth)."""
    steps = ladder(level, world.field.total, world.highest, world.field.fewest)
    room = MEMORY // (world.sums.size * world.kind.itemsize)
    lanes = int(np.clip(room // FEW_LANES * FEW_LANES, FEW_LANES, LANES))
    room = max(1, room // lanes) * lanes
    reached = [_reaching(world, steps, chosen[first : first + room], lanes) for first in range(0, chosen.size, room)]
    return np.concatenate([np.zeros(0, dtype=bool), *reached])


def _reaching(world: Chance, steps: Ladder, chosen: Ints, lanes: int) -> Flags:
    zones, times = world.field.zones, world.field.times
    drawn = [_drawn(world, chosen[first : first + lanes]) for first in range(0, chosen.size, lanes)]
    best = [np.full(sums.shape[2], NEVER, dtype=world.kind) for sums in drawn]
    counts = np.empty(zones.member.size, dtype=world.kind)
    for window in range(times.low.size):
        open_ones = [at for at, most in enumerate(best) if most.min() < 0]
        if open_ones:
            smallest_counts(zones, world.field.expected_in(world.sums, window), steps, counts)
        low, high = times.low[window], times.high[window]
        for at in open_ones:
            cases = drawn[at][high] - drawn[at][low] if low else drawn[at][high]
            _compare(zones, cases, counts, best[at])
    return np.concatenate(best)[: chosen.size] >= 0


def _drawn(world: Chance, chosen: Ints) -> Counts:
    """Return cases summed up to each slice (slices + 1, places + 1, replicates, filled up with copies of the first)."""
    lanes = -(-chosen.size // FEW_LANES) * FEW_LANES
    filled = np.concatenate((chosen, np.repeat(chosen[:1], lanes - chosen.size)))
    sums = np.zeros((*world.sums.shape, lanes), dtype=world.kind)
    draw(world.source, filled, sums[1:])
    for later in range(2, len(sums)):
        sums[later] += sums[later - 1]
    return sums


@njit(cache=True)
def _compare(zones: Zones, cases: Counts, smallest: Counts, best: Counts) -> None:
    """Raise best (replicates,) to the most by which a circle's cases (places + 1, replicates) exceed its smallest."""
    start, member = zones.start, zones.member
    whole = cases.dtype.type
    total = np.zeros_like(best)
    for i in range(start.size - 1):
        total[:] = 0
        for k in range(start[i], start[i + 1], 8):
            a, b, c, d = cases[member[k]], cases[member[k + 1]], cases[member[k + 2]], cases[member[k + 3]]
            e, f, g, h = cases[member[k + 4]], cases[member[k + 5]], cases[member[k + 6]], cases[member[k + 7]]
            ta, tb, tc, td = smallest[k], smallest[k + 1], smallest[k + 2], smallest[k + 3]
            te, tf, tg, th = smallest[k + 4], smallest[k + 5], smallest[k + 6], smallest[k + 7]
            for r in range(best.size):
                sa = whole(total[r] + a[r])
                sb = whole(sa + b[r])
                sc = whole(sb + c[r])
                sd = whole(sc + d[r])
                se = whole(sd + e[r])
                sf = whole(se + f[r])
                sg = whole(sf + g[r])
                sh = whole(sg + h[r])
                total[r] = sh
                first = max(whole(sa - ta), whole(sb - tb), whole(sc - tc), whole(sd - td))
                second = max(whole(se - te), whole(sf - tf), whole(sg - tg), whole(sh - th))
                best[r] = max(best[r], first, second)
