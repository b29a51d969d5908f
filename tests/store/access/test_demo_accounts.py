"""The accounts of a demo city: one for each role, at places that are there, opened by a click and nothing else."""

import pytest
from sqlalchemy import text

from data.load import load_demo
from geo.access import accounts, sessions
from geo.access.accounts import DEMO_ACCOUNTS
from geo.access.actor import OPERATOR
from geo.access.rules import ROLES
from geo.errors import NotAllowed
from geo.store.session import Actor, owner_engine, reading
from tests.users import add_user


def owners(query: str) -> list[tuple[object, ...]]:
    with owner_engine().connect() as owner:
        return [tuple(row) for row in owner.execute(text(query))]


def test_every_role_has_its_account_and_a_click_opens_it(demo_store: object) -> None:
    assert sorted(DEMO_ACCOUNTS.values()) == sorted(ROLES)
    assert accounts.demo_accounts() == tuple(DEMO_ACCOUNTS)
    for name, role in DEMO_ACCOUNTS.items():
        visitor = sessions.visitor_of(accounts.enter_demo(name))
        assert visitor is not None
        assert {held.role for held in visitor.roles} == {role}


def test_no_demo_account_has_a_password(demo_store: object) -> None:
    assert owners("SELECT count(*) FROM credential") == [(0,)]
    with pytest.raises(NotAllowed):
        accounts.sign_in("demo-administrator", "")


def test_their_places_are_there_and_hold_something(demo_store: object) -> None:
    with reading(Actor("demo-organiser")) as connection:
        assert connection.scalar(text("SELECT count(DISTINCT community_id) FROM building")) == 2
    with reading(Actor("demo-staff")) as connection:
        station = text("SELECT s.status FROM station s WHERE s.id IN (SELECT r.station_id FROM held_role r)")
        assert connection.scalars(station).all() == ["open"]
    with reading(Actor("demo-head")) as connection:
        assert connection.scalar(text("SELECT count(*) FROM app_own_units()"))


def test_a_new_demo_ends_every_role_bound_to_a_place_of_the_old_one(demo_store: object) -> None:
    add_user("li", "organiser", community_id=8)
    add_user("zhao", "planner")
    load_demo(OPERATOR, "small", 5, replace=True)
    for name, still in (("li", 0), ("zhao", 1), ("demo-organiser", 2)):
        with reading(Actor(name)) as connection:
            assert connection.scalar(text("SELECT count(*) FROM held_role")) == still
    assert accounts.demo_accounts() == tuple(DEMO_ACCOUNTS)


def test_a_click_opens_nothing_in_a_real_city(demo_store: object) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE city SET demo_seed = NULL"))
    assert accounts.demo_accounts() == ()
    with pytest.raises(NotAllowed):
        accounts.enter_demo("demo-planner")


def test_a_click_opens_nothing_in_a_database_of_somebody_elses(
    demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.store.cluster.is_private", lambda: False)
    assert accounts.demo_accounts() == ()


def test_a_click_opens_no_account_that_is_not_of_the_demo(demo_store: object) -> None:
    add_user("zhao", "planner")
    for name in ("zhao", "operator", "gatekeeper", ""):
        with pytest.raises(NotAllowed):
            accounts.enter_demo(name)
