"""The chain over the audit trail: whatever is done to the trail behind the app's back shows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.access.actor import OPERATOR
from geo.errors import BadInput
from geo.store import audit, backup, chain, migrate
from geo.store.cluster import Cluster
from geo.store.session import owner_engine, reading, writing
from tests.users import add_user

ENTRIES = 6


def _record(count: int = 1, note: str = "x") -> None:
    with writing(OPERATOR) as session:
        for number in range(count):
            change = audit.Change(before={"b": None, "aa": 1.50}, after={"name": "金桂花园"}, note=f"{note} {number}")
            audit.record(session, "correct", "compound", 7, change)


def _record_and_fail(session: Session) -> None:
    audit.record(session, "correct", "compound", 7, audit.Change())
    session.execute(text("SELECT 1 / 0"))


def _verdict(noted: str | None = None) -> chain.Verdict:
    with reading(OPERATOR) as connection:
        return chain.verify(connection, noted=noted)


def _head() -> chain.Head:
    with reading(OPERATOR) as connection:
        found = chain.head(connection)
    assert found is not None
    return found


@contextmanager
def _above_all_rules(cluster: Cluster) -> Iterator[Connection]:
    """Act as somebody who holds the whole server and has switched the triggers off."""
    with owner_engine().begin() as owner:
        for table in ("audit_entry", "audit_seal"):
            owner.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield owner
        for table in ("audit_entry", "audit_seal"):
            owner.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def _problems(verdict: chain.Verdict) -> list[tuple[int | None, str]]:
    return [(link.no, link.problem) for link in verdict.broken]


def test_every_entry_is_sealed_in_the_order_of_commits(clean_store: Cluster) -> None:
    assert _verdict() == chain.Verdict(None, (), 0)
    _record(2)
    _record(1)
    verdict = _verdict()
    assert verdict.holds
    assert verdict.head is not None
    assert verdict.head.no == 3


def test_a_transaction_that_fails_leaves_no_gap(clean_store: Cluster) -> None:
    _record()
    with pytest.raises(DBAPIError, match="division"), writing(OPERATOR) as session:
        _record_and_fail(session)
    _record()
    assert _verdict().holds
    assert _head().no == 2


def test_a_long_transaction_keeps_nobody_waiting(clean_store: Cluster) -> None:
    with writing(OPERATOR) as slow:
        audit.record(slow, "correct", "compound", 7, audit.Change(note="began first"))
        _record(note="was faster")
        assert _head().no == 1
    assert _verdict().holds
    assert _head().no == 2


def test_many_writers_at_once_make_one_chain(clean_store: Cluster) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _record(2, f"writer {number}"), range(40)))
    verdict = _verdict()
    assert verdict.holds
    assert verdict.head is not None
    assert verdict.head.no == 80


RENUMBER = (
    "DELETE FROM audit_entry WHERE id = 3; DELETE FROM audit_seal WHERE no = 3; "
    "UPDATE audit_seal SET no = no - 1 WHERE no > 3"
)
SWAP = (
    "UPDATE audit_seal SET entry_id = 100 WHERE no = 2; UPDATE audit_seal SET entry_id = 2 WHERE no = 3; "
    "UPDATE audit_seal SET entry_id = 3 WHERE no = 2"
)


@pytest.mark.parametrize(
    ("tampering", "shown"),
    [
        ("UPDATE audit_entry SET note = 'y' WHERE id = 3", [(3, "changed")]),
        ("UPDATE audit_entry SET at = at - interval '1 second' WHERE id = 3", [(3, "changed")]),
        ("UPDATE audit_entry SET actor = 'wang' WHERE id = 1", [(1, "changed")]),
        ("UPDATE audit_entry SET before = before - 'b' WHERE id = 2", [(2, "changed")]),
        ("UPDATE audit_entry SET after = NULL, note = after::text WHERE id = 2", [(2, "changed")]),
        ("DELETE FROM audit_entry WHERE id = 3", [(3, "removed")]),
        ("DELETE FROM audit_entry WHERE id = 3; DELETE FROM audit_seal WHERE no = 3", [(4, "gap")]),
        (RENUMBER, [(3, "changed")]),
        ("DELETE FROM audit_entry WHERE id = 1; DELETE FROM audit_seal WHERE no = 1", [(2, "gap")]),
        ("UPDATE audit_seal SET hash = sha256('x') WHERE no = 3", [(3, "changed"), (4, "changed")]),
        ("INSERT INTO audit_entry (actor, action, entity) VALUES ('wang', 'correct', 'area')", [(None, "unsealed")]),
        (SWAP, [(2, "changed"), (3, "changed")]),
    ],
)
def test_tampering_shows_where_it_was_done(
    clean_store: Cluster, tampering: str, shown: list[tuple[int | None, str]]
) -> None:
    _record(ENTRIES)
    with _above_all_rules(clean_store) as owner:
        for statement in tampering.split("; "):
            owner.execute(text(statement))
    verdict = _verdict()
    assert not verdict.holds
    assert _problems(verdict) == shown
    assert verdict.found == len(shown)


def test_an_end_cut_off_shows_only_beside_a_head_noted_down(clean_store: Cluster) -> None:
    _record(ENTRIES)
    noted = _head().hash
    assert _verdict(noted).noted_no == ENTRIES
    _record(2)
    verdict = _verdict(noted.upper())
    assert (verdict.holds, verdict.noted_no) == (True, ENTRIES)
    with _above_all_rules(clean_store) as owner:
        owner.execute(text("DELETE FROM audit_entry WHERE id > 4"))
        owner.execute(text("DELETE FROM audit_seal WHERE no > 4"))
    assert _verdict().holds
    verdict = _verdict(noted)
    assert (verdict.holds, verdict.cut) == (False, True)


def test_something_that_is_no_hash_is_refused(clean_store: Cluster) -> None:
    with pytest.raises(BadInput, match="64 digits"):
        _verdict("5f")


def test_neither_the_app_nor_the_owner_changes_a_seal(clean_store: Cluster) -> None:
    _record()
    for statement in ("UPDATE audit_seal SET no = 9", "DELETE FROM audit_seal", "TRUNCATE audit_seal"):
        with pytest.raises(DBAPIError, match="permission denied"), writing(OPERATOR) as session:
            session.execute(text(statement))
        with pytest.raises(DBAPIError, match="never changed"), owner_engine().begin() as owner:
            owner.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_seal (no, entry_id, hash) VALUES (2, 2, sha256('x'))",
        "INSERT INTO audit_entry (at, actor, action, entity) VALUES ('2020-01-01', 'operator', 'correct', 'area')",
        "INSERT INTO audit_entry (id, actor, action, entity) VALUES (77, 'operator', 'correct', 'area')",
    ],
)
def test_the_app_can_neither_seal_nor_date_nor_number_an_entry(clean_store: Cluster, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), writing(OPERATOR) as session:
        session.execute(text(statement))


def test_who_may_not_read_the_log_sees_no_link(clean_store: Cluster) -> None:
    _record()
    planner = add_user("planner", "planner")
    with reading(planner) as connection:
        assert chain.head(connection) is None
    auditor = add_user("auditor", "auditor")
    with reading(auditor) as connection:
        assert chain.verify(connection).holds
        assert chain.head(connection) is not None


def test_a_backup_keeps_the_chain_and_other_settings_change_nothing(clean_store: Cluster, tmp_path: Path) -> None:
    _record(ENTRIES)
    noted = _head()
    backup.write_backup(tmp_path / "kept.zip")
    _record(3)
    backup.restore(tmp_path / "kept.zip", replace=True)
    assert _head() == noted
    _record()
    with reading(OPERATOR) as connection:
        connection.execute(text("SET LOCAL timezone = 'Asia/Shanghai'; SET LOCAL datestyle = 'ISO, DMY'"))
        connection.execute(text("SET LOCAL extra_float_digits = -5; SET LOCAL intervalstyle = 'iso_8601'"))
        verdict = chain.verify(connection, noted=noted.hash)
    assert verdict.holds
    assert verdict.noted_no == ENTRIES


def test_entries_from_before_the_chain_are_sealed_without_telephone_numbers(clean_store: Cluster) -> None:
    migrate.downgrade("0004")
    with owner_engine().begin() as owner:
        owner.execute(
            text(
                "INSERT INTO audit_entry (actor, action, entity, before, after) VALUES "
                "('operator', 'assign_head', 'building', '{\"person\": {\"5\": null}}', "
                '\'{"person": {"5": {"name": "王建国", "phone": "13900000000"}}}\'), '
                "('operator', 'correct', 'building', NULL, '{\"building\": {}}')"
            )
        )
    migrate.upgrade()
    assert _verdict().holds
    assert _head().no == 2
    with reading(OPERATOR) as connection:
        after = connection.execute(text("SELECT before, after FROM audit_entry ORDER BY id LIMIT 1")).one()
    assert after == ({"person": {"5": None}}, {"person": {"5": {"name": "王建国"}}})
