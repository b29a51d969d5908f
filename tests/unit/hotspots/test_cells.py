"""Hexagons: every point lies in the one whose middle is nearest, and neighbours are those that touch."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from geo.hotspots.cell_size import apart_m, cell_size, rounded_m
from geo.hotspots.cells import OUTSIDE, area_km2, axial, hexagons, keys_of, located, middles, outlines, tally, width_m
from geo.hotspots.density import density
from geo.hotspots.neighbours import among, hexagon_neighbours, pairs_of, touching, within
from geo.hotspots.suppression import hidden, merged

RNG = np.random.default_rng(4)


@pytest.mark.parametrize("wide_m", [37.5, 250.0, 4_000.0])
def test_a_point_lies_in_the_hexagon_with_the_nearest_middle(wide_m: float) -> None:
    x_m, y_m = RNG.uniform(-9_000, 9_000, (2, 20_000)) + np.array([[500_000.0], [4_030_000.0]])
    cells = tally(hexagons(x_m, y_m, wide_m))
    east, north = middles(cells.key, wide_m)
    _far, nearest = cKDTree(np.column_stack((east, north))).query(np.column_stack((x_m, y_m)))
    assert (nearest == cells.cell).all()
    assert np.hypot(x_m - east[cells.cell], y_m - north[cells.cell]).max() <= wide_m / np.sqrt(3) + 1e-6
    assert cells.points.sum() == 20_000


def test_outlines_hold_their_points_and_tile_the_plane_without_gap_or_overlap() -> None:
    q, r = (axis.ravel() for axis in np.meshgrid(np.arange(-3, 4), np.arange(-3, 4)))
    shapes = shapely.polygons(outlines(keys_of(q, r), 80.0))
    assert shapely.area(shapes).sum() == pytest.approx(49 * area_km2(80.0) * 1e6)
    assert shapely.union_all(shapes).area == pytest.approx(shapely.area(shapes).sum())
    assert shapely.is_ccw(shapely.get_exterior_ring(shapes)).all()
    assert width_m(area_km2(80.0)) == pytest.approx(80.0)


@given(st.lists(st.tuples(st.integers(-2_000_000, 2_000_000), st.integers(-2_000_000, 2_000_000)), max_size=30))
def test_keys_and_axial_coordinates_are_the_same_thing(pairs: list[tuple[int, int]]) -> None:
    q, r = np.array(pairs, np.int64).reshape(-1, 2).T
    found = axial(keys_of(q, r))
    assert (found[0] == q).all()
    assert (found[1] == r).all()


def test_far_apart_points_are_counted_like_those_close_together() -> None:
    x_m = np.array([0.0, 1e9, 0.0, np.nan, np.inf, -1e9])
    cells = tally(hexagons(x_m, np.zeros(6), 1.0))
    assert cells.cell.tolist() == [1, 2, 1, -1, -1, 0]
    assert cells.points.tolist() == [1, 2, 1]
    assert (hexagons(x_m, np.zeros(6), 1.0)[3:5] == OUTSIDE).all()
    assert tally(np.full(2, OUTSIDE)).key.size == 0


def test_hexagon_neighbours_are_those_that_touch() -> None:
    x_m, y_m = RNG.uniform(0, 2_000, (2, 300))
    key = tally(hexagons(x_m, y_m, 100.0)).key
    by_key, by_shape = hexagon_neighbours(key), touching(shapely.polygons(outlines(key, 100.0)))
    assert (by_key.start == by_shape.start).all()
    assert (by_key.target == by_shape.target).all()
    by_distance = within(*middles(key, 100.0), 101.0)
    assert (by_key.target == by_distance.target).all()
    assert by_key.sizes().max() <= 6


def test_known_cells_are_found_again() -> None:
    known = np.array([3, 8, 20])
    assert located(known, np.array([20, 3, 4, 99, -5])).tolist() == [2, 0, -1, -1, -1]
    assert located(np.empty(0, np.int64), np.array([1])).tolist() == [-1]


def test_neighbours_among_some_places_are_numbered_anew() -> None:
    ring = pairs_of(np.arange(6), np.roll(np.arange(6), 1), 6)
    kept = np.array([True, True, False, True, True, False])
    assert among(ring, kept).target.tolist() == [1, 0, 3, 2]
    assert among(ring, kept).sizes().tolist() == [1, 1, 1, 1]


def test_the_width_of_cells_follows_the_data_and_says_why() -> None:
    few = RNG.uniform(0, 10_000, (2, 40))
    dense = RNG.uniform(0, 10_000, (2, 60_000))
    grid = np.column_stack([axis.ravel() * 500.0 for axis in np.meshgrid(np.arange(20), np.arange(20))]).T
    huge = RNG.uniform(0, 2_000_000, (2, 500))
    found = {name: cell_size(*points) for name, points in
             {"few": few, "dense": dense, "grid": grid, "huge": huge, "one": np.zeros((2, 9))}.items()}  # fmt: skip
    assert {name: size.rule for name, size in found.items()} == {
        "few": "cells", "dense": "points", "grid": "cells", "huge": "most", "one": "least",
    }  # fmt: skip
    assert found["dense"].cell_m == 100
    assert found["dense"].words() == "Cells are 100 m wide: about 5 of the 60,000 points lie in one."
    assert "fewer than 100 to compare" in found["few"].words()
    assert "5,000 m" in found["huge"].words()


def test_towers_with_many_points_each_are_kept_apart_from_the_size_of_a_cell() -> None:
    east, north = (axis.ravel() * 100.0 for axis in np.meshgrid(np.arange(60), np.arange(60)))
    x_m, y_m = np.repeat(east, 20), np.repeat(north, 20)
    assert apart_m(x_m, y_m) == pytest.approx(100.0)
    size = cell_size(x_m, y_m)
    assert (size.cell_m, size.rule) == (200.0, "apart")
    assert size.words() == "Cells are 200 m wide: twice the 100 m from a place to the next."


def test_round_widths_are_near_the_given_ones() -> None:
    wide = np.geomspace(50, 5_000, 60)
    near = np.array([rounded_m(one) for one in wide])
    assert (np.abs(np.log(near / wide)) < 0.15).all()


def test_density_keeps_what_is_there_and_puts_it_where_it_is() -> None:
    x_m, y_m = np.array([0.0, 0.0, 900.0]), np.array([0.0, 0.0, 400.0])
    found = density(x_m, y_m, pixel_m=20.0, spread_m=60.0, weight=np.array([1.0, 2.0, 1.0]))
    assert found.per_km2.sum() * 0.02**2 == pytest.approx(4.0)
    row, column = np.unravel_index(found.per_km2.argmax(), found.per_km2.shape)
    assert abs(found.west_m + (column + 0.5) * 20) <= 20
    assert abs(found.south_m + (row + 0.5) * 20) <= 20
    with pytest.raises(ValueError, match="pixels is too fine"):
        density(np.array([0.0, 1e7]), np.array([0.0, 1e7]), pixel_m=1.0, spread_m=5.0)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=40), st.integers(2, 9), st.integers(0, 9))
def test_no_shown_group_has_few_cases_and_nothing_is_lost(counts: list[int], least: int, gap: int) -> None:
    n = len(counts)
    one = np.array([at for at in range(n - 1) if at != gap], np.int64)
    groups = merged(np.array(counts, float), pairs_of(one, one + 1, n), least)
    shown = groups[groups >= 0]
    totals = np.bincount(shown, np.array(counts)[groups >= 0], n)
    assert not hidden(totals, least).any()
    left = np.array(counts)[groups < 0].sum()
    parts = [sum(counts[: gap + 1]), sum(counts[gap + 1 :])] if gap < n - 1 else [sum(counts)]
    assert left == sum(part for part in parts if 0 < part < least)
