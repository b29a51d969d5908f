"""The arrays that searches work on: where places stand, who waits, labels, and room for what is found."""

from typing import Any, NamedTuple

import numpy.typing as npt

from geo.coverage.network import Flags, Floats, Integers, Positions


class Queue(NamedTuple):
    """What waits in lines by distance: slots with metres and item, who is behind, and the ends of each line."""

    keys: Floats
    items: npt.NDArray[Any]
    behind: Positions
    first: Positions
    last: Positions
    lines_per_m: float


class Entries(NamedTuple):
    """Where searches begin or places stand: up to two nodes each with the metres to them, -1 for none."""

    first: Positions
    first_m: Floats
    second: Positions
    second_m: Floats


class Work(NamedTuple):
    """Room for one search after the other: a label a node, inf between searches, and the nodes that have one.

    touched has one slot more than there are nodes.
    """

    metres: Floats
    touched: Positions
    queue: Queue


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
    """The places that can be walked to from each node as compressed rows, with the metres; and how many there are."""

    starts: Integers
    places: Positions
    metres: Floats
    many: int


class Pairs(NamedTuple):
    """Room for pairs that are found: target and metres."""

    target: Positions
    metres: Floats


class Best(NamedTuple):
    """The smallest metres to each target, inf between searches, and the targets that have some."""

    metres: Floats
    touched: Positions
