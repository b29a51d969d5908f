"""Looking at a helped person: by those who may, with a reason, and never without a log entry that is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.access import consents, reveals
from geo.access.asking import call
from geo.access.helped_persons import FIELDS
from geo.errors import BadInput, Conflict, NotAllowed, NotFound, StoreUnavailable
from geo.store.session import Actor, connect, engine, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import (
    ADMINISTRATOR,
    AUDITOR,
    DAY,
    DETAILS,
    HEAD,
    LEADER,
    PLANNER,
    SOUTH,
    STAFF,
    Helped,
)
from tests.store.small_city import NORTH_ORGANISER as NORTH

WHY = "she asked for a call"


@pytest.fixture
def there(clean_store: object) -> Helped:
    """The small city with its helped persons."""
    return helped.build()


def entries(action: str = "reveal") -> list[Any]:
    """What the log says, oldest first."""
    with owner_engine().connect() as owner:
        return list(
            owner.execute(
                text(
                    "SELECT actor, entity, entity_id, community_id, note, after FROM audit_entry "
                    "WHERE action = :action ORDER BY id"
                ),
                {"action": action},
            )
        )


@pytest.mark.parametrize("actor", [NORTH, STAFF], ids=lambda actor: actor.name)
def test_who_works_there_sees_what_they_asked_for_and_the_log_says_so(there: Helped, actor: Actor) -> None:
    shown = reveals.reveal(actor, there.person, ["phone", "name"], reason=WHY)
    assert shown.values == {"name": DETAILS.name, "phone": DETAILS.phone}
    told = {"fields": ["name", "phone"], "purpose": "look"}
    assert entries() == [(actor.name, "helped_person", there.person, there.city["north"], WHY, told)]


def test_every_field_comes_back_as_it_was_recorded(there: Helped) -> None:
    shown = reveals.reveal(NORTH, there.person, FIELDS, reason=WHY)
    assert shown.values == {name: getattr(DETAILS, name) for name in FIELDS}
    assert DETAILS.name not in f"{shown} {DETAILS}"


@pytest.mark.parametrize("reason", ["", "  ", "\u3000\n"])
def test_without_a_reason_nothing_is_shown_and_nothing_is_logged(there: Helped, reason: str) -> None:
    with pytest.raises(BadInput, match="reason"):
        reveals.reveal(NORTH, there.person, ["name"], reason=reason)
    with pytest.raises(BadInput), writing(NORTH) as session:
        call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why=reason)
    assert entries() == []


@pytest.mark.parametrize("actor", [ADMINISTRATOR, PLANNER, LEADER, AUDITOR, HEAD], ids=lambda actor: actor.name)
def test_other_roles_are_refused_by_the_app_and_by_the_database(there: Helped, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        reveals.reveal(actor, there.person, ["name"], reason=WHY)
    with pytest.raises(NotFound), writing(actor) as session:
        call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why=WHY)
    assert entries() == []


def test_somebody_of_another_community_is_as_good_as_not_there(there: Helped) -> None:
    for wanted in (there.stranger, 10**9):
        with pytest.raises(NotFound):
            reveals.reveal(NORTH, wanted, ["name"], reason=WHY)
    with pytest.raises(NotFound):
        reveals.reveal_list(NORTH, [there.person, there.stranger], ["name"], purpose="calls", reason=WHY)
    assert entries() == []


def test_nothing_is_handed_out_in_the_transaction_that_logs_or_when_that_is_rolled_back(there: Helped) -> None:
    with writing(NORTH) as session:
        asked = call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why=WHY).scalar_one()
        with pytest.raises(NotFound), session.begin_nested():
            call(session, "take", asked=asked)
        session.rollback()
    with pytest.raises(NotFound), writing(NORTH) as session:
        call(session, "take", asked=asked)
    assert entries() == []


def test_an_answer_is_handed_out_once_and_only_to_who_asked(there: Helped) -> None:
    with writing(NORTH) as session:
        asked = call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why=WHY).scalar_one()
    with pytest.raises(NotFound), writing(STAFF) as session:
        call(session, "take", asked=asked)
    with writing(NORTH) as session:
        row = call(session, "take", asked=asked).one()
    assert row.name_sealed is not None
    assert (row.phone_sealed, row.notes_sealed, row.risk_class, row.birth_year) == (None, None, None, None)
    with pytest.raises(NotFound), writing(NORTH) as session:
        call(session, "take", asked=asked)


def test_an_answer_does_not_wait_longer_than_a_minute(there: Helped) -> None:
    with writing(NORTH) as session:
        asked = call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why=WHY).scalar_one()
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE personal.disclosure SET asked_at = asked_at - interval '2 minutes'"))
    with pytest.raises(NotFound), writing(NORTH) as session:
        call(session, "take", asked=asked)


def test_a_reader_is_refused(there: Helped) -> None:
    with pytest.raises(DBAPIError, match="read-only"), reading(NORTH) as connection:
        connection.execute(
            text("SELECT personal.ask(ARRAY[:person]::bigint[], ARRAY['name'], 'look', 'x')"), {"person": there.person}
        )
    assert entries() == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM personal.{table}",
        "DELETE FROM personal.{table}",
        "TRUNCATE personal.{table} CASCADE",
        "COPY personal.{table} TO STDOUT",
        "CREATE VIEW open_view AS SELECT * FROM personal.{table}",
    ],
)
@pytest.mark.parametrize("table", ["helped_person", "consent", "sealing_key", "disclosure", "run"])
def test_the_app_role_cannot_touch_a_table_of_the_schema(there: Helped, statement: str, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), writing(NORTH) as session:
        session.execute(text(statement.format(table=table)))


@pytest.mark.parametrize(
    "inner",
    [
        "works_at(1)",
        "organises(1)",
        "forget(1)",
        "write_log('x', 1, 1, 'x', NULL)",
        "refuse()",
        "pseudonym('\\x00', 1)",
    ],
)
def test_the_app_role_cannot_call_what_is_for_the_schema_itself(there: Helped, inner: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), writing(NORTH) as session:
        session.execute(text(f"SELECT personal.{inner}"))


def test_nobody_without_a_name_gets_an_answer(there: Helped) -> None:
    ask = text("SELECT personal.ask(ARRAY[:person]::bigint[], ARRAY['name'], 'look', 'x')")
    with pytest.raises(DBAPIError), connect(engine()) as connection, connection.begin():
        connection.execute(ask, {"person": there.person})
    with pytest.raises(NotFound), writing(Actor("nobody")) as session:
        call(session, "ask", wanted=[there.person], fields=["name"], what_for="look", why=WHY)


def test_a_list_logs_one_entry_a_person_with_its_purpose(there: Helped) -> None:
    shown = reveals.reveal_list(NORTH, [there.person, there.person], ["name"], purpose="calls", reason="Thursday round")
    assert [one.values for one in shown] == [{"name": DETAILS.name}]
    assert [(entry.entity_id, entry.after["purpose"]) for entry in entries()] == [(there.person, "calls")]
    for wrong in ({"purpose": "look"}, {"purpose": "gossip"}):
        with pytest.raises(BadInput):
            reveals.reveal_list(NORTH, [there.person], ["name"], reason=WHY, **wrong)


def test_volunteers_see_only_who_agreed(there: Helped) -> None:
    ask: Callable[[], object] = lambda: reveals.reveal_list(  # noqa: E731
        NORTH, [there.person], ["name", "phone"], purpose="rota", reason="Week 48"
    )
    with pytest.raises(Conflict, match="1 persons have not agreed"):
        ask()
    with writing(NORTH) as session:
        agreed = consents.record_consent(session, there.person, "volunteers", given_on=DAY, how="spoken")
    assert ask()
    with writing(NORTH) as session:
        consents.withdraw_consent(session, agreed, on=DAY)
    with pytest.raises(Conflict):
        ask()
    with pytest.raises(DBAPIError, match="volunteers"), writing(NORTH) as session:
        call(session, "ask", wanted=[there.person], fields=["name"], what_for="rota", why=WHY)


def test_the_auditor_and_the_community_see_who_looked(there: Helped) -> None:
    reveals.reveal(STAFF, there.person, ["name"], reason=WHY)
    for actor, seen in ((AUDITOR, 1), (NORTH, 1), (SOUTH, 0), (PLANNER, 0)):
        with reading(actor) as connection:
            found = [entry for entry in reveals.reveals_of(connection, there.person) if entry.action == "reveal"]
        assert len(found) == seen, actor.name


def test_a_value_moved_to_another_row_does_not_open(there: Helped) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text(
                "UPDATE personal.helped_person SET name_sealed = "
                "(SELECT name_sealed FROM personal.helped_person WHERE id = :person) WHERE id = :stranger"
            ),
            {"person": there.person, "stranger": there.stranger},
        )
    with pytest.raises(StoreUnavailable, match="does not belong there"):
        reveals.reveal(SOUTH, there.stranger, ["name"], reason=WHY)
