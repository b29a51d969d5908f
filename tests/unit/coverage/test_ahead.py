"""Years ahead: cohorts move up and only ever shrink, ranges hold what is told, unknown places stay unknown."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.ahead import (
    LIFE_EXPECTANCY_MEN_YEARS,
    LIFE_EXPECTANCY_WOMEN_YEARS,
    LIFE_EXPECTANCY_YEARS,
    NOT_WITHIN,
    UNKNOWN_YEAR,
    Ages,
    helped_per_helper_today,
    survivors,
    years_ahead,
)

COUNTS = st.lists(st.lists(st.sampled_from([-1, 0, 3, 40, 200]), min_size=6, max_size=6), max_size=6)


@pytest.mark.parametrize("expected", [LIFE_EXPECTANCY_YEARS, LIFE_EXPECTANCY_MEN_YEARS, LIFE_EXPECTANCY_WOMEN_YEARS])
def test_people_live_as_long_as_the_census_says(expected: float) -> None:
    alive = survivors(expected)
    trapezoids = (alive[:-1] + alive[1:]).sum() / 2
    assert trapezoids == pytest.approx(expected, abs=0.05)
    assert (np.diff(alive) <= 0).all()


@settings(deadline=None)
@given(COUNTS)
def test_today_is_what_was_counted_and_ranges_hold_the_number_told(rows: list[list[int]]) -> None:
    counts = np.array(rows, dtype=np.int64).reshape(-1, 6)
    found = years_ahead(counts)
    known = ~found.unknown
    assert found.unknown.tolist() == [-1 in row[1:5] for row in rows]
    assert found.helpers[known, 0] == pytest.approx(counts[known, 2])
    assert found.helped[known, 0] == pytest.approx(counts[known, 4])
    for low, told, high in (
        (found.helpers_low, found.helpers, found.helpers_high),
        (found.helped_low, found.helped, found.helped_high),
    ):
        assert (low[known] <= told[known]).all()
        assert (told[known] <= high[known]).all()
        assert np.isnan(told[found.unknown]).all()
    assert (found.first_year[found.unknown] == UNKNOWN_YEAR).all()


@settings(deadline=None)
@given(COUNTS, st.sampled_from([0.2, 1.0, 3.0]))
def test_the_first_year_is_the_first_in_which_helpers_are_too_few(rows: list[list[int]], able: float) -> None:
    counts = np.array(rows, dtype=np.int64).reshape(-1, 6)
    found = years_ahead(counts, helped_per_helper=able)
    for place in np.flatnonzero(~found.unknown):
        years = [year for year in range(21) if found.helpers[place, year] * able < found.helped[place, year] - 1e-9]
        first = int(found.first_year[place])
        assert first == (years[0] if years else NOT_WITHIN)
        if first != NOT_WITHIN:
            assert 0 <= found.earliest[place] <= first
            assert found.latest[place] == NOT_WITHIN or found.latest[place] >= first
    listed = found.first_places()
    assert sorted(listed.tolist()) == np.flatnonzero(found.first_year >= 0).tolist()
    assert (np.diff(found.first_year[listed]) >= 0).all()


def test_after_twenty_years_helpers_are_todays_young_and_the_helped_todays_helpers_and_sixties() -> None:
    only = np.eye(6, dtype=np.int64) * 1000
    found = years_ahead(only)
    helpers, helped = found.helpers[:, 20], found.helped[:, 20]
    assert helpers[0] == helpers[2] == helpers[3] == helpers[4] == helpers[5] == 0
    assert 800 < helpers[1] < 1000
    assert 300 < helped[2] < 500
    assert 350 < helped[3] < 550
    assert helped[0] == helped[1] == helped[4] == helped[5] == 0


def test_other_ages_need_other_counts() -> None:
    found = years_ahead(np.array([[-1, -1, 5, 9, 9, 9]]), ages=Ages((60, 69), (70, 89)), years=5)
    assert not found.unknown.any()
    assert found.helpers.shape == (1, 6)


def test_what_one_helper_can_do_is_told_by_todays_hours_or_not_at_all() -> None:
    assert helped_per_helper_today(100, 100, 50, 100) == 2
    assert math.isnan(helped_per_helper_today(100, 0, 50, 100))
    assert math.isnan(helped_per_helper_today(100, 10, 0, 100))
