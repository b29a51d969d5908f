"""What is odd about a network and the places on it, in words and as a list: never a silent zero."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.coverage.network import Floats, Integers, Network
from geo.coverage.snapping import Snapped
from geo.i18n import N_, _, listed, number

MESSAGES = {
    "islands": N_(
        "{count} parts of the network are cut off from the rest, such as at {names}: nobody walks from one to another. "
        "Look for edges that are missing there, or barriers that are not really shut."
    ),
    "zero_length": N_(
        "{count} edges have no length, such as at {names}. They count as 0 m: check whether their ends are one place."
    ),
    "off_road": N_(
        "{count} places are farther than {limit_m} m from any road, such as {names}: no walk leads there. "
        "Check their positions, or add the roads that are missing."
    ),
    "no_position": N_("{count} places have no position, such as {names}: no walk leads there. Add their positions."),
    "on_island": N_(
        "{count} places lie at a part of the network that is cut off, such as {names}: they reach only what lies there."
    ),
}
NAMED = 5


@dataclass(frozen=True)
class Oddity:
    """One kind of thing that is odd, with all places it was found at: names, lon, lat (EPSG:4326), and how large.

    size: nodes of an island, metres from the road; 0 where it says nothing.
    """

    code: str
    names: tuple[str, ...]
    lon: Floats
    lat: Floats
    size: Floats
    limit_m: float = 0.0

    def text(self) -> str:
        """Return what is odd and what to do, in the language of the current context."""
        named = listed(self.names[:NAMED])
        values = {"count": number(len(self.names)), "names": named}
        if self.code == "off_road":
            values["limit_m"] = number(self.limit_m)
        return _(MESSAGES[self.code], **values)


def odd_in_network(network: Network) -> list[Oddity]:
    """Return the islands and the edges without length of a network, as far as there are any."""
    found = [_islands(network), _zero_length(network)]
    return [oddity for oddity in found if oddity.names]


def odd_places(
    network: Network, names: Sequence[Any], lon: Floats, lat: Floats, places: Snapped, *, most_m: float
) -> list[Oddity]:
    """Return which of these places, snapped to the network, have no position, no road near, or lie on an island.

    names: what a person knows each place by; lon, lat: degrees, NaN where not known; most_m: what they were snapped
    with.
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    lost = np.isinf(places.access_m)
    cut_off = np.zeros(len(places), dtype=bool)
    if len(network):
        cut_off = ~lost & (network.component[places.edge_from] > 0)
    found = [
        _at_places("no_position", names, lon, lat, ~known),
        replace(_at_places("off_road", names, lon, lat, lost & known), limit_m=most_m),
        _at_places("on_island", names, lon, lat, cut_off),
    ]
    return [oddity for oddity in found if oddity.names]


def _at_places(code: str, names: Sequence[Any], lon: Floats, lat: Floats, where: npt.NDArray[np.bool_]) -> Oddity:
    chosen = np.flatnonzero(where)
    return Oddity(
        code, tuple(str(names[at]) for at in chosen.tolist()), lon[chosen], lat[chosen], np.zeros(len(chosen))
    )


def _islands(network: Network) -> Oddity:
    sizes = network.island_sizes()
    parts, first = np.unique(network.component, return_index=True)
    return _at_nodes("islands", network, first[1:], sizes[parts[1:]].astype(np.float64))


def _zero_length(network: Network) -> Oddity:
    none = np.flatnonzero(network.edges.length_m == 0)
    return _at_nodes("zero_length", network, network.edges.from_node[none].astype(np.int64), np.zeros(len(none)))


def _at_nodes(code: str, network: Network, nodes: Integers, size: Floats) -> Oddity:
    return Oddity(code, tuple(map(str, network.node_ids[nodes])), network.lon[nodes], network.lat[nodes], size)
