"""The volunteers of a demo city: believable, the same for a seed, some of them with something to find."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from data.load import load_demo
from geo.access.actor import OPERATOR
from geo.people.tables import SKILLS, VOLUNTEER_STATUSES
from geo.store.session import name_actor, owner_engine

DAY = np.datetime64("2026-11-22")
PLAIN = (
    "SELECT v.id, n.name, v.team_id, v.building_id, v.unit_id, v.skills, v.hours_week, v.limit_m, v.birth_year, "
    "v.checked_in_on, v.status, v.closed_on FROM volunteer v JOIN person n ON n.id = v.person_id"
)
TIMES = "SELECT volunteer_id, weekday, from_minute, to_minute FROM availability"
HOURS = "SELECT id, volunteer_id, given_on, minutes, purpose, confirmed_by, confirmed_at FROM hours_given"


def rows(query: str) -> list[Any]:
    """The rows of a query, as the owner sees them, in the order of their first two columns."""
    with owner_engine().connect() as owner:
        return list(owner.execute(text(f"{query} ORDER BY 1, 2")))


def one(query: str) -> int:
    """The one number a query gives."""
    return int(rows(f"SELECT * FROM ({query}) q(number), (VALUES (1)) o(second)")[0][0])


@pytest.mark.usefixtures("demo_store")
def test_about_one_household_in_sixty_has_a_volunteer_with_skills_and_most_have_a_team_and_times() -> None:
    found, times = rows(PLAIN), rows(TIMES)
    homes = one("SELECT sum(coalesce(households, 20)) FROM building")
    assert 0.8 * homes / 60 < len(found) < 1.3 * homes / 60
    assert {skill for row in found for skill in row.skills} == set(SKILLS)
    assert all(row.skills for row in found)
    assert {row.status for row in found} == set(VOLUNTEER_STATUSES)
    assert all((row.status == "ended") == (row.closed_on is not None) for row in found)
    assert 0.5 < sum(row.team_id is not None for row in found) / len(found) < 0.95
    assert 0.6 < len({row.volunteer_id for row in times}) / len(found) < 0.95


@pytest.mark.usefixtures("demo_store")
def test_there_is_something_to_find() -> None:
    assert one("SELECT count(*) FROM volunteer WHERE building_id IS NULL") > 0
    assert one("SELECT count(*) FROM volunteer WHERE checked_in_on IS NOT NULL") > 5
    assert one("SELECT count(*) FROM volunteer WHERE checked_in_on IS NOT NULL AND NOT party_member") == 0
    assert one("SELECT count(*) FROM hours_given WHERE confirmed_by IS NULL") > 0
    assert one("SELECT count(*) FROM hours_given WHERE confirmed_by = recorded_by") == 0
    assert one("SELECT count(*) FROM volunteer v WHERE (SELECT sum(minutes) FROM hours_given g "
               "WHERE g.volunteer_id = v.id) > 26 * 60 * v.hours_week") > 0  # fmt: skip


@pytest.mark.usefixtures("demo_store")
def test_volunteers_live_where_they_help_and_their_teams_are_of_that_community() -> None:
    assert one("SELECT count(*) FROM volunteer v JOIN building b ON b.id = v.building_id "
               "WHERE b.community_id <> v.community_id") == 0  # fmt: skip
    assert one("SELECT count(*) FROM volunteer v JOIN unit u ON u.id = v.unit_id "
               "WHERE u.building_id <> v.building_id") == 0  # fmt: skip
    assert one("SELECT count(*) FROM volunteer v JOIN organisation o ON o.id = v.team_id "
               "WHERE o.community_id <> v.community_id OR o.team_kind IS NULL") == 0  # fmt: skip
    assert one("SELECT count(*) FROM volunteer v WHERE EXISTS (SELECT FROM holding h "
               "WHERE h.person_id = v.person_id)") > 0  # fmt: skip


@pytest.mark.usefixtures("clean_store")
def test_the_same_seed_makes_the_same_volunteers() -> None:
    found = []
    for seed, replace in ((1, False), (1, True), (2, True)):
        load_demo(OPERATOR, "small", seed, 120, replace=replace, today=DAY)
        found.append((rows(PLAIN), rows(TIMES), [tuple(row)[1:] for row in rows(HOURS)]))
    assert found[0] == found[1] != found[2]


@pytest.mark.usefixtures("demo_store")
def test_what_comes_after_the_demo_gets_free_keys() -> None:
    with owner_engine().begin() as owner:
        name_actor(owner, OPERATOR)
        community = owner.scalar(text("SELECT min(community_id) FROM volunteer"))
        person = owner.scalar(
            text("INSERT INTO person (name, community_id) VALUES ('方远', :here) RETURNING id"), {"here": community}
        )
        made = owner.scalar(
            text("INSERT INTO volunteer (person_id, community_id, hours_week) VALUES (:who, :here, 2) RETURNING id"),
            {"who": person, "here": community},
        )
        assert made == owner.scalar(text("SELECT max(id) FROM volunteer"))


@pytest.mark.usefixtures("demo_store")
def test_needs_name_skills_and_sometimes_hours_and_a_cadence() -> None:
    found = rows("SELECT id, skills, hours_week, cadence_days FROM care_need")
    assert {skill for row in found for skill in row.skills} >= {"company", "shopping", "medicine", "cooking"}
    for name in ("hours_week", "cadence_days"):
        told = sum(getattr(row, name) is not None for row in found)
        assert 0 < told < len(found), name
