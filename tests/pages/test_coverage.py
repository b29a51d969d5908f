"""The coverage page for each role: its views, its figures, what can be done about a gap, and whose names it shows."""

from collections.abc import Iterator

import pandas as pd
import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.access.sessions import open_session
from geo.briefing.coverage_overview import own_bounds
from geo.briefing.overview import known_communities, stand_now
from geo.i18n import use_language
from geo.people.volunteer_writes import Offer, enrol
from geo.people.writes import Who
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.store.clock import today
from geo.store.session import owner_engine, reading, writing
from pages.parts import session
from tests.pages.care_page import figures, named, opened, pressed, words
from tests.store.access.roles import actor_of, peopled
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add

Enter = pytest.MonkeyPatch


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    """The peopled city: building 3 has a vacant post, and 林舒 who volunteers lives there."""
    made = peopled()
    with owner_engine().begin() as owner:
        add(owner, "post", kind="building_head", community_id=made["north"], building_id=made["north-b3"])
    with writing(NORTH_ORGANISER) as opened_session:
        made.ids["volunteer"] = enrol(
            opened_session, Who(name="林舒"), made["north"], Offer(3.0, building_id=made["north-b3"])
        )
    return made


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


def page_of(role: str, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    token = open_session(actor_of(role).name)
    monkeypatch.setattr(session, "session_token", lambda: token)
    return opened(page_name="coverage", **query)


def views(page: AppTest) -> list[str]:
    return list(page.button_group(key="coverage_view").options)


@pytest.mark.parametrize(
    ("role", "closed"),
    [("administrator", set()), ("organiser", set()), ("station_staff", set()),
     ("planner", {"If this person is away", "Visits in time"}),
     ("leader", {"If this person is away", "Volunteers in reach", "Visits in time"})],
)  # fmt: skip
def test_a_role_has_the_views_it_may_see_and_opens_each_of_them(
    role: str, closed: set[str], city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [
        "Duty chain", "Stations in reach", "Volunteers in reach", "Visits in time", "If this person is away",
        "Years ahead",
    ]  # fmt: skip
    page = page_of(role, monkeypatch)
    assert views(page) == [view for view in every if view not in closed]
    for view in ("duty", "station", "skill", "visits", "away", "years"):
        shown = page_of(role, monkeypatch, view=view)
        assert not shown.exception
        assert not shown.error
        own = "Care needs visited in time" if view == "visits" and "Visits in time" not in closed else None
        assert (own or "Households covered") in figures(shown)


@pytest.mark.parametrize(("role", "sees"), [("organiser", True), ("planner", False), ("leader", False)])
def test_names_are_for_who_may_see_holders(
    role: str, sees: bool, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    page = page_of(role, monkeypatch, place=f"building:{city['north-b3']}")
    assert ("林舒" in words(page)) == sees
    assert ("Who could: Building head" in [one.label for one in page.expander]) == sees


def test_the_figures_count_known_households_and_say_what_is_unknown(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("organiser", monkeypatch)
    # The north: 30 households and 30 of unit 2 under one head who carries 60, 20 of unit 1 whose head's term ends.
    assert figures(page)["Households covered"] == "25.0 %"
    assert figures(page)["Head has too many households"] == "60"
    assert "80 known households" in words(page)


def test_a_candidate_is_asked_and_then_appointed_from_the_card_of_the_building(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("organiser", monkeypatch, place=f"building:{city['north-b3']}")
    assert "lives in this building" in words(page)
    assert any("林舒" in block.value and "building head" in block.value for block in page.code)
    pressed(page, "I asked")
    assert "asked" in words(page)
    pressed(page, "Appoint")
    with reading(OPERATOR) as connection:
        held = connection.execute(
            text("SELECT n.name, c.status FROM holding h JOIN post p ON p.id = h.post_id JOIN person n "
                 "ON n.id = h.person_id LEFT JOIN candidacy c ON c.post_id = p.id WHERE p.building_id = :at"),
            {"at": city["north-b3"]},
        ).all()  # fmt: skip
    assert [tuple(row) for row in held] == [("林舒", "appointed")]
    assert "Who could: Building head" not in [one.label for one in page.expander]


def test_a_tried_change_stands_beside_today_and_is_dropped_again(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("organiser", monkeypatch, place=f"building:{city['north-b1']}")
    pressed(page, "What if 王建国 left?")
    assert "Tried, not decided" in words(page)
    assert page.query_params["whatif"] == f"leaves:{city['wang']}"
    pressed(page, "Drop all")
    assert "Tried, not decided" not in words(page)
    assert "whatif" not in page.query_params


def test_doors_are_divided_and_the_posts_given_after_a_reason(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("organiser", monkeypatch, place=f"compound:{city['north-c']}")
    page.radio(key="patch_way").set_value("heads").run()
    page.number_input(key="patch_heads").set_value(2).run()
    pressed(page, "Show the patches")
    assert "2 patches" in words(page)
    pressed(page, "Accept: give the posts")
    assert "Write down why" in " ".join(error.value for error in page.error)
    page.text_input(key="patch_reason").set_value("fair patches").run()
    pressed(page, "Accept: give the posts")
    assert "Patches of" not in words(page)


def test_the_choices_live_in_the_address(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of("organiser", monkeypatch, view="station", circle="5", old="1")
    assert named(page.selectbox, "Counted as covered").value == 5
    assert named(page.toggle, "Limits for people over 70").value is True
    named(page.selectbox, "Counted as covered").set_value(10).run()
    assert page.query_params["circle"] == "10"


def test_a_station_is_run_by_its_party_branch_or_a_party_member_near_by(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(NORTH_ORGANISER) as opened_session:
        offer = Offer(2.0, building_id=city["north-b2"], party_member=True)
        enrol(opened_session, Who(name="赵敏"), city["north"], offer)
    page = page_of("organiser", monkeypatch, place=f"station:{city['station']}")
    expanders = [one.label for one in page.expander]
    assert {"Who could: Stationmaster", "Who could: Deputy stationmaster"} <= set(expanders)
    master = next(one for one in page.expander if one.label == "Who could: Stationmaster")
    assert [text.value for text in master.markdown] == ["赵敏", "林舒"]
    assert "is not known as a party member" in words(page)
    master.button[[one.label for one in master.button].index("Appoint")].click().run()
    assert not page.exception
    assert "Who could: Stationmaster" not in [one.label for one in page.expander]
    with reading(OPERATOR) as connection:
        query = "SELECT p.kind FROM holding h JOIN post p ON p.id = h.post_id JOIN person n ON n.id = h.person_id "
        assert connection.scalars(text(query + "WHERE n.name = '赵敏'")).all() == ["stationmaster"]


def map_of(page: AppTest) -> str:
    return str(page.get("component_instance")[0].proto.json_args)


def test_the_year_of_the_slider_and_an_opened_study_colour_the_map(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of("organiser", monkeypatch, view="years")
    assert "topic=years" in map_of(page)
    page.select_slider(key="coverage_ahead").set_value(12).run()
    assert page.query_params["ahead"] == "12"
    assert "ahead=12" in map_of(page)
    with writing(actor_of("organiser")) as opened_session:
        gaps = pd.DataFrame({"building_id": [city["north-b1"]], "gap": [2]})
        draft = StudyDraft("what_if", "before", None, {"wishes": []}, {"today": {}, "then": {}}, gaps)
        study_id = keep_study(opened_session, draft, data_on=today())
    assert f"study={study_id}" in map_of(page_of("organiser", monkeypatch, study=str(study_id)))


def test_a_station_too_small_for_its_households_is_a_class_of_its_own_with_a_list(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE station SET status = 'open', floor_area_m2 = 1"))
    page = page_of("leader", monkeypatch, view="station")
    assert "Station in reach, but too small" in figures(page)
    pressed(page, "Show the lists")
    assert "Stations too small for the households nearest to them:" in words(page)


def test_the_map_of_an_organiser_begins_at_their_own_communities(city: SmallCity) -> None:
    begins = {}
    for role in ("organiser", "leader"):
        begins[role] = own_bounds(stand_now(actor_of(role)), (115.0, 36.0, 117.0, 37.0))
    assert begins["leader"] == (115.0, 36.0, 117.0, 37.0)
    assert begins["organiser"] == next(
        row.bounds for row in known_communities(stand_now(actor_of("organiser"))) if row.id == city["north"]
    )


def test_a_study_is_handed_in_by_who_may_and_nobody_else(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    for role, may in (("planner", True), ("leader", False), ("station_staff", False)):
        page = page_of(role, monkeypatch)
        pressed(page, "Show the lists")
        page.button_group(key="coverage_list").set_value("studies").run()
        assert not page.exception
        assert ("Study the coverage" in [button.label for button in page.button]) == may, role
