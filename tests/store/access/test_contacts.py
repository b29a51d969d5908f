"""Telephone numbers of post holders: sealed, found by their mark, shown with a reason to who works there."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.access import contacts, reveals
from geo.access.actor import OPERATOR
from geo.access.asking import call
from geo.errors import BadInput, NotAllowed, NotFound
from geo.store import migrate
from geo.store.session import Actor, owner_engine, reading, writing
from tests.contacts import add_phone, phones
from tests.store.access import helped
from tests.store.access.helped import AUDITOR, HEAD, LEADER, PLANNER, SOUTH, STAFF, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH

PHONE = "19900007777"


@pytest.fixture
def there(clean_store: object) -> Helped:
    """The small city whose building head of the north has a number."""
    found = helped.build()
    with owner_engine().begin() as owner:
        add_phone(owner, _head(), PHONE)
    return found


def _head() -> int:
    with owner_engine().connect() as owner:
        return int(owner.execute(text("SELECT id FROM person WHERE name = '周文华'")).scalar_one())


def logged() -> list[Any]:
    """What the log says about looks at numbers."""
    with owner_engine().connect() as owner:
        return list(
            owner.execute(
                text("SELECT actor, entity_id, note, after FROM audit_entry WHERE action = 'reveal' ORDER BY id")
            )
        )


@pytest.mark.parametrize("actor", [NORTH, STAFF, OPERATOR], ids=lambda actor: actor.name)
def test_who_works_there_gets_a_number_for_a_reason_and_the_log_says_so(there: Helped, actor: Actor) -> None:
    head = _head()
    assert contacts.reveal_phones(actor, [head], purpose="look", reason="water is off") == {head: PHONE}
    assert logged() == [(actor.name, head, "water is off", {"fields": ["phone"], "purpose": "look"})]


@pytest.mark.parametrize(
    ("actor", "error"),
    [(SOUTH, NotFound), (LEADER, NotAllowed), (PLANNER, NotAllowed), (AUDITOR, NotAllowed), (HEAD, NotFound)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_others_get_no_number_from_the_app_or_the_database(there: Helped, actor: Actor, error: type) -> None:
    with pytest.raises(error):
        contacts.reveal_phones(actor, [_head()], purpose="look", reason="curious")
    with pytest.raises(NotFound), writing(actor) as session:
        call(session, "ask_contacts", wanted=[_head()], what_for="look", why="curious")
    with reading(actor) as connection:
        assert contacts.marks_of(connection, [_head()]) == {}
    assert logged() == []


def test_a_look_needs_a_reason_and_a_purpose_and_is_kept_before_it_is_answered(there: Helped) -> None:
    head = _head()
    for wrong in ({"purpose": "look", "reason": " "}, {"purpose": "gossip", "reason": "x"}):
        with pytest.raises(BadInput):
            contacts.reveal_phones(NORTH, [head], **wrong)
    with writing(NORTH) as session:
        asked = call(session, "ask_contacts", wanted=[head], what_for="look", why="x").scalar_one()
        with pytest.raises(NotFound), session.begin_nested():
            call(session, "take_contacts", asked=asked)
        session.rollback()
    assert logged() == []
    assert contacts.reveal_phones(NORTH, [], purpose="look", reason="x") == {}


def test_looks_at_numbers_and_at_helped_persons_are_not_taken_for_each_other(there: Helped) -> None:
    with writing(NORTH) as session:
        number = call(session, "ask_contacts", wanted=[_head()], what_for="look", why="x").scalar_one()
        person = call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why="x").scalar_one()
    for function, asked in (("take", number), ("take_contacts", person)):
        with pytest.raises(NotFound), writing(NORTH) as session:
            call(session, function, asked=asked)
    with pytest.raises(BadInput):
        reveals.reveal(NORTH, there.person, ["contact"], reason="x")


def test_numbers_are_kept_for_own_communities_only_and_go_with_the_person(there: Helped) -> None:
    with pytest.raises(NotFound), writing(SOUTH) as session:
        contacts.keep_contacts(session, {_head(): "19900008888"})
    with writing(NORTH) as session:
        contacts.keep_contacts(session, {_head(): "19900008888"})
        assert phones() == {_head(): PHONE}
    assert phones() == {_head(): "19900008888"}
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM holding; DELETE FROM person"))
    assert phones() == {}


def test_the_app_role_cannot_read_the_table(there: Helped) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), writing(NORTH) as session:
        session.execute(text("SELECT * FROM personal.contact"))


def test_numbers_that_stood_in_plain_are_sealed_by_the_update_of_the_tables_and_back(there: Helped) -> None:
    migrate.downgrade("0009")
    with owner_engine().begin() as owner:
        assert owner.scalar(text("SELECT phone FROM person WHERE name = '周文华'")) == PHONE
        owner.execute(text("UPDATE person SET phone = '1990000 7778'"))
    migrate.upgrade()
    assert phones() == {_head(): "19900007778"}
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT phone_end FROM person WHERE name = '周文华'")) == "7778"
    with reading(NORTH) as connection:
        marks = contacts.phone_marks(connection, "19900007778")
        assert contacts.marks_of(connection, [_head()])[_head()] in marks
