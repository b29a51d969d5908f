"""Compiles what is compiled, so that nobody waits for it in the middle of a question."""

import numpy as np

from geo.coverage.nearest import k_nearest, nearest, within
from geo.coverage.network import Drawn, Network, build
from geo.coverage.service_areas import service_areas
from geo.coverage.snapping import snap


def warm() -> None:
    """Call every compiled function of the room once on a tiny town; the machine keeps what it compiled."""
    town = tiny_town()
    places = snap(town, town.lon + 0.0001, town.lat)
    nearest(town, places, places)
    k_nearest(town, places, places, 2)
    within(town, places, places, 100.0)
    service_areas(town, places, [100.0])


def tiny_town() -> Network:
    """Return two streets.

    >>> len(tiny_town())
    3
    """
    ends = np.array([0, 1]), np.array([1, 2])
    return build(np.arange(3), np.array([0.0, 0.001, 0.002]), np.zeros(3), Drawn(*ends, np.array([111.0, 111.0])))
