"""Compiles what is compiled, so that nobody waits for it in the middle of a question."""

import numpy as np

from geo.coverage.nearest import k_nearest, nearest, within
from geo.coverage.network import Drawn, Network, build
from geo.coverage.patch_graph import patch_graph
from geo.coverage.patches import divide, move
from geo.coverage.service_areas import service_areas
from geo.coverage.simplex import Arcs, transport
from geo.coverage.snapping import at_nodes, snap


def warm() -> None:
    """Call every compiled function of the room once on a tiny town; the machine keeps what it compiled."""
    town = tiny_town()
    places = snap(town, town.lon + 0.0001, town.lat)
    nearest(town, places, places)
    k_nearest(town, places, places, 2)
    within(town, places, places, 100.0)
    within(town, places, at_nodes(np.arange(len(town))), 100.0)
    service_areas(town, places, [100.0])
    one = np.ones(1, dtype=np.int64)
    transport(one, one, Arcs(0 * one, 0 * one, one, one))
    _warm_searches()


def _warm_searches() -> None:
    row, star = np.array([[0, 1], [1, 2]]), np.array([[0, 1], [0, 2], [0, 3]])
    for pairs in (row, star):
        doors = np.arange(pairs.max() + 1)
        graph = patch_graph(doors, np.full(len(doors), 10), pairs, split_above=40)
        move(graph, divide(graph, 2), 0, 1)


def tiny_town() -> Network:
    """Return two streets.

    >>> len(tiny_town())
    3
    """
    ends = np.array([0, 1]), np.array([1, 2])
    return build(np.arange(3), np.array([0.0, 0.001, 0.002]), np.zeros(3), Drawn(*ends, np.array([111.0, 111.0])))
