"""Service areas: exactly the stretches of road from which the walk is within the limit, and an outline around them."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.nearest import arriving, leaving, nearest
from geo.coverage.network import Network, project
from geo.coverage.searching import nearest_labels
from geo.coverage.service_areas import reached, service_areas
from geo.coverage.snapping import Snapped, at_nodes
from tests.unit.coverage.test_snapping import places_on
from tests.unit.coverage.towns import town, towns

SHARES = (0.03, 0.21, 0.5, 0.77, 0.96)
DRAWN_M = 89.66
"""How long the first street of a test's town is on the map."""


def along(network: Network, share: float) -> Snapped:
    """Return a place on every edge, at a share of its length."""
    edges = network.edges
    from_m = share * edges.length_m
    number = np.arange(len(edges), dtype=np.int32)
    return Snapped(number, edges.from_node, edges.to_node, from_m, edges.length_m - from_m, np.zeros(len(edges)))


@settings(deadline=None)
@given(towns(most_nodes=5, most_edges=8), st.data(), st.booleans(), st.sampled_from([0.7, 40.0, 150.0]))
def test_a_stretch_is_reached_where_the_walk_is_within_the_limit(
    network: Network, data: st.DataObject, towards: bool, limit_m: float
) -> None:
    places = data.draw(places_on(network))
    graph, entries = (network.backwards, arriving(network, places)) if towards else (
        network.forwards, leaving(network, places)
    )  # fmt: skip
    metres, _owner = nearest_labels(graph, entries, limit_m)
    spans = reached(network, places, metres, limit_m, towards=towards)
    pairs = list(zip(spans.edge.tolist(), spans.begin_m.tolist(), strict=True))
    assert pairs == sorted(pairs)
    for share in SHARES:
        here = along(network, share)
        for edge, at_m in enumerate(here.from_m.tolist()):
            one = here.part(np.array([edge]))
            if towards:
                walk_m = nearest(network, one, places).metres[0]
            else:
                walk_m = nearest(network, places, one).metres.min(initial=np.inf)
            own = spans.edge == edge
            inside = bool((own & (spans.begin_m <= at_m) & (at_m <= spans.end_m)).any())
            if abs(walk_m - limit_m) > 1e-6 and network.edges.length_m[edge] > 1e-6:
                assert inside == (walk_m < limit_m)


def test_the_last_edge_is_drawn_as_far_as_the_walk_goes() -> None:
    street = town(3, [(0, 1, 100.0, False), (1, 2, 100.0, False)])
    (area,) = service_areas(street, at_nodes(np.array([0])), [150.0])
    assert area.road_m == pytest.approx(150)
    x_m, _y_m = project(street.crs, *shapely.get_coordinates(area.roads).T)
    assert np.ptp(x_m) == pytest.approx(1.5 * DRAWN_M, abs=0.05)
    assert area.outline.contains(area.roads)
    assert area.outline.is_valid


def test_larger_limits_hold_smaller_ones_and_nothing_reached_is_empty() -> None:
    square = town(
        9, [(a, a + 1, 90.0, False) for a in (0, 1, 3, 4, 6, 7)] + [(a, a + 3, 90.0, False) for a in range(6)]
    )
    small, large = service_areas(square, at_nodes(np.array([4])), [60.0, 300.0])
    assert small.road_m == pytest.approx(240)
    assert large.road_m == pytest.approx(12 * 90)
    assert large.outline.buffer(1e-6).contains(small.outline)
    (none,) = service_areas(square, at_nodes(np.empty(0, dtype=np.int32)), [300.0])
    assert (none.road_m, none.roads.is_empty, none.outline.is_empty) == (0.0, True, True)


def test_on_one_way_streets_it_matters_whether_one_walks_to_the_place_or_from_it() -> None:
    street = town(3, [(0, 1, 100.0, True), (1, 2, 100.0, True)])
    (to_it,) = service_areas(street, at_nodes(np.array([1])), [40.0])
    (from_it,) = service_areas(street, at_nodes(np.array([1])), [40.0], towards=False)
    assert (to_it.road_m, from_it.road_m) == (40.0, 40.0)
    assert to_it.roads.bounds[2] == pytest.approx(street.lon[1])
    assert from_it.roads.bounds[0] == pytest.approx(street.lon[1])
