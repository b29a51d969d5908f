"""Pure rules of jobs: what to do with a running one, how values are stored, what ended ones tell the reader."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from geo.i18n import N_

FINISHED = frozenset({"done", "failed", "cancelled", "lost"})

Verdict = Literal["leave", "lost", "too_big", "too_long", "cancel"]

LOST = N_(
    "The process doing this ended before it could report (code {code}). What it had not finished was not saved. "
    "Look whether the result is there; if not, start it again."
)
INTERRUPTED = N_(
    "The server was stopped while this was running. What it had not finished was not saved. Start it again."
)
TOO_BIG = N_(
    "This needed more than the {limit_mb} MB of memory a job may use and was stopped; nothing unfinished was saved. "
    "Do it in smaller parts, or raise YIZHAN_JOB_MEMORY_MB."
)
TOO_LONG = N_(
    "This took longer than the {limit_s} seconds a job may take and was stopped; the best result so far is kept. "
    "Do it in smaller parts, or raise YIZHAN_JOB_TIME_LIMIT_S."
)
UNEXPECTED = N_(
    "Something unexpected happened (reference {reference}). Nothing unfinished was saved. "
    "Tell the administrator the reference: the details are in {log}."
)


@dataclass(frozen=True)
class Limits:
    """What a job may use: memory in MB, run time in seconds, seconds it has to react to a cancel or the time limit."""

    memory_mb: int
    time_s: float
    grace_s: float = 10.0
    stale_s: float = 30.0


@dataclass(frozen=True)
class Observation:
    """What is seen of a running job: its process, its memory and the ages of things, all in seconds."""

    alive: bool
    death_is_certain: bool
    heartbeat_age_s: float
    memory_mb: float
    running_s: float
    cancel_asked_s: float | None


def verdict(seen: Observation, limits: Limits) -> Verdict:
    """Decide what becomes of a running job.

    A dead process is certain where its end was seen or all processes are of this machine; otherwise the heartbeat must
    be old too. The job itself ends at the time limit and at a cancel; it is killed when it does not within the grace.

    >>> verdict(Observation(True, True, 0.1, 90.0, 5.0, None), Limits(memory_mb=100, time_s=60))
    'leave'
    >>> verdict(Observation(True, True, 0.1, 120.0, 5.0, None), Limits(memory_mb=100, time_s=60))
    'too_big'
    """
    if not seen.alive:
        gone = seen.death_is_certain or seen.heartbeat_age_s > limits.stale_s
        return "lost" if gone else "leave"
    if seen.memory_mb > limits.memory_mb:
        return "too_big"
    if seen.running_s > limits.time_s + limits.grace_s:
        return "too_long"
    if seen.cancel_asked_s is not None and seen.cancel_asked_s > limits.grace_s:
        return "cancel"
    return "leave"


def ending(decided: Verdict, limits: Limits, exit_code: int | None) -> tuple[str, dict[str, Any] | None]:
    """Return the status and the stored error of a job that was ended from outside.

    >>> ending("cancel", Limits(100, 60), None)
    ('cancelled', None)
    """
    if decided == "cancel":
        return "cancelled", None
    if decided == "too_big":
        return "failed", stored_error("no_room", TOO_BIG, limit_mb=limits.memory_mb)
    if decided == "too_long":
        return "failed", stored_error("time_limit", TOO_LONG, limit_s=round(limits.time_s))
    return "lost", stored_error("lost", LOST, code="?" if exit_code is None else exit_code)


def stored_error(code: str, msgid: str, /, **values: object) -> dict[str, Any]:
    """Return an error as it is stored with a job: code, msgid and plain values, translated when shown."""
    return {"code": code, "msgid": msgid, "values": plain(values)}


def plain(value: object) -> Any:
    """Return the value as JSON can hold it: numbers of numpy become numbers, dates and paths text, NaN becomes None.

    >>> plain({"a": (1, float("nan")), "on": date(2026, 11, 22)})
    {'a': [1, None], 'on': '2026-11-22'}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.replace("\x00", "�")
    if isinstance(value, date):
        return value.isoformat()
    return value.as_posix() if isinstance(value, Path) else str(value)
