"""Plans sought by swaps, and sites that no plan can hold, beside trying every plan."""

from itertools import combinations

import numpy as np
import pytest

from geo.siting.limits import FREE, IN
from geo.siting.neighbours import Lists, columns_of, from_matrix
from geo.siting.swept import possible, swaps_for, swept


def town(seed: int) -> tuple[np.ndarray, Lists]:
    """Return who is served by which site, everybody by at least one, and the lists of that."""
    rng = np.random.default_rng(seed)
    serves = rng.random((14, 9)) < rng.uniform(0.15, 0.4)
    serves[np.arange(14), rng.integers(0, 9, 14)] = True
    return serves, from_matrix(np.where(serves, 0.0, np.inf), np.ones(14), np.ones(14))


def plans(serves: np.ndarray, most: int, needed: int | None = None) -> list[tuple[int, ...]]:
    """Return all plans of so many sites, with the needed one, that leave nobody outside."""
    found = combinations(range(9), most)
    return [plan for plan in found if serves[:, list(plan)].any(axis=1).all() and (needed is None or needed in plan)]


@pytest.mark.parametrize("seed", range(40))
def test_swaps_find_a_plan_where_there_is_one_and_none_where_there_is_none(seed: int) -> None:
    serves, lists = town(seed)
    for most in range(1, 9):
        for needed in (None, 4):
            state = np.full(9, FREE, np.int8)
            state[[] if needed is None else [needed]] = IN
            served, chosen = swept(lists, columns_of(lists, 9), state, most, 1_000)
            assert served == bool(plans(serves, most, needed)), (most, needed)
            assert not served or (serves[:, chosen].any(axis=1).all() and chosen.sum() <= most)
            assert not served or needed is None or chosen[needed]


@pytest.mark.parametrize("seed", range(40))
def test_a_site_is_left_out_only_when_no_plan_holds_it(seed: int) -> None:
    serves, lists = town(seed)
    least = next(most for most in range(1, 10) if plans(serves, most))
    left = possible(lists, 9, least, np.inf)
    held = {site for plan in plans(serves, least) for site in plan}
    assert held <= set(left.site.tolist())
    assert left.start.size == lists.start.size
    none = possible(lists, 9, least - 1, np.inf)
    assert none.site.size <= left.site.size


def test_a_site_that_serves_a_few_is_left_out_where_others_are_needed() -> None:
    serves = np.kron(np.eye(3, dtype=bool), np.ones((4, 1), bool))
    serves = np.column_stack((serves, np.arange(12) % 4 == 0))
    lists = from_matrix(np.where(serves, 0.0, np.inf), np.ones(12), np.ones(12))
    assert set(possible(lists, 4, 3, np.inf).site.tolist()) == {0, 1, 2}
    assert possible(lists, 4, 2, np.inf).site.size == 0


def test_large_lists_are_given_fewer_swaps() -> None:
    _serves, lists = town(1)
    assert swaps_for(lists, 9) == 20_000
    assert swaps_for(lists, 400_000) < 100
