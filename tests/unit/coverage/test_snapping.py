"""Where places enter the network, and walks between places on edges: what shapely and networkx find."""

from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.nearest import k_nearest, nearest, within
from geo.coverage.network import Drawn, Network, build, project, unproject
from geo.coverage.snapping import Snapped, at_nodes, snap
from tests.unit.coverage.towns import LAT, LON, town, towns


def bent_town(seed: int, edges: int = 60) -> Network:
    """Return a town of bent streets, some of them long, some crossing others without a node."""
    rng = np.random.default_rng(seed)
    lon, lat = LON + rng.uniform(0, 0.02, 30), LAT + rng.uniform(0, 0.02, 30)
    first, last = rng.integers(0, 30, edges), rng.integers(0, 30, edges)
    corner = np.array([LON, LAT])
    bends = [corner + rng.uniform(0, 0.02, (rng.integers(0, 5), 2)) for _edge in range(edges)]
    lines = [
        np.vstack([[lon[a], lat[a]], inner, [lon[b], lat[b]]]) for a, b, inner in zip(first, last, bends, strict=True)
    ]
    vertex_edge = np.repeat(np.arange(edges), [len(line) for line in lines])
    drawn = Drawn(first, last, rng.uniform(50, 3000, edges), vertices=np.vstack(lines), vertex_edge=vertex_edge)
    return build(np.arange(30), lon, lat, drawn)


def lines_of(network: Network) -> np.ndarray:
    edges = network.edges
    edge_of = np.repeat(np.arange(len(edges)), np.diff(edges.start))
    return shapely.linestrings(np.column_stack((edges.x_m, edges.y_m)), indices=edge_of)


def test_places_enter_at_the_nearest_point_of_the_nearest_edge() -> None:
    for seed in range(5):
        network, rng = bent_town(seed), np.random.default_rng(seed)
        lon, lat = LON + rng.uniform(-0.02, 0.04, 400), LAT + rng.uniform(-0.02, 0.04, 400)
        found = snap(network, lon, lat, most_m=np.inf)
        points, lines = shapely.points(*project(network.crs, lon, lat)), lines_of(network)
        least = shapely.distance(points[:, None], lines[None, :]).min(axis=1)
        np.testing.assert_allclose(found.access_m, least, atol=1e-6)
        on_edge = np.flatnonzero(found.edge >= 0)
        edge = found.edge[on_edge]
        share = shapely.line_locate_point(lines[edge], points[on_edge], normalized=True)
        np.testing.assert_allclose(shapely.distance(points[on_edge], lines[edge]), least[on_edge], atol=1e-6)
        length_m = network.edges.length_m[edge]
        again = shapely.line_interpolate_point(lines[edge], found.from_m[on_edge] / length_m, normalized=True)
        np.testing.assert_allclose(shapely.distance(points[on_edge], again), least[on_edge], atol=1e-6)
        assert (np.abs(share * length_m - found.from_m[on_edge]) < 1e-3).mean() > 0.95
        np.testing.assert_allclose(found.from_m[on_edge] + found.to_m[on_edge], length_m)


def test_a_place_on_a_node_has_no_legs_even_when_written_with_seven_decimals() -> None:
    network = bent_town(1)
    on_street = np.unique(np.concatenate((network.edges.from_node, network.edges.to_node)))
    for digits in (17, 7):
        found = snap(network, np.round(network.lon[on_street], digits), np.round(network.lat[on_street], digits))
        assert np.array_equal(found.edge_from, on_street)
        assert np.array_equal(found.edge_to, on_street)
        assert (found.edge == -1).all()
        assert not found.from_m.any()
        assert not found.to_m.any()
        assert not found.access_m.any()


def test_a_place_beside_the_end_of_a_dead_end_walks_straight_to_its_node() -> None:
    street = town(2, [(0, 1, 90.0, False)])
    lon, lat = unproject(street.crs, street.x_m[1:] + 30.0, street.y_m[1:] + 40.0)
    found = snap(street, lon, lat)
    assert (found.edge_from[0], found.edge_to[0], found.from_m[0], found.to_m[0]) == (1, 1, 0.0, 0.0)
    assert np.isclose(found.access_m[0], 50.0)


def test_places_far_from_any_road_or_without_a_position_are_listed() -> None:
    street = town(2, [(0, 1, 90.0, False)])
    lon, lat = np.array([LON, LON + 0.1, np.nan, LON]), np.array([LAT, LAT, LAT, np.nan])
    found = snap(street, lon, lat, most_m=1000)
    assert found.off_road().tolist() == [1, 2, 3]
    assert found.edge_from.tolist() == [0, -1, -1, -1]
    reached = nearest(street, found, at_nodes(np.array([0])))
    assert reached.metres.tolist() == [0.0, np.inf, np.inf, np.inf]
    assert len(within(street, found, found, 1e6).target) == 1
    without_roads = town(2, [])
    assert snap(without_roads, lon, lat).off_road().tolist() == [0, 1, 2, 3]


