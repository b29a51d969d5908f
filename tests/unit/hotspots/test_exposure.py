"""What cases are counted against, and that nothing is compiled in the middle of a question."""

import numpy as np
import pytest
import shapely

from geo.hotspots import cells, emerging, gi_star, mann_kendall, neighbours, permutations, suppression, warm
from geo.hotspots.cells import area_km2, hexagons, outlines
from geo.hotspots.exposure import area_of, ground_km2, hexagons_over, shared_out

RNG = np.random.default_rng(12)
TOWN = np.array([shapely.box(0, 0, 900, 600), shapely.box(900, 0, 1_500, 600), shapely.box(0, 600, 1_500, 1_300)])


def test_people_shared_out_among_hexagons_are_as_many_as_before() -> None:
    key = hexagons_over(TOWN, 130.0)
    people = np.array([540.0, 90.0, 700.0])
    shared = shared_out(key, 130.0, TOWN, people)
    assert shared.sum() == pytest.approx(1_330)
    inside = shapely.contains(TOWN[0], shapely.polygons(outlines(key, 130.0)))
    assert inside.sum() > 20
    assert shared[inside] == pytest.approx(540 * area_km2(130.0) / 0.54)


def test_hexagons_over_areas_are_all_that_touch_them_and_no_others() -> None:
    key = hexagons_over(TOWN, 130.0)
    shapes = shapely.polygons(outlines(key, 130.0))
    assert (np.diff(key) > 0).all()
    assert shapely.intersects(shapes, shapely.union_all(TOWN)).all()
    x_m, y_m = RNG.uniform(0, 1_500, 4_000), RNG.uniform(0, 1_300, 4_000)
    assert np.isin(hexagons(x_m, y_m, 130.0), key).all()
    with pytest.raises(ValueError, match=r"Cells of 0\.5 m would be"):
        hexagons_over(TOWN, 0.5)


def test_where_people_are_unknown_most_of_a_hexagon_is_unknown() -> None:
    key = hexagons_over(TOWN, 130.0)
    shared = shared_out(key, 130.0, TOWN, np.array([540.0, np.nan, 700.0]))
    unknown = shapely.area(shapely.intersection(shapely.polygons(outlines(key, 130.0)), TOWN[1])) / 1e6
    assert (np.isnan(shared) == (unknown >= 0.5 * area_km2(130.0))).all()
    assert 0 < np.isnan(shared).sum() < len(key) / 2


def test_the_ground_of_cells_adds_up_to_the_ground() -> None:
    hull = shapely.convex_hull(shapely.MultiPoint(RNG.uniform(0, 4_000, (60, 2))))
    key = hexagons_over(np.array([hull]), 200.0)
    parts = ground_km2(key, 200.0, hull)
    assert parts.sum() == pytest.approx(hull.area / 1e6)
    assert parts.max() == pytest.approx(area_km2(200.0))


def test_a_point_in_two_areas_belongs_to_the_smaller_one() -> None:
    overlapping = np.array([shapely.box(0, 0, 3, 3), shapely.box(0, 0, 9, 9), shapely.box(20, 0, 30, 9)])
    x_m, y_m = np.array([1.0, 5, 25, 15, np.nan]), np.array([1.0, 5, 5, 5, 0])
    assert area_of(x_m, y_m, overlapping).tolist() == [0, 1, 2, -1, -1]


def test_warming_compiles_every_kernel_and_asking_compiles_nothing_more() -> None:
    warm.warm()
    kernels = [
        cells._keys, cells._span, cells._by_table, neighbours._around, gi_star._scores, permutations._drawn,
        permutations._sums, permutations._larger, mann_kendall._scores, emerging._cube_scores, emerging._patterns,
        suppression._merged,
    ]  # fmt: skip
    compiled = [len(kernel.signatures) for kernel in kernels]
    assert all(compiled)
    warm.warm()
    assert [len(kernel.signatures) for kernel in kernels] == compiled
