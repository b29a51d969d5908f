"""How requests are answered, by community, category or month: the counts behind the three rates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.i18n import N_
from geo.requests.rates import Counts
from geo.settings import settings
from geo.store.clock import today
from geo.store.statements import statement

DIMENSION_LABELS = {"community": N_("Community"), "category": N_("Category"), "month": N_("Month")}
KEYS = {
    "community": "c.community_id::text",
    "category": "g.code",
    "month": "to_char(c.received_at AT TIME ZONE :zone, 'YYYY-MM')",
}
MONTHS = 12
SEES_ROWS = text(
    "SELECT app_runs_city() OR EXISTS (SELECT FROM membership m WHERE m.role IN ('organiser', 'station_staff'))"
)
MERGED = text("SELECT * FROM app_request_counts(:dimension, :zone)")


@dataclass(frozen=True)
class RateRow:
    """Requests counted together: ids of communities, codes of categories or months (YYYY-MM), merged when few."""

    keys: tuple[str, ...]
    requests: int
    counts: Counts


@dataclass(frozen=True)
class RateTable:
    """The rows of a dimension, for requests received in [since, until); least: no row is below it, None: no limit."""

    rows: tuple[RateRow, ...]
    since: date
    until: date
    least: int | None


def last_months(on: date, months: int = MONTHS) -> tuple[date, date]:
    """Return the first day of so many whole months before a day's month, and the day after the last of them.

    >>> last_months(date(2026, 11, 22))
    (datetime.date(2025, 11, 1), datetime.date(2026, 11, 1))
    """
    until = on.replace(day=1)
    whole = until.year * 12 + until.month - 1 - months
    return date(whole // 12, whole % 12 + 1, 1), until


def sees_rows(connection: Connection) -> bool:
    """Tell whether the actor sees requests one by one, and so may choose any period and community."""
    return bool(connection.scalar(SEES_ROWS))


def rate_table(
    connection: Connection,
    dimension: str,
    *,
    since: date | None = None,
    until: date | None = None,
    community_id: int | None = None,
) -> RateTable:
    """Return the counts of a dimension of DIMENSION_LABELS for the requests received from since to before until.

    Who may not see requests gets the last twelve whole months of the city, small counts merged, whatever is asked.
    """
    if not sees_rows(connection):
        return _merged(connection, dimension)
    first, last = last_months(today())
    period = {"since": since or first, "until": until or last}
    query = statement("requests", "rate_counts").format(key=KEYS[dimension])
    asked = period | {"zone": settings().time_zone, "community_id": community_id}
    found = connection.execute(text(query), asked)
    rows = sorted((RateRow((row.key,), row.requests, _counts(row)) for row in found), key=lambda row: row.keys)
    return RateTable(tuple(rows), **period, least=None)


def _merged(connection: Connection, dimension: str) -> RateTable:
    found = connection.execute(MERGED, {"dimension": dimension, "zone": settings().time_zone}).all()
    first, last = last_months(today())
    rows = tuple(RateRow(tuple(row.keys), row.requests, _counts(row)) for row in found)
    return RateTable(rows, first, last, found[0].at_least if found else None)


def _counts(row: Row[Any]) -> Counts:
    return Counts(row.called, row.responded, row.solved, row.satisfied, row.basically)
