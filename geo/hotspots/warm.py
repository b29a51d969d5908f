"""Compiles what is compiled, so that nobody waits for it in the middle of a question."""

import numpy as np

from geo.hotspots.cells import Tally, hexagons, tally
from geo.hotspots.neighbours import hexagon_neighbours
from geo.hotspots.scan_warm import warm as warm_scan
from geo.hotspots.suppression import merged
from geo.hotspots.where import growing, where

MONTHS = 12


def warm() -> None:
    """Call every compiled function of the room once on a tiny town; the machine keeps what it compiled."""
    town = tiny_town()
    near = hexagon_neighbours(town.key)
    where(town.points, np.ones(len(town.key)), near, permutations=9)
    growing(np.repeat(town.points[:, None], MONTHS, axis=1), np.ones(len(town.key)), near)
    merged(town.points, near, 2)
    warm_scan()


def tiny_town() -> Tally:
    """Return a few cells with a few points.

    >>> tiny_town().points.tolist()
    [1.0, 2.0, 1.0]
    """
    return tally(hexagons(np.array([0.0, 10.0, 12.0, 20.0]), np.zeros(4), 10.0))
