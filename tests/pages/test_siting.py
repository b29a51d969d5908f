"""The siting and scenario pages for each role: asking, the answer with its reasons, saving, comparing, approving."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.sessions import open_session
from geo.i18n import use_language
from geo.jobs import runner
from geo.jobs.context import JobContext, Notes
from geo.siting.study import siting_as_job
from geo.siting.wanted import Wanted
from geo.store.session import Actor, owner_engine
from pages.parts import session
from tests.pages.care_page import figures, named, opened, pressed, words
from tests.users import add_user

PLANNER = "demo-planner"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


def page_of(user: str, page_name: str, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    token = open_session(user)
    monkeypatch.setattr(session, "session_token", lambda: token)
    return opened(page_name=page_name, **query)


@pytest.fixture
def study_id(demo_store: object, tmp_path: Any) -> int:
    """A study of the whole demo city that chose three sites, with its curve."""
    context = JobContext(1, Actor(PLANNER), tmp_path, Notes())
    wanted = Wanted("cover", number=3, curve=True)
    return int(siting_as_job(context, name="three stations", **wanted.plain())["study_id"])


def test_a_planner_asks_and_the_question_is_handed_in_with_what_was_chosen(
    demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(PLANNER, "siting", monkeypatch)
    named(page.number_input, "New stations, at most").set_value(2).run()
    named(page.selectbox, "Goal").set_value("median").run()
    pressed(page, "Find sites")
    with owner_engine().connect() as owner:
        [params] = owner.scalars(text("SELECT params FROM job WHERE kind = 'siting'"))
    assert (params["goal"], params["number"], params["community_id"]) == ("median", 2, None)
    assert params["budget_yuan"] is None


def test_the_answer_says_before_and_after_how_good_it_is_and_what_each_station_adds(
    study_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(PLANNER, "siting", monkeypatch, study=str(study_id))
    assert figures(page)["New stations"] == "3"
    said = words(page)
    assert "Proven: no plan is better." in said
    assert "1,014 more" in said
    assert "yuan for each household newly within" in said
    assert "would have no other station within it" in said
    assert "The first station brings" in said
    assert {"Stations of this plan", "Worst off after this plan", "What each further station brings"} <= {
        one.value for one in page.subheader
    }
    assert "Unknown counts are listed" in said


def test_a_place_that_was_not_chosen_says_what_a_station_there_would_change(
    study_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_engine().connect() as owner:
        chosen = [row["site_id"] for row in owner.scalar(
            text("SELECT figures FROM study WHERE id = :id"), {"id": study_id})["sites"]]  # fmt: skip
        other = owner.scalar(text("SELECT min(id) FROM candidate_site WHERE id <> ALL (:ids)"), {"ids": chosen})
    page = page_of(PLANNER, "siting", monkeypatch, study=str(study_id), place=f"candidate_site:{other}")
    assert "One more station here:" in words(page)
    assert "Instead of" in words(page)
    page = page_of(PLANNER, "siting", monkeypatch, study=str(study_id), place=f"candidate_site:{chosen[0]}")
    assert "This site is part of the plan" in words(page)


def test_the_rarer_choices_are_handed_in_and_those_that_do_not_go_with_the_goal_are_not(
    demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(PLANNER, "siting", monkeypatch)
    named(page.selectbox, "Weighed by").set_value("mix").run()
    named(page.selectbox, "Demand").set_value("worst").run()
    named(page.toggle, "Limits for people over 70").set_value(True)
    named(page.number_input, "Walking speed (m/s)").set_value(1.0)
    named(page.number_input, "Metres on foot between stations").set_value(250)
    named(page.number_input, "New ones in a community, at most").set_value(1)
    named(page.toggle, "Each community pays for its own sites").set_value(True)
    named(page.number_input, "City").set_value(500_000).run()
    assert any("7 set" in one.label for one in page.expander)
    pressed(page, "Find sites")
    with owner_engine().connect() as owner:
        [params] = owner.scalars(text("SELECT params FROM job WHERE kind = 'siting'"))
    asked = Wanted.read(params)
    assert asked.weights == {"households": 50, "old": 25, "needs": 25, "requests": 25}
    assert (asked.demand, asked.near.old, asked.near.speed_m_s) == ("worst", True, 1.0)
    assert (asked.rules.apart_m, asked.rules.at_most) == (250, 1)
    assert (asked.purse.community_yuan, dict(asked.purse.pots)) == (300_000, {"city": 500_000})


def test_a_site_is_pinned_and_priced_on_its_card_and_the_question_says_so(
    demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_engine().connect() as owner:
        site = owner.scalar(text("SELECT min(id) FROM candidate_site"))
    page = page_of(PLANNER, "siting", monkeypatch, place=f"candidate_site:{site}")
    named(page.toggle, "Pin").set_value(True).run()
    named(page.number_input, "Cost (yuan)").set_value(123_000).run()
    assert named(page.toggle, "Pin").value
    pressed(page, "Find sites")
    with owner_engine().connect() as owner:
        [params] = owner.scalars(text("SELECT params FROM job WHERE kind = 'siting'"))
    assert (params["pinned"], params["cost_fen"]) == ([site], {str(site): 12_300_000})


def test_a_search_at_work_shows_its_plan_and_gap_and_can_be_stopped(
    demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = runner.submit(Actor(PLANNER), "siting", {"name": "slow", **Wanted("cover", number=1).plain()})
    with owner_engine().begin() as owner:
        [site, name] = owner.execute(text("SELECT id, name FROM candidate_site ORDER BY id LIMIT 1")).one()
        best = json.dumps({"sites": [site], "value": 6620, "gap": 0.02})
        query = "UPDATE job SET status = 'running', progress = 0.6, best = CAST(:best AS jsonb) WHERE id = :id"
        owner.execute(text(query), {"best": best, "id": job_id})
    page = page_of(PLANNER, "siting", monkeypatch, job=str(job_id))
    said = words(page)
    assert "nothing can be more than 2.00 % better" in said
    assert name in said
    pressed(page, "Stop and keep the best")
    assert runner.status(Actor(PLANNER), job_id).cancel_asked


def test_a_moved_station_and_any_spot_say_what_they_would_change(
    study_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_engine().connect() as owner:
        [first, *_rest] = owner.scalar(text("SELECT figures FROM study WHERE id = :id"), {"id": study_id})["sites"]
    spot = f"{round(first['lon'] - 0.0005, 6)},{first['lat']}"
    page = page_of(PLANNER, "siting", monkeypatch, study=str(study_id), moved=f"{first['site_id']},{spot}")
    assert any(one.value.endswith("moved") for one in page.subheader)
    pressed(page, "Make it a candidate site and pin it")
    with owner_engine().connect() as owner:
        made = owner.scalar(text("SELECT max(id) FROM candidate_site"))
    assert page.query_params["place"] == f"candidate_site:{made}"
    page = page_of(PLANNER, "siting", monkeypatch, study=str(study_id), spot=spot)
    assert "One more station here:" in words(page)


def test_a_plan_is_saved_proposed_and_approved_and_its_stations_are_planned(
    study_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(PLANNER, "siting", monkeypatch, study=str(study_id))
    pressed(page, "Save as a scenario")
    with owner_engine().connect() as owner:
        made = owner.scalar(text("SELECT id FROM scenario WHERE study_id = :id"), {"id": study_id})
    page = page_of(PLANNER, "scenarios", monkeypatch, compare=str(made))
    page.button(key=f"proposed_{made}").click().run()
    page.button(key=f"approve_{made}").click().run()
    assert not page.exception
    with owner_engine().connect() as owner:
        query = text("SELECT s.status FROM station s JOIN scenario_site x ON x.station_id = s.id "
                     "WHERE x.scenario_id = :id")  # fmt: skip
        assert list(owner.scalars(query, {"id": made})) == ["sited"] * 3


def test_the_demo_city_has_two_scenarios_to_compare(demo_store: object, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(PLANNER, "scenarios", monkeypatch)
    chooser = named(page.multiselect, "Scenarios side by side")
    assert len(chooser.options) == 2
    with owner_engine().connect() as owner:
        chooser.set_value(list(owner.scalars(text("SELECT id FROM scenario ORDER BY id")))).run()
    [table, _sites] = page.dataframe
    assert len(table.value.columns) == 3


@pytest.mark.parametrize(("user", "siting"), [("demo-leader", False), ("demo-planner", True)])
def test_scenarios_are_read_only_for_who_does_not_plan(
    user: str, siting: bool, demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(user, "scenarios", monkeypatch)
    assert "Side by side" in {one.value for one in page.subheader}
    assert any(one.key and one.key.startswith(("proposed_", "approve_", "dropped_")) for one in page.button) == siting


@pytest.mark.parametrize("role", ["leader", "organiser"])
def test_who_does_not_plan_is_told_who_may(role: str, demo_store: object, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(f"demo-{role}", "siting", monkeypatch)
    assert "Your role does not let you plan where the next stations go" in words(page)


def test_an_organiser_of_another_community_finds_no_scenario(
    demo_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_engine().connect() as owner:
        other = owner.scalar(
            text("SELECT id FROM area WHERE level = 'community' AND id NOT IN "
                 "(SELECT community_id FROM scenario WHERE community_id IS NOT NULL) ORDER BY id LIMIT 1")
        )  # fmt: skip
    stranger = add_user("a-stranger", "organiser", community_id=other)
    page = page_of(stranger.name, "scenarios", monkeypatch)
    assert "No scenario is kept yet where you may look" in words(page)
