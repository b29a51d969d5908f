"""What a prepared file would look like on the map: a sample of simplified shapes, drawn over what is there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import numpy as np
import shapely

from geo.exchange.prepared import ROWS_FILE, Prepared
from geo.exchange.surroundings import Bounds
from geo.maps.city_map import CityMap

MOST_SHAPES = 2_000
DETAIL_SHARE = 1 / 2_000
"""A shape is simplified to this share of the file's extent: less than a pixel of the preview."""
LINE = "#0072B2"


@dataclass(frozen=True)
class Sample:
    """Shapes of a prepared file as GeoJSON without any property, their bounds, and how many of how many they are."""

    shapes: dict[str, Any]
    bounds: Bounds
    shown: int
    total: int


def sample(folder: Path) -> Sample | None:
    """Return up to 2,000 shapes of the rows prepared in a folder, None when none has a geometry or they are gone."""
    if not (folder / ROWS_FILE).is_file():
        return None
    prepared = Prepared.load(folder)
    bounds = prepared.bounds
    if bounds is None:
        return None
    geometry = np.asarray(prepared.rows.geometry.to_numpy())
    geometry = geometry[~shapely.is_missing(geometry)]
    some = geometry[:: max(1, -(-len(geometry) // MOST_SHAPES))]
    extent = max(bounds[2] - bounds[0], bounds[3] - bounds[1])
    light = shapely.simplify(some, extent * DETAIL_SHARE)
    texts = shapely.to_geojson(np.where(shapely.is_empty(light), some, light))
    features = [{"type": "Feature", "properties": {}, "geometry": json.loads(shape)} for shape in texts]
    return Sample({"type": "FeatureCollection", "features": features}, bounds, len(some), len(geometry))


def preview_map(found: Sample) -> CityMap:
    """Return the city's map with the sampled shapes over it, looking at them."""
    drawn = CityMap(found.bounds)
    folium.GeoJson(
        found.shapes,
        style_function=_style,
        control=False,
        marker=folium.CircleMarker(radius=4),
    ).add_to(drawn)
    west, south, east, north = found.bounds
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def _style(_feature: dict[str, Any]) -> dict[str, Any]:
    return {"color": LINE, "weight": 2, "fillColor": LINE, "fillOpacity": 0.2}
