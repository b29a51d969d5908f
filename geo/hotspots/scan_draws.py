"""Cases as chance would spread them: replicates drawn cell by cell, the same ones for the same seed in any order."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.hotspots.scan_ratio import Counts
from geo.hotspots.scan_zones import Floats, Ints

Words = NDArray[np.uint64]
WORD = 64
FINER, MOST_BITS = 2, 18
ROUNDING = 1e-12
U17, U19, U23, U41, U45 = (np.uint64(bits) for bits in (17, 19, 23, 41, 45))


class Draws(NamedTuple):
    """What replicates are drawn from.

    cut (slices, places): the largest random word that falls into a place; guide: by the first bits of a word the first
    place it may fall into; shift: how many bits are left out for that; number (replicates, slices): how many cases
    fall into each slice; seeds (replicates, 4): where each replicate's random words begin.
    """

    cut: Words
    guide: NDArray[np.int32]
    shift: np.uint64
    number: Ints
    seeds: Words


def draws(chance: Floats, cases: int, replicates: int, seed: int) -> Draws:
    """Return what replicates are drawn from: so many cases, each in a slice and place by chance, or in none of them.

    chance (slices, places): at most 1 in all; the rest falls outside. How many fall into each slice is multinomial, and
    where they fall given that is independent: all counts are multinomial, exactly.
    """
    each = chance.sum(axis=1)
    outside = max(1.0 - each.sum(), 0.0) if each.sum() < 1 - ROUNDING else 0.0
    shares = np.append(each, outside)
    number = np.random.default_rng([seed, 1]).multinomial(cases, shares / shares.sum(), replicates)[:, :-1]
    sums = np.cumsum(chance, axis=1)
    share = np.minimum(sums / np.where(each > 0, each, 1.0)[:, None], 1.0)
    share[:, -1] = 1.0
    share[sums >= sums[:, -1:]] = 1.0
    cut = np.full(chance.shape, np.iinfo(np.uint64).max, dtype=np.uint64)
    below = share < 1.0
    cut[below] = (share[below] * 2.0**WORD).astype(np.uint64) - (share[below] > 0)
    bits = min(int(np.ceil(np.log2(chance.shape[1] + 1))) + FINER, MOST_BITS)
    edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(WORD - bits)
    guide = np.array([np.searchsorted(row, edges, side="left") for row in cut], dtype=np.int32)
    words = np.random.SeedSequence([seed, 2]).generate_state(4 * replicates, np.uint64)
    seeds = words.astype(np.uint64).reshape(replicates, 4)
    return Draws(cut, guide, np.uint64(WORD - bits), np.ascontiguousarray(number, dtype=np.int64), seeds)


@njit(cache=True)
def draw(source: Draws, chosen: Ints, counts: Counts) -> None:
    """Add the cases of the chosen replicates to counts (slices, at least as many places, replicates).

    Slice by slice, so that what is written to stays in the processor's own memory. Random words: xoshiro256++
    (Blackman and Vigna, 2019).
    """
    words = source.seeds[chosen]
    for at in range(source.cut.shape[0]):
        cut, guide, here = source.cut[at], source.guide[at], counts[at]
        for column in range(chosen.size):
            a, b, c, d = words[column]
            for _case in range(source.number[chosen[column], at]):
                word = a + d
                word = ((word << U23) | (word >> U41)) + a
                shifted = b << U17
                c ^= a
                d ^= b
                b ^= c
                a ^= d
                c ^= shifted
                d = (d << U45) | (d >> U19)
                place = guide[word >> source.shift]
                while cut[place] < word:
                    place += 1
                here[place, column] += 1
            words[column, 0], words[column, 1], words[column, 2], words[column, 3] = a, b, c, d
