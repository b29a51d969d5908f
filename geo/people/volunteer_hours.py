"""Commands on hours given: recorded by one, confirmed by another, taken back while nobody has confirmed them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.people.tables import DAY_MINUTES, HoursGiven, Volunteer
from geo.people.volunteer_writes import MAY_EDIT, NOT_THERE
from geo.places.search_text import cleaned
from geo.store import audit
from geo.store.clock import today
from geo.store.versions import bump

LONGEST_PURPOSE = 200
GONE = N_("These hours are not there any more, or you may not see them. Open the volunteer's card again.")


def record_hours(
    session: Session, volunteer_id: int, *, on: date, minutes: int, purpose: str | None = None
) -> int:  # fmt: skip
    """Record time a volunteer gave on a day and return the record's id; it counts once somebody else confirms it.

    purpose: what for, without names. Raises BadInput, NotAllowed, NotFound, and Conflict when a day would have more
    than 24 hours.
    """
    require(session, MAY_EDIT)
    volunteer = session.get(Volunteer, volunteer_id, with_for_update=True)
    if volunteer is None:
        raise NotFound(NOT_THERE)
    if on > today():
        raise BadInput(N_("Hours are recorded once they are given: choose today or an earlier day."))
    if not 0 < minutes <= DAY_MINUTES:
        raise BadInput(N_("A day has up to 24 hours. Correct how long it was."))
    worded = cleaned(purpose or "") or None
    if worded is not None and len(worded) > LONGEST_PURPOSE:
        raise BadInput(N_("This text is too long: at most {count} characters."), count=LONGEST_PURPOSE)
    told = session.scalar(
        text("SELECT coalesce(sum(minutes), 0) FROM hours_given WHERE volunteer_id = :id AND given_on = :on"),
        {"id": volunteer_id, "on": on},
    )
    if told + minutes > DAY_MINUTES:
        raise Conflict(N_("Together with what is recorded, that day would have more than 24 hours. Look at the sheet."))
    made = HoursGiven(
        volunteer_id=volunteer_id,
        community_id=volunteer.community_id,
        given_on=on,
        minutes=minutes,
        purpose=worded,
        recorded_by=_actor(session),
    )
    session.add(made)
    session.flush()
    _log(session, "record_hours", made, None, _image(made))
    return made.id


def confirm_hours(session: Session, hours_ids: Sequence[int]) -> int:
    """Confirm hours somebody else recorded and return how many; those confirmed already stay as they are.

    Raises NotAllowed, NotFound, and Conflict for hours the actor recorded.
    """
    require(session, MAY_EDIT)
    found = _held(session, hours_ids)
    me, now = _actor(session), datetime.now(UTC)
    if any(one.confirmed_by is None and one.recorded_by == me for one in found):
        raise Conflict(N_("You recorded these hours yourself: somebody else who works here confirms them."))
    waiting = [one for one in found if one.confirmed_by is None]
    for one in waiting:
        before = _image(one)
        one.confirmed_by, one.confirmed_at = me, now
        session.flush()
        _log(session, "confirm_hours", one, before, _image(one))
    return len(waiting)


def drop_hours(session: Session, hours_id: int) -> None:
    """Take a record of hours back that was a mistake; the log keeps it.

    Raises NotAllowed, NotFound, Conflict once somebody has confirmed it.
    """
    require(session, MAY_EDIT)
    found = _held(session, [hours_id])[0]
    if found.confirmed_by is not None:
        raise Conflict(N_("These hours are confirmed and stay. Nothing was changed."))
    before = _image(found)
    _log(session, "drop_hours", found, before, None)
    session.delete(found)
    session.flush()


def _held(session: Session, hours_ids: Sequence[int]) -> list[HoursGiven]:
    wanted = set(hours_ids)
    query = select(HoursGiven).where(HoursGiven.id.in_(wanted)).order_by(HoursGiven.id).with_for_update()
    found = list(session.scalars(query))
    if len(found) != len(wanted) or not found:
        raise NotFound(GONE)
    return found


def _actor(session: Session) -> str:
    return str(session.scalar(text("SELECT current_setting('app.user_name')")))


def _image(hours: HoursGiven) -> dict[str, Any]:
    return {
        "given_on": hours.given_on.isoformat(),
        "minutes": hours.minutes,
        "recorded_by": hours.recorded_by,
        "confirmed_by": hours.confirmed_by,
    }


def _log(
    session: Session, action: str, hours: HoursGiven, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    change = audit.Change(before=before, after=after, community_id=hours.community_id)
    audit.record(session, action, "volunteer", hours.volunteer_id, change)
    bump(session, "care")
