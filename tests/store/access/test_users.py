"""Users: invited with a role and a one-time password, suspended, reset; and always somebody in charge."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.accounts import sign_in
from geo.access.actor import OPERATOR
from geo.access.sessions import open_session, visitor_of
from geo.access.user_reads import UserFilter, history_of_user, roles_of_user, street_offices, user_named, users
from geo.access.user_rules import Grant, NewUser
from geo.access.user_writes import (
    correct_user,
    end_role,
    give_role,
    invite,
    reset_password,
    resume,
    sign_out_user,
    suspend,
)
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add, build
from tests.users import add_user

CHIEF = Actor("chief")


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    add_user(CHIEF.name, "administrator")
    return build()


def invited(name: str = "wang", role: str = "leader", actor: Actor = CHIEF, **more: Any) -> str:
    with writing(actor) as session:
        return invite(session, NewUser(name, "王芳", f"{name}@example.org"), Grant(role, today(), **more))


def view(name: str = "wang") -> Any:
    with reading(CHIEF) as connection:
        return user_named(connection, name, on=today())


def roles(name: str = "wang") -> list[Any]:
    with reading(CHIEF) as connection:
        return roles_of_user(connection, name, on=today())


def test_an_invited_user_signs_in_with_the_one_time_password_and_must_change_it(city: SmallCity) -> None:
    password = invited()
    assert view().status == "invited"
    visitor = visitor_of(sign_in("wang", password))
    assert visitor is not None
    assert visitor.must_change
    assert [held.role for held in visitor.roles] == ["leader"]
    assert view().status == "active"


def test_the_log_tells_of_an_invitation_without_the_password(city: SmallCity) -> None:
    password = invited()
    with reading(CHIEF) as connection:
        entries = history_of_user(connection, "wang")
    assert [entry.action for entry in entries] == ["invite"]
    assert (entries[0].after or {})["role"] == "leader"
    assert password not in str(entries)
    assert "example.org" not in str(entries)


def test_names_and_addresses_that_are_taken_or_cannot_be_are_refused(city: SmallCity) -> None:
    invited()
    with pytest.raises(Conflict, match="already a user called WANG"):
        invited("WANG")
    for name in ("", "operator", "a b", "x", "job-runner", "<b>"):
        with pytest.raises(BadInput, match="cannot be a name"):
            invited(name)
    with pytest.raises(Conflict, match="e-mail"), writing(CHIEF) as session:
        invite(session, NewUser("li", None, "WANG@example.org"), Grant("leader", today()))
    with pytest.raises(BadInput, match="no e-mail"), writing(CHIEF) as session:
        invite(session, NewUser("li", None, "nowhere"), Grant("leader", today()))


def test_a_role_is_given_at_several_communities_at_once_and_only_where_it_is_missing(city: SmallCity) -> None:
    invited("wang", "organiser", places=(city["north"],))
    with writing(CHIEF) as session:
        made = give_role(session, "wang", Grant("organiser", today(), places=(city["north"], city["south"])))
    assert len(made) == 1
    assert [role.place for role in roles()] == ["金桂社区", "银杏社区"]
    with pytest.raises(Conflict, match="already"), writing(CHIEF) as session:
        give_role(session, "wang", Grant("organiser", today(), places=(city["north"],)))
    with pytest.raises(BadInput, match="where"), writing(CHIEF) as session:
        give_role(session, "wang", Grant("organiser", today()))
    with pytest.raises(NotFound), writing(CHIEF) as session:
        give_role(session, "wang", Grant("organiser", today(), places=(10**9,)))


def test_a_whole_street_office_can_be_chosen_at_once(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        office = add(owner, "area", level="street_office", code="o1", name="湖滨街道", parent_id=city["371500"])
        owner.execute(text("UPDATE area SET parent_id = :office WHERE level = 'community'"), {"office": office})
    with reading(CHIEF) as connection:
        assert street_offices(connection) == {"湖滨街道": (city["north"], city["south"])}


def test_a_role_ends_on_a_day_and_lets_nothing_through_from_then_on(city: SmallCity) -> None:
    password = invited("wang", "leader")
    token = sign_in("wang", password)
    role = roles()[0]
    with pytest.raises(BadInput, match="why"), writing(CHIEF) as session:
        end_role(session, role.id, on=today(), reason=" ", expected_version=role.version)
    with writing(CHIEF) as session:
        end_role(session, role.id, on=today() + timedelta(days=3), reason="moves on", expected_version=role.version)
    assert visitor_of(token) is not None
    role = roles()[0]
    with pytest.raises(Conflict, match="while you were looking"), writing(CHIEF) as session:
        end_role(session, role.id, on=today(), reason="again", expected_version=role.version - 1)
    with writing(CHIEF) as session:
        end_role(session, role.id, on=today(), reason="at once", expected_version=role.version)
    assert visitor_of(token) is None
    with pytest.raises(Conflict, match="already ends"), writing(CHIEF) as session:
        end_role(session, role.id, on=today(), reason="once more", expected_version=role.version + 1)


def test_a_suspended_user_is_signed_out_and_can_be_let_in_again(city: SmallCity) -> None:
    password = invited()
    token = sign_in("wang", password)
    with writing(CHIEF) as session:
        suspend(session, "wang", reason="left the office", expected_version=view().version)
    assert visitor_of(token) is None
    with pytest.raises(NotAllowed, match="suspended"):
        sign_in("wang", password)
    with writing(CHIEF) as session:
        resume(session, "wang", expected_version=view().version)
    assert visitor_of(token) is None
    assert visitor_of(sign_in("wang", password)) is not None
    with pytest.raises(Conflict, match="not suspended"), writing(CHIEF) as session:
        resume(session, "wang", expected_version=view().version)


def test_nobody_suspends_themselves_or_takes_away_the_last_administrator(city: SmallCity) -> None:
    with pytest.raises(Conflict, match="themselves"), writing(CHIEF) as session:
        suspend(session, "chief", reason="tired", expected_version=view("chief").version)
    with pytest.raises(Conflict, match="last administrator"), writing(OPERATOR) as session:
        suspend(session, "chief", reason="gone", expected_version=view("chief").version)
    role = roles("chief")[0]
    for ends in (today(), today() + timedelta(days=400)):
        with pytest.raises(Conflict, match="last administrator"), writing(CHIEF) as session:
            end_role(session, role.id, on=ends, reason="gone", expected_version=role.version)
    add_user("second", "administrator", to_on=today() + timedelta(days=30))
    with pytest.raises(Conflict, match="last administrator"), writing(CHIEF) as session:
        end_role(session, role.id, on=today() + timedelta(days=60), reason="gone", expected_version=role.version)
    with writing(CHIEF) as session:
        end_role(session, role.id, on=today(), reason="handed over", expected_version=role.version)
    with pytest.raises(NotAllowed), writing(CHIEF) as session:
        resume(session, "second", expected_version=1)


def test_a_reset_ends_every_session_and_the_old_password(city: SmallCity) -> None:
    old = invited()
    tokens = [sign_in("wang", old), open_session("wang", device="phone")]
    with writing(CHIEF) as session:
        new = reset_password(session, "wang", expected_version=view().version)
    assert [visitor_of(token) for token in tokens] == [None, None]
    with pytest.raises(NotAllowed):
        sign_in("wang", old)
    assert visitor_of(sign_in("wang", new)) is not None


def test_somebody_is_signed_out_everywhere_and_corrected(city: SmallCity) -> None:
    token = sign_in("wang", invited())
    with writing(CHIEF) as session:
        sign_out_user(session, "wang")
        correct_user(session, NewUser("wang", "王芳芳", None), expected_version=view().version)
    assert visitor_of(token) is None
    assert (view().shown_name, view().email) == ("王芳芳", None)
    with pytest.raises(NotFound), writing(CHIEF) as session:
        sign_out_user(session, "nobody")
    with pytest.raises(NotFound), writing(CHIEF) as session:
        sign_out_user(session, "operator")


def test_those_whose_role_ends_soon_come_first_and_can_be_filtered(city: SmallCity) -> None:
    invited("anna")
    invited("bert", to_on=today() + timedelta(days=50))
    invited("carl", to_on=today() + timedelta(days=20))
    invited("dora", "organiser", places=(city["south"],), to_on=today() + timedelta(days=100))

    def found(*wanted: Any) -> list[str]:
        with reading(CHIEF) as connection:
            return [user.name for user in users(connection, UserFilter(*wanted), on=today())]

    assert found() == ["carl", "bert", "anna", "chief", "dora", NORTH_ORGANISER.name]
    assert found("", None, None, True) == ["carl", "bert"]
    assert found("", "organiser") == ["dora", NORTH_ORGANISER.name]
    assert found("银杏") == ["dora"]
    assert found("", None, "active") == ["chief", NORTH_ORGANISER.name]
    assert found("CARL@") == ["carl"]
    assert found("%") == []


def test_two_thousand_users_are_listed_in_one_query(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("INSERT INTO app_user (name, status) SELECT 'user-' || n, 'active' FROM generate_series(1, 2000) n")
        )
        owner.execute(
            text(
                "INSERT INTO user_role (user_name, role, community_id, from_on, given_by) "
                "SELECT 'user-' || n, 'organiser', :north, :day, 'chief' FROM generate_series(1, 2000) n"
            ),
            {"north": city["north"], "day": date(2026, 1, 1)},
        )
    with reading(CHIEF) as connection:
        everybody = users(connection, UserFilter(), on=today())
    assert len(everybody) == 2002
    assert {user.places for user in everybody if user.name.startswith("user-")} == {("金桂社区",)}
