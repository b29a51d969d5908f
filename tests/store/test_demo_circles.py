"""The demo city's care circles and shifts: there, near, agreed to, and the same again from the same seed."""

import numpy as np
from sqlalchemy import text

from data.load import load_demo
from geo.access.actor import OPERATOR
from geo.store.cluster import Cluster
from geo.store.session import owner_engine

DAY = np.datetime64("2026-11-25")
WHO = (
    "SELECT c.care_need_id, c.status, m.volunteer_id, m.role, m.tasks, m.distance_m FROM care_circle c "
    "JOIN circle_member m ON m.circle_id = c.id ORDER BY c.id, m.id"
)
WHEN = "SELECT circle_id, volunteer_id, on_day, from_minute, status FROM shift ORDER BY id"


def everything() -> list[object]:
    with owner_engine().connect() as owner:
        return [tuple(row) for query in (WHO, WHEN) for row in owner.execute(text(query))]


def count(query: str) -> int:
    with owner_engine().connect() as owner:
        return int(owner.execute(text(f"SELECT count(*) FROM {query}")).scalar_one())


def test_the_same_seed_and_day_give_the_same_circles_and_shifts(clean_store: Cluster) -> None:
    load_demo(OPERATOR, "small", 3, today=DAY)
    first = everything()
    load_demo(OPERATOR, "small", 3, replace=True, today=DAY)
    assert everything() == first
    assert len(first) > 50


def test_circles_are_of_needs_that_agreed_with_volunteers_in_reach(demo_store: Cluster) -> None:
    assert count("care_circle WHERE status IN ('trial', 'active')") > 10
    assert count(
        "care_circle c JOIN care_need n ON n.id = c.care_need_id WHERE n.status <> 'open' OR NOT EXISTS (SELECT FROM "
        "personal.consent p WHERE p.helped_person_id = n.helped_person_id AND p.purpose = 'planning')"
    ) == 0  # fmt: skip
    assert count(
        "circle_member m JOIN volunteer v ON v.id = m.volunteer_id "
        "WHERE v.status <> 'active' OR m.distance_m > coalesce(v.limit_m, 1000)"
    ) == 0  # fmt: skip
    assert count(
        "(SELECT v.id FROM volunteer v JOIN circle_member m ON m.volunteer_id = v.id AND m.to_on IS NULL "
        "GROUP BY v.id, v.hours_week HAVING sum(m.hours_week) > v.hours_week) over_hours"
    ) == 0  # fmt: skip
    assert count("(SELECT circle_id FROM circle_member GROUP BY 1 HAVING count(*) > 7) crowded") == 0


def test_shifts_of_two_weeks_lie_in_the_times_volunteers_named(demo_store: Cluster) -> None:
    assert count("shift WHERE status IN ('done', 'missed')") > 5
    assert count(
        "shift s WHERE s.volunteer_id IS NOT NULL AND NOT EXISTS (SELECT FROM availability a WHERE "
        "a.volunteer_id = s.volunteer_id AND a.weekday = extract(isodow FROM s.on_day) - 1 "
        "AND a.from_minute <= s.from_minute AND s.to_minute <= a.to_minute)"
    ) == 0  # fmt: skip
