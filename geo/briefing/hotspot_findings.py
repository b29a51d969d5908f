"""What hotspots found as the page shows it: classes by place with what may be told, kept for all who see alike."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
from sqlalchemy import text

from geo.briefing.overview import Stand
from geo.hotspots.asked import Asked
from geo.hotspots.cells import Flags, Floats, Integers
from geo.hotspots.emerging import (
    CONSECUTIVE,
    DIMINISHING,
    HISTORICAL,
    INTENSIFYING,
    LABELS,
    NEW,
    OSCILLATING,
    PATTERNS,
    PERSISTENT,
    SPORADIC,
)
from geo.hotspots.ground import RequestGround, day_number
from geo.hotspots.ground_study import load_ground
from geo.hotspots.silence import Silence, silence
from geo.hotspots.suppression import merged
from geo.hotspots.tallies import MONTHS_LEAST, MONTHS_MOST, Tallied, by_month, counted, tallied
from geo.hotspots.where import Growing, Where, growing, where
from geo.i18n import _, number
from geo.maps.hotspot_legend import FEW, NOT_COMPARED
from geo.planning.reads import parameters
from geo.store.session import reading

MONTH_DAYS = 31
BANDS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Who may not see requests is told between which of these a count lies: two searches never tell a single one."""
GROWTH_CODES = {
    NEW: 1, CONSECUTIVE: 2, INTENSIFYING: 2, PERSISTENT: 3, SPORADIC: 4, OSCILLATING: 4, DIMINISHING: 5, HISTORICAL: 5,
}  # fmt: skip
COLD = 6
CATEGORIES = text("SELECT id, name, name_zh FROM request_category ORDER BY position, id")


@dataclass(frozen=True)
class Shown:
    """Which places may be told apart: group (p,) of each (-1: hidden), the count of its group, and whether exactly."""

    group: Integers
    counts: Floats
    exact: bool

    @property
    def hidden(self) -> Flags:
        """Return which places are too small to be told of."""
        return self.group < 0

    def words(self, place: int) -> str:
        """Return how many requests a place has, as exactly as may be told."""
        return requests_told(float(self.counts[place]), exact=self.exact)


@dataclass(frozen=True)
class Spots:
    """Where it clusters: places with what they count, what was found, how it may be shown and the class of each."""

    places: Tallied
    found: Where
    shown: Shown
    codes: Integers


@dataclass(frozen=True)
class Growth:
    """Where it grows: classes over whole months, by place; months: their first days; counts (p, months)."""

    places: Tallied
    found: Growing
    shown: Shown
    codes: Integers
    months: tuple[date, ...]
    counts: Floats


@dataclass(frozen=True)
class Unheard:
    """Buildings (b,) with what was counted and expected; quiet: which are unheard, alone or with their compound.

    exact: who looks may see requests, so their number may be told of a single building.
    """

    building: Integers
    requests: Floats
    visits: Floats
    households: Floats
    found: Silence
    quiet: Flags
    exact: bool


@lru_cache(maxsize=6)
def ground_of(stand: Stand) -> RequestGround:
    """Return what hotspots are looked for in, for all who see the same; reading it may leave an entry in the log."""
    return load_ground(stand.reader)


@lru_cache(maxsize=20)
def categories(stand: Stand) -> dict[int, str]:
    """Return the categories of requests by id, named in the language of the stand."""
    with reading(stand.reader) as connection:
        rows = connection.execute(CATEGORIES).all()
    return {row.id: row.name_zh if stand.language.startswith("zh") else row.name for row in rows}


def requests_told(count: float, *, exact: bool) -> str:
    """Return a number of requests in words: exactly, or between which bounds it lies.

    >>> requests_told(12.0, exact=True), requests_told(12.0, exact=False), requests_told(0.0, exact=False)
    ('12 requests', '10 to 19 requests', 'No requests')
    >>> requests_told(3.0, exact=False)
    'Fewer than 5 requests'
    """
    if exact:
        return _("{count} requests", count=number(count))
    if 0 < count < BANDS[0]:
        return _("Fewer than {least} requests", least=number(BANDS[0]))
    above = [edge for edge in BANDS if edge <= count]
    if not above:
        return _("No requests")
    if above[-1] == BANDS[-1]:
        return _("{count} requests and more", count=number(BANDS[-1]))
    return _("{low} to {high} requests", low=number(above[-1]), high=number(BANDS[len(above)] - 1))


def bounds_told(count: float) -> str:
    """Return between which bounds a number above 0 lies, for the middle of a sentence.

    >>> bounds_told(3), bounds_told(12), bounds_told(7000)
    ('fewer than 5', '10 to 19', 'more than 4,999')
    """
    above = [edge for edge in BANDS if edge <= count]
    if not above:
        return _("fewer than {least}", least=number(BANDS[0]))
    if above[-1] == BANDS[-1]:
        return _("more than {most}", most=number(BANDS[-1] - 1))
    return _("{low} to {high}", low=number(above[-1]), high=number(BANDS[len(above)] - 1))


