"""Users for tests, written by the owner: a name and the roles it holds."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.store.session import Actor, owner_engine

ADD_USER = text("INSERT INTO app_user (name, status) VALUES (:name, 'active') ON CONFLICT (name) DO NOTHING")
ADD_ROLE = text(
    "INSERT INTO user_role (user_name, role, community_id, station_id, person_id, from_on, to_on, given_by) "
    "VALUES (:name, :role, :community_id, :station_id, :person_id, :from_on, :to_on, 'operator')"
)


def add_user(name: str, role: str, *, owner: Connection | None = None, **held: Any) -> Actor:
    """Give a user a role (community_id, station_id, person_id, from_on and to_on as far as it takes them)."""
    values = {"community_id": None, "station_id": None, "person_id": None, "from_on": date(2020, 1, 1), "to_on": None}
    given = values | held | {"name": name, "role": role}
    if owner is None:
        with owner_engine().begin() as opened:
            return add_user(name, role, owner=opened, **held)
    owner.execute(ADD_USER, {"name": name})
    owner.execute(ADD_ROLE, given)
    return Actor(name)
