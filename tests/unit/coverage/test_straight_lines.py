"""The k nearest by straight line: what comparing every pair finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.coverage.straight_lines import k_nearest_straight

NONE = (np.empty(0), np.empty(0))


@settings(deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 12), st.integers(0, 9), st.integers(1, 5))
def test_the_k_nearest_are_those_of_all_pairs(seed: int, origins: int, targets: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 0.1, (2, origins)), rng.uniform(0, 0.1, (2, targets))
    here[1] += 36
    there[1] += 36
    every = np.full((origins, targets + k), np.inf)
    for origin in range(origins):
        for target in range(targets):
            every[origin, target] = 1.3 * Geod(ellps="WGS84").inv(*here[:, origin], *there[:, target])[2]
    limit_m = 6000.0
    every[every > limit_m] = np.inf
    found = k_nearest_straight((here[0], here[1]), (there[0], there[1]), k, limit_m=limit_m)
    np.testing.assert_allclose(found.metres, np.sort(every, axis=1)[:, :k], rtol=1e-12)
    origin, slot = np.nonzero(found.target >= 0)
    np.testing.assert_allclose(every[origin, found.target[origin, slot]], found.metres[origin, slot], rtol=1e-12)
    assert np.array_equal(found.target >= 0, np.isfinite(found.metres))


def test_a_place_without_a_position_is_never_near() -> None:
    lost = np.array([115.98, np.nan]), np.array([36.45, 36.45])
    found = k_nearest_straight(lost, lost, 2)
    assert found.target.tolist() == [[0, -1], [-1, -1]]
    assert k_nearest_straight(NONE, lost, 1).target.shape == (0, 1)
    assert k_nearest_straight(lost, NONE, 1).target.tolist() == [[-1], [-1]]
