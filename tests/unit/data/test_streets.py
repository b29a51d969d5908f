"""The walking network: one piece, from every gate to every door, nodes where they are said to be."""

import numpy as np
import pytest
import shapely

from tests.unit.data.conftest import Made


def components(ends: np.ndarray) -> np.ndarray:
    """The component of each edge's start, by spreading the lowest node number."""
    nodes, places = np.unique(ends, return_inverse=True)
    places = places.reshape(ends.shape)
    label = np.arange(len(nodes))
    while True:
        low = label[places].min(axis=1)
        before = label.copy()
        np.minimum.at(label, places[:, 0], low)
        np.minimum.at(label, places[:, 1], low)
        label = label[label]
        if (before == label).all():
            return label[places[:, 0]]


@pytest.fixture(params=["small", "town"])
def made(request: pytest.FixtureRequest) -> Made:
    """Both cities, one after the other."""
    found: Made = request.getfixturevalue(request.param)
    return found


def ends_of(made: Made) -> np.ndarray:
    """The node numbers of all edges."""
    return np.stack([made["walk_edge"]["from_node"], made["walk_edge"]["to_node"]], axis=1)


def test_the_network_is_one_piece(made: Made) -> None:
    assert len(set(components(ends_of(made)).tolist())) == 1


def test_every_entrance_is_reached_from_a_gate_through_open_gates_only(made: Made) -> None:
    open_edges = np.flatnonzero(made["walk_edge"]["walkable"])
    lines = made.shapes("walk_edge")[open_edges]
    assert len(set(components(ends_of(made)[open_edges]).tolist())) == 1
    points = set(map(tuple, shapely.get_coordinates(lines).tolist()))
    entrances = set(map(tuple, shapely.get_coordinates(made.shapes("unit")).tolist()))
    assert entrances <= points


def test_every_compound_has_a_gate_that_opens(made: Made) -> None:
    gates = made["gate"]
    ends = set(map(tuple, shapely.get_coordinates(made.shapes("walk_edge")).tolist()))
    assert set(gates["compound_id"].tolist()) == set(made["compound"]["id"].tolist())
    assert set(map(tuple, shapely.get_coordinates(made.shapes("gate")).tolist())) <= ends


def test_a_node_has_one_place(made: Made) -> None:
    coords = shapely.get_coordinates(made.shapes("walk_edge"))
    nodes = ends_of(made).ravel()
    for axis in (0, 1):
        order = np.lexsort((coords[:, axis], nodes))
        same = nodes[order[1:]] == nodes[order[:-1]]
        assert np.abs(np.diff(coords[order, axis]))[same].max() < 2e-7


def test_no_edge_is_without_length(made: Made) -> None:
    assert made["walk_edge"]["length_m"].min() > 0.2


def test_paths_do_not_run_through_houses(made: Made) -> None:
    lines = made.shapes("walk_edge")
    _, crossed = shapely.STRtree(made.shapes("building")).query(lines, predicate="crosses")
    assert not len(crossed)


def test_streets_have_names_and_paths_have_none(made: Made) -> None:
    edges = made["walk_edge"]
    street = np.isin(edges["kind"], [b"road", b"street"])
    assert (edges["name"][street] != b"").all()
    assert (edges["name"][~street] == b"").all()


def test_the_town_has_stairs_crossings_and_locked_gates(town: Made) -> None:
    assert {b"road", b"street", b"path", b"stairs", b"crossing"} == set(town["walk_edge"]["kind"].tolist())
    assert {b"gate", b"bollard", b"locked_gate"} <= set(town["walk_edge"]["barrier"].tolist())
    assert not town["walk_edge"]["walkable"].all()
