"""``yizhan user``: a real database begins with one command, and nobody has a password nobody chose."""

import io
import json
import re

import pytest
from sqlalchemy import text

from geo.access import accounts, passwords
from geo.access.sessions import visitor_of
from geo.cli import run
from geo.errors import NotAllowed
from geo.store.session import Actor, owner_engine, reading
from tests.users import add_user

Shown = pytest.CaptureFixture[str]
FIRST = "first quiet words"


def owners(query: str) -> list[tuple[object, ...]]:
    with owner_engine().connect() as owner:
        return [tuple(row) for row in owner.execute(text(query))]


def roles_of(name: str) -> int:
    with reading(Actor(name)) as connection:
        return int(connection.scalar(text("SELECT count(*) FROM held_role")) or 0)


def test_a_new_database_has_no_account_and_no_password(clean_store: object) -> None:
    assert owners("SELECT name FROM app_user") == [("operator",)]
    assert owners("SELECT count(*) FROM credential") == [(0,)]


def test_the_printed_password_opens_one_sign_in_and_has_to_be_changed(clean_store: object, capsys: Shown) -> None:
    assert run(["user", "add", "wang", "--role", "administrator", "--email", "wang@example.org"]) == 0
    printed = capsys.readouterr().out
    found = re.search(r"(\w{4}-){3}\w{4}", printed)
    assert found
    visitor = visitor_of(accounts.sign_in("wang", found[0]))
    assert visitor is not None
    assert visitor.must_change
    assert [held.role for held in visitor.roles] == ["administrator"]
    assert found[0] not in str(owners("SELECT string_agg(e::text, ' ') FROM audit_entry e"))


def test_a_password_from_the_input_is_never_printed_and_holds_to_the_policy(
    clean_store: object, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["user", "add", "wang", "--role", "planner", "--password-stdin"]) == 1
    assert owners("SELECT count(*) FROM app_user") == [(1,)]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{FIRST}\n"))
    assert run(["user", "add", "wang", "--role", "planner", "--password-stdin"]) == 0
    shown = capsys.readouterr()
    assert FIRST not in shown.out + shown.err
    assert passwords.matches(str(owners("SELECT password_hash FROM credential")[0][0]), FIRST)


def test_a_role_is_given_at_places_listed_and_ended(demo_store: object, capsys: Shown) -> None:
    codes = [str(code) for (code,) in owners("SELECT code FROM area WHERE level = 'community' ORDER BY id LIMIT 2")]
    assert run(["user", "add", "li", "--role", "organiser", "--at", codes[0]]) == 0
    assert run(["user", "role", "li", "--role", "organiser", "--at", codes[1], "--until", "2999-12-31"]) == 0
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE app_user SET status = 'active' WHERE name = 'li'"))
    assert roles_of("li") == 2
    [(number,)] = owners("SELECT min(id) FROM user_role WHERE user_name = 'li'")
    assert run(["user", "role", "li", "--end", str(number), "--reason", "moved"]) == 0
    assert roles_of("li") == 1
    capsys.readouterr()
    assert run(["user", "list", "--json"]) == 0
    listed = {user["name"]: user for user in json.loads(capsys.readouterr().out)}
    assert "operator" not in listed
    assert listed["li"]["roles"] == ["organiser"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["add", "wang", "--role", "king"],
        ["add", "wang", "--role", "organiser"],
        ["add", "wang", "--role", "organiser", "--at", "nowhere"],
        ["add", "wang", "--role", "leader", "--at", "371502001"],
        ["add", "operator", "--role", "leader"],
        ["role", "nobody", "--role", "leader"],
        ["suspend", "nobody", "--reason", "gone"],
        ["reset", "nobody"],
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(
    clean_store: object, capsys: Shown, wrong: list[str]
) -> None:
    assert run(["user", *wrong]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert owners("SELECT count(*) FROM app_user") == [(1,)]


def test_suspending_resetting_and_signing_out_end_the_sessions(clean_store: object, capsys: Shown) -> None:
    add_user("zhao", "administrator")
    add_user("li", "planner")
    for command in (["suspend", "li", "--reason", "on leave"], ["reset", "li"], ["sign-out", "li"]):
        token = accounts.admit("li")
        assert run(["user", *command]) == 0
        assert visitor_of(token) is None
        if command[0] == "suspend":
            with pytest.raises(NotAllowed):
                accounts.admit("li")
            assert run(["user", "resume", "li"]) == 0
    assert re.search(r"(\w{4}-){3}\w{4}", capsys.readouterr().out)
