"""The network as it is built: which edges can be walked, in which direction, how long, and what hangs together."""

import numpy as np
import pytest

from geo.coverage.network import Drawn, Network, along_a_curve, build, project, unproject
from geo.coverage.oddities import odd_in_network, odd_places
from geo.coverage.snapping import snap
from geo.errors import BadInput
from tests.unit.coverage.towns import LAT, LON, town


def ways(network: Network) -> dict[tuple[int, int], float]:
    tail = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    return dict(zip(zip(tail.tolist(), network.indices.tolist(), strict=True), network.lengths_m.tolist(), strict=True))


def test_an_edge_is_walked_both_ways_unless_it_is_one_way() -> None:
    assert ways(town(3, [(0, 1, 5.0, False), (1, 2, 7.0, True)])) == {(0, 1): 5.0, (1, 0): 5.0, (1, 2): 7.0}


def test_the_smallest_of_parallel_edges_counts_in_each_direction_and_all_stay_drawn() -> None:
    network = town(2, [(0, 1, 9.0, False), (1, 0, 4.0, True), (0, 1, 6.0, True)])
    assert ways(network) == {(0, 1): 6.0, (1, 0): 4.0}
    assert len(network.edges) == 3


def test_edges_without_length_are_kept_and_loops_lead_nowhere() -> None:
    network = town(2, [(0, 1, 0.0, False), (1, 1, 30.0, False)])
    assert ways(network) == {(0, 1): 0.0, (1, 0): 0.0}
    assert network.edges.length_m.tolist() == [0.0, 30.0]


def test_nobody_walks_through_a_shut_barrier_but_through_gates_and_over_stairs() -> None:
    ends = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 0])
    barrier = np.array(["locked_gate", "gate", None, "wall"], dtype=object)
    walkable = np.array([True, True, False, True])
    drawn = Drawn(*ends, np.full(4, 10.0), walkable=walkable, barrier=barrier)
    network = build(np.arange(4), LON + np.arange(4) / 1000, np.full(4, LAT), drawn)
    assert set(ways(network)) == {(1, 2), (2, 1)}
    assert len(network.edges) == 1


def test_islands_are_numbered_from_the_largest_and_one_way_edges_hold_together() -> None:
    network = town(6, [(4, 5, 1.0, True), (0, 1, 1.0, True), (2, 1, 1.0, True)])
    assert network.component.tolist() == [0, 0, 0, 2, 1, 1]
    assert network.island_sizes().tolist() == [3, 2, 1]


@pytest.mark.parametrize("length_m", [-1.0, np.nan, np.inf])
def test_a_length_that_is_none_is_refused(length_m: float) -> None:
    with pytest.raises(BadInput, match="no number of metres"):
        town(2, [(0, 1, length_m, False)])


@pytest.mark.parametrize("end", [-1, 2])
def test_an_edge_to_a_node_that_is_not_there_is_refused(end: int) -> None:
    with pytest.raises(BadInput, match="not in the network"):
        town(2, [(0, end, 5.0, False)])


def test_the_network_measures_true_metres_around_its_middle() -> None:
    network = town(9, [])
    assert np.isclose(network.x_m[2] - network.x_m[0], 2 * 89.66, atol=0.05)
    lon, lat = unproject(network.crs, *project(network.crs, network.lon, network.lat))
    assert np.allclose(lon, network.lon, atol=1e-12)
    assert np.allclose(lat, network.lat, atol=1e-12)


def test_edges_keep_their_bends() -> None:
    vertices = np.array([[LON, LAT], [LON + 0.0005, LAT + 0.0005], [LON + 0.001, LAT]])
    drawn = Drawn(
        np.array([0]), np.array([1]), np.array([120.0]), vertices=vertices, vertex_edge=np.zeros(3, dtype=int)
    )
    network = build(np.arange(2), np.array([LON, LON + 0.001]), np.array([LAT, LAT]), drawn)
    assert network.edges.start.tolist() == [0, 3]
    assert network.edges.y_m[1] > network.edges.y_m[0] + 50


def test_neighbours_in_town_are_neighbours_along_the_curve() -> None:
    side = 32
    lon, lat = np.arange(side**2) % side / 1000, np.arange(side**2) // side / 1000
    order = along_a_curve(lon, lat)
    assert np.array_equal(np.sort(order), np.arange(side**2))
    steps = np.hypot(np.diff(lon[order]), np.diff(lat[order]))
    assert np.mean(steps) < 0.0025


def test_islands_and_edges_without_length_are_told_with_where_they_are() -> None:
    network = town(6, [(0, 1, 5.0, False), (1, 2, 0.0, False), (3, 4, 8.0, False)])
    islands, zero_length = odd_in_network(network)
    assert (islands.code, islands.names, islands.size.tolist()) == ("islands", ("3", "5"), [2.0, 1.0])
    assert np.allclose(islands.lat, network.lat[[3, 5]])
    assert islands.text().startswith("2 parts of the network are cut off from the rest, such as at 3, 5:")
    assert zero_length.text().startswith("1 edges have no length, such as at 1.")
    assert odd_in_network(town(2, [(0, 1, 5.0, False)])) == []


def test_places_without_a_road_without_a_position_and_on_islands_are_told_by_name() -> None:
    network = town(6, [(0, 1, 5.0, False), (1, 2, 5.0, False), (3, 4, 8.0, False)])
    lon = np.array([LON, LON + 0.3, np.nan, network.lon[3]])
    lat = np.array([LAT, LAT, LAT, network.lat[3]])
    found = odd_places(network, ["a", "b", "c", "d"], lon, lat, snap(network, lon, lat, most_m=300.0), most_m=300.0)
    assert [(oddity.code, oddity.names) for oddity in found] == [
        ("no_position", ("c",)), ("off_road", ("b",)), ("on_island", ("d",)),
    ]  # fmt: skip
    assert found[1].text().startswith("1 places are farther than 300 m from any road, such as b:")
    assert odd_places(network, ["a"], lon[:1], lat[:1], snap(network, lon[:1], lat[:1]), most_m=300.0) == []
