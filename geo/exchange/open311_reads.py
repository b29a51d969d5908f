"""What the interface for other systems reads: the categories as services, and requests the actor may see."""

from sqlalchemy import Connection, text

from geo.exchange.open311 import CLOSED, MOST_REQUESTS, Record, Wanted, report, service
from geo.i18n import current_language
from geo.store.statements import statement

SERVICES = text(
    "SELECT code, CASE WHEN CAST(:chinese AS boolean) THEN name_zh ELSE name END, class_code, words "
    "FROM request_category WHERE active ORDER BY position, id"
)
BUILDING = text("SELECT id FROM building WHERE code = :code AND closed_on IS NULL")


def services(connection: Connection) -> list[Record]:
    """Return the services in the order of the city's list, in the current language."""
    return [service(*row) for row in connection.execute(SERVICES, {"chinese": _chinese()})]


def reports(connection: Connection, asked: Wanted) -> list[Record]:
    """Return the requests a client asks for, the latest first, at most 1,000; numbers overrule every other filter."""
    given = {
        "chinese": _chinese(),
        "numbers": list(asked.numbers) if asked.numbers else None,
        "services": list(asked.services) if asked.services else None,
        "since": asked.since,
        "until": asked.until,
        "closed": None if asked.status is None else asked.status == "closed",
        "ended": sorted(CLOSED),
        "most": MOST_REQUESTS,
    }
    rows = connection.execute(text(statement("exchange", "open311_requests")), given).mappings()
    return [report(dict(row)) for row in rows]


def building_of(connection: Connection, code: str) -> int | None:
    """Return the building an address_id means, None when the actor sees none."""
    found: int | None = connection.scalar(BUILDING, {"code": code})
    return found


def _chinese() -> bool:
    return current_language() == "zh_CN"
