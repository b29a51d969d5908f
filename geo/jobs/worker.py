"""The process of one job: ``python -m geo.jobs.worker JOB_ID``, started by a scheduler."""

import logging
import os
import resource
import sys
import threading
import time
import traceback
import uuid
from errno import ENOSPC
from typing import Any

import psycopg
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import DBAPIError

from geo.errors import Conflict, NoRoom, StoreUnavailable, YizhanError
from geo.i18n import N_
from geo.jobs import kinds, rows
from geo.jobs.context import JobContext, JobStopped, Notes
from geo.jobs.folders import job_folder, log_file
from geo.jobs.rules import TOO_BIG, TOO_LONG, UNEXPECTED, Limits, plain, stored_error
from geo.jobs.tables import Job
from geo.store.session import Actor, engine, owner_engine, writing

log = logging.getLogger(__name__)

TICK_S = 0.2
HEARTBEAT_S = 1.0
MB = 1024 * 1024
BUSY = Conflict(
    N_("Somebody else is changing the same records. Nothing was saved. Wait a moment, then start it again.")
)
GONE = StoreUnavailable(N_("The database stopped during this work. Nothing unfinished was saved. Start it again."))
FULL = NoRoom(N_("The disk is full. Nothing was saved. Free some space and start it again."))
LOST_CONNECTION = ("08", "57P")
"""What the states of a broken or ended connection begin with; a connection that just breaks has none."""
SQLSTATE_ERRORS: dict[str, YizhanError] = {
    "53100": FULL,
    "53200": NoRoom(N_("The database ran out of memory. Nothing was saved. Start it again with a smaller part.")),
    "55P03": BUSY,
    "40P01": BUSY,
}


class Reporter(threading.Thread):
    """Stores a task's notes and heartbeat in transactions of its own and hears cancels and the time limit."""

    def __init__(self, job_id: int, notes: Notes, deadline: float) -> None:
        super().__init__(daemon=True, name="job-reporter")
        self._job_id = job_id
        self._notes = notes
        self._deadline = deadline
        self._ended = threading.Event()

    def run(self) -> None:
        """Store news at most every 0.2 s, a heartbeat every second, until closed."""
        last = 0.0
        while not self._ended.wait(TICK_S):
            now = time.monotonic()
            if now > self._deadline:
                self._notes.ask_to_stop("time_limit")
            if self._notes.has_news() or now - last > HEARTBEAT_S:
                self._store()
                last = now

    def _store(self) -> None:
        try:
            running, asked = rows.note(self._job_id, self._notes.take())
        except (DBAPIError, StoreUnavailable):
            log.warning("job %s could not report", self._job_id, exc_info=True)
            return
        if not running:
            self._notes.ask_to_stop("gone")
        elif asked:
            self._notes.ask_to_stop("cancelled")

    def close(self) -> dict[str, Any]:
        """Stop reporting and return what was not stored yet."""
        self._ended.set()
        self.join()
        return self._notes.take()


def main(arguments: list[str]) -> int:
    """Run the job whose id is the one argument; return 0 when its end was stored."""
    job_id = int(arguments[0])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for bound in {engine(), owner_engine()}:
        _let_server_notice_our_death(bound, job_id)
    limits = rows.limits()
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_mb * MB, limits.memory_mb * MB))
    job = _mine(job_id)
    if job is None:
        return 1
    notes = Notes()
    context = JobContext(job_id, Actor(job.actor), job_folder(job_id), notes)
    reporter = Reporter(job_id, notes, time.monotonic() + limits.time_s)
    reporter.start()
    ending = _run(job, context, limits)
    left = reporter.close()
    return 0 if rows.finish(job_id, **(left | ending)) else 1


def _let_server_notice_our_death(bound: Engine, job_id: int) -> None:
    """Make the server end a statement soon after the worker was killed, instead of finishing it for nobody."""

    @event.listens_for(bound, "connect")
    def _settle(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET application_name = 'yizhan-job-{job_id}'")
            cursor.execute("SET client_connection_check_interval = 1000")
        connection.commit()


def _mine(job_id: int) -> Job | None:
    """Return the job when it runs under this process; waits for the scheduler's claim to be committed."""
    with writing(rows.RUNNER) as session:
        job = session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one_or_none()
        if job is None or job.status != "running" or job.pid != os.getpid():
            log.warning("job %s is not this process's", job_id)
            return None
        session.expunge(job)
    return job


def _run(job: Job, context: JobContext, limits: Limits) -> dict[str, Any]:
    """Run the task and return the columns of its end."""
    try:
        result = kinds.task_of(job.kind)(context, **job.params)
        return {"status": "done", "progress": 1.0, "result": plain(result or {})}
    except JobStopped as stopped:
        if stopped.reason == "time_limit":
            error = stored_error("time_limit", TOO_LONG, limit_s=round(limits.time_s))
            return {"status": "failed", "error": error}
        return {"status": "cancelled"}
    except MemoryError:
        return {"status": "failed", "error": stored_error("no_room", TOO_BIG, limit_mb=limits.memory_mb)}
    except YizhanError as error:
        return {"status": "failed", "error": stored_error(error.code, error.message, **error.values)}
    except Exception as error:
        return {"status": "failed", "error": _explained(error, job)}


def _explained(error: Exception, job: Job) -> dict[str, Any]:
    """Return what a reader is told of an error that is not ours; the details go to the log with a reference."""
    known = _known(error.orig if isinstance(error, DBAPIError) else error)
    reference = uuid.uuid4().hex[:8]
    trace = "".join(traceback.format_exception(error))
    log.error("reference %s, job %s (%s)\n%s", reference, job.id, job.kind, trace)
    if known is not None:
        return stored_error(known.code, known.message, **known.values)
    return stored_error("unexpected", UNEXPECTED, reference=reference, log=log_file(job.id).as_posix())


def _known(error: BaseException | None) -> YizhanError | None:
    """Return what an error of the database or the disk means, None when it is neither."""
    if isinstance(error, OSError) and error.errno == ENOSPC:
        return FULL
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    lost = isinstance(error, psycopg.OperationalError) and (not state or state.startswith(LOST_CONNECTION))
    return SQLSTATE_ERRORS.get(state, GONE if lost else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
