"""Straight lines: the ellipsoid's own length, times the detour, and every pair within the limit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyproj import Geod

from geo.coverage.straight import DETOUR, within_straight

LIAOCHENG = 115.98, 36.45


@settings(max_examples=60, deadline=None)
@given(some.integers(0, 2**31), some.floats(1, 5000))
def test_every_pair_within_the_limit_is_found_and_no_other(seed: int, limit_m: float) -> None:
    dice = np.random.default_rng(seed)
    lon, lat = (dice.uniform(-0.03, 0.03, (2, 12)) + middle for middle in LIAOCHENG)
    found = within_straight((lon[0], lat[0]), (lon[1], lat[1]), limit_m)
    ellipsoid = Geod(ellps="WGS84")
    expected = {}
    for source in range(12):
        for target in range(12):
            metres = DETOUR * ellipsoid.inv(lon[0][source], lat[0][source], lon[1][target], lat[1][target])[2]
            if metres <= limit_m:
                expected[source, target] = metres
    ends = zip(found.source().tolist(), found.target.tolist(), strict=True)
    assert dict(zip(ends, found.metres.tolist(), strict=True)) == pytest.approx(expected)


def test_a_place_that_is_nowhere_reaches_nobody() -> None:
    here = np.array([115.98, np.nan]), np.array([36.45, 36.45])
    found = within_straight(here, here, 1000)
    assert found.source().tolist() == [0]
    assert found.target.tolist() == [0]
    assert found.metres.tolist() == [0.0]


def test_nobody_at_all_is_an_empty_answer() -> None:
    nobody = np.empty(0), np.empty(0)
    assert within_straight(nobody, nobody, 1000).indptr.tolist() == [0]
    assert within_straight((np.array([1.0]), np.array([2.0])), nobody, 1000).indptr.tolist() == [0, 0]
