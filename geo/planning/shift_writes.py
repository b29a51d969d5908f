"""Commands on shifts: plan a week, offer, accept, hand over, mark done or missed, send somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.people.circle_rules import AT_WORK, worded
from geo.people.tables import TASKS, CareCircle, CareNeed, CircleMember, HoursGiven
from geo.planning.shift_reads import takers_of
from geo.planning.shift_rules import (
    NEED_REASON,
    TO_COME,
    Turn,
    checked_move,
    checked_turn,
    happened,
    objections,
)
from geo.planning.study_reads import study_frame
from geo.planning.tables import Shift
from geo.store import audit
from geo.store.versions import bump

MAY = "plan_shifts"
NOT_HERE = N_("This shift does not exist, or you may not see it. Open the week again.")
NO_CIRCLE = N_("This circle is not at work. Accept or resume it first, then plan its shifts.")
NOT_A_MEMBER = N_("This volunteer is not in the circle. Add them to the circle first.")
LEFT = N_("Somebody in this plan has left their circle meanwhile. Plan the week anew.")
TWICE = N_("Somebody would be at two doors at the same time. Look at the week again, then plan it anew.")


@dataclass(frozen=True)
class ShiftDraft:
    """A turn of a circle to be kept; volunteer_id None: nobody is found for it yet."""

    circle_id: int
    volunteer_id: int | None
    turn: Turn
    task: str


def plan_week(session: Session, drafts: Sequence[ShiftDraft], *, study_id: int | None = None) -> int:
    """Keep the shifts of a plan, offered to their volunteers or open, and return how many.

    Open shifts of the same circles on the days of the same weeks give way; offered, accepted and done ones stay.
    Raises BadInput, NotAllowed, Conflict: a circle is not at work, somebody has left theirs or would be at two doors.
    """
    require(session, MAY)
    circles = _circles(session, {one.circle_id for one in drafts})
    _check_members(session, drafts)
    days = [one.turn.on_day for one in drafts]
    if days:
        session.execute(
            delete(Shift).where(
                Shift.circle_id.in_(circles), Shift.status == "open", Shift.on_day.between(min(days), max(days))
            )
        )
    session.add_all(_made(circles[one.circle_id], one) for one in drafts)
    _flush(session)
    by_community: dict[int, int] = {}
    for one in drafts:
        community_id = circles[one.circle_id].community_id
        by_community[community_id] = by_community.get(community_id, 0) + 1
    for community_id, count in by_community.items():
        after = {"shifts": count, "from": min(days).isoformat(), "to": max(days).isoformat()}
        audit.record(session, "plan_week", "study", study_id, audit.Change(after=after, community_id=community_id))
    bump(session, "care")
    return len(drafts)


def accept_plan(session: Session, study_id: int) -> int:
    """Keep the shifts of a planned rota (a study of the kind rota) and return how many, the open ones too.

    Errors as for plan_week, and NotFound for a study that is not seen.
    """
    require(session, MAY)
    planned = study_frame(session.connection(), study_id)
    drafts = [
        ShiftDraft(
            int(row.circle_id),
            int(row.volunteer_id) or None,
            Turn(date.fromisoformat(str(row.on_day)), int(row.from_minute), int(row.to_minute)),
            str(row.task),
        )
        for row in planned.itertuples()
    ]
    return plan_week(session, drafts, study_id=study_id)


def add_shift(session: Session, draft: ShiftDraft, *, anyway: bool = False) -> Shift:
    """Add one shift by hand and return it; anyway: although the volunteer did not say they can come then.

    Raises BadInput, Conflict when the circle is not at work or the volunteer cannot, NotAllowed, NotFound.
    """
    require(session, MAY)
    circle = _circles(session, {draft.circle_id})[draft.circle_id]
    if draft.volunteer_id is not None:
        _check_taker(session, draft.circle_id, draft.volunteer_id, draft.turn, anyway=anyway)
    made = _made(circle, draft)
    session.add(made)
    _flush(session)
    _log(session, "add_shift", made, None)
    bump(session, "care")
    return made


def move_shift(
    session: Session, shift_id: int, status: str, *, version: int, on: date, reason: str | None = None
) -> None:
    """Accept a shift, give it back (open), cancel it, mark it done or missed; version: the one the user saw.

    on: today; a shift is done or missed on its day or later. A done one adds its hours to the volunteer's, to be
    confirmed. reason: needed when missed or cancelled. Raises BadInput, Conflict, NotAllowed, NotFound.
    """
    found = _held(session, shift_id, version)
    before = _image(found)
    if status not in {"accepted", "open", "cancelled", "done", "missed"}:
        raise BadInput(N_("Choose what happened with this shift."))
    found.status = checked_move(found.status, status)
    if status in {"done", "missed"} and not happened(_turn(found), on):
        raise Conflict(N_("This shift is still to come. Mark it on its day or later, or cancel it."))
    found.reason = worded(reason, needed=status in NEED_REASON)
    if status == "open":
        found.volunteer_id = None
    if status == "done":
        _give_hours(session, found)
    _finish(session, "move_shift", found, before)


def hand_over(session: Session, shift_id: int, volunteer_id: int, *, version: int, anyway: bool = False) -> None:
    """Offer an open shift to somebody of the circle, or swap who comes; the new one is asked again (offered).

    anyway: although they did not say they can come then. Raises Conflict when they cannot, NotAllowed, NotFound.
    """
    found = _held(session, shift_id, version)
    if found.status not in TO_COME:
        raise Conflict(N_("Only shifts that are still to come can change hands. Look at this one again."))
    if found.volunteer_id == volunteer_id:
        raise Conflict(N_("This volunteer has this shift already. Choose somebody else."))
    before = _image(found)
    _check_taker(session, found.circle_id, volunteer_id, _turn(found), anyway=anyway)
    found.volunteer_id, found.status = volunteer_id, "offered"
    _finish(session, "hand_over", found, before)


def swap_shifts(session: Session, first: tuple[int, int], second: tuple[int, int]) -> None:
    """Let two volunteers take each other's shift; both are asked again (offered).

    first, second: id and version of each shift. Raises Conflict when one of them cannot come, is not in the circle, or
    somebody was faster, NotAllowed, NotFound.
    """
    shifts = [_held(session, *one) for one in sorted((first, second))]
    takers = [shifts[1].volunteer_id, shifts[0].volunteer_id]
    if any(one.status not in TO_COME for one in shifts) or None in takers or takers[0] == takers[1]:
        raise Conflict(N_("Two shifts that are still to come, of two volunteers, can be swapped. Choose others."))
    before = [_image(one) for one in shifts]
    for one in shifts:
        one.status, one.volunteer_id = "open", None
    session.flush()
    for one, taker in zip(shifts, takers, strict=True):
        _check_taker(session, one.circle_id, int(taker or 0), _turn(one), anyway=False)
        one.status, one.volunteer_id = "offered", taker
        _flush(session)
    for one, was in zip(shifts, before, strict=True):
        _log(session, "swap_shifts", one, was)
    bump(session, "care")


def send_stand_in(
    session: Session, shift_id: int, volunteer_id: int, *, version: int, turn: Turn | None = None, anyway: bool = False
) -> Shift:
    """Send somebody of the circle instead of who missed a shift, and return the new shift; the missed one is replaced.

    turn: another time, the same one when left out; anyway: although they did not say they can come then.
    Raises Conflict when the shift was not missed or they cannot come, NotAllowed, NotFound.
    """
    found = _held(session, shift_id, version)
    before = _image(found)
    found.status = checked_move(found.status, "replaced")
    when = checked_turn(turn or _turn(found))
    _check_taker(session, found.circle_id, volunteer_id, when, anyway=anyway)
    made = _made(
        session.get_one(CareCircle, found.circle_id), ShiftDraft(found.circle_id, volunteer_id, when, found.task)
    )
    made.replaces_id = found.id
    session.add(made)
    _finish(session, "send_stand_in", found, before)
    _log(session, "add_shift", made, None)
    return made


def _circles(session: Session, ids: set[int]) -> dict[int, CareCircle]:
    found = session.scalars(select(CareCircle).where(CareCircle.id.in_(ids)).with_for_update(read=True)).all()
    if {one.id for one in found} != ids:
        raise NotFound(N_("This circle does not exist, or you may not see it. Open the list of circles again."))
    if any(one.status not in AT_WORK for one in found):
        raise Conflict(NO_CIRCLE)
    return {one.id: one for one in found}


def _check_members(session: Session, drafts: Sequence[ShiftDraft]) -> None:
    wanted = {(one.circle_id, one.volunteer_id) for one in drafts if one.volunteer_id is not None}
    present = session.execute(
        select(CircleMember.circle_id, CircleMember.volunteer_id).where(
            CircleMember.circle_id.in_({circle_id for circle_id, _volunteer_id in wanted}),
            CircleMember.to_on.is_(None),
        )
    )
    if wanted - {tuple(row) for row in present}:
        raise Conflict(LEFT)


def _made(circle: CareCircle, draft: ShiftDraft) -> Shift:
    turn = checked_turn(draft.turn)
    if draft.task not in TASKS:
        raise BadInput(N_("Choose at least one kind of help."))
    return Shift(
        circle_id=circle.id,
        community_id=circle.community_id,
        volunteer_id=draft.volunteer_id,
        on_day=turn.on_day,
        from_minute=turn.from_minute,
        to_minute=turn.to_minute,
        task=draft.task,
        status="open" if draft.volunteer_id is None else "offered",
    )


def _check_taker(session: Session, circle_id: int, volunteer_id: int, turn: Turn, *, anyway: bool) -> None:
    member = session.scalar(
        select(CircleMember.id).where(
            CircleMember.circle_id == circle_id, CircleMember.volunteer_id == volunteer_id, CircleMember.to_on.is_(None)
        )
    )
    if member is None:
        raise Conflict(NOT_A_MEMBER)
    found = [] if anyway else objections(turn, takers_of(session, [volunteer_id], turn.on_day)[volunteer_id])
    if found:
        raise Conflict(found[0])


def _give_hours(session: Session, shift: Shift) -> None:
    number = session.scalar(
        select(CareNeed.number)
        .join(CareCircle, CareCircle.care_need_id == CareNeed.id)
        .where(CareCircle.id == shift.circle_id)
    )
    session.add(
        HoursGiven(
            volunteer_id=shift.volunteer_id,
            community_id=shift.community_id,
            given_on=shift.on_day,
            minutes=shift.to_minute - shift.from_minute,
            purpose=number,
            recorded_by=str(session.scalar(text("SELECT current_setting('app.user_name')"))),
        )
    )


def _held(session: Session, shift_id: int, version: int) -> Shift:
    require(session, MAY)
    found = session.get(Shift, shift_id, with_for_update=True)
    if found is None:
        raise NotFound(NOT_HERE)
    if found.version != version:
        raise Outdated(N_("Somebody else changed this shift meanwhile. Look again, then decide what to do."))
    return found


def _finish(session: Session, action: str, shift: Shift, before: dict[str, Any]) -> None:
    _flush(session)
    _log(session, action, shift, before, shift.reason)
    bump(session, "care")


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(TWICE) from error


def _turn(shift: Shift) -> Turn:
    return Turn(shift.on_day, shift.from_minute, shift.to_minute)


def _image(shift: Shift) -> dict[str, Any]:
    return {
        "circle_id": shift.circle_id,
        "volunteer_id": shift.volunteer_id,
        "on_day": shift.on_day.isoformat(),
        "from_minute": shift.from_minute,
        "to_minute": shift.to_minute,
        "task": shift.task,
        "status": shift.status,
    }


def _log(session: Session, action: str, shift: Shift, before: dict[str, Any] | None, note: str | None = None) -> None:
    change = audit.Change(before=before, after=_image(shift), community_id=shift.community_id, note=note)
    audit.record(session, action, "shift", shift.id, change)
