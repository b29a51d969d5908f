"""Fair patches: always connected, never below the bounds, the best there is wherever that is claimed."""

from collections.abc import Iterator

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.patch_graph import PatchGraph, patch_graph
from geo.coverage.patches import Division, Move, divide, fewest, move, patch_of_heads
from geo.errors import BadInput
from tests.unit.coverage.cities import ints

WEIGHTS = st.sampled_from([-1, 0, 1, 4, 12, 12, 24, 50])


def graph_of(weights: list[int], pairs: list[tuple[int, int]], split_above: int = 1000) -> PatchGraph:
    many = len(weights)
    edges = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return patch_graph(np.arange(many), ints(*weights), edges, split_above=split_above)


@st.composite
def compounds(draw: st.DrawFn, most: int = 7) -> PatchGraph:
    many = draw(st.integers(1, most))
    pair = st.tuples(st.integers(0, many - 1), st.integers(0, many - 1))
    joined = draw(st.booleans())
    tree = [(draw(st.integers(0, node - 1)), node) for node in range(1, many)] if joined else []
    return graph_of([draw(WEIGHTS) for _node in range(many)], [*tree, *draw(st.lists(pair, max_size=6))])


def networked(graph: PatchGraph) -> nx.Graph:
    web = nx.Graph()
    web.add_nodes_from(range(len(graph.weight)))
    web.add_edges_from(
        (node, int(other))
        for node in range(len(graph.weight))
        for other in graph.indices[graph.indptr[node] : graph.indptr[node + 1]]
    )
    return web


def is_whole(graph: PatchGraph, patch: list[int], heads: int) -> bool:
    from_node = np.repeat(np.arange(len(patch)), np.diff(graph.indptr)).tolist()
    edges = zip(from_node, graph.indices.tolist(), strict=True)
    web = nx.Graph([(one, other) for one, other in edges if patch[one] == patch[other]])
    web.add_nodes_from(range(len(patch)))
    return set(patch) == set(range(heads)) and nx.number_connected_components(web) == heads


def divisions(nodes: int, heads: int) -> Iterator[list[int]]:
    """Yield every way to put nodes into so many numbered heaps, heaps numbered by their first nodes."""
    if nodes == 0:
        if heads == 0:
            yield []
        return
    for earlier in divisions(nodes - 1, heads):
        yield from ([*earlier, head] for head in range(heads))
    for earlier in divisions(nodes - 1, heads - 1) if heads else ():
        yield [*earlier, heads - 1]


def all_loads(graph: PatchGraph, heads: int) -> list[list[int]]:
    """Return the loads of every division into connected patches, looked at one by one."""
    return [
        np.bincount(patch, graph.weight, minlength=heads).astype(int).tolist()
        for patch in divisions(len(graph.weight), heads)
        if is_whole(graph, patch, heads)
    ]


def deviation(loads: list[int]) -> float:
    mean = sum(loads) / len(loads)
    return max(abs(load - mean) for load in loads)


def checked(graph: PatchGraph, division: Division) -> None:
    heads = len(division.load)
    assert is_whole(graph, division.patch.tolist(), heads)
    assert division.load.tolist() == np.bincount(division.patch, graph.weight, minlength=heads).tolist()
    assert division.households.sum() == graph.households.sum()
    assert division.uncounted.sum() == graph.uncounted.sum()
    assert division.load.max() >= division.bound
    assert division.deviation == pytest.approx(deviation(division.load.tolist()))


@settings(max_examples=40, deadline=None)
@given(compounds(), st.integers(1, 4))
def test_patches_are_whole_and_bounds_and_proofs_are_true(graph: PatchGraph, heads: int) -> None:
    parts = nx.number_connected_components(networked(graph))
    if not parts <= heads <= len(graph.weight):
        with pytest.raises(BadInput):
            divide(graph, heads)
        return
    division = divide(graph, heads)
    checked(graph, division)
    possible = all_loads(graph, heads)
    assert min(max(loads) for loads in possible) >= division.bound
    if division.proven:
        assert division.deviation <= min(map(deviation, possible)) + 1e-9
    assert (divide(graph, heads).patch == division.patch).all()


@settings(max_examples=40, deadline=None)
@given(compounds(6), st.sampled_from([1, 12, 30, 60]))
def test_the_fewest_heads_keep_the_limit_and_the_bound_is_true(graph: PatchGraph, limit: int) -> None:
    few = fewest(graph, limit)
    checked(graph, few.division)
    sizes = np.bincount(few.division.patch)
    assert ((few.division.load <= limit) | (sizes == 1)).all()
    assert few.too_large.tolist() == np.flatnonzero(graph.weight > limit).tolist()
    assert (sizes[few.division.patch[few.too_large]] == 1).all()
    if not len(few.too_large):
        found = len(few.division.load)
        assert few.bound <= found
        assert not [1 for heads in range(1, few.bound) for loads in all_loads(graph, heads) if max(loads) <= limit]


@settings(max_examples=40, deadline=None)
@given(st.lists(WEIGHTS, min_size=1, max_size=7), st.integers(1, 4))
def test_doors_in_one_row_are_divided_in_the_best_way_there_is(weights: list[int], heads: int) -> None:
    graph = graph_of(weights, [(node, node + 1) for node in range(len(weights) - 1)])
    if heads > len(weights):
        return
    division = divide(graph, heads)
    assert division.proven
    assert division.deviation == pytest.approx(min(map(deviation, all_loads(graph, heads))))


