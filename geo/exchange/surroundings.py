"""What is already on the map, as far as reading a file needs it: extent, reference points, known places."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.exchange.request_words import CategoryWords

Bounds = tuple[float, float, float, float]
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class ReferencePoints:
    """Points known to be right: lon and lat in EPSG:4326 degrees, and names (None where a point has none)."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    names: npt.NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class Surroundings:
    """What is on the map already.

    bounds: west, south, east, north of the city in degrees, None before the first import. roads: points along the
    walking
    network, at most some 50 m apart, with street names. buildings: centroids with addresses or names.
    places: a frame with one row per place and the columns kind, id, code, name, address, compound (its compound's
    name),
    number (of the building or unit), lon, lat; used to match rosters and addresses. codes: the codes already taken by
    the
    kind that is read, so that a row without geometry can be an update. same_kind: centroids of what is on the map of
    that kind, named by code; None for roads and buildings, which are compared by where they lie. held: outlines of what
    lies in outlines of that kind; holders: outlines that hold what is of that kind; streets: points along main roads,
    which do not lead through a compound. These three are arrays of shapely geometries, None where they tell nothing.
    communities: a frame with id, code, name and geom (shapely, None without an outline); categories: of requests; both
    for files of requests only.
    """

    bounds: Bounds | None = None
    roads: ReferencePoints | None = None
    buildings: ReferencePoints | None = None
    places: pd.DataFrame | None = None
    codes: frozenset[str] = field(default_factory=frozenset)
    same_kind: ReferencePoints | None = None
    held: npt.NDArray[Any] | None = None
    holders: npt.NDArray[Any] | None = None
    streets: npt.NDArray[Any] | None = None
    communities: pd.DataFrame | None = None
    categories: CategoryWords | None = None

    @property
    def centre(self) -> tuple[float, float] | None:
        """Return lon, lat of the middle of the city, None before the first import."""
        if self.bounds is None:
            return None
        west, south, east, north = self.bounds
        return (west + east) / 2, (south + north) / 2
