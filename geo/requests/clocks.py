"""The two clocks of a request: by when somebody answers and by when it is solved. Overdue is derived, never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Clock:
    """What the clocks of a request go by; every time has a time zone, paused_s are seconds they stood still before.

    stopped_at: when it was closed, put aside as a duplicate or out of scope; paused_from: since when they stand still.
    """

    received_at: datetime
    respond_h: float
    solve_h: float
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    stopped_at: datetime | None = None
    paused_s: int = 0
    paused_from: datetime | None = None


def respond_by(clock: Clock) -> datetime:
    """Return by when somebody answers; nothing waits before it is answered, so no pause counts.

    >>> from datetime import UTC
    >>> respond_by(Clock(datetime(2026, 11, 22, 8, tzinfo=UTC), 2, 24)).hour
    10
    """
    return clock.received_at + timedelta(hours=clock.respond_h)


def solve_by(clock: Clock, now: datetime) -> datetime:
    """Return by when it is solved, as it looks now: the promised hours and every pause, the running one too.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    >>> solve_by(Clock(at, 2, 24, paused_s=3600, paused_from=at), at + timedelta(hours=2)).isoformat()
    '2026-11-23T11:00:00+00:00'
    """
    paused = timedelta(seconds=clock.paused_s)
    if clock.paused_from is not None:
        paused += max(now - clock.paused_from, timedelta(0))
    return clock.received_at + timedelta(hours=clock.solve_h) + paused


def late_to_respond(clock: Clock, now: datetime) -> bool:
    """Tell whether nobody answered in time."""
    return _first(clock.accepted_at, clock.resolved_at, clock.stopped_at, now) > respond_by(clock)


def late_to_solve(clock: Clock, now: datetime) -> bool:
    """Tell whether it was not solved in time."""
    return _first(clock.resolved_at, clock.stopped_at, now) > solve_by(clock, now)


def is_overdue(clock: Clock, now: datetime) -> bool:
    """Tell whether an open request is late with the step it waits for: the answer first, then the solution."""
    if clock.resolved_at is not None or clock.stopped_at is not None:
        return False
    return late_to_solve(clock, now) or (clock.accepted_at is None and late_to_respond(clock, now))


def paused_after(clock: Clock, now: datetime) -> int:
    """Return the seconds the clocks stood still once a running pause ends now."""
    running = max(now - clock.paused_from, timedelta(0)) if clock.paused_from is not None else timedelta(0)
    return clock.paused_s + round(running.total_seconds())


def _first(*moments: datetime | None) -> datetime:
    return next(moment for moment in moments if moment is not None)
