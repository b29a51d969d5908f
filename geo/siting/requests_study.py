"""Doors weighed by what their residents asked for: requests of the last year."""

import numpy as np
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.hotspots.asked import Asked
from geo.hotspots.ground_study import load_ground
from geo.hotspots.tallies import tallied
from geo.i18n import N_
from geo.siting.neighbours import Ints
from geo.siting.weights_study import LEAST_TOLD, Asking, Weights
from geo.store.clock import today

NOBODY_ASKS = N_("Requests are counted for who is signed in. Sign in, or choose another weight.")


def requests_of_last_year(asking: Asking) -> Weights:
    """Return how many requests of the last year came from behind each door, those of a building by its households.

    A request on a point counts for the nearest building within reach; incidents, points where a geocoder put many
    addresses and requests without a place are left out. Who may not see requests reads them without text or anybody,
    with one entry in the log. Raises BadInput where nobody is signed in.
    """
    if asking.actor is None:
        raise BadInput(NOBODY_ASKS)
    wanted = Asked(places="buildings", community_id=asking.community_id)
    found = tallied(load_ground(asking.actor), wanted, today())
    ground = asking.ground
    values = shared(found.key, found.counts, ground.building, ground.doors.households.astype(np.float64))
    left_out = int(found.counts.sum() - round(values.sum())) + sum(found.left_out.values())
    return Weights(np.tile(values, (len(asking.years), 1)), {"left_out": left_out}, least=LEAST_TOLD)


def shared(
    key: Ints, counts: NDArray[np.float64], building: Ints, households: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return counts of buildings (key ascending) by door (d,): shared by households, alike where none are known.

    >>> doors = np.array([7, 7, 9, 8]), np.array([10.0, 30.0, 0.0, 5.0])
    >>> shared(np.array([7, 9]), np.array([4.0, 3.0]), *doors).tolist()
    [1.0, 3.0, 3.0, 0.0]
    """
    names, at = np.unique(building, return_inverse=True)
    known = np.isin(names, key)
    of_building = np.zeros(len(names))
    of_building[known] = counts[np.searchsorted(key, names[known])]
    homes = np.bincount(at, households, len(names))
    alike = 1 / np.bincount(at, minlength=len(names))
    return of_building[at] * np.where(homes[at] > 0, households / np.maximum(homes[at], 1e-9), alike[at])
