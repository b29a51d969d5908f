"""Requests counted by place: what is left out and why, places of each kind, months; clusters on a small town."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadInput
from geo.hotspots.asked import Asked
from geo.hotspots.clusters import MOST_PLACES, clusters
from geo.hotspots.geocodes import Defaults
from geo.hotspots.ground import RequestGround, day_number
from geo.hotspots.neighbours import pairs_of
from geo.hotspots.suppression import merged
from geo.hotspots.tallies import by_month, counted, tallied

TODAY = date(2026, 11, 15)


def ground(requests: list[dict[str, Any]], homes: int = 4, households: float = 30.0) -> RequestGround:
    """Buildings 1, 2 … 100 m apart on a line, two to a compound, all in community 1; requests as they are said."""
    usual = {"community": 1, "building": 0, "category": 1, "day": day_number(TODAY) - 10, "incident": False,
             "x_m": 0.0, "y_m": 0.0, "default": False}  # fmt: skip
    rows = [usual | one for one in requests]
    column = {name: np.array([row[name] for row in rows], np.asarray(value).dtype) for name, value in usual.items()}
    ids = np.arange(1, homes + 1)
    none = np.zeros(0, np.int64)
    return RequestGround(
        column["community"], column["building"], column["category"], column["day"], column["incident"], column["x_m"],
        column["y_m"], Defaults(np.zeros(0), np.zeros(0), none, none, column["default"]), ids,
        np.ones(homes, np.int64), (ids + 1) // 2, np.full(homes, households), (ids - 1) * 100.0, np.zeros(homes),
        none, none, True, 32650,
    )  # fmt: skip


def test_each_request_is_counted_or_left_out_for_one_reason() -> None:
    town = ground([
        {}, {"x_m": np.nan, "y_m": np.nan, "incident": True}, {"default": True, "incident": True}, {"incident": True},
        {"category": 2}, {"community": 2}, {"day": day_number(TODAY) - 400}, {"day": day_number(TODAY)},
    ])  # fmt: skip
    asked = Asked(category_id=1, community_id=1)
    rows, left_out = counted(town, asked, TODAY)
    assert rows.tolist() == [0]
    assert left_out == {"no_place": 1, "default": 1, "incident": 1}
    rows, left_out = counted(town, replace(asked, incidents=True), TODAY)
    assert rows.tolist() == [0, 3]
    assert left_out == {"no_place": 1, "default": 1}


def test_a_point_counts_for_the_nearest_building_within_reach_and_no_other() -> None:
    town = ground([{"x_m": 90.0}, {"x_m": 290.0, "building": 1}, {"x_m": 900.0}, {"building": 77}])
    found = tallied(town, Asked(places="buildings"), TODAY)
    assert found.key.tolist() == [1, 2, 3, 4]
    assert found.counts.tolist() == [1, 1, 0, 0]
    assert found.left_out == {"elsewhere": 2}
    assert found.size is None


def test_compounds_count_their_buildings_and_buildings_of_none_are_elsewhere() -> None:
    town = ground([{"building": 1}, {"building": 2}, {"building": 4}, {"building": 3}])
    town = replace(town, home_compound=np.array([5, 5, 0, 6]), households=np.array([10.0, np.nan, 7.0, np.nan]))
    found = tallied(town, Asked(places="compounds"), TODAY)
    assert found.key.tolist() == [5, 6]
    assert found.counts.tolist() == [2, 1]
    assert found.x_m.tolist() == [50, 300]
    assert found.households[0] == 10
    assert np.isnan(found.households[1])
    assert found.left_out == {"elsewhere": 1}


@pytest.mark.parametrize("places", ["buildings", "compounds"])
def test_where_no_building_is_known_every_request_is_elsewhere(places: Any) -> None:
    found = tallied(ground([{}, {"building": 3}], homes=0), Asked(places=places), TODAY)
    assert len(found.key) == 0
    assert found.left_out == {"elsewhere": 2}


def test_hexagons_hold_every_request_and_every_home_once() -> None:
    rng = np.random.default_rng(3)
    town = ground([{"x_m": x, "y_m": y} for x, y in rng.uniform(-300, 700, (50, 2))])
    found = tallied(town, Asked(width_m=200), TODAY)
    assert found.size is not None
    assert found.size.cell_m == 200
    assert found.counts.sum() == 50
    assert np.nansum(found.households) == 120
    assert (np.hypot(town.x_m - found.x_m[found.place], town.y_m - found.y_m[found.place]) <= 200 / 3**0.5 + 1).all()


def test_months_are_whole_ones_and_the_present_is_none_of_them() -> None:
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 10, 31), date(2026, 11, 1)]
    town = ground([{"day": day_number(day)} for day in days])
    found = tallied(town, Asked(width_m=500), TODAY)
    counts, months = by_month(town, found, TODAY, 2)
    assert months == [date(2026, 9, 1), date(2026, 10, 1)]
    assert counts.sum(axis=0).tolist() == [1, 1]


@given(st.lists(st.integers(0, 9), min_size=2, max_size=40), st.integers(2, 8), st.data())
def test_no_group_that_is_shown_has_some_requests_but_too_few(counts: list[int], least: int, data: Any) -> None:
    places = st.integers(0, len(counts) - 1)
    pairs = data.draw(st.lists(st.tuples(places, places).filter(lambda pair: pair[0] < pair[1]), max_size=60))
    near = np.array(sorted(set(pairs)) or [(0, 1)])
    number = np.array(counts, float)
    group = merged(number, pairs_of(near[:, 0], near[:, 1], len(counts)), least)
    shown = [number[group == one].sum() for one in np.unique(group[group >= 0])]
    assert all(total == 0 or total >= least for total in shown)
    assert (number[group < 0] < least).all()


def test_a_cluster_of_late_is_found_where_it_is_and_since_when() -> None:
    rng = np.random.default_rng(5)
    last = day_number(TODAY)
    usual = [{"x_m": float(x), "y_m": float(y), "day": int(day)} for x, y, day in zip(
        rng.integers(0, 20, 400) * 100, rng.integers(-2, 3, 400) * 100, rng.integers(last - 182, last, 400),
        strict=True)]  # fmt: skip
    burst = [{"x_m": 600.0, "y_m": 0.0, "day": last - 1 - back} for back in range(21)]
    found = clusters(ground(usual + burst, homes=20), Asked(days=180, width_m=200), TODAY, replicates=99)
    first = found.result.clusters[0]
    assert first.p == pytest.approx(0.01)
    assert abs(found.places.x_m[first.centre] - 600) <= 200
    assert abs((TODAY - found.day_of(first)).days - 21) <= 7
    assert found.places.counts.sum() == len(found.places.row)


def test_a_wide_town_gets_wider_hexagons_and_no_requests_are_told_in_words() -> None:
    rng = np.random.default_rng(6)
    far = [{"x_m": float(x), "y_m": float(y)} for x, y in rng.uniform(0, 12_000, (3_000, 2))]
    found = clusters(ground(far, homes=100), Asked(days=180, width_m=100), TODAY, replicates=1)
    assert found.places.size is not None
    assert found.places.size.cell_m > 100
    assert len(found.places.key) <= MOST_PLACES
    with pytest.raises(BadInput, match="no requests to look for"):
        clusters(ground([{"category": 2}]), Asked(category_id=1), TODAY)


def test_choices_there_are_not_are_refused_and_what_was_asked_is_read_again() -> None:
    asked = Asked(category_id=3, days=90, places="compounds", width_m=0, least=5, incidents=True, community_id=8)
    assert Asked.read(asked.plain()) == asked
    assert Asked.read({name: str(value) for name, value in asked.plain().items()}) == asked
    assert Asked.read({}) == Asked()
    for odd in ({"days": "91"}, {"places": "rooms"}, {"width_m": "120"}, {"least": "x"}):
        with pytest.raises(BadInput, match="cannot be"):
            Asked.read(odd)
