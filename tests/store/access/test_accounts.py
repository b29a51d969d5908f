"""Signing in against a real database: one answer to every failure, waiting, invitations, the demo's one click."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from geo.access import accounts, passwords, sessions
from geo.access.sessions import visitor_of
from geo.errors import BadInput, NotAllowed
from geo.store.clock import today
from geo.store.cluster import Cluster
from geo.store.session import Actor, owner_engine
from tests.users import add_user

WORDS = "four quiet words"
QUICK = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """argon2id as ever, with parameters a test suite can afford."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def wang(clean_store: Cluster) -> Actor:
    """A planner with a password."""
    return registered("wang")


def registered(name: str, *, status: str = "active", must_change: bool = False, role: str = "planner") -> Actor:
    actor = add_user(name, role)
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE app_user SET status = :status WHERE name = :name"), {"name": name, "status": status})
        owner.execute(
            text("INSERT INTO credential (user_name, password_hash, must_change) VALUES (:name, :hash, :must_change)"),
            {"name": name, "hash": passwords.hash_of(WORDS), "must_change": must_change},
        )
    return actor


def owners(query: str, **values: object) -> list[tuple[object, ...]]:
    with owner_engine().connect() as owner:
        return [tuple(row) for row in owner.execute(text(query), values)]


def entries() -> list[tuple[object, ...]]:
    """Who did what, with the note, since the last migration."""
    return owners("SELECT actor, action, note FROM audit_entry ORDER BY id")


def fail(name: str, password: str) -> str:
    with pytest.raises(NotAllowed) as refused:
        accounts.sign_in(name, password)
    return refused.value.message


def test_the_right_password_opens_a_session_and_is_logged(wang: Actor) -> None:
    token = accounts.sign_in(" wang ", WORDS, device="Firefox", host="10.0.0.7")
    visitor = visitor_of(token)
    assert visitor is not None
    assert (visitor.actor, visitor.must_change, visitor.may("see_map")) == (wang, False, True)
    assert entries() == [("wang", "sign in", "Firefox")]
    assert owners("SELECT octet_length(token_hash), token_hash = :token FROM user_session", token=token.encode()) == [
        (32, False)
    ]


def test_every_failure_has_the_same_answer(wang: Actor) -> None:
    registered("waits")
    for _turn in range(passwords.FREE_TRIES):
        fail("waits", "wrong and wrong")
    assert {
        fail("wang", "wrong and wrong"),
        fail("nobody", WORDS),
        fail("operator", WORDS),
        fail("waits", WORDS),
        fail("", ""),
    } == {accounts.REFUSED}


def test_every_failure_hashes_once(wang: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str | None] = []
    plain = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda stored, password: looked.append(stored) or plain(stored, password))
    for name in ("wang", "nobody", "operator"):
        fail(name, "wrong and wrong")
    assert len(looked) == 3
    assert looked[1:] == [None, None]


def test_failures_are_logged_but_neither_passwords_nor_unknown_names(wang: Actor) -> None:
    fail("wang", "my wrong guess")
    fail("my secret password", "wang")
    assert entries() == [("gatekeeper", "sign in failed", "wang"), ("gatekeeper", "sign in failed", None)]
    [(written,)] = owners("SELECT string_agg(e::text, ' ') FROM audit_entry e")
    assert "guess" not in str(written)
    assert "secret" not in str(written)


def test_an_account_waits_after_failures_even_for_the_right_password(wang: Actor) -> None:
    for _turn in range(passwords.FREE_TRIES):
        fail("wang", "wrong and wrong")
    assert fail("wang", WORDS) == accounts.REFUSED
    assert ("gatekeeper", "account waits", "wang") in entries()
    [(failures, waits)] = owners("SELECT failures, locked_until > now() FROM credential WHERE user_name = 'wang'")
    assert (failures, waits) == (passwords.FREE_TRIES, True)


def test_when_the_wait_is_over_the_right_password_clears_the_failures(wang: Actor) -> None:
    for _turn in range(passwords.FREE_TRIES):
        fail("wang", "wrong and wrong")
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE credential SET locked_until = now() - interval '1 second'"))
    accounts.sign_in("wang", WORDS)
    assert owners("SELECT failures, locked_until FROM credential") == [(0, None)]


def test_guesses_at_the_same_time_cannot_outrun_the_waiting(wang: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str | None] = []
    monkeypatch.setattr(passwords, "matches", lambda stored, _password: looked.append(stored) or False)
    with ThreadPoolExecutor(8) as several:
        for outcome in [several.submit(fail, "wang", f"guess number {turn}") for turn in range(24)]:
            outcome.result()
    assert len([stored for stored in looked if stored]) == passwords.FREE_TRIES


