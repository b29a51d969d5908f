"""Persons of a community: found again by name and number, or made, for whoever gives them a post or a task."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.access.contacts import keep_contacts, marks_of, phone_end, phone_marks
from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.people.rules import plain_phone
from geo.people.tables import Person
from geo.places.fields import checked_text
from geo.places.rules import pinyin_of


class Who(NamedTuple):
    """A person already known by id, else a name and perhaps a phone number."""

    person_id: int | None = None
    name: str | None = None
    phone: str | None = None


def person_for(session: Session, who: Who, community_id: int) -> tuple[Person, bool]:
    """Return a person known by id, or by name and number in a community, else a new one; and whether it is new.

    Raises BadInput without a name, NotFound for a person the actor does not see, StoreUnavailable without a key.
    """
    if who.person_id is not None:
        person = session.get(Person, who.person_id)
        if person is None:
            raise NotFound(N_("This person does not exist, or you may not see them. Search for them again."))
        return person, False
    name = checked_text("name", who.name or "", N_("Name of the person"))
    phone = plain_phone(checked_text("phone", who.phone or "", N_("Phone")))
    if not name:
        raise BadInput(N_("Choose a person, or write the name of a new one."))
    known = _namesake(session, name, phone, community_id)
    if known is not None:
        return known, False
    person = Person(name=name, pinyin=pinyin_of(name) or None, phone_end=phone_end(phone), community_id=community_id)
    session.add(person)
    session.flush()
    keep_contacts(session, {person.id: phone} if phone else {})
    return person, True


def _namesake(session: Session, name: str, phone: str | None, community_id: int) -> Person | None:
    """Return the person of this name and number, or of this name without a number when none is given."""
    namesakes = session.scalars(
        select(Person)
        .where(Person.community_id == community_id, Person.name == name, Person.closed_on.is_(None))
        .order_by(Person.id)
    ).all()
    marks = marks_of(session, [person.id for person in namesakes])
    wanted = [None] if phone is None else phone_marks(session, phone)
    return next((person for person in namesakes if marks.get(person.id) in wanted), None)
