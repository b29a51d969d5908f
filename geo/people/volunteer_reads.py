"""Questions about volunteers: who helps where with what, when they can come, what they gave, who can be paired."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from geo.people.rules import masked_phone
from geo.people.volunteer_rules import HOUR, Window
from geo.places.names import unit_name_of
from geo.places.search_text import escaped, folded
from geo.store.clock import today
from geo.store.statements import statement

MOST = 5000
EVERY = ("volunteer_id", "community_id", "team_id", "skill", "status", "free_hours", "found")
FOUND = ("no_place", "no_times", "over_hours", "checked_in", "unconfirmed")
"""What a list of volunteers may be narrowed to: each finding of the key figures leads to its list."""


@dataclass(frozen=True)
class VolunteerView:
    """A volunteer as the registry shows them; name and phone are None where the reader may not see who it is.

    hours_week: offered; bound_hours: a week, in circles that have not ended; given_hours and confirmed_hours: since the
    day asked from; waiting: records of hours nobody has confirmed yet; free_minutes: a week, by the times told;
    lon and lat: of the entrance, else of the building, in EPSG:4326, None without a place.
    """

    id: int
    person_id: int
    name: str | None
    phone: str | None
    community_id: int
    community: str
    team_id: int | None
    team: str | None
    team_kind: str | None
    compound_id: int | None
    building_id: int | None
    unit_id: int | None
    place: str | None
    skills: tuple[str, ...]
    hours_week: float
    bound_hours: float
    limit_m: int | None
    birth_year: int | None
    party_member: bool
    checked_in_on: date | None
    status: str
    ended_on: date | None
    windows: int
    free_minutes: int
    given_hours: float
    confirmed_hours: float
    waiting: int
    version: int
    lon: float | None
    lat: float | None

    @property
    def free_hours(self) -> float:
        """Return the hours a week that no circle has bound yet; below none where more is bound than offered."""
        return self.hours_week - self.bound_hours


@dataclass(frozen=True)
class VolunteerChoice:
    """Which volunteers are listed; None is any. name: a part of it, or pinyin; found: one of FOUND."""

    community_id: int | None = None
    team_id: int | None = None
    skill: str | None = None
    status: str | None = "active"
    free_hours: float | None = None
    name: str | None = None
    found: str | None = None


ACTIVE = VolunteerChoice()


def volunteers(
    connection: Connection, choice: VolunteerChoice = ACTIVE, *, since: date | None = None, limit: int = MOST
) -> list[VolunteerView]:
    """Return the volunteers of a choice that the actor may see, by community and name.

    since: the first day of the hours given that are counted (None: of this month).
    """
    return _found(connection, limit, since, **asdict(choice))


def volunteer(connection: Connection, volunteer_id: int, *, since: date | None = None) -> VolunteerView | None:
    """Return one volunteer, None when the actor sees no such volunteer."""
    return next(iter(_found(connection, 1, since, volunteer_id=volunteer_id)), None)


def _found(connection: Connection, most: int, since: date | None, **wanted: Any) -> list[VolunteerView]:
    now = today()
    name = (wanted.pop("name", None) or "").strip()
    key = escaped(folded(name))
    named = {
        "anywhere": f"%{escaped(name)}%" if name else None,
        "pinyin_start": f"{key}%" if key else "",
        "initials": f"% {key}%" if key else "",
    }
    days = {"on": now, "since": since or now.replace(day=1)}
    values = dict.fromkeys(EVERY) | wanted | named | days | {"most": most}
    return [_view(row) for row in connection.execute(text(statement("people", "volunteers")), values)]


def _view(row: Row[Any]) -> VolunteerView:
    return VolunteerView(
        id=row.id,
        person_id=row.person_id,
        name=row.person_name,
        phone=masked_phone(row.phone_end),
        community_id=row.community_id,
        community=row.community,
        team_id=row.team_id,
        team=row.team,
        team_kind=row.team_kind,
        compound_id=row.compound_id,
        building_id=row.building_id,
        unit_id=row.unit_id,
        place=unit_name_of(row) if row.building_id is not None else None,
        skills=tuple(row.skills),
        hours_week=float(row.hours_week),
        bound_hours=float(row.bound),
        limit_m=row.limit_m,
        birth_year=row.birth_year,
        party_member=row.party_member,
        checked_in_on=row.checked_in_on,
        status=row.status,
        ended_on=row.closed_on,
        windows=row.windows,
        free_minutes=int(row.free_minutes),
        given_hours=float(row.given) / HOUR,
        confirmed_hours=float(row.confirmed) / HOUR,
        waiting=row.waiting,
        version=row.version,
        lon=row.lon,
        lat=row.lat,
    )


class VolunteerFigures(NamedTuple):
    """Counts of volunteers; all but records are of active ones, hours are a week, given ones since the day asked."""

    records: int
    active: int
    hours_offered: float
    hours_bound: float
    without_place: int
    without_times: int
    over_hours: int
    checked_in: int
    hours_given: float
    hours_confirmed: float
    waiting: int


def volunteer_figures(connection: Connection, *, community_id: int | None = None, since: date) -> VolunteerFigures:
    """Return the key figures of what the actor sees, in a community or (None) everywhere they may look."""
    values = {"community_id": community_id, "on": today(), "since": since}
    counted = connection.execute(text(statement("people", "volunteer_figures")), values).one()
    hours = connection.execute(text(statement("people", "volunteer_hours")), values).one()
    return VolunteerFigures(
        records=counted.records,
        active=counted.active,
        hours_offered=float(counted.hours_offered),
        hours_bound=float(counted.hours_bound),
        without_place=counted.without_place,
        without_times=counted.without_times,
        over_hours=counted.over_hours,
        checked_in=counted.checked_in,
        hours_given=float(hours.given) / HOUR,
        hours_confirmed=float(hours.confirmed) / HOUR,
        waiting=hours.waiting,
    )


@dataclass(frozen=True)
class PairingRow:
    """An active volunteer as pairing and "who could" need them: nobody is named.

    lon, lat: of the entrance, else of the building, in EPSG:4326, None without a place; bound_hours: a week, in
    circles that have not ended; limit_m: None where the city's own number holds; posts: kinds of posts held today, with
    the kind of organisation where it is one's (committee_member:owners_committee).
    """

    volunteer_id: int
    person_id: int
    community_id: int
    compound_id: int | None
    building_id: int | None
    unit_id: int | None
    lon: float | None
    lat: float | None
    skills: tuple[str, ...]
    hours_week: float
    bound_hours: float
    limit_m: int | None
    birth_year: int | None
    team_id: int | None
    team_kind: str | None
    party_member: bool
    checked_in_on: date | None
    posts: tuple[str, ...]

    @property
    def free_hours(self) -> float:
        """Return the hours a week that no circle has bound yet, never less than none."""
        return max(self.hours_week - self.bound_hours, 0.0)


def pairing_rows(
    connection: Connection, community_id: int | None = None, *, on: date | None = None
) -> list[PairingRow]:  # fmt: skip
    """Return the active volunteers of a community (None: of all the actor sees) by id, with what is bound on a day."""
    rows = connection.execute(
        text(statement("people", "volunteers_to_pair")), {"community_id": community_id, "on": on or today()}
    )
    return [_to_pair(row._asdict()) for row in rows]


def _to_pair(row: dict[str, Any]) -> PairingRow:
    skills, posts = tuple(row.pop("skills")), tuple(row.pop("posts"))
    hours, bound = float(row.pop("hours_week")), float(row.pop("bound"))
    return PairingRow(**row, skills=skills, hours_week=hours, bound_hours=bound, posts=posts)


class Team(NamedTuple):
    """A volunteer team with the community it works in; kind is one of governance's TEAM_KINDS, None unknown."""

    id: int
    name: str
    kind: str | None
    community_id: int


