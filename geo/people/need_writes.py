"""Commands on care needs: open, change, end. The log holds number, building and state, never who or which door."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.access.asking import call
from geo.access.helped_persons import Whereabouts
from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.people.needs import new_number
from geo.people.tables import SKILLS, TASKS, CareNeed
from geo.store import audit

TRIES = 3
NOT_HERE = N_("This person does not live in this community, or you may not see them. Choose again.")
LOGGED = (
    "number", "building_id", "tasks", "skills", "hours_week", "cadence_days", "status", "opened_on", "ended_on",
)  # fmt: skip
MOST_HOURS, MOST_DAYS = 168, 730
PLACE = text(
    "SELECT b.community_id FROM building b WHERE b.id = :building_id AND b.closed_on IS NULL "
    "AND (CAST(:unit_id AS bigint) IS NULL OR EXISTS ("
    "SELECT FROM unit u WHERE u.id = :unit_id AND u.building_id = b.id AND u.closed_on IS NULL)) "
    "AND (CAST(:household_id AS bigint) IS NULL OR EXISTS ("
    "SELECT FROM household h WHERE h.id = :household_id AND h.unit_id = :unit_id AND h.closed_on IS NULL))"
)


def open_need(
    session: Session,
    where: Whereabouts,
    tasks: Sequence[str],
    *,
    opened_on: date,
    helped_person_id: int | None = None,
) -> CareNeed:
    """Open a care need at a building, unit or household and return it with its number.

    tasks: one or more of needs.TASK_LABELS; helped_person_id: whose need it is; what it takes beyond (see detail_need)
    may be said later. Raises BadInput, NotAllowed, NotFound.
    """
    require(session, "edit_needs")
    community_id = session.scalar(PLACE, where._asdict())
    if community_id is None:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose it again from the map."))
    if helped_person_id is not None and not _lives_in(session, helped_person_id, community_id):
        raise NotFound(NOT_HERE)
    for again in reversed(range(TRIES)):
        made = CareNeed(
            number=new_number(),
            community_id=community_id,
            **where._asdict(),
            helped_person_id=helped_person_id,
            tasks=_checked(tasks),
            opened_on=opened_on,
        )
        try:
            with session.begin_nested():
                session.add(made)
            break
        except IntegrityError:
            if not again:
                raise
    _log(session, "open_need", made, None)
    _keep(session, made, None)
    return made


def change_need(
    session: Session, need_id: int, *, tasks: Sequence[str] | None = None, status: str | None = None, version: int
) -> None:
    """Change what help is needed, or pause, resume or open a need again; version: the one the user saw.

    Raises BadInput, NotAllowed, NotFound, Conflict when somebody was faster.
    """
    found = _held(session, need_id, version)
    if status not in {None, "open", "paused"}:
        raise BadInput(N_("A need is open or paused. Say on which day it ends to end it."))
    before = _image(found)
    if tasks is not None:
        found.tasks = _checked(tasks)
    if status is not None:
        found.status, found.ended_on = status, None
    session.flush()
    _log(session, "change_need", found, before)
    _keep(session, found, None)


def detail_need(session: Session, need_id: int, details: Mapping[str, Any], *, version: int) -> None:
    """Say what a need takes: skills (of tables.SKILLS), hours_week and cadence_days (None: the city's own numbers).

    details holds what changes; version: the one the user saw. Raises BadInput, NotAllowed, NotFound, Conflict when
    somebody was faster.
    """
    found = _held(session, need_id, version)
    before = _image(found)
    for name, value in _checked_details(details).items():
        setattr(found, name, value)
    session.flush()
    _log(session, "change_need", found, before)


def join_person(session: Session, need_id: int, helped_person_id: int, *, version: int) -> None:
    """Say whose need it is, where nobody was recorded with it; the log does not name them.

    Raises NotAllowed, NotFound for somebody of another community, Conflict when somebody was faster.
    """
    found = _held(session, need_id, version)
    if found.helped_person_id is not None or found.status == "ended":
        raise Conflict(N_("This need has a person already, or it has ended. Nothing was changed."))
    if not _lives_in(session, helped_person_id, found.community_id):
        raise NotFound(NOT_HERE)
    before = _image(found)
    found.helped_person_id = helped_person_id
    session.flush()
    _log(session, "join_person", found, before)
    _keep(session, found, None)


def end_need(
    session: Session, need_id: int, *, on: date, retain_days: int, version: int, reason: str | None = None
) -> None:
    """End a need; when it was the person's last, everything about them is kept for so many days more.

    on: the day it ended; retain_days: the city's parameter person_retention_days; reason: why, for the history, without
    names. Raises BadInput for a day before it was opened, NotAllowed, NotFound, Conflict.
    """
    found = _held(session, need_id, version)
    if found.status == "ended":
        raise Conflict(N_("This need has ended already. Nothing was changed."))
    if on < found.opened_on:
        raise BadInput(N_("This need was opened on {day} and cannot end before."), day=found.opened_on)
    before = _image(found)
    found.status, found.ended_on = "ended", on
    session.flush()
    _log(session, "end_need", found, before, reason)
    _keep(session, found, on + timedelta(days=retain_days))


def _held(session: Session, need_id: int, version: int) -> CareNeed:
    require(session, "edit_needs")
    found = session.get(CareNeed, need_id, with_for_update=True)
    if found is None:
        raise NotFound(N_("This need does not exist, or you may not see it. Open the list of needs again."))
    if found.version != version:
        raise Conflict(N_("Somebody else changed this need meanwhile. Look again, then decide what to keep."))
    return found


def _lives_in(session: Session, helped_person_id: int, community_id: int) -> bool:
    return bool(call(session, "lives_in", wanted=helped_person_id, community=community_id).scalar_one())


def _keep(session: Session, need: CareNeed, until: date | None) -> None:
    if need.helped_person_id is not None:
        call(session, "keep_until", wanted=need.helped_person_id, until=until)


def _checked(tasks: Sequence[str]) -> list[str]:
    if not tasks or set(tasks) - set(TASKS):
        raise BadInput(N_("Choose at least one kind of help."))
    return [task for task in TASKS if task in tasks]


def _checked_details(details: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(details)
    if set(found) - {"skills", "hours_week", "cadence_days"} or set(found.get("skills", ())) - set(SKILLS):
        raise BadInput(N_("Choose the skills from the list."))
    for name, most in (("hours_week", MOST_HOURS), ("cadence_days", MOST_DAYS)):
        if found.get(name) is not None and not 0 < found[name] <= most:
            raise BadInput(N_("Give a number above 0 and up to {most}, or leave it open."), most=most)
    if "skills" in found:
        found["skills"] = [skill for skill in SKILLS if skill in found["skills"]]
    return found


def _image(need: CareNeed) -> dict[str, Any]:
    return {name: _plain(getattr(need, name)) for name in LOGGED}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _log(session: Session, action: str, need: CareNeed, before: dict[str, Any] | None, note: str | None = None) -> None:
    change = audit.Change(before=before, after=_image(need), community_id=need.community_id, note=note)
    audit.record(session, action, "care_need", need.id, change)
