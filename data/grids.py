"""Grids: patches of a community with about 400 households each, put together from compounds and the ground between."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from data import quads
from data.frames import repeat_index
from data.plan import Plan

HOUSEHOLDS_A_GRID = 400
STRIP_ABOVE = 520
COMMUNITY_STEP = 100_000
SNAP_M = 0.05


@dataclass(frozen=True)
class _Pieces:
    cell: np.ndarray
    share: np.ndarray
    households: np.ndarray
    shape: np.ndarray


@dataclass(frozen=True)
class Grids:
    """Grids in code order: their community and households, and of each piece of ground which grid it is in."""

    community: np.ndarray
    households: np.ndarray
    of_piece: np.ndarray
    pieces: np.ndarray

    def shapes(self) -> np.ndarray:
        """Return the patches in local metres."""
        order = np.argsort(self.of_piece, kind="stable")
        pieces = self.pieces[order]
        bounds = np.searchsorted(self.of_piece[order], np.arange(len(self.community) + 1))
        return np.array([shapely.union_all(pieces[low:high], grid_size=SNAP_M) for low, high in pairwise(bounds)])


def make(plan: Plan) -> Grids:
    """Gather the ground of each community, from its south-west corner to and fro, into grids."""
    parts = [_lived_in(plan)]
    parts.append(_left_over(plan, parts[0]))
    cell = np.concatenate([part.cell for part in parts])
    share = np.concatenate([part.share for part in parts])
    weight = np.concatenate([part.households for part in parts])
    j, i = np.divmod(cell, plan.lattice.shape[1])
    order = np.lexsort((share[:, 0], share[:, 2], np.where(j % 2, -i, i), j, plan.tree.community[cell]))
    community, weight = plan.tree.community[cell[order]], weight[order]
    total = np.bincount(community, weights=weight)
    wanted = np.maximum(1, np.round(total / HOUSEHOLDS_A_GRID))
    before = np.cumsum(weight) - weight - (np.cumsum(total) - total)[community]
    slot = np.floor((before + weight / 2) / np.maximum(total, 1)[community] * wanted[community]).astype(int)
    key = community * COMMUNITY_STEP + np.clip(slot, 0, wanted[community] - 1).astype(int)
    known, grid = np.unique(key, return_inverse=True)
    shape = np.concatenate([part.shape for part in parts])[order]
    return Grids(known // COMMUNITY_STEP, np.bincount(grid, weights=weight), grid, shape)


def _lived_in(plan: Plan) -> _Pieces:
    blocks = plan.blocks
    flats = np.bincount(plan.houses.block, weights=plan.flats, minlength=len(blocks.cell))
    strips = np.maximum(1, np.ceil(flats / STRIP_ABOVE).astype(int))
    owner, place = repeat_index(strips)
    share = blocks.share[owner].copy()
    width = (share[:, 1] - share[:, 0]) / strips[owner]
    share[:, 0] += place * width
    share[:, 1] = share[:, 0] + width
    cell = blocks.cell[owner]
    shape = shapely.polygons(quads.part(plan.lattice.quads().reshape(-1, 4, 2)[cell], share))
    return _Pieces(cell, share, (flats / strips)[owner], shape)


def _left_over(plan: Plan, lived_in: _Pieces) -> _Pieces:
    share = lived_in.share
    covered = np.zeros(plan.urban.size)
    np.add.at(covered, lived_in.cell, (share[:, 1] - share[:, 0]) * (share[:, 3] - share[:, 2]))
    rest = np.flatnonzero(covered < 0.999)
    shape = shapely.polygons(plan.lattice.quads().reshape(-1, 4, 2)[rest])
    for place in np.flatnonzero(covered[rest] > 0):
        homes = lived_in.shape[lived_in.cell == rest[place]]
        shape[place] = shapely.difference(shape[place], shapely.union_all(homes))
    return _Pieces(rest, np.tile([0.0, 1.0, 0.0, 1.0], (len(rest), 1)), np.zeros(len(rest)), shape)
