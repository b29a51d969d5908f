"""Requests of a file that are known and have moved on there: brought up to date, never backwards, never over work."""

from sqlalchemy import Connection, text

from geo.exchange.findings import Findings
from geo.store.session import sync_driver
from geo.store.statements import statement

FORMER = text(
    "INSERT INTO import_change (import_run_id, entity, entity_id, before) "
    "SELECT :run, 'request', r.id, jsonb_build_object('status', r.status, 'accepted_at', r.accepted_at, "
    "'resolved_at', r.resolved_at, 'closed_at', r.closed_at, 'version', r.version) "
    "FROM moved_on m JOIN request r ON r.id = m.id ORDER BY r.id"
)
WRITE = """UPDATE request r SET version = r.version + 1, changed_at = now(), status = m.status,
    accepted_at = coalesce(r.accepted_at, m.accepted_at),
    resolved_at = CASE WHEN m.status = 'reopened' THEN NULL
        WHEN m.was IN ('resolved', 'called_back', m.status) THEN coalesce(r.resolved_at, m.resolved_at)
        ELSE m.resolved_at END,
    closed_at = coalesce(r.closed_at, m.closed_at),
    returned_times = CASE WHEN m.moved AND m.status = 'returned' THEN 1 ELSE r.returned_times END,
    reopened_times = r.reopened_times + CASE WHEN m.moved AND m.status = 'reopened' THEN 1 ELSE 0 END
FROM moved_on m WHERE m.id = r.id"""
CALLED = """INSERT INTO call_back
    (request_id, community_id, called_at, recorded_by, reached, responded, solved, satisfied)
SELECT id, community_id, called_at, current_setting('app.user_name'), reached, responded, solved, satisfied
FROM moved_on WHERE answered ORDER BY id"""


def bring_up_to_date(connection: Connection, run_id: int, noted: Findings) -> int:
    """Write what the staged rows tell anew of requests that are known, with events of kind "imported"; return how many.

    A request somebody has worked on here since it came stays as it is, and a finding names it.
    """
    driver = sync_driver(connection)
    driver.execute("DROP TABLE IF EXISTS pg_temp.moved_on")
    driver.execute(statement("exchange", "requests_moved_on"))
    touched = driver.execute('DELETE FROM moved_on WHERE touched RETURNING "row", number').fetchall()
    for row, number in sorted(touched):
        noted.add("request_worked_on", [row], value=number)
    connection.execute(FORMER, {"run": run_id})
    connection.execute(text(statement("exchange", "update_request_events")))
    driver.execute(CALLED)
    return driver.execute(WRITE).rowcount
