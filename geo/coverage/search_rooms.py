"""The arrays that searches work on: where places stand, heaps, labels, and room for what is found."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.coverage.network import Flags, Floats, Integers, Positions


class Heap(NamedTuple):
    """Room for a heap of (metres, item), the smallest first, with four branches at each fork."""

    keys: Floats
    items: npt.NDArray[np.int64]


class Entries(NamedTuple):
    """Where searches begin or places stand: up to two nodes each with the metres to them, -1 for none."""

    first: Positions
    first_m: Floats
    second: Positions
    second_m: Floats


class Work(NamedTuple):
    """Room for one search after the other: a label a node, inf between searches, and the nodes that have one."""

    metres: Floats
    touched: Positions
    heap: Heap


class Standing(NamedTuple):
    """Where on its edge each place stands: edge (-1 for none), metres from its first end, straight leg."""

    edge: Positions
    along_m: Floats
    access_m: Floats


class Beside(NamedTuple):
    """The places of each edge as compressed rows, which edges are one way, and whether walks are turned round."""

    starts: Integers
    places: Positions
    along_m: Floats
    access_m: Floats
    oneway: Flags
    backwards: bool


class Attached(NamedTuple):
    """The places that can be walked to from each node as compressed rows, with the metres."""

    starts: Integers
    places: Positions
    metres: Floats


class Pairs(NamedTuple):
    """Room for pairs that are found: target and metres."""

    target: Positions
    metres: Floats


class Best(NamedTuple):
    """The smallest metres to each target, inf between searches, and the targets that have some."""

    metres: Floats
    touched: Positions
