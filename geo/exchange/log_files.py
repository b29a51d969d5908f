"""The log as a file: CSV or Excel, in words, with an entry of its own about who took it away."""

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from geo.access.log_filter import LogFilter, Position
from geo.access.log_reads import LogEntry, log_entries
from geo.access.reads import require
from geo.briefing.log_words import LogLine, told
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _
from geo.settings import settings
from geo.store import audit
from geo.store.clock import today
from geo.store.session import Actor, writing

FORMATS: dict[str, Callable[..., bytes]] = {"csv": as_csv, "xlsx": as_xlsx}
MOST_ENTRIES = 100_000
AT_ONCE = 5_000


def log_file(actor: Actor, wanted: LogFilter, fmt: str) -> bytes:
    """Return the newest entries of a filter, at most 100,000, as a file; the log keeps an entry about it.

    fmt: a key of FORMATS; times are the city's. Raises NotAllowed.
    """
    with writing(actor) as session:
        require(session, "read_own_log")
        connection = session.connection()
        rows = [_cells(line) for part in _parts(connection, wanted) for line in told(connection, part)]
        after = {"format": fmt, "entries": len(rows), "filter": wanted.chosen(today=today())}
        audit.record(session, "export_log", "audit_entry", None, audit.Change(after=after))
    return FORMATS[fmt](_titles(), rows)


def _parts(connection: Connection, wanted: LogFilter) -> Iterator[list[LogEntry]]:
    last: Position | None = None
    for _part in range(MOST_ENTRIES // AT_ONCE):
        found = log_entries(connection, wanted, after=last, limit=AT_ONCE)
        if found:
            yield found
        if len(found) < AT_ONCE:
            return
        last = found[-1].position


def _titles() -> list[str]:
    return [
        _("No."), _("When"), _("Who"), _("What was done"), _("About"), _("Community"), _("What changed"), _("Remark"),
    ]  # fmt: skip


def _cells(line: LogLine) -> list[Cell]:
    at = line.at.astimezone(ZoneInfo(settings().time_zone)).replace(tzinfo=None)
    when = f"{at:%Y-%m-%d %H:%M:%S}"
    return [line.id, when, line.who, line.action, line.what, line.community, line.changed, line.note]
