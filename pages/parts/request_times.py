"""Times of requests: now, as it is in the city, and spans as people say them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from geo.i18n import _, number
from geo.settings import settings

HOURS_TO_TELL = 48


def local(moment_at: datetime | None) -> datetime | None:
    """Return a time as it is in the city, for tables and files."""
    return moment_at.astimezone(ZoneInfo(settings().time_zone)) if moment_at else None


def present() -> datetime:
    """Return the time it is now."""
    return datetime.now(UTC)


def span_text(hours: float) -> str:
    """Return a span of hours as people say it: hours up to two days, then days."""
    if hours < HOURS_TO_TELL:
        return _("{count} hours", count=number(round(hours)))
    return _("{count} days", count=number(round(hours / 24)))
