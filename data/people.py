"""Building heads, unit heads and grid members: who holds which post since when, and where nobody does."""

from collections.abc import Iterator

import numpy as np

from data import roster
from data.areas import Areas
from data.buildings import Buildings
from data.frames import Frame, room_rng, texts
from data.plan import Plan
from data.roster import Keys, Posts, Terms
from data.units import Units
from data.zoning import COURTYARDS, ROW_HOUSES

VACANT_SHARE, ENDING_SHARE = 0.10, 0.05
FULL_LOAD = 40


class Heads:
    """Which buildings are in the roster, have a head today, and a head whose term ends soon."""

    def __init__(self, plan: Plan, buildings: Buildings) -> None:
        rng = room_rng(plan.seed, "heads")
        self.buildings = buildings
        unlisted = rng.random(len(plan.blocks.cell)) < 0.035
        self.listed = (rng.random(buildings.count) > 0.025) & ~unlisted[buildings.compound]
        draw = rng.random(buildings.count)
        tired = np.where(rng.random(len(plan.blocks.cell)) < 0.12, 3.0, 0.72)[buildings.compound]
        self.vacant = self.listed & (draw < VACANT_SHARE * tired)
        self.held = self.listed & ~self.vacant
        self.ending = self.held & (draw > 1 - ENDING_SHARE)
        building = np.flatnonzero(self.held)
        alone = np.array([0.94, 1 / 15, 1 / 4])[_sharing(buildings.style[building])]
        fresh = rng.random(len(building)) < alone
        compound = buildings.compound[building]
        fresh[1:] |= compound[1:] != compound[:-1]
        fresh[:1] = True
        self.person = np.cumsum(fresh) - 1
        self.building = building
        self._compound = compound

    def of_compounds(self, compound: np.ndarray, draw: np.ndarray) -> np.ndarray:
        """Return for each compound the person id of one of its building heads, chosen by draw (0 to 1), else 0."""
        first = np.searchsorted(self._compound, compound)
        count = np.searchsorted(self._compound, compound, side="right") - first
        place = np.minimum(first + (draw * count).astype(int), len(self.person) - 1)
        return np.where(count > 0, self.person[place] + 1, 0)


def _sharing(style: np.ndarray) -> np.ndarray:
    return np.where(style == COURTYARDS, 1, np.where(style == ROW_HOUSES, 2, 0))


def frames(
    plan: Plan, heads: Heads, units: Units, areas: Areas, *, keys: Keys, today: np.datetime64
) -> Iterator[Frame]:
    """Yield persons, posts and holdings of buildings, units and grids."""
    buildings = heads.buildings
    for room in (
        _building_heads(plan, buildings, heads, keys, today),
        _unit_heads(plan, buildings, units, keys, heads=heads, today=today),
        _grid_members(plan, areas, keys, today),
    ):
        yield from room


def _building_heads(
    plan: Plan, buildings: Buildings, heads: Heads, keys: Keys, today: np.datetime64
) -> list[Frame]:  # fmt: skip
    rng = room_rng(plan.seed, "building_heads")
    listed = np.flatnonzero(heads.listed)
    post_of = np.full(buildings.count, -1)
    post_of[listed] = np.arange(len(listed))
    kind = np.full(len(listed), b"building_head")
    posts = Posts(kind, plan.area_ids(buildings.community[listed]), "building_id", listed + 1)
    now = roster.current_terms(rng, post_of[heads.building], heads.person, today, heads.ending[heads.building])
    terms, persons = _with_past(rng, now, post_of[heads.vacant], today, int(heads.person.max(initial=-1)) + 1)
    return roster.frames(rng, keys, posts, terms, persons)


def _with_past(
    rng: np.random.Generator, now: Terms, vacant: np.ndarray, today: np.datetime64, persons: int
) -> tuple[Terms, int]:
    left = vacant[rng.random(len(vacant)) < 0.7]
    earlier = np.flatnonzero(rng.random(len(now.post)) < 0.3)
    ended = roster.ended_terms(rng, left, persons + np.arange(len(left)), today - rng.integers(5, 400, len(left)))
    before = roster.ended_terms(
        rng, now.post[earlier], persons + len(left) + np.arange(len(earlier)), now.from_on[earlier]
    )
    return Terms.together([now, ended, before]), persons + len(left) + len(earlier)


def _unit_heads(
    plan: Plan, buildings: Buildings, units: Units, keys: Keys, *, heads: Heads, today: np.datetime64
) -> list[Frame]:
    rng = room_rng(plan.seed, "unit_heads")
    helped = (buildings.flats > FULL_LOAD) & heads.listed
    helped &= rng.random(buildings.count) < np.where(heads.held, 0.9, 0.3)
    per_unit = buildings.flats / np.maximum(plan.houses.units, 1)
    needed = np.ceil((buildings.flats - FULL_LOAD) / per_unit)
    from_number = plan.houses.units - needed
    unit = np.flatnonzero(helped[units.building] & (units.number > from_number[units.building]))
    community = plan.area_ids(buildings.community[units.building[unit]])
    posts = Posts(np.full(len(unit), b"unit_head"), community, "unit_id", unit + 1)
    held = np.flatnonzero(rng.random(len(unit)) < 0.93)
    ending = rng.random(len(held)) < ENDING_SHARE
    terms = roster.current_terms(rng, held, np.arange(len(held)), today, ending)
    return roster.frames(rng, keys, posts, terms, len(held))


def _grid_members(plan: Plan, areas: Areas, keys: Keys, today: np.datetime64) -> list[Frame]:
    rng = room_rng(plan.seed, "grid_members")
    grids = np.arange(len(areas.grid_community))
    community = plan.area_ids(areas.grid_community)
    posts = Posts(texts(["grid_member"]).repeat(len(grids)), community, "grid_id", areas.grid_ids())
    held = np.flatnonzero(rng.random(len(grids)) < 0.93)
    ending = rng.random(len(held)) < ENDING_SHARE
    terms = roster.current_terms(rng, held, np.arange(len(held)), today, ending)
    return roster.frames(rng, keys, posts, terms, len(held))
