"""Telephone numbers of persons for tests: kept and opened by the owner of the database."""

from sqlalchemy import Connection, text

from geo.access import contacts
from geo.access.actor import OPERATOR
from geo.access.keyring import keyring
from geo.access.sealing import Spot, opened
from geo.store.session import name_actor, owner_engine


def add_phone(owner: Connection, person_id: int, phone: str) -> None:
    """Give a person a number, in the owner's transaction."""
    name_actor(owner, OPERATOR)
    owner.execute(
        text("UPDATE person SET phone_end = :end WHERE id = :id"), {"end": contacts.phone_end(phone), "id": person_id}
    )
    contacts.keep_contacts(owner, {person_id: phone})


def phones() -> dict[int, str | None]:
    """Return the number of every person who has one."""
    with owner_engine().connect() as owner:
        rows = owner.execute(text("SELECT person_id, phone_sealed FROM personal.contact ORDER BY person_id")).all()
        if not rows:
            return {}
        ring = keyring(owner)
        return {
            row.person_id: opened(ring, Spot(contacts.TABLE, "phone", row.person_id), row.phone_sealed) for row in rows
        }
