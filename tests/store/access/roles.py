"""One user for every role, at home in the north of the small city."""

from datetime import timedelta

from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.access.rules import ROLES
from geo.people.writes import assign_head
from geo.places.writes import draw_place
from geo.store.clock import today
from geo.store.session import Actor, reading, writing
from tests.store.small_city import SmallCity, build
from tests.users import add_user


def actor_of(role: str) -> Actor:
    """Return the user who holds a role in the peopled city."""
    return Actor(f"the-{role}")


def peopled() -> SmallCity:
    """Build the small city with heads in both communities, a station in the north, and a user for every role."""
    city = build()
    now = today()
    with writing(OPERATOR) as session:
        for code, name in (("north-b1", "王建国"), ("north-b2", "王建国"), ("south-b1", "李秀英")):
            assign_head(session, building_id=city[code], name=name, phone="13800001234", from_on=now)
        assign_head(
            session, unit_id=city["north-u1"], name="张伟", phone="13900001234", from_on=now,
            to_on=now + timedelta(days=20),
        )  # fmt: skip
        spot = {"type": "Point", "coordinates": [115.93, 36.43]}
        city.ids["station"] = draw_place(session, "station", spot, {"name": "红旗驿站"})
    with reading(OPERATOR) as connection:
        city.ids["wang"] = connection.scalars(text("SELECT id FROM person WHERE name = '王建国'")).one()
    places = {
        "organiser": {"community_id": city["north"]},
        "station_staff": {"station_id": city["station"]},
        "building_head": {"person_id": city["wang"]},
    }
    for role in ROLES:
        add_user(actor_of(role).name, role, **places.get(role, {}))
    return city
