"""Nearest, k nearest and all within a limit: what networkx finds, on small towns with every oddity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.nearest import Within, k_nearest, k_nearest_by_node, nearest, nearest_by_node, within
from geo.coverage.network import Network
from geo.coverage.snapping import Snapped, at_nodes
from tests.unit.coverage.towns import town, towns, walks_m

LIMITS = st.sampled_from([0.0, 1.0, 100.0, 333.0, np.inf])
EXACT = {"rtol": 0, "atol": 0}


def everybody(network: Network) -> Snapped:
    return at_nodes(np.arange(len(network)))


def matrix(found: Within, targets: int) -> np.ndarray:
    metres = np.full((len(found.indptr) - 1, targets), np.inf)
    assert len(set(zip(found.source().tolist(), found.target.tolist(), strict=True))) == len(found.target)
    metres[found.source(), found.target] = found.metres
    return metres


@settings(deadline=None)
@given(towns(), LIMITS)
def test_all_pairs_within_a_limit_are_those_of_networkx_to_the_last_bit(network: Network, limit_m: float) -> None:
    truth = walks_m(network)
    truth[truth > limit_m] = np.inf
    found = within(network, everybody(network), everybody(network), limit_m)
    np.testing.assert_allclose(matrix(found, len(network)), truth, **EXACT)


@settings(deadline=None)
@given(towns(), st.data())
def test_pairs_searched_from_the_few_targets_are_the_same_ones(network: Network, data: st.DataObject) -> None:
    target = data.draw(st.integers(0, len(network) - 1))
    found = within(network, everybody(network), at_nodes(np.array([target])), np.inf)
    np.testing.assert_allclose(matrix(found, 1)[:, 0], walks_m(network)[:, target], rtol=1e-12)


@settings(deadline=None)
@given(towns(), st.lists(st.integers(0, 8), max_size=5), LIMITS)
def test_the_nearest_target_is_that_of_networkx(network: Network, chosen: list[int], limit_m: float) -> None:
    nodes = np.array([node for node in chosen if node < len(network)], dtype=np.int64)
    truth = walks_m(network)[:, nodes]
    truth[truth > limit_m * (1 + 1e-12)] = np.inf
    least = truth.min(axis=1, initial=np.inf)
    found = nearest_by_node(network, at_nodes(nodes), limit_m=limit_m)
    np.testing.assert_allclose(found.metres, least, rtol=1e-12)
    there = np.flatnonzero(found.target >= 0)
    assert np.array_equal(there, np.flatnonzero(np.isfinite(least)))
    np.testing.assert_allclose(truth[there, found.target[there]], least[there], rtol=1e-12)
    again = nearest(network, everybody(network), at_nodes(nodes), limit_m=limit_m)
    assert np.array_equal(again.metres, found.metres)


@settings(deadline=None)
@given(towns(), st.lists(st.integers(0, 8), max_size=7), st.integers(1, 5), LIMITS)
def test_the_k_nearest_targets_are_those_of_networkx(
    network: Network, chosen: list[int], k: int, limit_m: float
) -> None:
    nodes = np.array([node for node in chosen if node < len(network)], dtype=np.int64)
    truth = walks_m(network)[:, nodes]
    truth[truth > limit_m * (1 + 1e-12)] = np.inf
    wanted = np.sort(np.hstack([truth, np.full((len(network), k), np.inf)]), axis=1)[:, :k]
    found = k_nearest_by_node(network, at_nodes(nodes), k, limit_m=limit_m)
    np.testing.assert_allclose(found.metres, wanted, rtol=1e-12)
    for node, (targets, metres) in enumerate(zip(found.target, found.metres, strict=True)):
        there = targets[targets >= 0]
        assert len(set(there.tolist())) == len(there) == np.isfinite(metres).sum()
        np.testing.assert_allclose(truth[node, there], metres[: len(there)], rtol=1e-12)
    again = k_nearest(network, everybody(network), at_nodes(nodes), k, limit_m=limit_m)
    np.testing.assert_allclose(again.metres, found.metres, rtol=1e-12)


def test_walks_follow_one_way_edges_from_origin_to_target() -> None:
    ring = town(3, [(0, 1, 10.0, True), (1, 2, 10.0, True), (2, 0, 10.0, True)])
    found = nearest(ring, everybody(ring), at_nodes(np.array([0])))
    assert found.metres.tolist() == [0.0, 20.0, 10.0]
    pairs = within(ring, at_nodes(np.array([1])), everybody(ring), 15.0)
    assert dict(zip(pairs.target.tolist(), pairs.metres.tolist(), strict=True)) == {1: 0.0, 2: 10.0}


def test_nothing_to_walk_to_is_nothing_found() -> None:
    street = town(2, [(0, 1, 10.0, False)])
    none = at_nodes(np.empty(0, dtype=np.int32))
    assert nearest(street, everybody(street), none).target.tolist() == [-1, -1]
    assert np.isinf(k_nearest(street, everybody(street), none, 3).metres).all()
    assert within(street, everybody(street), none, 1000).indptr.tolist() == [0, 0, 0]
    assert within(street, none, everybody(street), 1000).indptr.tolist() == [0]


@pytest.mark.parametrize("many", [1, 300])
def test_more_pairs_than_there_was_room_for_are_all_kept(many: int) -> None:
    row = town(many, [(at, at + 1, 1.0, False) for at in range(many - 1)])
    found = within(row, everybody(row), everybody(row), np.inf)
    assert len(found.target) == many**2
    assert np.array_equal(matrix(found, many), np.abs(np.subtract.outer(np.arange(many), np.arange(many))))
