"""The audit trail cannot be changed, not even by the role that owns it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.access.actor import OPERATOR
from geo.store import audit, versions
from geo.store.session import owner_engine, reading, writing


def _record_bump_and_fail() -> None:
    with writing(OPERATOR) as session:
        audit.record(session, "correct", "compound", 7, audit.Change())
        versions.bump(session, "posts")
        raise ZeroDivisionError


def test_an_entry_says_who_what_before_and_after(clean_store: object) -> None:
    change = audit.Change(before={"name": "a"}, after={"name": "b"}, note="x")
    with writing(OPERATOR) as session:
        audit.record(session, "correct", "compound", 7, change)
    with reading(OPERATOR) as connection:
        (entry,) = audit.history(connection, "compound", 7)
    assert (entry.actor, entry.action, entry.before, entry.after, entry.note) == (
        OPERATOR.name, "correct", {"name": "a"}, {"name": "b"}, "x",
    )


def test_a_failed_transaction_leaves_no_entry(clean_store: object) -> None:
    with pytest.raises(ZeroDivisionError):
        _record_bump_and_fail()
    with reading(OPERATOR) as connection:
        assert audit.history(connection, "compound", 7) == []


def test_nobody_changes_or_removes_an_entry(clean_store: object) -> None:
    with writing(OPERATOR) as session:
        audit.record(session, "correct", "compound", 7, audit.Change())
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with pytest.raises(DBAPIError), writing(OPERATOR) as session:
            session.execute(text(statement))
        with pytest.raises(DBAPIError, match="never changed"), owner_engine().begin() as owner:
            owner.execute(text(statement))


def test_an_entry_cannot_be_written_in_another_name(clean_store: object) -> None:
    with pytest.raises(DBAPIError, match="row-level security"), writing(OPERATOR) as session:
        session.execute(text("INSERT INTO audit_entry (actor, action, entity) VALUES ('somebody', 'a', 'b')"))


def test_a_version_rises_with_each_bump_and_not_with_a_rollback(clean_store: object) -> None:
    with reading(OPERATOR) as connection:
        before = versions.current(connection)
    with writing(OPERATOR) as session:
        versions.bump(session, "places")
        versions.bump(session, "places")
    with pytest.raises(ZeroDivisionError):
        _record_bump_and_fail()
    with reading(OPERATOR) as connection:
        assert versions.current(connection) == {**before, "places": before["places"] + 2}