@settings(max_examples=40, deadline=None)
@given(st.lists(WEIGHTS, min_size=2, max_size=7), st.data())
def test_the_bound_of_a_tree_is_reached_by_its_best_division(weights: list[int], data: st.DataObject) -> None:
    pairs = [(data.draw(st.integers(0, node - 1)), node) for node in range(1, len(weights))]
    graph = graph_of(weights, pairs)
    heads = data.draw(st.integers(1, min(4, len(weights))))
    possible = all_loads(graph, heads)
    division = divide(graph, heads)
    assert division.bound == min(max(loads) for loads in possible)
    assert len(fewest(graph, max(division.bound, 1)).division.load) <= heads


def yard(rows: int = 5, columns: int = 6) -> PatchGraph:
    """Return a compound of slab buildings in a grid, most below 40 households and four tall ones of three units."""
    building, households = [], []
    for at in range(rows * columns):
        units = 3 if at % 8 == 3 else 1
        building += [at] * units
        households += [24] * units if units > 1 else [12 + 4 * (at * 7 % 6)]
    beside = [(at, at + 1) for at in range(rows * columns) if at % columns < columns - 1]
    behind = [(at, at + columns) for at in range((rows - 1) * columns)]
    return patch_graph(ints(*building), ints(*households), np.array(beside + behind), split_above=40)


@pytest.mark.parametrize("heads", [2, 7, 20])
def test_a_compound_is_divided_almost_evenly(heads: int) -> None:
    graph = yard()
    division = divide(graph, heads)
    checked(graph, division)
    assert division.load.max() <= 1.25 * division.mean


def test_tall_buildings_are_divided_by_unit_and_others_stay_whole() -> None:
    graph = yard()
    assert len(graph.weight) == 30 + 2 * 4
    assert fewest(graph, 40).division.load.max() <= 40
    assert not len(fewest(graph, 40).too_large)


def test_what_nobody_counted_is_shared_out_as_an_assumption_and_told_apart() -> None:
    graph = graph_of([10, -1, 30, -1], [(0, 1), (1, 2), (2, 3)])
    division = divide(graph, 2)
    assert graph.assumed == 20
    assert division.load.sum() == 80
    assert division.households.sum() == 40
    assert division.uncounted.tolist() == [1, 1]
    assert divide(graph_of([-1, -1], [(0, 1)]), 2).load.tolist() == [1, 1]


def test_a_door_moves_by_click_unless_that_breaks_a_patch() -> None:
    ring = graph_of([10] * 6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)])
    division = divide(ring, 2)
    patch = division.patch.tolist()
    assert sorted(division.load.tolist()) == [30, 30]
    first = patch.index(1)
    home = [node for node in range(6) if patch[node] == patch[0]]
    middle = next(node for node in home if patch[(node + 1) % 6] == patch[(node - 1) % 6] == patch[node])
    end = next(node for node in home if node != middle)
    assert move(ring, division, middle, 1)[0] is Move.NOT_NEXT
    assert move(ring, division, end, 0)[0] is Move.SAME
    done, after = move(ring, division, end, patch[first])
    assert done is Move.DONE
    assert sorted(after.load.tolist()) == [20, 40]
    checked(ring, after)


def test_a_move_that_cuts_or_empties_a_patch_is_refused() -> None:
    star = graph_of([10, 10, 10, 10], [(0, 1), (0, 2), (0, 3)])
    division = divide(star, 2)
    lone = int(np.argmin(division.load))
    leaf = int(np.flatnonzero(division.patch == lone)[0])
    assert move(star, division, leaf, 1 - lone) == (Move.EMPTIES, division)
    assert move(star, division, 0, lone) == (Move.CUTS, division)


@given(compounds(), st.integers(1, 3), st.integers(0, 6), st.integers(0, 2))
@settings(max_examples=40, deadline=None)
def test_no_move_ever_breaks_a_patch(graph: PatchGraph, heads: int, seat: int, to: int) -> None:
    try:
        division = divide(graph, heads)
    except BadInput:
        return
    outcome, after = move(graph, division, seat % len(graph.weight), to % heads)
    checked(graph, after)
    assert (after is division) == (outcome is not Move.DONE)


def test_heads_get_the_patch_they_live_in_or_nearest_to() -> None:
    row = graph_of([10] * 6, [(node, node + 1) for node in range(5)])
    division = divide(row, 3)
    patch = division.patch
    assert patch_of_heads(row, division, ints(5, -1, 0)).tolist() == [patch[5], patch[2], patch[0]]
    assert patch_of_heads(row, division, ints(0, 1)).tolist() == [patch[0], patch[2]]
    assert sorted(patch_of_heads(row, division, ints(0, 2, 4, -1)).tolist()) == [-1, 0, 1, 2]


def test_nothing_to_divide_is_said() -> None:
    nothing = graph_of([], [])
    with pytest.raises(BadInput):
        divide(nothing, 1)
    with pytest.raises(BadInput):
        fewest(nothing, 40)
