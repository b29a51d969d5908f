"""The hotspots page in CPU seconds: a control is changed over 200,000 requests and 100,000 buildings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any

import numpy as np

from geo.briefing.hotspot_findings import growth_of, spots_of
from geo.hotspots.asked import Asked
from geo.hotspots.geocodes import Defaults
from geo.hotspots.ground import RequestGround, day_number
from geo.hotspots.warm import warm
from tests.bench.case import Case
from tests.bench.cpu import cpu

REQUESTS, BUILDINGS, OF_COMPOUND, CATEGORIES, TIMES, LEAST = 200_000, 100_000, 20, 12, 5, 5
TODAY = date(2026, 11, 1)
USUAL = Asked(days=730)
CHANGED = {
    "hexagons as the data say": USUAL,
    "hexagons of 200 m": replace(USUAL, width_m=200),
    "one category of the last year": replace(USUAL, days=365, category_id=3),
    "compounds": replace(USUAL, places="compounds"),
    "buildings": replace(USUAL, places="buildings"),
}


def cases(_buildings: int) -> Iterator[Case]:
    """Measure each choice for who sees requests and for who is told of groups only; months at last."""
    warm()
    seen = _ground()
    for who, ground in (("", seen), (", small groups joined", replace(seen, sees_rows=False))):
        for name, asked in CHANGED.items():
            yield _case(f"Where, {name}{who}", spots_of, ground, asked)
        yield _case(f"Is it growing, 24 months{who}", growth_of, ground, USUAL)


def _case(name: str, work: Any, ground: RequestGround, asked: Asked) -> Case:
    work(ground, asked, TODAY, LEAST)
    taken = median(cpu(lambda: work(ground, asked, TODAY, LEAST))[0] for _time in range(TIMES))
    return Case(f"page control changed, 200,000 requests, 100,000 buildings: {name}", "CPU s", taken, "< 1")


def _ground() -> RequestGround:
    """Compounds over 20 by 20 km with buildings around them; two requests in three at one, the rest on points."""
    rng = np.random.default_rng(1)
    compound = np.repeat(np.arange(1, BUILDINGS // OF_COMPOUND + 1), OF_COMPOUND)
    middle = rng.uniform(0, 20_000, (2, BUILDINGS // OF_COMPOUND))
    home_x_m, home_y_m = middle[:, compound - 1] + rng.normal(0, 60, (2, BUILDINGS))
    households = np.where(rng.random(BUILDINGS) < 0.05, np.nan, rng.integers(10, 120, BUILDINGS))
    at = rng.integers(0, BUILDINGS, REQUESTS)
    none = np.zeros(0, np.int64)
    return RequestGround(
        compound[at] // 50, np.where(rng.random(REQUESTS) < 2 / 3, at + 1, 0), rng.integers(1, CATEGORIES, REQUESTS),
        day_number(TODAY) - rng.integers(1, 731, REQUESTS), rng.random(REQUESTS) < 0.02,
        home_x_m[at] + rng.normal(0, 8, REQUESTS), home_y_m[at] + rng.normal(0, 8, REQUESTS),
        Defaults(np.zeros(0), np.zeros(0), none, none, np.zeros(REQUESTS, bool)), np.arange(1, BUILDINGS + 1),
        compound // 50, compound, households, home_x_m, home_y_m, none, none, True, 32650,
    )  # fmt: skip
