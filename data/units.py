"""Units with their entrances on the north side, and the households of the first buildings."""

from collections.abc import Iterator

import numpy as np

from data.buildings import Buildings
from data.frames import Frame, Lines, digits, join, masked, repeat_index, room_rng, texts
from data.layout import STYLE, is_row_house, path_t
from data.plan import Plan
from data.quads import Axes
from data.zoning import COURTYARDS, TOWERS

BUILDINGS_WITH_HOUSEHOLDS = 10_000
TENURES = ("owner", "tenant", "vacant")


class Units:
    """The units in code order (ids 1 to n): building, number, households, entrance on its compound's path."""

    def __init__(self, plan: Plan, buildings: Buildings) -> None:
        rng = room_rng(plan.seed, "units")
        houses = plan.houses
        self.building, place = repeat_index(houses.units)
        self.count = len(self.building)
        self.number = place + 1
        style = buildings.style[self.building]
        self.per_floor = STYLE.flats[style]
        self.floors = houses.floors[self.building]
        self.flats = np.where(is_row_house(style), 1, self.per_floor * self.floors)
        self.unknown = buildings.unknown[self.building] | (rng.random(buildings.count) < 0.02)[self.building]
        self.row = houses.row[self.building]
        self.s = houses.s[self.building] + (place + 0.5) * STYLE.unit_m[style]
        self.point = Axes(plan.blocks.quad).ground(
            houses.block[self.building], self.s, path_t(plan.blocks, plan.rows, self.row)
        )
        self.code = join(buildings.code[self.building], "-", digits(self.number))

    def frame(self, plan: Plan, buildings: Buildings) -> Frame:
        """Return the rows of the table of units."""
        return Frame(
            "unit",
            {
                "id": np.arange(1, self.count + 1),
                "code": self.code,
                "number": digits(self.number),
                "building_id": self.building + 1,
                "community_id": plan.area_ids(buildings.community[self.building]),
                "households": masked(self.flats, self.unknown),
                "geom": Lines("POINT", plan.projection.lon_lat(self.point)),
            },
        )


def households(plan: Plan, buildings: Buildings, units: Units) -> Iterator[Frame]:
    """Yield the rows of the table of households, of the first buildings whose units are known."""
    rng = room_rng(plan.seed, "households")
    last = np.searchsorted(units.building, min(buildings.count, BUILDINGS_WITH_HOUSEHOLDS))
    flats = np.where(units.unknown[:last], 0, units.flats[:last])
    unit, place = repeat_index(flats)
    building = units.building[unit]
    style = buildings.style[building]
    single = is_row_house(style)
    floor = np.where(single, 1, place // units.per_floor[unit] + 1)
    door = np.where(single, 1, place % units.per_floor[unit] + 1)
    room = np.where(single, 1, floor * 100 + door)
    base = np.where(style == COURTYARDS, 58.0, STYLE.unit_m[style] * STYLE.depth_m[style] * 0.84 / STYLE.flats[style])
    base = np.where(style == TOWERS, 104.0, np.minimum(base, 155.0))
    area = np.round(base * (0.86 + 0.28 * rng.random(len(unit))), 2)
    old = np.clip((2010 - buildings.year[building]) / 40, 0, 1)
    draw = rng.random(len(unit))
    tenure = np.where(draw < 0.72 - 0.18 * old, 0, np.where(draw < 0.90, 1, 2))
    yield Frame(
        "household",
        {
            "id": np.arange(1, len(unit) + 1),
            "code": join(units.code[unit], "-", digits(room, 3)),
            "unit_id": unit + 1,
            "community_id": plan.area_ids(buildings.community[building]),
            "floor": masked(floor, single),
            "room": digits(room),
            "area_m2": masked(area, rng.random(len(unit)) < 0.08),
            "tenure": np.where(rng.random(len(unit)) < 0.06, b"", texts(TENURES)[tenure]),
        },
    )
