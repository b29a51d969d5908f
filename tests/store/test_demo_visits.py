"""The visits of a demo city: the same for a seed, believable, and only while a need was there."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from data.load import load_demo
from geo.access.actor import OPERATOR
from geo.people.visit_reads import visit_figures
from geo.people.visit_rules import OLDEST_DAYS
from geo.store.session import owner_engine, reading

DAY = np.datetime64("2026-11-22")
ALL = (
    "SELECT v.key, n.number, v.visited_at, v.kind, v.result, v.findings, v.minutes, v.recorded_by FROM visit v "
    "JOIN care_need n ON n.id = v.care_need_id ORDER BY v.id"
)


def rows(query: str) -> list[Any]:
    with owner_engine().connect() as owner:
        return [tuple(row) for row in owner.execute(text(query))]


@pytest.mark.usefixtures("demo_store")
def test_every_state_result_and_most_findings_are_there() -> None:
    with reading(OPERATOR) as connection:
        figures = visit_figures(connection)
    assert all(figures.by_state.values()), figures
    assert {row[4] for row in rows(ALL)} == {"met", "absent", "refused"}
    assert len({code for row in rows(ALL) for code in row[5]}) >= 6
    span = rows("SELECT max(visited_at)::date - min(visited_at)::date FROM visit")[0][0]
    assert 150 < span < 190 > OLDEST_DAYS


@pytest.mark.usefixtures("demo_store")
def test_nobody_is_visited_before_a_need_opened_after_it_ended_or_in_the_night() -> None:
    local = "v.visited_at AT TIME ZONE 'Asia/Shanghai'"
    wrong = rows(
        f"SELECT v.id FROM visit v JOIN care_need n ON n.id = v.care_need_id WHERE ({local})::date < n.opened_on "
        f"OR ({local})::date > n.ended_on OR v.visited_at > now() OR extract(hour FROM {local}) NOT BETWEEN 9 AND 16 "
        "OR v.community_id <> n.community_id OR v.building_id <> n.building_id"
    )
    assert wrong == []
    assert rows("SELECT count(*) FROM visit WHERE (result = 'met') <> (minutes IS NOT NULL)") == [(0,)]
    assert rows("SELECT count(*) FROM visit WHERE next_due_on IS NULL") == [(0,)]


@pytest.mark.usefixtures("clean_store")
def test_the_same_seed_makes_the_same_visits() -> None:
    found = []
    for seed, replace in ((1, False), (1, True), (2, True)):
        load_demo(OPERATOR, "small", seed, 120, replace=replace, today=DAY)
        found.append(rows(ALL))
    assert found[0] == found[1] != found[2]
    assert len(found[0]) > 20
