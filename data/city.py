"""The whole demo city as a stream of table rows: the same size, seed and day give the same rows, byte for byte."""

from collections.abc import Iterator

import numpy as np
import shapely

from data import ground, names, people, plan, residents, stations, streets, units, words
from data.areas import CITY_ID, Areas
from data.buildings import Buildings
from data.compounds import Compounds
from data.frames import Frame, Shapes, room_rng, texts
from data.plan import Plan
from data.projection import METRIC_SRID
from data.roster import Keys
from geo.store import clock


def make(size: str, seed: int, buildings: int | None = None, *, today: np.datetime64 | None = None) -> Iterator[Frame]:
    """Yield the rows of all tables in an order in which every key already exists.

    ``size`` is small, city or metro (about 300, 10,000, 100,000 buildings); ``buildings`` overrules it; ``today`` is
    the day the terms of posts are relative to (default: the current one). Geometry is lon/lat in EPSG:4326.
    """
    day = np.datetime64(clock.today(), "D") if today is None else today
    design = plan.make(size, seed, buildings)
    areas = Areas(design)
    lines = design.lattice.shape
    street_names = names.streets(room_rng(seed, "street_names"), lines[0] + 1, lines[1] + 1)
    area_frame = areas.frame(design)
    yield _city(design, area_frame)
    yield area_frame
    yield ground.frame(design)
    compounds = Compounds(design, areas.community_code, street_names)
    yield compounds.frame(design)
    yield compounds.gate_frame(design)
    houses = Buildings(design, compounds)
    yield houses.frame(design)
    yield residents.frame(design, houses)
    entrances = units.Units(design, houses)
    yield entrances.frame(design, houses)
    yield from units.households(design, houses, entrances)
    yield from streets.frames(design, streets.network(design, compounds, entrances), street_names)
    keys = Keys()
    heads = people.Heads(design, houses)
    yield from people.frames(design, heads, entrances, areas, keys=keys, today=day)
    yield from stations.frames(design, compounds, heads, keys=keys, today=day)


def _city(design: Plan, areas: Frame) -> Frame:
    extent = shapely.box(*areas.columns["geom"].geometries[0].bounds)
    return Frame(
        "city",
        {
            "id": np.array([CITY_ID]),
            "name": texts((words.CITY,)),
            "metric_srid": np.array([METRIC_SRID]),
            "extent": Shapes(np.array([extent])),
            "demo_seed": np.array([design.seed]),
        },
    )
