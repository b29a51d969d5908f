"""Requests, buildings and visits as arrays: what hotspots are looked for in (pure)."""

from dataclasses import dataclass
from datetime import date

from geo.hotspots.cells import Flags, Floats, Integers
from geo.hotspots.geocodes import Defaults

EPOCH = date(2000, 1, 1)


@dataclass(frozen=True)
class RequestGround:
    """Requests (n,), buildings (b,) and visits (v,) that somebody may look at; x, y in metres of the city's own CRS.

    days count from 2000-01-01; building 0 and x NaN: not known; households NaN: unknown. sees_rows: who looks may see
    each request, so nothing has to be hidden; defaults: points where many addresses were put together.
    """

    community: Integers
    building: Integers
    category: Integers
    day: Integers
    incident: Flags
    x_m: Floats
    y_m: Floats
    defaults: Defaults
    home_id: Integers
    home_community: Integers
    home_compound: Integers
    households: Floats
    home_x_m: Floats
    home_y_m: Floats
    visited: Integers
    visit_day: Integers
    sees_rows: bool
    srid: int


def day_number(on: date) -> int:
    """Return a day as it is counted here.

    >>> day_number(date(2000, 1, 31))
    30
    """
    return (on - EPOCH).days
