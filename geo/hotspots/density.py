"""Density: points counted on a fine grid and smoothed by a Gaussian, for a soft picture of where there are many."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from geo.errors import BadInput
from geo.hotspots.cells import Floats
from geo.i18n import N_

MOST_PIXELS = 4_000_000
FAR = 3.0
TOO_FINE = N_("A density of {pixels} pixels is too fine. Take larger pixels, or a smaller area.")


class Density(NamedTuple):
    """per_km2 (rows, columns), rows from south to north; west_m, south_m: the corner; pixel_m: the width of a pixel."""

    per_km2: Floats
    west_m: float
    south_m: float
    pixel_m: float


def density(x_m: Floats, y_m: Floats, *, pixel_m: float, spread_m: float, weight: Floats | None = None) -> Density:
    """Return points per km² on a grid, smoothed by a Gaussian of standard deviation spread_m (cut at three of them).

    x_m, y_m (n,): metres; weight (n,): what each point counts, 1 by default. What is there is kept: the sum over the
    grid times the area of a pixel is the sum of the weights.
    Raises BadInput for a grid of more than four million pixels, and for none.

    >>> found = density(np.array([0.0, 10.0]), np.array([0.0, 0.0]), pixel_m=10.0, spread_m=20.0)
    >>> round(float(found.per_km2.sum()) * 10 * 10 / 1e6, 6)
    2.0
    """
    margin = FAR * spread_m + pixel_m
    west, south = (float(axis.min(initial=np.inf)) - margin for axis in (x_m, y_m))
    east, north = (float(axis.max(initial=-np.inf)) + margin for axis in (x_m, y_m))
    wide, high = (max(span, -1.0) // pixel_m + 1 for span in (east - west, north - south))
    if not 0 < wide * high <= MOST_PIXELS:
        raise BadInput(TOO_FINE, pixels=f"{wide * high:.3g}")
    cell = ((y_m - south) // pixel_m).astype(np.int64) * int(wide) + ((x_m - west) // pixel_m).astype(np.int64)
    counted = np.bincount(cell, weight, int(wide * high)).astype(np.float64).reshape(int(high), int(wide))
    smooth = gaussian_filter(counted, spread_m / pixel_m, mode="constant", truncate=FAR)
    return Density(smooth / (pixel_m / 1000) ** 2, west, south, pixel_m)
