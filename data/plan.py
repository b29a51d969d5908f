"""The plan of the city: lattice, zoning, blocks and houses, cut at the wished number of buildings, in code order."""

from dataclasses import dataclass

import numpy as np

from data import blocks, lattice, layout, streetplan, tree, zoning
from data.projection import Projection

SIZES = {"small": 300, "city": 10_000, "metro": 100_000}


@dataclass(frozen=True)
class Plan:
    """All that is decided before the first table is filled; houses are sorted by community, compound and row."""

    seed: int
    lattice: lattice.Lattice
    zoning: zoning.Zoning
    segments: streetplan.Segments
    streets: np.ndarray
    urban: np.ndarray
    tree: tree.Tree
    blocks: blocks.Blocks
    rows: layout.Rows
    houses: layout.Houses
    projection: Projection

    @property
    def community(self) -> np.ndarray:
        """The community's place in code order, per compound."""
        return self.tree.community[self.blocks.cell]

    def area_ids(self, community: np.ndarray) -> np.ndarray:
        """Return the area ids of communities: the city, districts and street offices come before them."""
        return community + 2 + len(self.tree.district_of) + int(self.tree.district_of.max()) + 1

    @property
    def flats(self) -> np.ndarray:
        """The true number of households per building."""
        return flats(self.blocks, self.houses)


def make(size: str, seed: int, buildings: int | None = None) -> Plan:
    """Plan a city of a size (small, city, metro) or of about so many buildings."""
    wished = buildings or SIZES[size]
    for room in (1.2, 1.6, 2.4):
        net = lattice.make(seed, wished, room)
        zones = zoning.make(seed, net)
        segments = streetplan.make(seed, net, zones)
        every = blocks.make(seed, net, zones, segments)
        built = layout.houses(every, layout.make(every))
        if len(built.block) > 1.05 * wished:
            break
    chosen, urban = _cut(zones, every, built, wished)
    streets = streetplan.within(segments, urban)
    chosen = chosen[((every.street >= 0) & streets[every.street])[chosen].any(axis=1)]
    weight = np.bincount(every.cell[built.block], weights=flats(every, built), minlength=urban.size)
    areas = tree.make(seed, net, np.where(urban.ravel(), weight, 0.0))
    order = chosen[np.lexsort((chosen, every.cell[chosen], areas.community[every.cell[chosen]]))]
    kept = every.take(order)
    rows = layout.make(kept)
    return Plan(
        seed=seed, lattice=net, zoning=zones, segments=segments, streets=streets, urban=urban, tree=areas, blocks=kept,
        rows=rows, houses=layout.houses(kept, rows), projection=Projection(1.05 * float(np.abs(net.nodes).max())),
    )  # fmt: skip


def flats(kept: blocks.Blocks, houses: layout.Houses) -> np.ndarray:
    """Return the number of households of each building."""
    style = kept.style[houses.block]
    per_unit = np.where(layout.is_row_house(style), 1, houses.floors * layout.STYLE.flats[style])
    return houses.units * per_unit


def _cut(
    zones: zoning.Zoning, every: blocks.Blocks, built: layout.Houses, wished: int
) -> tuple[np.ndarray, np.ndarray]:
    count = np.bincount(built.block, minlength=len(every.cell))
    reach = zones.reach.ravel()
    order = np.argsort(reach[every.cell], kind="stable")
    total = np.cumsum(count[order])
    last = min(int(np.searchsorted(total, wished)), len(order) - 1)
    chosen = order[: last + 1]
    urban = zones.reach <= reach[every.cell[order[last]]]
    return np.sort(chosen[count[chosen] > 0]), urban