def test_an_old_hash_is_made_anew_at_the_next_sign_in(wang: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=2048, parallelism=1))
    accounts.sign_in("wang", WORDS)
    [(stored,)] = owners("SELECT password_hash FROM credential")
    assert "m=2048,t=2" in str(stored)
    accounts.sign_in("wang", WORDS)


def test_an_invited_user_becomes_active_with_the_first_sign_in_and_has_to_change_the_password(
    clean_store: Cluster,
) -> None:
    registered("new", status="invited", must_change=True)
    first = accounts.sign_in("new", WORDS)
    visitor = visitor_of(first)
    assert visitor is not None
    assert visitor.must_change
    assert owners("SELECT status FROM app_user WHERE name = 'new'") == [("active",)]
    second = accounts.change_password(visitor, WORDS, "other quiet words")
    after = visitor_of(second)
    assert after is not None
    assert not after.must_change
    assert visitor_of(first) is None
    assert fail("new", WORDS) == accounts.REFUSED
    accounts.sign_in("new", "other quiet words")


def test_a_new_password_takes_the_current_one_and_holds_to_the_policy(wang: Actor) -> None:
    visitor = visitor_of(accounts.sign_in("wang", WORDS))
    assert visitor is not None
    with pytest.raises(NotAllowed):
        accounts.change_password(visitor, "not the current one", "other quiet words")
    for poor in ("short", "1234567890", WORDS):
        with pytest.raises(BadInput):
            accounts.change_password(visitor, WORDS, poor)
    accounts.sign_in("wang", WORDS)


def test_a_suspended_user_with_the_right_password_is_told_so_and_stays_out(clean_store: Cluster) -> None:
    registered("gone", status="suspended")
    assert "suspended" in fail("gone", WORDS)
    assert fail("gone", "wrong and wrong") == accounts.REFUSED


def test_who_holds_no_role_today_stays_out_and_a_session_ends_with_the_last_role(wang: Actor) -> None:
    token = accounts.sign_in("wang", WORDS)
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE user_role SET to_on = :day"), {"day": today() - timedelta(days=1)})
    assert visitor_of(token) is None
    assert sessions.still_open([token]) == set()
    assert "no role" in fail("wang", WORDS)


def test_a_session_ends_by_sign_out_suspension_expiry_and_a_reset_password(wang: Actor) -> None:
    tokens = [accounts.sign_in("wang", WORDS) for _turn in range(3)]
    assert sessions.still_open([*tokens, "never given"]) == set(tokens)
    visitor = visitor_of(tokens[0])
    assert visitor is not None
    sessions.sign_out(visitor)
    sessions.sign_out(visitor)
    assert sessions.still_open(tokens) == set(tokens[1:])
    assert [entry for entry in entries() if entry[1] == "sign out"] == [("wang", "sign out", "wang")]
    with owner_engine().begin() as owner:
        query = "UPDATE user_session SET expires_at = now() WHERE token_hash = :hash"
        owner.execute(text(query), {"hash": sessions.hash_of(tokens[1])})
    assert sessions.still_open(tokens) == {tokens[2]}
    for change in ("UPDATE credential SET must_change = true", "UPDATE app_user SET status = 'suspended'"):
        with owner_engine().begin() as owner:
            owner.execute(text(change))
        assert sessions.still_open(tokens) == set()


def test_sessions_spent_for_months_are_removed_when_their_user_signs_in_again(wang: Actor) -> None:
    spent, ended, lasting = (sessions.open_session(wang.name) for _ in range(3))
    with owner_engine().begin() as owner:
        for token, column, days in ((spent, "expires_at", 91), (ended, "ended_at", 89)):
            owner.execute(
                text(f"UPDATE user_session SET {column} = now() - make_interval(days => :days) WHERE token_hash = :it"),
                {"days": days, "it": sessions.hash_of(token)},
            )
    sessions.open_session(wang.name)
    with owner_engine().connect() as owner:
        kept = set(owner.scalars(text("SELECT token_hash FROM user_session")))
    assert sessions.hash_of(spent) not in kept
    assert {sessions.hash_of(ended), sessions.hash_of(lasting)} < kept


def test_only_a_verified_address_of_a_user_is_let_in(wang: Actor) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE app_user SET email = 'WANG@example.org' WHERE name = 'wang'"))
    visitor = visitor_of(accounts.admit_by_email("wang@example.org"))
    assert visitor is not None
    assert visitor.actor == wang
    with pytest.raises(NotAllowed, match=r"li@example\.org"):
        accounts.admit_by_email("li@example.org")


def test_there_are_no_users_in_a_new_database_and_no_demo_accounts(clean_store: Cluster) -> None:
    assert not accounts.has_users()
    assert accounts.demo_accounts() == ()
    with pytest.raises(NotAllowed):
        accounts.enter_demo("operator")
    registered("wang")
    assert accounts.has_users()
