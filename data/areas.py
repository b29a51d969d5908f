"""City, districts, street offices, communities and grids as areas that partition the city along its streets."""

from itertools import pairwise

import numpy as np
import shapely

from data import grids, names, words
from data.frames import Frame, Shapes, digits, join, masked, polygonal, room_rng, texts
from data.plan import Plan

CITY_CODE = "3799"
CITY_ID = 1
HOUSEHOLDS_A_GRID = 400
STRIP_ABOVE = 520
SNAP_M = 0.002


class Areas:
    """Codes and names of the areas; ids: city 1, then districts, street offices, communities, grids."""

    def __init__(self, plan: Plan) -> None:
        rng = room_rng(plan.seed, "areas")
        tree = plan.tree
        self.districts = int(tree.district_of.max()) + 1
        self.streets = len(tree.district_of)
        self.communities = len(tree.street_of)
        district = join(CITY_CODE, digits(np.arange(self.districts) + 2, 2))
        street = join(district[tree.district_of], digits(_ordinal(tree.district_of), 3))
        self.community_code = join(street[tree.street_of], digits(_ordinal(tree.street_of), 3))
        self.codes = (texts([f"{CITY_CODE}00"]), district, street, self.community_code)
        self.names = tuple(
            names.areas(rng, count, ending)
            for count, ending in ((self.districts, "区"), (self.streets, "街道"), (self.communities, "社区"))
        )
        self.grids = grids.make(plan)
        self.grid_community = self.grids.community
        self._unknown = rng.random(self.communities) < 0.12, rng.random(len(self.grid_community)) < 0.15

    def grid_ids(self) -> np.ndarray:
        """Return the ids of the grids."""
        return 1 + self.districts + self.streets + self.communities + np.arange(len(self.grid_community)) + 1

    def frame(self, plan: Plan) -> Frame:
        """Return the rows of the table."""
        tree = plan.tree
        sizes = [1, self.districts, self.streets, self.communities, len(self.grid_community)]
        first = 1 + np.cumsum([0, *sizes])
        parent = np.concatenate([[0], np.full(self.districts, CITY_ID), first[1] + tree.district_of,
                                 first[2] + tree.street_of, first[3] + self.grid_community])  # fmt: skip
        level = np.repeat(texts(("city", "district", "street_office", "community", "grid")), sizes)
        ordinal = _ordinal(self.grid_community)
        code = join(self.community_code[self.grid_community], "-W", digits(ordinal, 2))
        grid_names = names.compose_numbered("第", ordinal, "网格")
        city = names.compose((names.vocabulary((words.CITY,)), np.zeros(1, dtype=int)))
        every = [city, *self.names, grid_names]
        flats = self._flats(plan)
        return Frame(
            "area",
            {
                "id": np.arange(1, sum(sizes) + 1),
                "level": level,
                "code": np.concatenate([*self.codes, code]),
                "name": np.concatenate([part[0] for part in every]),
                "pinyin": np.concatenate([part[1] for part in every]),
                "parent_id": masked(parent, parent == 0),
                "community_id": masked(parent, level != b"grid"),
                "households": flats,
                "geom": Shapes(self.shapes(plan)),
            },
        )

    def _flats(self, plan: Plan) -> np.ma.MaskedArray:
        tree = plan.tree
        by_community = np.bincount(plan.community[plan.houses.block], weights=plan.flats, minlength=self.communities)
        by_street = np.bincount(tree.street_of, weights=by_community)
        by_district = np.bincount(tree.district_of, weights=by_street)
        values = [by_district.sum(keepdims=True), by_district, by_street, by_community, self.grids.households]
        unknown = [np.zeros(1 + self.districts + self.streets, dtype=bool), *self._unknown]
        return masked(np.concatenate(values).astype(int), np.concatenate(unknown))

    def shapes(self, plan: Plan) -> np.ndarray:
        """Return the boundaries as MultiPolygons in lon/lat, in the order of the ids."""
        tree = plan.tree
        cells = shapely.polygons(plan.projection.lon_lat(plan.lattice.quads()).reshape(-1, 4, 2))
        communities = dissolve(cells, tree.community, self.communities)
        streets = dissolve(communities, tree.street_of, self.streets)
        districts = dissolve(streets, tree.district_of, self.districts)
        city = dissolve(districts, np.zeros(self.districts, dtype=int), 1)
        patches = shapely.transform(self.grids.shapes(), plan.projection.lon_lat)
        return polygonal(np.concatenate([city, districts, streets, communities, patches]))


def _ordinal(group: np.ndarray) -> np.ndarray:
    starts = np.searchsorted(group, np.arange(int(group.max()) + 1))
    return np.arange(len(group)) - starts[group] + 1


def dissolve(shapes: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Join shapes that share their edges exactly, group by group."""
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    sorted_shapes = shapes[order]
    return np.array([
        shapely.coverage_union_all(sorted_shapes[low:high]) for low, high in pairwise(bounds)
    ])  # fmt: skip