def _shown(ground: RequestGround, places: Tallied, least: int) -> Shown:
    counts = places.counts
    if ground.sees_rows:
        return Shown(np.arange(len(counts)), counts, exact=True)
    group = merged(counts, places.neighbours, least).astype(np.int64)
    total = np.bincount(np.maximum(group, 0), weights=np.where(group >= 0, counts, 0.0), minlength=len(counts))
    return Shown(group, np.where(group >= 0, total[np.maximum(group, 0)], 0.0), exact=False)


def _least(stand: Stand) -> int:
    with reading(stand.reader) as connection:
        return int(parameters(connection)["suppress_below"])


@lru_cache(maxsize=40)
def spots(stand: Stand, asked: Asked) -> Spots:
    """Return where requests are more or fewer than households explain; raises BadInput where nobody lives."""
    return spots_of(ground_of(stand), asked, stand.on, _least(stand))


def spots_of(ground: RequestGround, asked: Asked, on: date, least: int) -> Spots:
    """Return the same of arrays; least: smaller groups are hidden from who sees no requests."""
    places = tallied(ground, asked, on)
    found = where(places.counts, places.households, places.neighbours)
    shown = _shown(ground, places, least)
    codes = np.where(found.judged, found.marks, NOT_COMPARED).astype(np.int64)
    codes = np.where((shown.counts < asked.least) & (codes > 0), 0, codes)
    return Spots(places, found, shown, np.where(shown.hidden, FEW, codes))


@lru_cache(maxsize=20)
def growth(stand: Stand, asked: Asked) -> Growth:
    """Return the pattern of each place over the last whole months; raises BadInput where nobody lives."""
    return growth_of(ground_of(stand), asked, stand.on, _least(stand))


def growth_of(ground: RequestGround, asked: Asked, on: date, least: int) -> Growth:
    """Return the same of arrays; least: smaller groups are hidden from who sees no requests."""
    count = min(max(round(asked.days / 30.4), MONTHS_LEAST), MONTHS_MOST)
    places = tallied(ground, _wide_enough(ground, asked, on), on, days=(count + 1) * MONTH_DAYS)
    counts, months = by_month(ground, places, on, count)
    found = growing(counts, places.households, places.neighbours)
    shown = _shown(ground, places, least)
    codes = np.array([growth_code(pattern) for pattern in found.pattern.tolist()], dtype=np.int64)
    codes = np.where(shown.hidden, FEW, codes)
    return Growth(places, found, shown, codes, tuple(months), counts)


def month_codes(found: Growth, month: int) -> Integers:
    """Return the class of each place in one of the months (a position): that of Gi*, as `spots` has it for a period."""
    judged = found.found.whole.judged
    codes = np.full(len(judged), NOT_COMPARED, dtype=np.int64)
    codes[judged] = found.found.found.month_class[:, month]
    return np.where(found.shown.hidden, FEW, codes)


def _wide_enough(ground: RequestGround, asked: Asked, on: date) -> Asked:
    """Return what is asked with hexagons chosen by the requests of a month: a month of a cell is what is compared."""
    if asked.width_m or asked.places != "hexagons":
        return asked
    size = tallied(ground, asked, on, days=MONTH_DAYS).size
    return replace(asked, width_m=int(size.cell_m)) if size else asked


def growth_code(pattern: int) -> int:
    """Return the class a pattern (see geo.hotspots.emerging.PATTERNS) is drawn in.

    >>> growth_code(1), growth_code(-3), growth_code(0)
    (1, 6, 0)
    """
    return COLD if pattern < 0 else GROWTH_CODES.get(pattern, 0)


def pattern_name(pattern: int) -> str:
    """Return the name of a pattern in the current language."""
    return _(LABELS[PATTERNS[pattern]])


@lru_cache(maxsize=20)
def unheard(stand: Stand, asked: Asked) -> Unheard:
    """Return which buildings have few requests and few visits for their households, over the days asked for.

    A building alone is soon too small to tell; so those of a compound that is unheard as a whole count too, unless
    they have as many requests as expected.
    """
    ground = ground_of(stand)
    rows, _left = counted(ground, asked, stand.on)
    home = np.ones(len(ground.home_id), bool)
    if asked.community_id is not None:
        home = ground.home_community == asked.community_id
    building, compound = ground.home_id[home], ground.home_compound[home]
    visited = ground.visited[ground.visit_day >= day_number(stand.on) - asked.days]
    requests, visits = _at(building, ground.building[rows]), _at(building, visited)
    households = ground.households[home]
    alone = silence(requests, visits, households)
    names, of = np.unique(compound, return_inverse=True)
    counts = (requests, visits, households)
    summed = [np.bincount(of, weights=one, minlength=len(names)).astype(np.float64) for one in counts]
    together = silence(*summed).unheard & (names > 0)
    quiet = alone.unheard | (together[of] & alone.known & (requests <= alone.expected_requests))
    return Unheard(building, requests, visits, households, alone, quiet, ground.sees_rows)


def _at(building: Integers, where_at: Integers) -> Floats:
    if not len(building):
        return np.zeros(0)
    place = np.minimum(np.searchsorted(building, where_at), len(building) - 1)
    inside = building[place] == where_at
    return np.bincount(place[inside], minlength=len(building)).astype(np.float64)
