"""Is it real? The space-time scan over the weeks of a search, and its clusters on the ground (pure)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.errors import BadInput
from geo.hotspots.asked import Asked
from geo.hotspots.cells import Floats, Integers
from geo.hotspots.ground import RequestGround, day_number
from geo.hotspots.scan import Cluster, ScanOptions, ScanResult, scan
from geo.hotspots.tallies import Tallied, tallied
from geo.i18n import N_

WEEK_DAYS = 7
WEEKS_LEAST, WEEKS_MOST = 26, 104
LARGEST_SHARE, LONGEST_WEEKS, FEWEST = 0.1, 26, 5
MOST_PLACES = 1500
WIDER_M = (150, 200, 300, 400, 500, 800, 1000, 1500, 2000)
NOTHING = N_("There are no requests to look for clusters in. Choose a longer period, another category or area.")

Follow = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """The clusters with the places they lie in; weeks (w,): the first day of each week."""

    result: ScanResult
    places: Tallied
    weeks: tuple[date, ...]

    def day_of(self, cluster: Cluster) -> date:
        """Return the first day of a cluster."""
        return self.weeks[cluster.first_period]


def clusters(
    ground: RequestGround, asked: Asked, today: date, *, replicates: int = 999, follow: Follow | None = None
) -> Found:
    """Return clusters of requests that still last: prospective Poisson scan of hexagons by weeks.

    Expected is what each place would have if the requests of a week fell on households alike, so that seasons of the
    whole city are no cluster; a circle holds at most a tenth of all expected, a cluster lasts 1 to 26 weeks and has at
    least 5 requests. Raises BadInput when there are no requests.
    """
    weeks = min(max(asked.days // WEEK_DAYS, WEEKS_LEAST), WEEKS_MOST)
    places = _places(ground, asked, today, weeks * WEEK_DAYS)
    cases = _weekly(ground, places, today, weeks)
    keep = np.flatnonzero(np.nan_to_num(places.households) > 0)
    if not cases.sum() or not len(keep):
        raise BadInput(NOTHING)
    homes = places.households[keep]
    moved = _to_lived_in(places, keep)
    lived = np.zeros((len(keep), weeks), np.int64)
    np.add.at(lived, moved, cases)
    expected = np.outer(homes / homes.sum(), np.maximum(lived.sum(axis=0), 1e-9))
    options = ScanOptions(
        max_population=LARGEST_SHARE, max_duration=LONGEST_WEEKS, min_cases=FEWEST, replicates=replicates
    )
    where = np.column_stack((places.x_m[keep], places.y_m[keep]))
    result = scan(lived, expected, where, options, follow=follow)
    firsts = tuple(today - timedelta(days=WEEK_DAYS * back) for back in range(weeks, 0, -1))
    return Found(result, _kept(places, keep, moved), firsts)


def _places(ground: RequestGround, asked: Asked, today: date, days: int) -> Tallied:
    """Return hexagons as asked, wider ones where there would be too many to look at all circles."""
    found = tallied(ground, _with_width(asked, asked.width_m), today, days=days)
    for width_m in WIDER_M:
        if len(found.key) <= MOST_PLACES:
            break
        found = tallied(ground, _with_width(asked, width_m), today, days=days)
    return found


def _with_width(asked: Asked, width_m: int) -> Asked:
    plain: dict[str, Any] = asked.plain() | {"places": "hexagons", "width_m": width_m}
    return Asked(**plain)


def _weekly(ground: RequestGround, places: Tallied, today: date, weeks: int) -> Integers:
    week = (ground.day[places.row] - (day_number(today) - weeks * WEEK_DAYS)) // WEEK_DAYS
    flat: NDArray[np.int64] = np.bincount(places.place * weeks + week, minlength=len(places.key) * weeks)
    return flat.reshape(len(places.key), weeks)


def _to_lived_in(places: Tallied, keep: Integers) -> Integers:
    """Return for each place the nearest one where somebody lives (a position in keep): requests have neighbours."""
    where = np.column_stack((places.x_m, places.y_m))
    nearest: Integers = cKDTree(where[keep]).query(where)[1]
    return nearest


def _kept(places: Tallied, keep: Integers, moved: Integers) -> Tallied:
    counts: Floats = np.bincount(moved, weights=places.counts, minlength=len(keep)).astype(np.float64)
    return Tallied(
        places.key[keep], places.x_m[keep], places.y_m[keep], counts, places.households[keep], places.neighbours,
        places.row, moved[places.place], places.left_out, places.size,
    )  # fmt: skip
