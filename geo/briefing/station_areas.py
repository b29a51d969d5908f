"""The service areas of a station as the coverage map draws them: one outline a life circle."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely

from geo.briefing.coverage_state import CoverageState
from geo.briefing.overview import Stand
from geo.coverage.reach_study import circle_limits, load_station_areas
from geo.planning.reads import parameters
from geo.store.session import reading

GRID_DEGREES = 1e-5
"""About a metre: finer than any screen shows of a walk."""


@dataclass(frozen=True)
class StationAreas:
    """The walking limits in metres and, for each, the outline of what lies within (GeoJSON, EPSG:4326)."""

    limits_m: tuple[float, ...] = ()
    outlines: tuple[dict[str, Any], ...] = ()


def station_areas(state: CoverageState, stand: Stand) -> StationAreas:
    """Return the areas of the station that is selected in the view of stations; none for anything else."""
    if state.view != "station" or state.place is None or state.place[0] != "station":
        return StationAreas()
    return _areas(stand, state.place[1], state.old)


@lru_cache(maxsize=50)
def _areas(stand: Stand, station_id: int, old: bool) -> StationAreas:
    with reading(stand.reader) as connection:
        limits = circle_limits(parameters(connection), old=old)
        found = load_station_areas(connection, station_id, limits)
    shapes = tuple(json.loads(shapely.to_geojson(shapely.set_precision(one.outline, GRID_DEGREES))) for one in found)
    return StationAreas(limits if shapes else (), shapes)
