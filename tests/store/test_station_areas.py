"""The outlines of how far people can walk to a station, on the demo city."""

import json

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.briefing.coverage_state import CoverageState
from geo.briefing.overview import stand_now
from geo.briefing.station_areas import station_areas
from geo.coverage.reach_study import load_doors, load_stations, walks
from geo.store.session import owner_engine, reading

LOOSE_M = 5.0


@pytest.fixture(scope="module")
def station(demo_store_for_module: object) -> int:
    with owner_engine().connect() as owner:
        return owner.scalar(text("SELECT min(id) FROM station WHERE status = 'open'")) or 0


def _at(station: int, **chosen: object) -> CoverageState:
    return CoverageState.from_address({"view": "station", "place": f"station:{station}"} | chosen)  # type: ignore[arg-type]


def test_doors_within_a_walk_lie_inside_the_outline_of_that_walk(station: int) -> None:
    areas = station_areas(_at(station), stand_now(OPERATOR))
    assert areas.limits_m == (300, 500, 1000)
    outlines = [shapely.from_geojson(json.dumps(one)) for one in areas.outlines]
    with reading(OPERATOR) as connection:
        way = walks(connection)
        ids, stations = load_stations(connection, way)
        units = connection.execute(text("SELECT count(*) FROM unit WHERE closed_on IS NULL")).scalar_one()
        doors = load_doors(connection, way, np.zeros(units, dtype=np.int64))
        mine = stations.part(np.flatnonzero(ids == station))
        metres = way.nearest(doors, mine, 2000.0).metres
    points = shapely.points(doors.lon, doors.lat)
    for limit, outline, wider in zip(areas.limits_m, outlines, [*outlines[1:], None], strict=True):
        near = metres < limit - LOOSE_M
        assert near.any()
        assert shapely.contains(outline, points[near]).all()
        assert wider is None or wider.area > outline.area


def test_the_old_have_smaller_outlines(station: int) -> None:
    assert station_areas(_at(station, old="1"), stand_now(OPERATOR)).limits_m == (240, 480, 720)


def test_nothing_else_is_outlined(station: int) -> None:
    stand = stand_now(OPERATOR)
    for address in ({"view": "duty", "place": f"station:{station}"}, {"view": "station"},
                    {"view": "station", "place": "station:999999"}):  # fmt: skip
        found = station_areas(CoverageState.from_address(address), stand)
        assert (found.limits_m, found.outlines) == ((), ())
