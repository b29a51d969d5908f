"""A small city with people who are helped, and one user per role, for the tests of personal data."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geo.access.consents import record_consent
from geo.access.helped_persons import PersonDetails, Whereabouts, record_person
from geo.people.need_writes import open_need
from geo.store.session import Actor, owner_engine, writing
from tests.store import small_city
from tests.store.small_city import NORTH_ORGANISER, SmallCity
from tests.users import add_user

ADMINISTRATOR, PLANNER, LEADER = Actor("administrator-a"), Actor("planner-p"), Actor("leader-l")
AUDITOR, STAFF, HEAD, SOUTH = Actor("auditor-a"), Actor("staff-s"), Actor("head-h"), Actor("organiser-of-the-south")
DAY = date(2026, 11, 20)
DETAILS = PersonDetails("王秀兰", "19900001234", "糖尿病，行动不便", "high", living_alone=True, birth_year=1943)
WORDS = ("王秀兰", "19900001234", "糖尿病")


@dataclass(frozen=True)
class Helped:
    """The city, the helped person of the north with an open need, and one of the south."""

    city: SmallCity
    person: int
    need: int
    number: str
    stranger: int


def build() -> Helped:
    """Write the city, its users and two helped persons, one in each community; the first has an open need."""
    city = small_city.build()
    with owner_engine().begin() as owner:
        for actor in (ADMINISTRATOR, PLANNER, LEADER, AUDITOR):
            add_user(actor.name, actor.name.partition("-")[0], owner=owner)
        add_user(SOUTH.name, "organiser", owner=owner, community_id=city["south"])
        add_user(STAFF.name, "station_staff", owner=owner, station_id=_station(owner))
        add_user(HEAD.name, "building_head", owner=owner, person_id=_head_of(owner, city))
    with writing(NORTH_ORGANISER) as session:
        where = Whereabouts(city["north-b2"], city["north-u1"])
        person = record_person(session, where, DETAILS)
        need = open_need(session, where, ["visit", "meal"], opened_on=DAY, helped_person_id=person)
        record_consent(session, person, "planning", given_on=DAY, how="written")
        made, number = need.id, need.number
    with writing(SOUTH) as session:
        where = Whereabouts(city["south-b1"])
        stranger = record_person(session, where, PersonDetails("赵桂英"))
        open_need(session, where, ["shopping"], opened_on=DAY, helped_person_id=stranger)
    return Helped(city, person, made, number, stranger)


def _station(owner: Connection) -> int:
    return owner.execute(
        text(
            "INSERT INTO station (code, name, compound_id, community_id, status, phase, geom) "
            "SELECT 's-1', '红旗驿站', id, community_id, 'open', 'pilot', ST_PointOnSurface(geom) "
            "FROM compound WHERE code = 'north-c' RETURNING id"
        )
    ).scalar_one()


def _head_of(owner: Connection, city: SmallCity) -> int:
    """Make somebody head of the second building of the north and return the person."""
    person = owner.scalar(
        text("INSERT INTO person (name, community_id) VALUES ('周文华', :north) RETURNING id"), {"north": city["north"]}
    )
    post = owner.scalar(
        text("INSERT INTO post (kind, community_id, building_id) VALUES ('building_head', :north, :at) RETURNING id"),
        {"north": city["north"], "at": city["north-b2"]},
    )
    owner.execute(
        text(
            "INSERT INTO holding (post_id, person_id, community_id, from_on, how) "
            "VALUES (:post, :person, :north, '2026-01-01', 'elected')"
        ),
        {"post": post, "person": person, "north": city["north"]},
    )
    return int(person)
