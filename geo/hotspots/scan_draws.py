"""Cases as chance would spread them: replicates drawn cell by cell, the same ones for the same seed in any order."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.hotspots.scan_zones import Floats, Ints

Words = NDArray[np.uint64]
WORD = 64
FINER = 2
MOST_BITS = 18
U17, U19, U23, U41, U45 = (np.uint64(bits) for bits in (17, 19, 23, 41, 45))


class Draws(NamedTuple):
    """What replicates are drawn from.

    cut: by cell the largest random word that falls into it; guide: by the first bits of a word the first cell it may
    fall into; shift: how many bits are left out for that; number: by replicate how many cases fall into the cells;
    seeds (replicates, 4): where each replicate's random words begin.
    """

    cut: Words
    guide: NDArray[np.int32]
    shift: np.uint64
    number: Ints
    seeds: Words


def draws(chance: Floats, cases: int, replicates: int, seed: int) -> Draws:
    """Return what replicates are drawn from: so many cases, each in a cell by chance, or in none of them.

    chance: by cell, at most 1 in all; the rest falls outside. How many fall into the cells is binomial, and where they
    fall given that is independent: the counts are multinomial, exactly.
    """
    inside = min(float(chance.sum()), 1.0)
    number = np.full(replicates, cases, dtype=np.int64)
    if inside < 1 - 1e-12:
        number = np.random.default_rng([seed, 1]).binomial(cases, inside, replicates).astype(np.int64)
    sums = np.cumsum(chance)
    share = np.minimum(sums / sums[-1], 1.0)
    cut = np.full(chance.size, np.iinfo(np.uint64).max, dtype=np.uint64)
    below = share < 1.0
    cut[below] = (share[below] * 2.0**WORD).astype(np.uint64) - (share[below] > 0)
    bits = min(int(np.ceil(np.log2(chance.size + 1))) + FINER, MOST_BITS)
    edges = np.arange(1 << bits, dtype=np.uint64) << np.uint64(WORD - bits)
    guide = np.searchsorted(cut, edges, side="left").astype(np.int32)
    words = np.random.SeedSequence([seed, 2]).generate_state(4 * replicates, np.uint64)
    seeds = words.astype(np.uint64).reshape(replicates, 4)
    return Draws(cut, guide, np.uint64(WORD - bits), number, seeds)


@njit(cache=True)
def draw(source: Draws, chosen: Ints, counts: NDArray[np.int16]) -> None:
    """Add the cases of the chosen replicates to counts (cells, at least as many columns as are chosen).

    Random words: xoshiro256++ (Blackman and Vigna, 2019).
    """
    cut, guide, shift = source.cut, source.guide, source.shift
    for column in range(chosen.size):
        a, b, c, d = source.seeds[chosen[column]]
        for _case in range(source.number[chosen[column]]):
            word = a + d
            word = ((word << U23) | (word >> U41)) + a
            shifted = b << U17
            c ^= a
            d ^= b
            b ^= c
            a ^= d
            c ^= shifted
            d = (d << U45) | (d >> U19)
            cell = guide[word >> shift]
            while cut[cell] < word:
                cell += 1
            counts[cell, column] += 1
