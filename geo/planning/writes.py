"""Commands on parameters: set a city's own value, or go back to the default."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.access.actor import shown_name
from geo.access.reads import require
from geo.errors import NotAllowed, Outdated
from geo.i18n import N_
from geo.planning import rules
from geo.planning.tables import Parameter
from geo.store import audit
from geo.store.versions import bump

MAY_CHANGE = "change_parameters"
CIRCLES = frozenset(f"{start}_{minutes}_minutes_m" for start in ("walk", "old_walk") for minutes in (5, 10, 15))
SEEN_ON_THE_MAP = CIRCLES | {
    "head_alarm_households", "head_households", "term_ending_days", "coverage_target", "coverage_target_later",
    "straight_line_factor", "snap_limit_m", "volunteer_limit_m", "need_hours_week",
}  # fmt: skip


def set_parameter(
    session: Session, name: str, value: object, *, expected_version: int, seen_at: datetime | None = None
) -> None:
    """Give a parameter the city's own value (expected_version: 0 while it is the default).

    seen_at: the time of the change that was seen, which tells apart two values with a default between them.

    Raises BadInput for a value out of range, Conflict when somebody was faster, NotAllowed without city-wide rights.
    """
    require(session, MAY_CHANGE)
    checked = rules.checked_value(name, value)
    row = _held(session, name, (expected_version, seen_at))
    before = row.value if row else None
    actor = str(session.scalar(text("SELECT current_setting('app.user_name')")))
    if row is None:
        session.add(Parameter(name=name, value=checked, changed_by=actor))
    else:
        row.value, row.changed_by = checked, actor
    _write(session, name, (before, checked))


def reset_parameter(session: Session, name: str, *, expected_version: int, seen_at: datetime | None = None) -> None:
    """Take a parameter back to its default; errors as for set_parameter."""
    require(session, MAY_CHANGE)
    row = _held(session, name, (expected_version, seen_at))
    if row is not None:
        before = row.value
        session.delete(row)
        _write(session, name, (before, None))


def _held(session: Session, name: str, seen: tuple[int, datetime | None]) -> Parameter | None:
    rules.parameter_named(name)
    row = session.get(Parameter, name, with_for_update=True)
    version, changed_at = (row.version, row.changed_at) if row else (0, None)
    if version != seen[0] or (row and seen[1] and changed_at != seen[1]):
        raise Outdated(
            N_("{who} changed this number on {when} while you were looking at it. Look at it, then decide again."),
            who=shown_name(row.changed_by) if row else "?",
            when=f"{row.changed_at:%Y-%m-%d %H:%M} UTC" if row else "?",
        )
    return row


def _write(session: Session, name: str, change: tuple[float | None, float | None]) -> None:
    try:
        session.flush()
    except DBAPIError as error:
        raise NotAllowed(N_("Only who looks after the whole city changes its numbers.")) from error
    before, after = change
    audit.record(
        session, "parameter", "parameter", None, audit.Change(before={name: before}, after={name: after}, note=name)
    )
    if name in SEEN_ON_THE_MAP:
        bump(session, "posts")