def teams(connection: Connection, *, community_id: int | None = None) -> list[Team]:
    """Return the volunteer teams the actor sees, by community and name."""
    rows = connection.execute(
        text(
            "SELECT id, name, team_kind, community_id FROM organisation WHERE kind = 'volunteer_team' "
            "AND closed_on IS NULL AND (CAST(:here AS bigint) IS NULL OR community_id = :here) "
            "ORDER BY community_id, name, id"
        ),
        {"here": community_id},
    )
    return [Team._make(row) for row in rows]


def communities_with_volunteers(connection: Connection) -> dict[int, str]:
    """Return the communities where the actor sees volunteers, by name."""
    rows = connection.execute(
        text(
            "SELECT a.id, a.name FROM area a WHERE a.id IN (SELECT v.community_id FROM volunteer v) "
            "ORDER BY a.name, a.id"
        )
    )
    return {row.id: row.name for row in rows}


def windows_of(
    connection: Connection, volunteer_ids: Sequence[int] | None = None, *, community_id: int | None = None
) -> dict[int, list[Window]]:
    """Return the weekly times by volunteer, in order; of these volunteers, of a community, or (None) of all seen."""
    rows = connection.execute(
        text(
            "SELECT volunteer_id, weekday, from_minute, to_minute FROM availability "
            "WHERE (CAST(:ids AS bigint[]) IS NULL OR volunteer_id = ANY (:ids)) "
            "AND (CAST(:here AS bigint) IS NULL OR community_id = :here) ORDER BY volunteer_id, weekday, from_minute"
        ),
        {"ids": None if volunteer_ids is None else list(volunteer_ids), "here": community_id},
    )
    found: dict[int, list[Window]] = {}
    for row in rows:
        found.setdefault(row.volunteer_id, []).append(Window(row.weekday, row.from_minute, row.to_minute))
    return found


@dataclass(frozen=True)
class GivenView:
    """Time a volunteer gave on a day; confirmed_by is None while nobody has confirmed it."""

    id: int
    given_on: date
    minutes: int
    purpose: str | None
    recorded_by: str
    confirmed_by: str | None
    confirmed_at: datetime | None


def hours_of(connection: Connection, volunteer_id: int, *, limit: int = 200) -> list[GivenView]:
    """Return the latest hours a volunteer gave, newest first."""
    rows = connection.execute(
        text(
            "SELECT id, given_on, minutes, purpose, recorded_by, confirmed_by, confirmed_at FROM hours_given "
            "WHERE volunteer_id = :id ORDER BY given_on DESC, id DESC LIMIT :most"
        ),
        {"id": volunteer_id, "most": limit},
    )
    return [GivenView(**row._asdict()) for row in rows]
