"""The requests of a demo city: the same for a seed, believable, with one hotspot planted where the code says."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from data import requests
from data.load import load_demo
from geo.access.actor import OPERATOR
from geo.store.session import owner_engine

DAY = np.datetime64("2026-11-22")
ALL = (
    "SELECT number, channel, category_id, building_id, unit_id, status, received_at, resolved_at, closed_at, "
    "duplicate_of, summary, ST_AsText(geom, 6) FROM request ORDER BY id"
)


def rows(query: str) -> list[Any]:
    with owner_engine().connect() as owner:
        return [tuple(row) for row in owner.execute(text(query))]


@pytest.mark.usefixtures("demo_store")
def test_two_years_of_requests_come_by_every_channel_and_go_every_way() -> None:
    assert {row[0] for row in rows("SELECT DISTINCT channel FROM request")} == set(requests.CHANNELS)
    assert len(rows("SELECT DISTINCT category_id FROM request")) > 20
    steps = {row[0] for row in rows("SELECT DISTINCT to_status FROM request_event")}
    assert steps >= {"closed", "duplicate", "out_of_scope", "returned", "waiting", "escalated", "reopened"}
    assert 720 < rows("SELECT max(received_at)::date - min(received_at)::date FROM request")[0][0] <= 730
    winter = rows(
        "SELECT count(*) FILTER (WHERE extract(month FROM r.received_at) IN (12, 1, 2)), "
        "count(*) FILTER (WHERE extract(month FROM r.received_at) IN (6, 7, 8)) FROM request r "
        "JOIN request_category c ON c.id = r.category_id AND c.code = 'heating'"
    )[0]
    assert winter[0] > 10 * (winter[1] + 1) / 2
    assert rows("SELECT count(DISTINCT incident_id) > 3, bool_or(incident_id IS NULL) FROM request") == [(True, True)]
    assert rows("SELECT count(*) FROM incident WHERE ended_at IS NULL") == [(1,)]


@pytest.mark.usefixtures("demo_store")
def test_every_request_stands_where_its_last_step_left_it() -> None:
    last = (
        "SELECT DISTINCT ON (request_id) request_id AS id, to_status FROM request_event "
        "ORDER BY request_id, happened_at DESC, id DESC"
    )
    assert rows(f"SELECT id FROM request r JOIN ({last}) e USING (id) WHERE e.to_status <> r.status") == []
    assert rows("SELECT id FROM request_event WHERE happened_at > now()") == []
    ended = "status IN ('closed', 'duplicate', 'out_of_scope')"
    assert rows(f"SELECT id FROM request WHERE ({ended}) <> (closed_at IS NOT NULL)") == []
    theirs = "JOIN building b ON b.id = r.building_id AND b.community_id <> r.community_id"
    assert rows(f"SELECT r.id FROM request r {theirs}") == []


@pytest.mark.usefixtures("demo_store")
def test_many_addresses_lie_on_one_point_as_careless_geocoders_leave_them() -> None:
    one_point = (
        "SELECT count(*), count(DISTINCT address) FROM request WHERE placed_by = 'point' GROUP BY geom "
        "ORDER BY 1 DESC LIMIT 1"
    )
    [(count, addresses)] = rows(one_point)
    assert count >= 5
    assert addresses >= 4


@pytest.mark.usefixtures("clean_store")
def test_the_same_seed_makes_the_same_requests_and_the_hotspot_is_planted_where_it_is_said() -> None:
    found = []
    for seed, replace in ((1, False), (1, True), (2, True)):
        load_demo(OPERATOR, "small", seed, 120, replace=replace, today=DAY)
        found.append(rows(ALL))
    assert found[0] == found[1] != found[2]
    with owner_engine().connect() as owner:
        homes = requests._homes(owner, np.random.default_rng(0))
    there = set(homes.id[requests.planted(homes)].tolist())
    late = rows(
        "SELECT coalesce(r.building_id, 0) FROM request r JOIN request_category c ON c.id = r.category_id AND "
        f"c.code = '{requests.PLANTED_CATEGORY}' WHERE r.received_at >= date '{DAY}' - {requests.PLANTED_DAYS}"
    )
    inside = sum(row[0] in there for row in late)
    assert inside > 0.7 * sum(row[0] > 0 for row in late)
    assert inside >= 30
