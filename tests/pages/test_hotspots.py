"""The hotspots page for each role: its views, kept searches, proposals, and choices that live in the address."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.sessions import open_session
from geo.hotspots.asked import Asked
from geo.hotspots.study import hotspots_as_job
from geo.i18n import use_language
from geo.jobs.context import JobContext, Notes
from geo.store.session import Actor, owner_engine
from pages.parts import session
from tests.pages.care_page import figures, named, opened, pressed, words

pytestmark = pytest.mark.usefixtures("demo_store_for_module")
VIEWS = {
    "where": "Places compared", "real": "Clusters found", "growing": "Whole months", "silence": "Buildings judged",
}  # fmt: skip


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.fixture(scope="module")
def study_id(demo_store_for_module: object, tmp_path_factory: Any) -> int:
    """A kept search of a planner for clusters of sewage in the whole city, where one is planted."""
    with owner_engine().connect() as owner:
        sewage = int(owner.scalar(text("SELECT id FROM request_category WHERE code = 'sewage'")) or 0)
    context = JobContext(1, Actor("demo-planner"), tmp_path_factory.mktemp("job"), Notes())
    return int(hotspots_as_job(context, name="drains", **Asked(category_id=sewage).plain())["study_id"])


def page_of(role: str, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    token = open_session(f"demo-{role}")
    monkeypatch.setattr(session, "session_token", lambda: token)
    return opened(page_name="hotspots", **query)


def buttons(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


@pytest.mark.parametrize("role", ["administrator", "planner", "organiser"])
def test_who_may_look_for_hotspots_opens_each_view(
    role: str, study_id: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if role == "organiser":
        context = JobContext(2, Actor("demo-organiser"), tmp_path, Notes())
        hotspots_as_job(context, name="ours", **Asked(days=180).plain())
    page = page_of(role, monkeypatch)
    for view, figure in VIEWS.items():
        page.button_group(key="hot_view").set_value(view).run()
        assert not page.exception
        assert not page.error
        assert figure in figures(page)
    told = "Your role does not see single requests"
    assert (told in words(page)) == (role == "planner")


def test_a_leader_sees_kept_searches_without_requests_or_heads_and_starts_none(
    study_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("leader", monkeypatch, view="where", study=str(study_id), cell="1")
    assert "Clusters found" in figures(page)
    assert "Cluster 1: near" in words(page)
    assert not buttons(page) & {"Look for clusters", "Send to the list of proposals", "Make a candidate site here"}
    assert "hot_view" not in {group.key for group in page.button_group}
    assert not [one.label for one in page.expander if one.label.startswith(("Its requests", "Building heads"))]


def test_a_proposal_is_raised_from_a_cluster_and_withdrawn_with_a_reason(
    study_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("planner", monkeypatch, view="real", study=str(study_id), cell="1")
    named(page.text_input, "Proposal").set_value("Look into the drains")
    pressed(page, "Send to the list of proposals")
    with owner_engine().connect() as owner:
        made = owner.execute(text("SELECT id, name, link, status FROM proposal ORDER BY id DESC LIMIT 1")).one()
    assert (made.name, made.link, made.status) == ("Look into the drains", {"study_id": study_id, "rank": 1}, "raised")
    assert any(one.label.startswith("Look into the drains") for one in page.expander)
    page = page_of("planner", monkeypatch)
    pressed(page, "Show its cluster")
    assert (page.query_params["view"], page.query_params["cell"]) == ("real", "1")
    assert "Cluster 1: near" in words(page)
    pressed(page, "Withdraw")
    assert "Reason" in page.error[0].value
    page.text_input(key=f"hot_reason_{made.id}").set_value("settled")
    pressed(page, "Withdraw")
    assert not [one.label for one in page.expander if one.label.startswith("Look into the drains")]


def test_a_cluster_becomes_a_candidate_site(study_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    count = text("SELECT count(*) FROM candidate_site")
    with owner_engine().connect() as owner:
        before = int(owner.scalar(count) or 0)
    pressed(page_of("planner", monkeypatch, view="real", study=str(study_id), cell="1"), "Make a candidate site here")
    with owner_engine().connect() as owner:
        assert owner.scalar(count) == before + 1


def test_the_choices_live_in_the_address_and_a_changed_one_closes_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("organiser", monkeypatch, view="growing", days="90", places="compounds", cell="1")
    assert page.button_group(key="hot_view").value == "growing"
    assert named(page.selectbox, "Period").value == 90
    assert "Back to the list" in buttons(page)
    named(page.selectbox, "Period").set_value(730).run()
    named(page.toggle, "Incidents too").set_value(True).run()
    assert not page.exception
    assert page.query_params["days"] == "730"
    assert page.query_params["incidents"] == "1"
    assert page.query_params["places"] == "compounds"
    assert "cell" not in page.query_params
    assert "Back to the list" not in buttons(page)


def test_a_search_is_handed_in_with_what_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("planner", monkeypatch, view="real", days="180", least="5")
    pressed(page, "Look for clusters")
    with owner_engine().connect() as owner:
        job = owner.execute(text("SELECT id, params FROM job WHERE kind = 'hotspots' ORDER BY id DESC LIMIT 1")).one()
    assert (job.params["days"], job.params["least"], job.params["category_id"]) == (180, 5, None)
    assert page.query_params["job"] == str(job.id)


def test_an_address_that_makes_no_sense_opens_what_is_usual(study_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("administrator", monkeypatch, view="moon", days="7", cell="999999", category="4711")
    assert "Places compared" in figures(page)
    assert "Most striking places" in words(page)
    lost = page_of("administrator", monkeypatch, view="real", study="999999")
    assert "Clusters found" in figures(lost)
    assert int(lost.query_params["study"]) >= study_id
