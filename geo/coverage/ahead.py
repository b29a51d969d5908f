"""Years ahead: the age structure of places rolled forward, and when helpers become too few for those they help.

Method: cohort shift with survival. Everybody who will be 40 to 89 within 20 years is alive today, so births play no
part; moving in and out is left out, because nobody knows it by compound. Within a band of ages people are spread
evenly (from 90 on as few as survive); the range also counts them bunched towards its young and its old end. Survival
follows Gompertz's law: the death rate doubles every 8 years of age (Gompertz, 1825; seen from 30 to 90), and its
height is set so that life expectancy at birth is that of China's census of 2020: 77.93 years (National Health
Commission, July 2022); the ends of the range are men's, 75.37, and women's, 80.88, whose distance of 5.51 years is that
of Yang and others (Population Journal 2025, no. 2); the two values themselves are the bureau of statistics' as commonly
quoted, and no life table by single years of age was at hand. From about 90 on death rates rise more slowly than this
law (Zeng and Vaupel, Demographic Research 2003, 8:7), so that the oldest are counted somewhat too low. Death in
childhood is left out. Years to come are no forecast but what follows if nothing else changes.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_inputs import UNKNOWN, Ints

Floats = NDArray[np.float64]

BANDS = ((0, 17), (18, 39), (40, 59), (60, 69), (70, 89), (90, 104))
YEARS = 20
OLDEST = 125
LIFE_EXPECTANCY_YEARS = 77.93
LIFE_EXPECTANCY_MEN_YEARS = 75.37
LIFE_EXPECTANCY_WOMEN_YEARS = 80.88
DOUBLING_YEARS = 8.0
EVEN, YOUNG, OLD = 0.0, -0.5, 0.5
"""How people are spread within a band: the share of ages at its ends is 1 minus or plus this much of the mean."""
SCENARIOS = tuple(
    product((LIFE_EXPECTANCY_YEARS, LIFE_EXPECTANCY_MEN_YEARS, LIFE_EXPECTANCY_WOMEN_YEARS), (EVEN, YOUNG, OLD))
)
"""The first is the one told; the others make the range."""
NOT_WITHIN = -1
"""In place of a year: not within the years looked at."""


@dataclass(frozen=True)
class Ages:
    """Who helps and who is helped, by age in years, both ends included (4050助7080)."""

    helper: tuple[int, int] = (40, 59)
    helped: tuple[int, int] = (70, 89)


@dataclass(frozen=True)
class YearsAhead:
    """By place (rows) and year from today (columns): people of helping and of helped age, with their ranges.

    first_year: years from today until one helper for each so many helped is too little (NOT_WITHIN: not within the
    years; of unknown places UNKNOWN_YEAR); earliest and latest: the range of that (latest NOT_WITHIN: perhaps not at
    all). unknown: a count that is needed is missing, all numbers of that place are NaN.
    """

    helpers: Floats
    helpers_low: Floats
    helpers_high: Floats
    helped: Floats
    helped_low: Floats
    helped_high: Floats
    first_year: Ints
    earliest: Ints
    latest: Ints
    unknown: NDArray[np.bool_]

    def first_places(self) -> Ints:
        """Return the places where helpers become too few, the soonest first."""
        order = np.argsort(self.first_year, kind="stable")
        return order[self.first_year[order] >= 0]


UNKNOWN_YEAR = -2


def years_ahead(
    counts: Ints, *, helped_per_helper: float = 1.0, ages: Ages | None = None, years: int = YEARS
) -> YearsAhead:
    """Return the age structure of places rolled forward.

    counts: (places, 6) residents by band of BANDS, UNKNOWN (-1) where not known. helped_per_helper: how many people
    of helped age one resident of helping age can look after, on average over all residents of that age.

    >>> found = years_ahead(np.array([[50, 40, 90, 40, 30, 5], [50, -1, 90, 40, 30, 5]]))
    >>> found.first_year.tolist(), found.unknown.tolist()
    ([16, -2], [False, True])
    """
    ages = ages or Ages()
    known = counts != UNKNOWN
    runs = [_scenario(ages, years, *scenario) for scenario in SCENARIOS]
    needed = np.any([np.abs(run).sum(axis=(0, 2)) > 0 for run in runs], axis=0)
    unknown = ~known[:, needed].all(axis=1)
    people = np.where(known, counts, 0).astype(np.float64)
    helpers = np.stack([people @ run[0] for run in runs])
    helped = np.stack([people @ run[1] for run in runs])
    short = np.asarray(helpers * helped_per_helper < helped - 1e-9)
    for values in (helpers, helped):
        values[:, unknown] = np.nan
    return YearsAhead(
        helpers=helpers[0],
        helpers_low=helpers.min(axis=0),
        helpers_high=helpers.max(axis=0),
        helped=helped[0],
        helped_low=helped.min(axis=0),
        helped_high=helped.max(axis=0),
        first_year=_first(short[0], unknown),
        earliest=_first(np.asarray(short.any(axis=0)), unknown),
        latest=_first(np.asarray(short.all(axis=0)), unknown),
        unknown=unknown,
    )


def helped_per_helper_today(volunteer_hours: float, helpers: int, need_hours: float, helped: int) -> float:
    """Return how many of helped age one resident of helping age can look after, going by today's hours.

    volunteer_hours: a week from volunteers of helping age among that many helpers; need_hours: a week needed among
    that many helped. NaN where there is nobody or nothing to go by.

    >>> helped_per_helper_today(300, 2000, 200, 400)
    0.3
    """
    if helpers <= 0 or helped <= 0 or need_hours <= 0:
        return float("nan")
    return round((volunteer_hours / helpers) / (need_hours / helped), 12)


@lru_cache(maxsize=8)
def survivors(life_expectancy_years: float) -> Floats:
    """Return what share of people reaches each age from 0 to OLDEST.

    >>> alive = survivors(77.93)
    >>> round(float(alive[:-1].sum() - 0.5), 1), round(float(alive[90] / alive[70]), 2)
    (77.9, 0.27)
    """
    slope = np.log(2) / DOUBLING_YEARS
    fine = np.arange(0, OLDEST, 0.01)
    low, high = 1e-8, 1e-2
    for _halving in range(60):
        level = np.sqrt(low * high)
        alive = np.exp(-level / slope * (np.exp(slope * fine) - 1))
        low, high = (level, high) if alive.sum() * 0.01 > life_expectancy_years else (low, level)
    return np.asarray(np.exp(-low / slope * (np.exp(slope * np.arange(OLDEST + 1)) - 1)))


@lru_cache(maxsize=64)
def _scenario(ages: Ages, years: int, life_expectancy_years: float, tilt: float) -> Floats:
    """Return (2, bands, years + 1): what one resident of a band adds to helpers and to helped in each year."""
    alive = survivors(life_expectancy_years)
    adds = np.zeros((2, len(BANDS), years + 1))
    for band, (youngest, oldest) in enumerate(BANDS):
        now = np.arange(youngest, oldest + 1)
        spread = 1 + tilt * np.linspace(-1, 1, len(now))
        if band == len(BANDS) - 1:
            spread = alive[now]
        spread /= spread.sum()
        for year in range(years + 1):
            then = np.minimum(now + year, OLDEST)
            lives = spread * alive[then] / alive[now]
            for row, (least, most) in enumerate((ages.helper, ages.helped)):
                adds[row, band, year] = lives[(then >= least) & (then <= most)].sum()
    return adds


def _first(short: NDArray[np.bool_], unknown: NDArray[np.bool_]) -> Ints:
    first = np.where(short.any(axis=1), np.argmax(short, axis=1), NOT_WITHIN)
    return np.asarray(np.where(unknown, UNKNOWN_YEAR, first), dtype=np.int64)
