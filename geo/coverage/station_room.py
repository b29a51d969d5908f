"""Which stations have too little floor area for the households whose nearest station they are (pure)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class StationRoom:
    """By station: known households nearest to it within the limit, and how many its floor allows (NaN: unknown)."""

    households: Ints
    capacity: Floats

    @property
    def too_small(self) -> Flags:
        """Tell which stations have more households than their floor area allows; never of one whose area is unknown."""
        return np.asarray(self.households > np.nan_to_num(self.capacity, nan=np.inf))


def station_room(station: Ints, near: Flags, households: Ints, floor_m2: Floats, m2_per_100: float) -> StationRoom:
    """Return how many households the stations serve and could serve.

    station: by door the position of its nearest station, -1 for none; near: the door is within the limit; households:
    known households of each door (0 where not known); floor_m2: by station, NaN where not known; m2_per_100: floor
    area in m² that 100 households take.

    >>> room = station_room(np.array([0, 0, 1, -1]), np.array([True] * 4), np.array([80, 30, 50, 9]),
    ...                     np.array([30.0, np.nan]), 30.0)
    >>> room.households.tolist(), room.capacity.tolist(), room.too_small.tolist()
    ([110, 50], [100.0, nan], [True, False])
    """
    counted = near & (station >= 0)
    served = np.bincount(station[counted], weights=households[counted], minlength=len(floor_m2))
    return StationRoom(served.astype(np.int64), floor_m2 / m2_per_100 * 100)
