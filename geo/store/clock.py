"""Which day it is in the city: terms begin and end at its midnight, wherever the server stands."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from geo.settings import settings


def today() -> date:
    """Return the day it is in the city's time zone."""
    return datetime.now(ZoneInfo(settings().time_zone)).date()
