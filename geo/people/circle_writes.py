"""Commands on care circles: propose, accept, pause, end, change who is in them; who leaves stays in the history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from geo.access.reads import require
from geo.errors import Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.people.circle_rules import Member, checked_members, checked_move, gives_way, hours, worded
from geo.people.tables import CIRCLE_ROLES, CIRCLE_SIZE, CareCircle, CareNeed, CircleMember, Volunteer
from geo.store import audit
from geo.store.statements import statement
from geo.store.versions import bump

MAY = "edit_circles"
REPLACED = N_("Replaced by a newer proposal")
NOT_HERE = N_("This circle does not exist, or you may not see it. Open the list of circles again.")
NO_NEED = N_("This need does not exist, or you may not see it. Open the list of needs again.")
NO_VOLUNTEER = N_("A volunteer is not of this community, or does not take part at present. Choose others.")


@dataclass(frozen=True)
class CircleDraft:
    """A circle that a run proposes for a need."""

    need_id: int
    members: tuple[Member, ...]
    team_id: int | None = None


def propose_circle(
    session: Session, draft: CircleDraft, *, on: date, study_id: int | None = None, most: int = CIRCLE_SIZE
) -> CareCircle:
    """Propose a circle for an open need and return it; most: the city's parameter circle_size.

    Raises BadInput for members that do not go together, Conflict when the need has a circle or is not open,
    NotAllowed, NotFound.
    """
    require(session, MAY)
    made = _proposed(session, draft, on, study_id, most)
    _log(session, "propose_circle", made, None)
    bump(session, "care")
    return made


def propose_circles(
    session: Session, drafts: Sequence[CircleDraft], *, on: date, study_id: int, most: int = CIRCLE_SIZE
) -> int:
    """Propose the circles of a run and return how many; proposals of earlier runs that nobody touched give way.

    A need that has another circle is left alone. Errors as for propose_circle.
    """
    require(session, MAY)
    earlier = session.scalars(
        select(CareCircle)
        .where(CareCircle.care_need_id.in_([draft.need_id for draft in drafts]), CareCircle.status != "ended")
        .with_for_update()
    ).all()
    for one in earlier:
        if gives_way(one.status, one.study_id, one.version):
            _end(session, one, on, REPLACED)
    session.flush()
    taken = {one.care_need_id for one in earlier if one.status != "ended"}
    made = [_proposed(session, one, on, study_id, most) for one in drafts if one.need_id not in taken]
    _log_run(session, study_id, made)
    return len(made)


def move_circle(
    session: Session, circle_id: int, status: str, *, on: date, version: int, reason: str | None = None
) -> None:
    """Accept (trial, active), pause, resume, refuse or end a circle; version: the one the user saw.

    reason: needed to pause, refuse and end. Raises BadInput, Conflict (not from here, or somebody was faster),
    NotAllowed, NotFound.
    """
    found = _held(session, circle_id, version)
    before = _image(session, found)
    said = checked_move(found.status, status, reason)
    if status == "ended":
        _end(session, found, on, said or "")
    else:
        found.status, found.reason = status, said
        if status == "paused":
            _cancel(session, found, on)
    session.flush()
    _log(session, "move_circle", found, before, said)
    bump(session, "care")


def accept_circles(session: Session, versions: Mapping[int, int], *, status: str = "trial", on: date) -> int:
    """Accept several proposals at once (status trial or active) and return how many.

    versions: the version the user saw of each circle. Errors as for move_circle; then none is accepted.
    """
    require(session, MAY)
    for circle_id, version in versions.items():
        move_circle(session, circle_id, status, on=on, version=version)
    return len(versions)


def change_members(
    session: Session, circle_id: int, members: Sequence[Member], *, on: date, version: int, reason: str | None = None
) -> None:
    """Give a circle other members, roles, tasks, weekdays or hours; who leaves or changes is kept with the last day.

    members: all who are in it from now on. Raises BadInput, Conflict, NotAllowed, NotFound.
    """
    found = _held(session, circle_id, version)
    if found.status == "ended":
        raise Conflict(N_("This circle has ended. Propose a new one for the need instead."))
    wanted = {one.volunteer_id: one for one in checked_members(members)}
    said = worded(reason, needed=False)
    before = _image(session, found)
    present = {row.volunteer_id: row for row in _present(session, circle_id)}
    for volunteer_id, row in present.items():
        if wanted.get(volunteer_id) != _member(row):
            row.to_on, row.reason = max(on, row.from_on), said
    kept = {volunteer_id for volunteer_id, row in present.items() if row.to_on is None}
    session.flush()
    _check_volunteers(session, [one for key, one in wanted.items() if key not in present], found.community_id)
    _add(session, found, [one for key, one in wanted.items() if key not in kept], on)
    _free(session, circle_id, on, [key for key in present if key not in wanted])
    flag_modified(found, "status")
    session.flush()
    _log(session, "change_members", found, before, said)
    bump(session, "care")


def _proposed(session: Session, draft: CircleDraft, on: date, study_id: int | None, most: int) -> CareCircle:
    need = session.get(CareNeed, draft.need_id, with_for_update={"read": True})
    if need is None:
        raise NotFound(NO_NEED)
    taken = session.scalar(
        select(CareCircle.id).where(CareCircle.care_need_id == need.id, CareCircle.status != "ended")
    )
    if taken is not None or need.status != "open":
        raise Conflict(N_("This need has a circle already, or it is not open. Look at it again."))
    members = checked_members(draft.members, most=most)
    _check_volunteers(session, members, need.community_id)
    made = CareCircle(
        care_need_id=need.id, community_id=need.community_id, team_id=draft.team_id, started_on=on, study_id=study_id
    )
    session.add(made)
    session.flush()
    _add(session, made, members, on)
    session.flush()
    return made


def _check_volunteers(session: Session, members: Sequence[Member], community_id: int) -> None:
    ids = [one.volunteer_id for one in members]
    known = session.scalars(
        select(Volunteer.id).where(
            Volunteer.id.in_(ids), Volunteer.community_id == community_id, Volunteer.status == "active"
        )
    ).all()
    if set(known) != set(ids):
        raise Conflict(NO_VOLUNTEER)


def _add(session: Session, circle: CareCircle, members: Sequence[Member], on: date) -> None:
    session.add_all(
        CircleMember(
            circle_id=circle.id,
            community_id=circle.community_id,
            volunteer_id=one.volunteer_id,
            role=one.role,
            tasks=list(one.tasks),
            weekdays=list(one.weekdays),
            hours_week=hours(one.hours_week),
            distance_m=one.distance_m,
            from_on=on,
        )
        for one in members
    )


def _end(session: Session, circle: CareCircle, on: date, reason: str) -> None:
    circle.status, circle.ended_on, circle.reason = "ended", max(on, circle.started_on), reason
    for row in _present(session, circle.id):
        row.to_on = max(on, row.from_on)
    _cancel(session, circle, on)


def _cancel(session: Session, circle: CareCircle, on: date) -> None:
    values = {"circle_id": circle.id, "day": on, "reason": circle.reason}
    session.execute(text(statement("people", "cancel_shifts")), values)


def _free(session: Session, circle_id: int, on: date, volunteer_ids: list[int]) -> None:
    values = {"circle_id": circle_id, "day": on, "volunteer_ids": volunteer_ids}
    session.execute(text(statement("people", "free_shifts")), values)


def _present(session: Session, circle_id: int) -> list[CircleMember]:
    return list(
        session.scalars(
            select(CircleMember)
            .where(CircleMember.circle_id == circle_id, CircleMember.to_on.is_(None))
            .order_by(CircleMember.id)
        )
    )


def _held(session: Session, circle_id: int, version: int) -> CareCircle:
    require(session, MAY)
    found = session.get(CareCircle, circle_id, with_for_update=True)
    if found is None:
        raise NotFound(NOT_HERE)
    if found.version != version:
        raise Outdated(N_("Somebody else changed this circle meanwhile. Look again, then decide what to keep."))
    return found


def _member(row: CircleMember) -> Member:
    return Member(
        row.volunteer_id, row.role, tuple(row.tasks), tuple(row.weekdays), float(row.hours_week), row.distance_m
    )


def _image(session: Session, circle: CareCircle) -> dict[str, Any]:
    present = _present(session, circle.id)
    return {
        "care_need_id": circle.care_need_id,
        "status": circle.status,
        "ended_on": circle.ended_on.isoformat() if circle.ended_on else None,
        **{role: [row.volunteer_id for row in present if row.role == role] for role in CIRCLE_ROLES},
        "hours_week": float(sum(row.hours_week for row in present)),
    }


def _log(
    session: Session, action: str, circle: CareCircle, before: dict[str, Any] | None, note: str | None = None
) -> None:
    after = _image(session, circle)
    change = audit.Change(before=before, after=after, community_id=circle.community_id, note=note)
    audit.record(session, action, "care_circle", circle.id, change)


def _log_run(session: Session, study_id: int, made: Sequence[CareCircle]) -> None:
    by_community: dict[int, list[int]] = {}
    for one in made:
        by_community.setdefault(one.community_id, []).append(one.id)
    for community_id, ids in by_community.items():
        after = {"study_id": study_id, "circles": len(ids)}
        audit.record(
            session, "propose_circles", "study", study_id, audit.Change(after=after, community_id=community_id)
        )
