"""Life circles: a limit is metres, doors of people over 70 have their own, and unknown is neither near nor far."""

import numpy as np
import pytest

from geo.coverage.life_circles import UNKNOWN, life_circles, minutes, tally

LIMITS_M, OLD_LIMITS_M = (300, 500, 1000), (240, 480, 720)


@pytest.mark.parametrize(
    ("metres", "circle", "old_circle"),
    [(0, 0, 0), (240, 0, 0), (240.01, 0, 1), (300, 0, 1), (480, 1, 1), (500, 1, 2), (1000, 2, 3), (1001, 3, 3)],
)
def test_a_walk_of_exactly_the_limit_is_within_it(metres: float, circle: int, old_circle: int) -> None:
    walks = np.array([metres, metres], dtype=float)
    found = life_circles(walks, LIMITS_M, old=np.array([False, True]), old_limits_m=OLD_LIMITS_M)
    assert found.tolist() == [circle, old_circle]


def test_no_way_at_all_is_beyond_and_a_walk_nobody_knows_is_unknown() -> None:
    assert life_circles(np.array([np.inf, np.nan]), LIMITS_M).tolist() == [3, UNKNOWN]


def test_households_are_tallied_within_each_limit_and_what_is_unknown_apart() -> None:
    circle = life_circles(np.array([100.0, 400.0, 450.0, 2000.0, np.nan]), LIMITS_M)
    found = tally(circle, len(LIMITS_M), np.array([40.0, 30.0, np.nan, 30.0, 12.0]))
    assert found.within == (40.0, 70.0, 70.0)
    assert (found.beyond, found.unknown) == (30.0, 12.0)
    assert found.shares() == (0.4, 0.7, 0.7)
    assert tally(circle, len(LIMITS_M)).within == (1.0, 3.0, 3.0)
    assert tally(np.array([UNKNOWN]), 2).shares() == (None, None)


def test_the_limits_of_the_circles_are_their_minutes_at_the_speed_of_the_old() -> None:
    assert minutes(np.array(OLD_LIMITS_M, dtype=float), 0.8).tolist() == pytest.approx([5, 10, 15])
