"""Long work as others use it: hand in, look at, cancel, start again, or run it now and wait."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select, update

from geo.errors import STATUS, BadInput, Conflict, NotFound
from geo.i18n import N_, _
from geo.jobs import kinds, processes, wording
from geo.jobs.folders import job_folder
from geo.jobs.rules import FINISHED, plain
from geo.jobs.scheduler import Scheduler
from geo.jobs.tables import Job
from geo.store.session import Actor, reading, writing

FOLLOW_S = 0.2
NOT_DONE = FINISHED - {"done"}


@dataclass(frozen=True)
class JobView:
    """A job as its owner sees it; texts are msgids with values until they are asked for."""

    id: int
    kind: str
    actor: str
    status: str
    progress: float
    message: dict[str, Any] | None
    best: dict[str, Any] | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    cancel_asked: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in FINISHED

    @property
    def seconds(self) -> float | None:
        """How long it ran, None before its end or when it never started."""
        ended, began = self.finished_at, self.started_at
        return None if ended is None or began is None else (ended - began).total_seconds()

    @property
    def can_start_again(self) -> bool:
        """Whether it ended without being done."""
        return self.status in NOT_DONE

    def file(self) -> Path | None:
        """Return the file it made in its own folder, None when it made none or it is gone."""
        made = (self.result or {}).get("path")
        path = Path(made) if isinstance(made, str) else None
        return path if path and path.is_file() and path.parent == job_folder(self.id) else None

    @property
    def step(self) -> str:
        """Which of its steps it is at: the msgid of its last message."""
        return self.message["msgid"] if self.message else ""

    def title(self) -> str:
        """Return what the job does, in the current language."""
        return _(kinds.title(self.kind))

    def outcome(self) -> str:
        """Return what came of it, in the current language; empty unless it is done and there is something to count."""
        return wording.outcome(self.result) if self.status == "done" and self.result else ""

    def doing(self) -> str:
        """Return what it reported last, in the current language; empty before the first report."""
        return _(self.message["msgid"], **self.message["values"]) if self.message else ""

    def error_text(self) -> str:
        """Return what went wrong and what to do, in the current language; empty when nothing did."""
        return _(self.error["msgid"], **self.error["values"]) if self.error else ""


COLUMNS = [getattr(Job, name) for name in JobView.__dataclass_fields__]


def submit(actor: Actor, kind: str, params: dict[str, Any]) -> int:
    """Put a job in the queue and return its id; a scheduler starts it when its turn comes.

    ``params`` are the task's keyword arguments, as JSON can hold them. Raises BadInput for an unknown kind.
    """
    kinds.check_kind(kind)
    with writing(actor) as session:
        job = Job(kind=kind, actor=actor.name, params=plain(params))
        session.add(job)
        session.flush()
        return job.id


def status(actor: Actor, job_id: int) -> JobView:
    """Return a job the actor may see; NotFound otherwise."""
    with reading(actor) as connection:
        row = connection.execute(_views().where(Job.id == job_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(N_("There is no job {job_id} here."), job_id=job_id)
    return JobView(**row)


def jobs(actor: Actor, *, limit: int = 50, unfinished: bool = False) -> list[JobView]:
    """Return the newest jobs the actor may see, newest first; only the unfinished ones when asked."""
    query = _views().order_by(Job.id.desc()).limit(limit)
    if unfinished:
        query = query.where(Job.status.not_in(FINISHED))
    with reading(actor) as connection:
        return [JobView(**row) for row in connection.execute(query).mappings()]


def cancel(actor: Actor, job_id: int) -> JobView:
    """Cancel a job: a waiting one at once, a running one is asked and ended when it does not react.

    A finished one stays as it is. Raises NotFound when the actor may not see it.
    """
    mine = update(Job).where(Job.id == job_id)
    with writing(actor) as session:
        session.execute(
            mine.where(Job.status == "waiting").values(status="cancelled", finished_at=func.clock_timestamp())
        )
        session.execute(mine.where(Job.status == "running").values(cancel_asked=True))
    return status(actor, job_id)


def again(actor: Actor, job_id: int) -> int:
    """Hand in a failed, cancelled or lost job once more and return the new id; Conflict when it is not ended so."""
    with reading(actor) as connection:
        row = connection.execute(select(Job.kind, Job.params, Job.status).where(Job.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no job {job_id} here."), job_id=job_id)
    if row.status not in NOT_DONE:
        raise Conflict(N_("Job {job_id} has not failed; there is nothing to start again."), job_id=job_id)
    return submit(actor, row.kind, row.params)


def run_now(
    actor: Actor,
    kind: str,
    params: dict[str, Any],
    *,
    follow: Callable[[JobView], None] | None = None,
    worker: Sequence[str] = processes.WORKER,
) -> JobView:
    """Hand in a job, run it in a process of its own and wait for its end; ``follow`` is called at every change.

    Interrupting the wait (Ctrl-C) cancels the job and waits until it has ended.
    """
    job_id = submit(actor, kind, params)
    scheduler = Scheduler(only=job_id, worker=worker)
    try:
        return _wait(actor, job_id, scheduler, follow)
    except KeyboardInterrupt:
        cancel(actor, job_id)
        return _wait(actor, job_id, scheduler, follow)


def _wait(actor: Actor, job_id: int, scheduler: Scheduler, follow: Callable[[JobView], None] | None) -> JobView:
    last = None
    while True:
        scheduler.tick()
        view = status(actor, job_id)
        if follow is not None and view != last:
            follow(view)
        if view.finished:
            return view
        last = view
        time.sleep(FOLLOW_S)


def _views() -> Select[Any]:
    return select(*COLUMNS)


def must_have_worked(view: JobView) -> dict[str, Any]:
    """Return the result of a job that is done; raise what went wrong as the error it was (BadInput when cancelled)."""
    if view.status == "done":
        return view.result or {}
    error = view.error or {"msgid": N_("The job was cancelled."), "values": {}}
    kind = next((kind for kind in STATUS if kind.code == error.get("code")), BadInput)
    raise kind(error["msgid"], **error["values"])
