"""The small city of helped people with volunteers who could come: for the tests of care circles and shifts."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, text

from geo.people.circle_rules import Member
from geo.people.circle_writes import CircleDraft, move_circle, propose_circle
from geo.store.session import owner_engine, writing
from tests.store.access import helped
from tests.store.access.helped import Helped
from tests.store.small_city import NORTH_ORGANISER

MONDAY = date(2026, 11, 16)
SUNDAY = MONDAY + timedelta(days=6)
ADD_PERSON = text("INSERT INTO person (name, community_id) VALUES (:name, :community) RETURNING id")
ADD_VOLUNTEER = text(
    "INSERT INTO volunteer (person_id, community_id, building_id, hours_week, skills, limit_m, birth_year) "
    "VALUES (:person, :community, :building, :hours, '{company}', 1500, 1975) RETURNING id"
)
ADD_WINDOW = text(
    "INSERT INTO availability (volunteer_id, community_id, weekday, from_minute, to_minute) "
    "VALUES (:volunteer, :community, :weekday, 540, 720)"
)


@dataclass(frozen=True)
class CircleCity:
    """Helped people, three volunteers of the north who come on weekdays from 9 to 12, and one of the south."""

    helped: Helped
    volunteers: tuple[int, int, int]
    stranger: int

    def members(self) -> tuple[Member, Member, Member]:
        """Return the three as primary, in turn and backup."""
        first, second, third = self.volunteers
        return (
            Member(first, "primary", ("visit",), (0, 2), 1.0, 120.0),
            Member(second, "turn", (), (), 1.0, 300.0),
            Member(third, "backup", (), (), 0.0, 500.0),
        )


def build() -> CircleCity:
    """Write the city with its volunteers."""
    city = helped.build()
    north, south = city.city["north"], city.city["south"]
    with owner_engine().begin() as owner:
        three = [
            add_volunteer(owner, name, north, city.city[f"north-b{at}"])
            for at, name in enumerate(("李明", "张红", "刘洋"), start=1)
        ]
        stranger = add_volunteer(owner, "陈晨", south, city.city["south-b1"])
    return CircleCity(city, (three[0], three[1], three[2]), stranger)


def add_volunteer(owner: Connection, name: str, community: int, building: int, hours: float = 3) -> int:
    """Write a volunteer who comes on weekdays from 9 to 12 and return the id."""
    person = owner.scalar(ADD_PERSON, {"name": name, "community": community})
    volunteer = owner.execute(
        ADD_VOLUNTEER, {"person": person, "community": community, "building": building, "hours": hours}
    ).scalar_one()
    for weekday in range(5):
        owner.execute(ADD_WINDOW, {"volunteer": volunteer, "community": community, "weekday": weekday})
    return int(volunteer)


def circle_at_work(city: CircleCity) -> int:
    """Propose and accept the circle of the three and return its id."""
    with writing(NORTH_ORGANISER) as session:
        made = propose_circle(session, CircleDraft(city.helped.need, city.members()), on=MONDAY)
        move_circle(session, made.id, "active", on=MONDAY, version=made.version)
    return made.id
