"""Invented names: streets, compounds, areas and persons from small lists of characters, with their pinyin."""

from functools import cache

import numpy as np
from pypinyin import Style, lazy_pinyin

from data import words as lists
from data.frames import digits, join, texts


class Vocabulary:
    """Words with their pinyin and its initials, to build many names from places in the lists."""

    def __init__(self, words: tuple[str, ...]) -> None:
        syllables = [lazy_pinyin(word, style=Style.NORMAL) for word in words]
        self.words = texts(words)
        self.full = texts(["".join(parts) for parts in syllables])
        self.initials = texts(["".join(part[0] for part in parts) for parts in syllables])

    def __len__(self) -> int:
        return len(self.words)


@cache
def vocabulary(words: tuple[str, ...]) -> Vocabulary:
    """Return the words as a vocabulary (made once)."""
    return Vocabulary(words)


def compose(*parts: tuple[Vocabulary, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return names and their pinyin ("full initials") put together from words of vocabularies, row by row."""
    name = join(*[words.words[place] for words, place in parts])
    full = join(*[words.full[place] for words, place in parts])
    initials = join(*[words.initials[place] for words, place in parts])
    return name, join(full, " ", initials)


def streets(rng: np.random.Generator, across: int, along: int) -> list[str]:
    """Return three names for each line of the lattice, 路 from west to east, then 街 from south to north.

    The whole street's, and those of the two parts of an arterial: west and east (西路, 东路), south and north.
    """
    pairs = [first + second for first in lists.STREET_FIRST for second in lists.STREET_SECOND if first != second]
    chosen = rng.permutation(len(pairs))
    endings = [("路", "西路", "东路")] * across + [("街", "南街", "北街")] * along
    names = [pairs[chosen[i % len(pairs)]] for i in range(across + along)]
    return [f"{name}{ending}" for name, parts in zip(names, endings, strict=True) for ending in parts]


def areas(rng: np.random.Generator, count: int, ending: str) -> tuple[np.ndarray, np.ndarray]:
    """Return names of areas with their ending (区, 街道, 社区) and pinyin, each at most once until they run out."""
    first = vocabulary(tuple(lists.AREA_FIRST + lists.STREET_FIRST))
    second = vocabulary(tuple(lists.AREA_SECOND + lists.STREET_SECOND))
    pairs = rng.permutation(len(first) * len(second))
    place = pairs[np.arange(count) % len(pairs)]
    ends = vocabulary((ending,))
    return compose((first, place // len(second)), (second, place % len(second)), (ends, np.zeros(count, dtype=int)))


def compounds(rng: np.random.Generator, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return names and pinyin of compounds by kind (0 commodity, 1 old, 2 work-unit housing)."""
    sources = (
        (lists.HOME_FIRST, lists.HOME_LAST), (lists.OLD_FIRST, lists.OLD_LAST), (lists.WORK_FIRST, lists.WORK_LAST)
    )  # fmt: skip
    again = vocabulary(lists.AGAIN)
    result = [np.full(len(kind), b"", dtype="S64"), np.full(len(kind), b"", dtype="S120")]
    for code, (firsts, lasts) in enumerate(sources):
        mine = np.flatnonzero(kind == code)
        first, second = vocabulary(firsts), vocabulary(lasts)
        pairs = rng.permutation(len(first) * len(second))
        turn, place = np.divmod(np.arange(len(mine)), len(pairs))
        place = pairs[place]
        made = compose((again, turn % len(again)), (first, place // len(second)), (second, place % len(second)))
        for target, part in zip(result, made, strict=True):
            target[mine] = part
    return result[0], result[1]


def persons(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return names and pinyin of invented persons."""
    surnames, first = vocabulary(tuple(lists.SURNAMES)), vocabulary(tuple(lists.GIVEN_FIRST))
    second = vocabulary((*lists.GIVEN_SECOND, ""))
    rank = (rng.random(count) ** 2.2 * len(surnames)).astype(int)
    last = np.where(rng.random(count) < 0.2, len(second) - 1, rng.integers(0, len(second) - 1, count))
    return compose((surnames, rank), (first, rng.integers(0, len(first), count)), (second, last))


def phones(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return telephone numbers of a range that is not given out: 1990000 and four digits."""
    table = np.array([f"1990000{n:04d}".encode() for n in range(10_000)])
    return table[rng.integers(0, 10_000, count)]


def compose_numbered(before: str, number: np.ndarray, after: str) -> tuple[np.ndarray, np.ndarray]:
    """Return names such as 第3网格 with their pinyin."""
    parts = [vocabulary((word,)) for word in (before, after)]
    written = digits(number)
    full = join(parts[0].full[0], written, parts[1].full[0])
    initials = join(parts[0].initials[0], written, parts[1].initials[0])
    return join(before, written, after), join(full, " ", initials)
