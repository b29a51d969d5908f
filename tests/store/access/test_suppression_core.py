"""No number below the least count can be found by adding and subtracting what is given out: proven on random cities."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from geo.store.session import owner_engine

FEWEST = 3
MOST_FREE = 13
AGES, ALONE = 3, 2
AGE_GROUPS = [[1, 2, 3], [1, 1, 2]]
QUERY = text(
    "SELECT * FROM suppressed_counts(:parents, :weights, :counts, CAST(:rests AS bigint[]), "
    ":beside, :wanted, :at_least)"
)
RANDOM = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Town:
    """A tree of places (parents of place i, the first has 0) and how many people of each kind live in each leaf."""

    parents: list[int]
    weights: list[int]
    people: np.ndarray

    @property
    def leaves(self) -> list[int]:
        """Places that hold no others."""
        return [place for place in range(1, len(self.parents) + 1) if place not in self.parents]

    def below(self, place: int) -> list[int]:
        """Positions in ``leaves`` of the leaves of a place."""
        return [at for at, leaf in enumerate(self.leaves) if place in self._way_up(leaf)]

    def _way_up(self, place: int) -> Iterator[int]:
        while place:
            yield place
            place = self.parents[place - 1]

    def by_place(self, by_leaf: np.ndarray) -> list[list[int]]:
        """Spread counts (leaf, class) over all places, as lists by class."""
        spread = np.zeros((by_leaf.shape[1], len(self.parents)), dtype=int)
        spread[:, np.array(self.leaves) - 1] = by_leaf.T
        return spread.tolist()


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Draw towns of up to ten places with few people, many of them with nobody of a kind."""
    parents = [0, *(draw(st.integers(max(1, at // 3), at)) for at in range(1, draw(st.integers(2, 9)) + 1))]
    weights = draw(st.lists(st.integers(0, 9), min_size=len(parents), max_size=len(parents)))
    leaves = len(set(range(1, len(parents) + 1)) - set(parents))
    kind = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 6, 9])
    kinds = leaves * AGES * ALONE
    people = np.array(draw(st.lists(kind, min_size=kinds, max_size=kinds))).reshape(leaves, AGES, ALONE)
    return Town(parents, weights, people)


@dataclass(frozen=True)
class Block:
    """One published line: the leaves counted together, the group of each class, the count of each group."""

    resolution: int
    place: int | None
    leaves: tuple[int, ...]
    groups: tuple[int, ...]
    counts: tuple[int, ...]


def published(
    owner: Connection, town: Town, by_leaf: np.ndarray, wanted: list[list[int]], at_least: int,
    rests: np.ndarray | None = None,
) -> list[Block]:  # fmt: skip
    """Return what the database gives out of counts (leaf, class)."""
    rows = owner.execute(
        QUERY,
        {
            "parents": town.parents, "weights": town.weights, "counts": town.by_place(by_leaf),
            "rests": None if rests is None else town.by_place(rests), "beside": [[1] * len(town.parents)],
            "wanted": wanted, "at_least": at_least,
        },
    )  # fmt: skip
    return [
        Block(
            row.resolution, row.level_place, tuple(sorted(at for place in row.members for at in town.below(place))),
            tuple(row.groups), tuple(row.sums),
        )
        for row in rows
    ]  # fmt: skip


def vectors(town: Town, blocks: list[Block], axis: int, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Return for each published number which kinds of people it counts: 0 or 1 a kind, kinds as (leaf, *shape)."""
    found = []
    for block in blocks:
        for group in range(1, max(block.groups) + 1):
            mask = np.zeros((len(town.leaves), *shape), dtype=int)
            chosen = [slice(None)] * (1 + len(shape))
            for leaf, at in product(block.leaves, [c for c, one in enumerate(block.groups) if one == group]):
                chosen[0], chosen[1 + axis] = leaf, at
                mask[tuple(chosen)] = 1
            found.append(mask.ravel())
    return found


def isolated(given_out: list[np.ndarray]) -> np.ndarray:
    """Return every set of kinds of people (0/1 rows) whose number follows from the given numbers by plus and minus."""
    rows = [[Fraction(int(x)) for x in vector] for vector in {tuple(v): v for v in given_out}.values()]
    reduced: list[list[Fraction]] = []
    for column in range(len(rows[0]) if rows else 0):
        at = next((i for i, row in enumerate(rows) if row[column]), None)
        if at is None:
            continue
        lead = rows.pop(at)
        lead = [x / lead[column] for x in lead]
        rows = [[x - row[column] * y for x, y in zip(row, lead, strict=True)] for row in rows]
        reduced = [[x - row[column] * y for x, y in zip(row, lead, strict=True)] for row in reduced] + [lead]
    if len(reduced) > MOST_FREE:
        reject()
    basis = np.array([[float(x) for x in row] for row in reduced])
    if not len(basis):
        return np.zeros((0, 0), dtype=int)
    sums = np.array(list(product((0, 1), repeat=len(basis)))) @ basis
    sets = sums[np.all((np.abs(sums) < 1e-9) | (np.abs(sums - 1) < 1e-9), axis=1)]
    return np.rint(sets[1:]).astype(int)


def smallest(given_out: list[np.ndarray], people: np.ndarray) -> int:
    """Return the size of the smallest set that can be isolated; a large number when there is none."""
    sets = isolated(given_out)
    return int((sets @ people.ravel()).min()) if len(sets) else 10**6


@pytest.fixture(scope="module")
def owner(clean_store_for_module: object) -> Iterator[Connection]:
    """A connection of the role that owns the functions."""
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@RANDOM
@given(town=towns())
def test_no_set_of_fewer_people_can_be_isolated_from_all_attributes_together(owner: Connection, town: Town) -> None:
    ages, alone = town.people.sum(axis=2), town.people.sum(axis=1)
    everybody = town.people.sum(axis=(1, 2))[:, None]
    shape = (AGES, ALONE)
    given_out = [
        *vectors(town, published(owner, town, ages, AGE_GROUPS, FEWEST), 0, shape),
        *vectors(town, published(owner, town, alone, [[1, 2]], FEWEST + 1), 1, shape),
    ]
    for block in published(owner, town, everybody, [[1]], FEWEST):
        mask = np.zeros((len(town.leaves), *shape), dtype=int)
        mask[list(block.leaves)] = 1
        given_out.append(mask.ravel())
    assert smallest(given_out, town.people) >= FEWEST


@RANDOM
@given(town=towns())
def test_two_families_cannot_be_subtracted_from_each_other(owner: Connection, town: Town) -> None:
    helped, others = town.people[:, :, 1], town.people[:, :, 0]
    shape = (AGES, ALONE)
    residents = published(owner, town, helped + others, AGE_GROUPS, FEWEST, rests=others)
    given_out = vectors(town, residents, 0, shape)
    only_helped = np.array([0, 1])
    for block in vectors(town, published(owner, town, helped, AGE_GROUPS, FEWEST), 0, shape):
        given_out.append((block.reshape(-1, ALONE) * only_helped).ravel())
    assert smallest(given_out, town.people) >= FEWEST


def test_the_search_finds_what_leaks() -> None:
    town = Town([0, 1, 1], [0, 1, 1], np.array([[[4, 4]] * 3, [[1, 0]] * 3]))
    all_of_it = Block(1, 1, (0, 1), (1, 2, 3), (0, 0, 0))
    one_place = Block(1, 2, (0,), (1, 2, 3), (0, 0, 0))
    assert smallest(vectors(town, [all_of_it], 0, (AGES, ALONE)), town.people) == 9
    assert smallest(vectors(town, [all_of_it, one_place], 0, (AGES, ALONE)), town.people) == 1


@RANDOM
@given(town=towns(), at_least=st.integers(1, 6))
def test_numbers_are_whole_and_large_enough_and_each_place_is_in_one_block(
    owner: Connection, town: Town, at_least: int
) -> None:
    ages = town.people.sum(axis=2)
    blocks = published(owner, town, ages, AGE_GROUPS, at_least)
    assert blocks == published(owner, town, ages, AGE_GROUPS, at_least)
    for block in blocks:
        counted = ages[list(block.leaves)].sum(axis=0)
        sums = [counted[[c for c, g in enumerate(block.groups) if g == group]].sum() for group in range(1, 4)]
        assert list(block.counts) == sums[: len(block.counts)]
        assert min(block.counts) >= at_least
    for resolution in {block.resolution for block in blocks}:
        atoms = atoms_of(blocks, resolution)
        assert sorted(leaf for atom in atoms for leaf in atom) == list(range(len(town.leaves)))


def atoms_of(blocks: list[Block], resolution: int) -> list[set[int]]:
    """Return the blocks that no smaller block of their resolution lies in."""
    sets = {frozenset(block.leaves) for block in blocks if block.resolution == resolution}
    return [set(one) for one in sets if not any(other < one for other in sets)]


@RANDOM
@given(town=towns(), at_least=st.integers(1, 5))
def test_a_higher_least_count_and_finer_classes_only_join_blocks(owner: Connection, town: Town, at_least: int) -> None:
    ages, everybody = town.people.sum(axis=2), town.people.sum(axis=(1, 2))[:, None]
    by_age = published(owner, town, ages, AGE_GROUPS, at_least)
    low = published(owner, town, everybody, [[1]], at_least)
    high = published(owner, town, everybody, [[1]], at_least + 1)
    for fine, coarse in (
        (atoms_of(by_age, 2), atoms_of(by_age, 1)),
        (atoms_of(low, 1), atoms_of(by_age, 2)),
        (atoms_of(low, 1), atoms_of(high, 1)),
    ):
        for atom in coarse:
            assert atom == set().union(*(one for one in fine if one <= atom))


def test_small_classes_join_their_smaller_neighbour_in_the_whole_city(owner: Connection) -> None:
    question = text("SELECT suppressed_groups(:totals, :wanted, NULL, 5)")
    for totals, expected in (
        ([[9, 4, 6, 9]], [1, 2, 2, 3]),
        ([[0, 0, 9, 9]], [1, 1, 1, 2]),
        ([[9, 9, 9, 9], [9, 9, 9, 4]], [1, 2, 3, 3]),
        ([[1, 1, 1, 1]], None),
    ):
        found = owner.scalar(question, {"totals": totals, "wanted": [1, 2, 3, 4]})
        assert found == expected
