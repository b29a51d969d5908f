"""Commands on volunteers: enrol, change, set times, check in, pause and end. One step and one log entry each."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound
from geo.i18n import N_
from geo.people.known_persons import Who, person_for
from geo.people.tables import Availability, Volunteer
from geo.people.volunteer_rules import Window, checked_offer, checked_windows, written_windows
from geo.places import records
from geo.places.search_text import cleaned
from geo.store import audit
from geo.store.versions import bump

MAY_EDIT = "edit_volunteers"
LOGGED = (
    "person_id", "team_id", "building_id", "unit_id", "skills", "hours_week", "limit_m", "birth_year", "party_member",
    "checked_in_on", "status", "closed_on",
)  # fmt: skip
NOT_THERE = N_("This volunteer does not exist, or you may not see them. Open the list of volunteers again.")
PLACE = text(
    "SELECT b.community_id FROM building b WHERE b.id = :building_id AND b.closed_on IS NULL "
    "AND (CAST(:unit_id AS bigint) IS NULL OR EXISTS ("
    "SELECT FROM unit u WHERE u.id = :unit_id AND u.building_id = b.id AND u.closed_on IS NULL))"
)
TEAM = text("SELECT community_id FROM organisation WHERE id = :id AND kind = 'volunteer_team' AND closed_on IS NULL")
IN_CIRCLES = text(
    "SELECT count(*) FROM circle_member m JOIN care_circle c ON c.id = m.circle_id AND c.status <> 'ended' "
    "WHERE m.volunteer_id = :id AND m.to_on IS NULL"
)


@dataclass(frozen=True)
class Offer:
    """What somebody offers: skills, hours a week, how far they walk (None: the city's number), team and place."""

    hours_week: float
    skills: tuple[str, ...] = ()
    building_id: int | None = None
    unit_id: int | None = None
    team_id: int | None = None
    limit_m: int | None = None
    birth_year: int | None = None
    party_member: bool = False
    checked_in_on: date | None = None


def enrol(
    session: Session, who: Who, community_id: int, offer: Offer, *, windows: Iterable[Window] = ()
) -> int:  # fmt: skip
    """Make a person a volunteer of a community and return the volunteer's id; with checked_in_on it is a check-in.

    who: a person by id, or a name and a number, as for posts; windows: the weekly times they can come. Raises BadInput,
    NotFound, and Conflict for somebody who is a volunteer already or lives in another community than their place.
    """
    require(session, MAY_EDIT)
    values = checked_offer(asdict(offer))
    times = checked_windows(windows)
    _check_places(session, community_id, values)
    person, _new = person_for(session, who, community_id)
    if person.community_id != community_id:
        raise Conflict(
            N_("This person is known in another community. Choose that one, or record them as a new person.")
        )
    if session.scalar(select(Volunteer.id).where(Volunteer.person_id == person.id)) is not None:
        raise Conflict(N_("{name} is a volunteer already. Open their card to change it."), name=person.name)
    made = Volunteer(person_id=person.id, community_id=community_id, **values)
    session.add(made)
    session.flush()
    _write_times(session, made, times)
    _log(session, "enrol_volunteer", made, None, _image(session, made))
    return made.id


def change_volunteer(session: Session, volunteer_id: int, changes: Mapping[str, Any], *, version: int) -> None:
    """Change fields of an offer (see Offer) of a volunteer; version: the one the user saw.

    Raises BadInput, NotAllowed, NotFound, Conflict when somebody was faster.
    """
    found = _held(session, volunteer_id, version)
    values = checked_offer(changes)
    _check_places(session, found.community_id, {"building_id": found.building_id, **values})
    before = _image(session, found)
    for name, value in values.items():
        setattr(found, name, value)
    session.flush()
    _log(session, "change_volunteer", found, before, _image(session, found))


def set_times(session: Session, volunteer_id: int, windows: Iterable[Window], *, version: int) -> None:
    """Put the weekly times of a volunteer in place of those that were there.

    Raises BadInput naming the times that overlap, NotAllowed, NotFound, Conflict when somebody was faster.
    """
    found = _held(session, volunteer_id, version)
    times = checked_windows(windows)
    before = _image(session, found)
    _write_times(session, found, times)
    found.version = found.version + 1
    session.flush()
    _log(session, "set_volunteer_times", found, before, _image(session, found))


def check_in(
    session: Session, volunteer_id: int, *, on: date, hours_week: float, skills: Iterable[str], version: int
) -> None:
    """Record that a party member registered where they live, with the hours and skills they offer there.

    Raises BadInput, NotAllowed, NotFound, Conflict when somebody was faster.
    """
    require(session, MAY_EDIT)
    offered = {"checked_in_on": on, "party_member": True, "hours_week": hours_week, "skills": tuple(skills)}
    change_volunteer(session, volunteer_id, offered, version=version)


def set_status(
    session: Session, volunteer_id: int, status: str, *, on: date, reason: str, version: int
) -> None:  # fmt: skip
    """Pause, end or take up again what a volunteer does; on: the day it ends; reason: why, for the history.

    Raises BadInput without a reason, NotAllowed, NotFound, and Conflict when somebody was faster or the volunteer is
    still in a care circle.
    """
    found = _held(session, volunteer_id, version)
    why = cleaned(reason)
    if not why:
        raise BadInput(N_("Write down why, so that the history can be read."))
    if found.status == status:
        raise Conflict(N_("This is so already. Nothing was changed."))
    circles = session.scalar(IN_CIRCLES, {"id": volunteer_id}) if status == "ended" else 0
    if circles:
        raise Conflict(
            N_("This volunteer is in {count} care circles. Find somebody else there first, then end it."), count=circles
        )
    before = _image(session, found)
    found.status, found.closed_on = status, on if status == "ended" else None
    session.flush()
    _log(session, "set_volunteer_status", found, before, _image(session, found), why)


def _held(session: Session, volunteer_id: int, version: int) -> Volunteer:
    require(session, MAY_EDIT)
    found = session.get(Volunteer, volunteer_id, with_for_update=True)
    if found is None:
        raise NotFound(NOT_THERE)
    if found.version != version:
        raise records.changed_meanwhile(session, "volunteer", volunteer_id)
    return found


def _check_places(session: Session, community_id: int, values: Mapping[str, Any]) -> None:
    if values.get("building_id") is not None:
        where = {"building_id": values["building_id"], "unit_id": values.get("unit_id")}
        there = session.scalar(PLACE, where)
        if there is None:
            raise NotFound(N_("This place does not exist, or you may not see it. Choose it again from the map."))
        if there != community_id:
            raise Conflict(N_("This building belongs to another community. Record the volunteer there."))
    if values.get("team_id") is not None and session.scalar(TEAM, {"id": values["team_id"]}) != community_id:
        raise BadInput(N_("This team does not work in the volunteer's community. Choose another."))


def _write_times(session: Session, volunteer: Volunteer, times: list[Window]) -> None:
    session.execute(delete(Availability).where(Availability.volunteer_id == volunteer.id))
    if times:
        whose = {"volunteer_id": volunteer.id, "community_id": volunteer.community_id}
        session.execute(insert(Availability), [whose | window._asdict() for window in times])


def _image(session: Session, volunteer: Volunteer) -> dict[str, Any]:
    rows = session.execute(
        select(Availability.weekday, Availability.from_minute, Availability.to_minute)
        .where(Availability.volunteer_id == volunteer.id)
        .order_by(Availability.weekday, Availability.from_minute)
    )
    image = {name: _plain(getattr(volunteer, name)) for name in LOGGED}
    return image | {"times": written_windows(Window._make(row) for row in rows)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _log(
    session: Session, action: str, volunteer: Volunteer, before: dict[str, Any] | None, after: dict[str, Any],
    note: str | None = None,
) -> None:  # fmt: skip
    change = audit.Change(before=before, after=after, community_id=volunteer.community_id, note=note)
    audit.record(session, action, "volunteer", volunteer.id, change)
    bump(session, "care")
