"""The statements that change a job's row, run as the runner of jobs, whose policy lets it see every job."""

from typing import Any, cast

from sqlalchemy import CursorResult, func, select, text, update

from geo.jobs.rules import Limits
from geo.jobs.tables import Job
from geo.settings import settings
from geo.store.row_security import JOB_RUNNER
from geo.store.session import Actor, reading, writing

RUNNER = Actor(JOB_RUNNER)
QUEUE_LOCK = 7_161_001


def limits() -> Limits:
    """Return the limits of one job as configured."""
    return Limits(memory_mb=settings().job_memory_mb, time_s=settings().job_time_limit_s)


def running_jobs() -> list[dict[str, Any]]:
    """Return id, pid, pid_started, cancel_asked and the ages in seconds of every running job."""
    now = func.clock_timestamp()
    query = select(
        Job.id,
        Job.pid,
        Job.pid_started,
        Job.cancel_asked,
        func.extract("epoch", now - Job.started_at).label("running_s"),
        func.extract("epoch", now - Job.heartbeat_at).label("heartbeat_age_s"),
    ).where(Job.status == "running")
    with reading(RUNNER) as connection:
        return [dict(row) for row in connection.execute(query.order_by(Job.id)).mappings()]


def anything_waiting() -> bool:
    """Tell whether a job waits for its turn."""
    with reading(RUNNER) as connection:
        return bool(connection.scalar(select(select(Job.id).where(Job.status == "waiting").exists())))


def note(job_id: int, columns: dict[str, Any]) -> tuple[bool, bool]:
    """Store what a running job reported, with its heartbeat; return (still running, cancel asked)."""
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.status == "running")
        .values(heartbeat_at=func.clock_timestamp(), **columns)
        .returning(Job.cancel_asked)
    )
    with writing(RUNNER) as session:
        asked = session.execute(statement).scalar_one_or_none()
    return asked is not None, bool(asked)


def finish(job_id: int, status: str, **columns: Any) -> bool:
    """End a running job with a status and its last columns; False when somebody else has ended it already."""
    statement = (
        update(Job)
        .where(Job.id == job_id, Job.status == "running")
        .values(status=status, finished_at=func.clock_timestamp(), **columns)
    )
    with writing(RUNNER) as session:
        done = cast("CursorResult[Any]", session.execute(statement))
        return done.rowcount == 1


def lock_queue() -> Any:
    """Return the statement that lets one scheduler at a time count and claim, until its transaction ends."""
    return text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=QUEUE_LOCK)
