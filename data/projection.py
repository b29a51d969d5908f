"""From local metres to stored lon/lat: the CGCS2000 zone of the city, as a polynomial that is quick on many points."""

from functools import cached_property

import numpy as np
from pyproj import Transformer

CENTRE_LON_LAT = (115.98, 36.45)
METRIC_SRID = 4548
DEGREE = 6
DECIMALS = 7


class Projection:
    """Local metres (origin at the city's centre, axes of EPSG:4548) to lon/lat in EPSG:4326 within a reach in metres.

    >>> Projection(5000.0).lon_lat(np.array([[0.0, 0.0]])).tolist()
    [[115.98, 36.45]]
    """

    def __init__(self, reach_m: float) -> None:
        self.reach_m = reach_m

    @cached_property
    def _coefficients(self) -> np.ndarray:
        origin = Transformer.from_crs(4326, METRIC_SRID, always_xy=True).transform(*CENTRE_LON_LAT)
        back = Transformer.from_crs(METRIC_SRID, 4326, always_xy=True)
        x, y = (part.ravel() for part in np.meshgrid(*[np.cos(np.linspace(0, np.pi, 24))] * 2))
        lon, lat = back.transform(origin[0] + x * self.reach_m, origin[1] + y * self.reach_m)
        return np.linalg.lstsq(_powers(x, y), np.stack([lon, lat], axis=1) - CENTRE_LON_LAT, rcond=None)[0]

    def lon_lat(self, points: np.ndarray) -> np.ndarray:
        """Return lon/lat (..., 2), rounded to a centimetre, of local points (..., 2)."""
        scaled = points.reshape(-1, 2) / self.reach_m
        result = np.empty_like(scaled)
        for start in range(0, len(scaled), 200_000):
            part = scaled[start : start + 200_000]
            result[start : start + 200_000] = _powers(part[:, 0], part[:, 1]) @ self._coefficients
        return np.round(result + CENTRE_LON_LAT, DECIMALS).reshape(points.shape)


def _powers(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    xs = [np.ones_like(x)]
    ys = [np.ones_like(y)]
    for _ in range(DEGREE):
        xs.append(xs[-1] * x)
        ys.append(ys[-1] * y)
    return np.stack([xs[i] * ys[j] for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)], axis=1)
