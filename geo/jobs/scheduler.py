"""Starting waiting jobs, watching running ones and marking those whose process died; one thread in the server."""

import logging
import os
import threading
import time
from collections.abc import Sequence
from typing import Any

import psutil
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from geo.errors import YizhanError
from geo.jobs import processes, rows
from geo.jobs.folders import throw_away_old
from geo.jobs.rules import INTERRUPTED, Limits, Observation, ending, stored_error, verdict
from geo.jobs.tables import Job
from geo.settings import settings
from geo.store.session import writing

log = logging.getLogger(__name__)

POLL_S = 0.5
REST_AFTER_ERROR_S = 5.0


def cores() -> int:
    """Return how many jobs may run at once: the cores this process may use."""
    return len(os.sched_getaffinity(0))


class Scheduler:
    """Claims waiting jobs in order, at most as many at once as there are cores, and looks after running ones.

    Several may run beside each other (server processes, the command line): the queue is locked while one claims.
    """

    def __init__(
        self,
        *,
        at_once: int | None = None,
        limits: Limits | None = None,
        worker: Sequence[str] = processes.WORKER,
        only: int | None = None,
    ) -> None:
        self._at_once = at_once or cores()
        self._limits = limits or rows.limits()
        self._worker = worker
        self._only = only
        self._cancel_seen: dict[int, float] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread = threading.Thread(target=self._loop, daemon=True, name="job-scheduler")
        self._thread.start()

    def stop(self) -> None:
        """Stop starting and watching; running jobs go on and are found again by the next scheduler."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        throw_away_old()
        pause_s = 0.0
        while not self._stop.wait(pause_s):
            pause_s = POLL_S
            try:
                self.tick()
            except (DBAPIError, YizhanError, OSError):
                log.warning("looking after the jobs failed, trying again", exc_info=True)
                pause_s = REST_AFTER_ERROR_S

    def tick(self) -> None:
        """Look once after the running jobs, then start as many waiting ones as there is room for."""
        running = rows.running_jobs()
        processes.forget_ended(but={job["pid"] for job in running})
        self._cancel_seen = {
            job["id"]: self._cancel_seen[job["id"]] for job in running if job["id"] in self._cancel_seen
        }
        for job in running:
            if self._only in (None, job["id"]):
                self._look_after(job)
        while rows.anything_waiting() and self._start_next():
            pass

    def _start_next(self) -> bool:
        """Claim and start the oldest waiting job when there is room; the claim and the process begin together."""
        with writing(rows.RUNNER) as session:
            session.execute(rows.lock_queue())
            running = session.scalar(select(func.count()).where(Job.status == "running")) or 0
            waiting = select(Job).where(Job.status == "waiting").order_by(Job.id).limit(1)
            if self._only is not None:
                waiting = waiting.where(Job.id == self._only)
            job = session.scalars(waiting.with_for_update(skip_locked=True)).one_or_none()
            if job is None or running >= self._at_once:
                return False
            job.pid = processes.start(job.id, self._worker)
            job.pid_started = processes.started_at(job.pid)
            job.status, job.attempts = "running", job.attempts + 1
            job.started_at = job.heartbeat_at = func.clock_timestamp()
        return True

    def _look_after(self, job: dict[str, Any]) -> None:
        process = self._alive(job)
        decided = verdict(self._observe(job, process), self._limits)
        if decided == "leave":
            return
        if process is not None:
            processes.end(process)
        status, error = ending(decided, self._limits, processes.exit_code(job["pid"]))
        if rows.finish(job["id"], status, error=error):
            log.warning("job %s ended from outside: %s", job["id"], decided)

    def _alive(self, job: dict[str, Any]) -> psutil.Process | None:
        if processes.is_ours(job["pid"]):
            return processes.unended(job["pid"])
        return processes.find(job["pid"], job["pid_started"])

    def _observe(self, job: dict[str, Any], process: psutil.Process | None) -> Observation:
        cancel_asked_s = None
        if job["cancel_asked"]:
            seen = self._cancel_seen.setdefault(job["id"], time.monotonic())
            cancel_asked_s = time.monotonic() - seen
        return Observation(
            alive=process is not None,
            death_is_certain=processes.is_ours(job["pid"]) or self._sees_all(),
            heartbeat_age_s=float(job["heartbeat_age_s"] or 0),
            memory_mb=processes.memory_mb(process) if process is not None else 0.0,
            running_s=float(job["running_s"] or 0),
            cancel_asked_s=cancel_asked_s,
        )

    def _sees_all(self) -> bool:
        """Tell whether all workers are of this machine: an external database may be used from several."""
        return settings().database_url is None


def interrupt_running() -> int:
    """End the running jobs of this machine because the database is about to stop; return how many."""
    ended = 0
    for job in rows.running_jobs():
        process = processes.find(job["pid"], job["pid_started"])
        if process is None:
            continue
        processes.end(process)
        ended += rows.finish(job["id"], "lost", error=stored_error("lost", INTERRUPTED))
    return ended
