"""Buildings, compounds and areas on the ground: no two in each other's way, the small inside the large."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from data import plan
from data.layout import STYLE, SUN_RULE
from data.projection import CENTRE_LON_LAT, METRIC_SRID, Projection
from data.zoning import COURTYARDS, TOWERS
from tests.unit.data.conftest import Made

CENTIMETRE_DEG2 = 1e-13


@pytest.fixture(params=["small", "town"])
def made(request: pytest.FixtureRequest) -> Made:
    """Both cities, one after the other."""
    found: Made = request.getfixturevalue(request.param)
    return found


def test_no_two_buildings_overlap(made: Made) -> None:
    shapes = made.shapes("building")
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    shared = shapely.area(shapely.intersection(shapes[first[pairs]], shapes[second[pairs]]))
    assert not (shared > CENTIMETRE_DEG2).any()


def test_buildings_stand_in_their_compound(made: Made) -> None:
    compound = made.shapes("compound")[made["building"]["compound_id"] - 1]
    assert shapely.covers(compound, made.shapes("building")).mean() >= 0.99


def test_entrances_lie_in_their_compound_and_outside_houses(made: Made) -> None:
    units = made["unit"]
    entrances = made.shapes("unit")
    compound = made.shapes("compound")[made["building"]["compound_id"][units["building_id"] - 1] - 1]
    assert shapely.covers(compound, entrances).all()
    _, inside = shapely.STRtree(made.shapes("building")).query(entrances, predicate="within")
    assert not len(inside)


def test_every_shape_is_valid(made: Made) -> None:
    for table in ("area", "ground", "compound", "building", "gate", "unit", "station", "candidate_site"):
        assert shapely.is_valid(made.shapes(table)).all(), table


def test_compounds_do_not_overlap_and_lie_in_their_community(made: Made) -> None:
    shapes = made.shapes("compound")
    first, second = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    assert not len(first)
    assert len(second) == 0
    community = made.shapes("area")[made["compound"]["community_id"] - 1]
    inside = shapely.area(shapely.intersection(shapes, community)) / shapely.area(shapes)
    assert inside.min() > 0.999


@pytest.mark.parametrize("level", ["district", "street_office", "community", "grid"])
def test_areas_of_each_level_partition_the_city(made: Made, level: str) -> None:
    shapes = made.shapes("area")
    parts = shapes[made["area"]["level"] == level.encode()]
    whole = shapes[0]
    assert shapely.area(parts).sum() == pytest.approx(shapely.area(whole), rel=1e-4)
    assert shapely.area(shapely.difference(whole, shapely.union_all(parts))) < 1e-4 * shapely.area(whole)


def test_grids_have_about_four_hundred_households(town: Made) -> None:
    area = town["area"]
    households = area["households"][area["level"] == b"grid"].compressed()
    assert 300 <= np.median(households) <= 500
    assert ((households > 250) & (households < 600)).mean() > 0.7


def test_rows_keep_the_distance_of_the_sun_rule() -> None:
    design = plan.make("city", 4, 1500)
    rows, style = design.rows, design.blocks.style[design.rows.block]
    height = rows.floors * STYLE.storey_m[style]
    ruled = (rows.place > 0) & (style != COURTYARDS) & (style != TOWERS)
    assert ruled.any()
    assert (rows.gap_south_m[ruled] >= SUN_RULE * height[ruled]).all()


def test_old_houses_stand_near_the_centre() -> None:
    design = plan.make("city", 5, 3000)
    reach = design.zoning.reach.ravel()[design.blocks.cell]
    old, new = design.blocks.year < 1990, design.blocks.year > 2012
    assert np.median(reach[old]) < 0.7 * np.median(reach[new])


def test_the_quick_projection_agrees_with_the_exact_one() -> None:
    transformer = Transformer.from_crs(METRIC_SRID, 4326, always_xy=True)
    origin = Transformer.from_crs(4326, METRIC_SRID, always_xy=True).transform(*CENTRE_LON_LAT)
    points = np.random.default_rng(1).uniform(-40_000, 40_000, (500, 2))
    exact = np.stack(transformer.transform(origin[0] + points[:, 0], origin[1] + points[:, 1]), axis=1)
    assert np.abs(Projection(40_000.0).lon_lat(points) - exact).max() < 1.1e-7


def test_gates_stand_on_the_wall_of_their_compound(made: Made) -> None:
    wall = shapely.boundary(made.shapes("compound"))[made["gate"]["compound_id"] - 1]
    assert shapely.distance(made.shapes("gate"), wall).max() < 5e-7


def test_gates_open_towards_a_street(made: Made) -> None:
    edges = made["walk_edge"]
    streets = made.shapes("walk_edge")[np.isin(edges["kind"], [b"road", b"street"])]
    _, distance = shapely.STRtree(streets).query_nearest(made.shapes("gate"), return_distance=True)
    assert distance.max() < 40 / 89_000


@pytest.mark.parametrize("table", ["station", "candidate_site"])
def test_stations_and_sites_lie_in_their_compound_beside_houses(made: Made, table: str) -> None:
    points = made.shapes(table)
    assert shapely.covers(made.shapes("compound")[made[table]["compound_id"] - 1], points).all()
    assert not len(shapely.STRtree(made.shapes("building")).query(points, predicate="within")[0])