@st.composite
def places_on(draw: st.DrawFn, network: Network) -> Snapped:
    """Places on the network's edges, their legs known."""
    edges = network.edges
    chosen = draw(st.lists(st.integers(0, len(edges) - 1), max_size=6)) if len(edges) else []
    share = np.array([draw(st.sampled_from([0.125, 0.5, 0.875, 0.3])) for _place in chosen])
    access_m = np.array([draw(st.sampled_from([0.0, 5.0])) for _place in chosen])
    edge = np.array(chosen, dtype=np.int32)
    length_m = edges.length_m[edge]
    ends = edges.from_node[edge], edges.to_node[edge]
    return Snapped(edge, *ends, share * length_m, length_m - share * length_m, access_m)


def split_graph(network: Network, begin: Snapped, there: Snapped) -> nx.DiGraph:
    """Return the edges as drawn with every place as a node on its edge, and the straight legs to and from them."""
    graph, edges = nx.DiGraph(), network.edges
    stops: list[list[tuple[float, tuple[str, int]]]] = [[] for _edge in range(len(edges))]
    for name, places in (("begin", begin), ("there", there)):
        for number, edge in enumerate(places.edge.tolist()):
            stops[edge].append((float(places.from_m[number]), (f"{name} on edge", number)))
    for name, places in (("begin", begin), ("there", there)):
        for number, access_m in enumerate(places.access_m.tolist()):
            ways = ((name, number), (f"{name} on edge", number))
            graph.add_edge(*(ways if name == "begin" else ways[::-1]), weight=access_m)
    for edge, found in enumerate(stops):
        ends = (0.0, int(edges.from_node[edge])), (float(edges.length_m[edge]), int(edges.to_node[edge]))
        row = [ends[0], *sorted(found, key=lambda stop: stop[0]), ends[1]]
        for (here_m, here), (next_m, following) in pairwise(row):
            for way in ((here, following),) if edges.oneway[edge] else ((here, following), (following, here)):
                known = graph.get_edge_data(*way, {"weight": np.inf})["weight"]
                graph.add_edge(*way, weight=min(known, next_m - here_m))
    return graph


@settings(deadline=None)
@given(towns(most_nodes=5, most_edges=8), st.data())
def test_walks_between_places_on_edges_are_those_of_networkx(network: Network, data: st.DataObject) -> None:
    begin, there = data.draw(places_on(network)), data.draw(places_on(network))
    graph = split_graph(network, begin, there)
    truth = np.full((len(begin), len(there)), np.inf)
    for number in range(len(begin)):
        ways = nx.single_source_dijkstra_path_length(graph, ("begin", number))
        truth[number] = [ways.get(("there", other), np.inf) for other in range(len(there))]
    pairs = within(network, begin, there, 1e9)
    found = np.full_like(truth, np.inf)
    found[pairs.source(), pairs.target] = pairs.metres
    np.testing.assert_allclose(found, truth, rtol=1e-9, atol=1e-9)
    least = np.sort(np.hstack([truth, np.full((len(begin), 3), np.inf)]), axis=1)[:, :3]
    np.testing.assert_allclose(k_nearest(network, begin, there, 3).metres, least, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(nearest(network, begin, there).metres, least[:, 0], rtol=1e-9, atol=1e-9)


def test_two_places_on_one_edge_walk_along_it_directly() -> None:
    street = town(2, [(0, 1, 100.0, False)])
    lon = street.lon[0] + (street.lon[1] - street.lon[0]) * np.array([0.25, 0.75])
    found = snap(street, lon, np.full(2, street.lat[0]))
    pairs = within(street, found, found, 60.0)
    assert sorted(zip(pairs.source().tolist(), pairs.target.tolist(), pairs.metres.round(3).tolist(), strict=True)) == [
        (0, 0, 0.0), (0, 1, 50.0), (1, 0, 50.0), (1, 1, 0.0),
    ]  # fmt: skip


def test_nobody_walks_back_along_a_one_way_edge() -> None:
    street = town(2, [(0, 1, 100.0, True)])
    edge = np.zeros(2, dtype=np.int32)
    ends = np.zeros(2, dtype=np.int32), np.ones(2, dtype=np.int32)
    places = Snapped(edge, *ends, np.array([20.0, 70.0]), np.array([80.0, 30.0]), np.zeros(2))
    pairs = within(street, places, places, 1000.0)
    assert sorted(zip(pairs.source().tolist(), pairs.target.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 1)]


def test_legs_to_the_road_count() -> None:
    street = town(2, [(0, 1, 100.0, False)])
    nodes = np.array([0, 1], dtype=np.int32)
    edge, zero = np.full(2, -1, dtype=np.int32), np.zeros(2)
    places = Snapped(edge, nodes, nodes, zero, zero, np.array([30.0, 7.0]))
    assert nearest(street, places.part(np.array([0])), places.part(np.array([1]))).metres.tolist() == [137.0]
    assert nearest(street, places, at_nodes(nodes[:1])).metres.tolist() == [30.0, 107.0]
