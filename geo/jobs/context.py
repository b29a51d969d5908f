"""What a task is given: who asks, a folder, and a way to report and to hear that it should stop."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from geo.jobs.rules import plain
from geo.store.session import Actor

StopReason = Literal["cancelled", "time_limit", "gone"]


class JobStopped(Exception):
    """Raised inside a task that should stop: cancelled, over its time, or taken from it."""

    def __init__(self, reason: StopReason) -> None:
        self.reason: StopReason = reason
        super().__init__(reason)


class Notes:
    """What a task has reported and not yet been stored, and whether it should stop; shared between two threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: dict[str, Any] = {}
        self._stop: StopReason | None = None

    def put(self, **columns: Any) -> None:
        """Keep the newest value of each column until it is taken."""
        with self._lock:
            self._pending.update(columns)

    def take(self) -> dict[str, Any]:
        """Return what was put since the last time."""
        with self._lock:
            taken, self._pending = self._pending, {}
        return taken

    def has_news(self) -> bool:
        """Tell whether something was put that is not stored yet."""
        return bool(self._pending)

    def ask_to_stop(self, reason: StopReason) -> None:
        """Ask the task to stop; the first reason stays."""
        self._stop = self._stop or reason

    @property
    def stop_reason(self) -> StopReason | None:
        """Why the task should stop, None while it may go on."""
        return self._stop


@dataclass(frozen=True)
class JobContext:
    """The hands of a task: ``progress``, ``best``, ``check_cancelled``, its actor and its own folder for files."""

    job_id: int
    actor: Actor
    folder: Path
    notes: Notes

    def progress(self, share: float, msgid: str, **values: object) -> None:
        """Report the share done (0 to 1) and what is being done, as a msgid with named values.

        Cheap: stored by another thread at most five times a second. Raises JobStopped when the job should stop.
        """
        message = {"msgid": msgid, "values": plain(values)}
        self.notes.put(progress=min(max(float(share), 0.0), 1.0), message=message)
        self.check_cancelled()

    def best(self, found: dict[str, Any]) -> None:
        """Keep the best result so far, shown while the job runs and kept when it is stopped."""
        self.notes.put(best=plain(found))

    def check_cancelled(self) -> None:
        """Raise JobStopped when the job was cancelled or is over its time; call it at least every few seconds."""
        if self.notes.stop_reason is not None:
            raise JobStopped(self.notes.stop_reason)

    def wait(self, seconds: float) -> None:
        """Sleep, but stop at once when the job should stop."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.check_cancelled()
            time.sleep(min(left, 0.1))
