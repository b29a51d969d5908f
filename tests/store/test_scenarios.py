"""Scenarios: saved from a study, seen by whom, proposed, approved into planned stations, put away and taken out."""

from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.errors import BadInput, Conflict, NotAllowed, NotFound, Outdated
from geo.exchange.siting_maps import scenario_geopackage
from geo.governance.reads import stations
from geo.planning.scenario_reads import ScenarioView, scenario, scenario_doors, scenario_sites, scenarios
from geo.planning.scenario_writes import approve_scenario, move_scenario, save_scenario
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access.roles import actor_of, peopled
from tests.store.small_city import SmallCity, add
from tests.users import add_user

PLANNER = actor_of("planner")


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    """The peopled city with three candidate sites in the north; the last has no known cost."""
    made = peopled()
    with owner_engine().begin() as owner:
        for at, cost in enumerate((10_000_00, 20_000_00, None)):
            made.ids[f"site{at}"] = add(
                owner, "candidate_site", code=f"site{at}", name=f"空房{at}", community_id=made["north"],
                compound_id=made["north-c"], cost_fen=cost, geom=f"POINT({115.926 + at / 1000} 36.425)",
            )  # fmt: skip
    return made


def kept(city: SmallCity, *chosen: str, actor: Actor = PLANNER, whole: bool = False) -> int:
    """Keep a siting study that chose some sites; each brings 10 households more than the one before."""
    rows = [
        {"site_id": city[site], "new_households": 10 * (at + 1)} for at, site in enumerate(chosen)
    ]  # fmt: skip
    asked = {"goal": "cover", "pinned": [city["site0"]], "banned": [], "cost_fen": {str(city["site1"]): 15_000_00}}
    area = None if whole else city["north"]
    with writing(actor) as session:
        draft = StudyDraft("siting", "a study", area, asked, {"sites": rows}, pd.DataFrame({"unit_id": [1]}))
        return keep_study(session, draft, data_on=today())


def saved(city: SmallCity, *chosen: str, whole: bool = False) -> ScenarioView:
    study_id = kept(city, *chosen, whole=whole)
    with writing(PLANNER) as session:
        made = save_scenario(session, study_id, "三个驿站")
    with reading(PLANNER) as connection:
        return scenario(connection, made)


def moved(view: ScenarioView, status: str) -> ScenarioView:
    with writing(PLANNER) as session:
        move_scenario(session, view.id, status, version=view.version)
    with reading(PLANNER) as connection:
        return scenario(connection, view.id)


def test_a_scenario_keeps_what_was_asked_and_chosen_with_author_and_day(city: SmallCity) -> None:
    view = saved(city, "site0", "site1")
    with reading(PLANNER) as connection:
        sites = {one.name: one for one in scenario_sites(connection, view.id)}
    assert (view.status, view.made_by, view.data_on) == ("draft", PLANNER.name, today())
    assert view.asked["goal"] == "cover"
    assert {name for name, one in sites.items() if one.chosen} == {"空房0", "空房1"}
    assert sites["空房0"].pinned
    assert (sites["空房0"].cost_fen, sites["空房1"].cost_fen) == (10_000_00, 15_000_00)


def test_an_approved_scenario_becomes_planned_stations_with_years_by_budget(city: SmallCity) -> None:
    view = moved(saved(city, "site0", "site1", "site2"), "proposed")
    with writing(PLANNER) as session:
        made = approve_scenario(
            session, view.id, version=view.version, on=date(2026, 11, 23), yearly_fen=15_000_00, first_year=2027
        )
    with reading(PLANNER) as connection:
        after, sites = scenario(connection, view.id), scenario_sites(connection, view.id)
        planned = {one.id: one for one in stations(connection, on=today()) if one.id in made}
    assert (after.status, after.approved_by, after.approved_on) == ("approved", PLANNER.name, date(2026, 11, 23))
    assert {one.name: one.phase_year for one in sites} == {"空房0": 2028, "空房1": 2027, "空房2": None}
    assert {one.status for one in planned.values()} == {"sited"}
    assert {one.name: planned[one.station_id or 0].phase for one in sites} == {
        "空房0": "rollout", "空房1": "pilot", "空房2": "rollout",
    }  # fmt: skip


def test_an_organiser_sees_scenarios_of_their_community_only(city: SmallCity) -> None:
    here, everywhere = saved(city, "site0"), saved(city, "site1", whole=True)
    stranger = add_user("the-south-organiser", "organiser", community_id=city["south"])
    for actor, seen in (
        (actor_of("organiser"), {here.id}),
        (stranger, set()),
        (actor_of("leader"), {here.id, everywhere.id}),
        (actor_of("building_head"), set()),
    ):
        with reading(actor) as connection:
            assert {view.id for view in scenarios(connection)} == seen, actor
            assert bool(scenario_sites(connection, here.id)) == (here.id in seen), actor
    with reading(stranger) as connection, pytest.raises(NotFound):
        scenario(connection, here.id)


@pytest.mark.parametrize("role", ["leader", "organiser", "station_staff"])
def test_only_who_plans_sites_may_save_or_move_a_scenario(role: str, city: SmallCity) -> None:
    view = saved(city, "site0")
    with pytest.raises(NotAllowed), writing(actor_of(role)) as session:
        move_scenario(session, view.id, "proposed", version=view.version)
    with pytest.raises(NotAllowed), writing(actor_of(role)) as session:
        save_scenario(session, view.study_id or 0, "mine")


def test_a_draft_is_put_away_and_taken_out_again_and_the_log_tells_it(city: SmallCity) -> None:
    view = moved(saved(city, "site0"), "dropped")
    with reading(PLANNER) as connection:
        assert scenarios(connection) == []
        assert [one.id for one in scenarios(connection, dropped=True)] == [view.id]
    assert moved(view, "draft").status == "draft"
    with owner_engine().connect() as owner:
        query = text("SELECT action FROM audit_entry WHERE entity = 'scenario' ORDER BY id")
        assert list(owner.scalars(query)) == ["save_scenario", "move_scenario", "move_scenario"]


def test_what_does_not_follow_or_was_changed_meanwhile_is_refused(city: SmallCity) -> None:
    view = saved(city, "site0")
    moved(view, "proposed")
    with pytest.raises(Outdated), writing(PLANNER) as session:
        move_scenario(session, view.id, "dropped", version=view.version)
    with pytest.raises(Conflict), writing(PLANNER) as session:
        move_scenario(session, view.id, "proposed", version=view.version + 1)
    with pytest.raises(BadInput), writing(PLANNER) as session:
        approve_scenario(session, view.id, version=view.version + 1, on=today(), yearly_fen=0, first_year=2027)
    with reading(OPERATOR) as connection:
        assert scenario(connection, view.id).status == "proposed"


def test_a_study_without_a_plan_or_a_blank_name_is_not_saved(city: SmallCity) -> None:
    empty, full = kept(city), kept(city, "site0")
    with pytest.raises(BadInput, match="no new station"), writing(PLANNER) as session:
        save_scenario(session, empty, "nothing")
    with pytest.raises(BadInput, match="name"), writing(PLANNER) as session:
        save_scenario(session, full, "  ")


def test_a_scenario_is_a_geopackage_with_its_sites_and_the_doors_of_its_study(city: SmallCity, tmp_path: Path) -> None:
    rows = [{"site_id": city["site0"], "new_households": 10}]
    asked = {"goal": "cover", "rules": {"room": 300, "rooms": {str(city["site1"]): 200}}, "cost_fen": {}}
    frame = pd.DataFrame({"unit_id": [-1], "building_id": [city["north-b1"]], "metres": [120.0]})
    with writing(PLANNER) as session:
        draft = StudyDraft("siting", "a study", city["north"], asked, {"sites": rows}, frame)
        made = save_scenario(session, keep_study(session, draft, data_on=today()), "with room")
    with reading(PLANNER) as connection:
        view, sites = scenario(connection, made), scenario_sites(connection, made)
        content = scenario_geopackage(connection, sites, scenario_doors(connection, view))
    assert {one.candidate_site_id: one.capacity for one in sites} == {city["site0"]: 300, city["site1"]: 200}
    path = tmp_path / "scenario.gpkg"
    path.write_bytes(content)
    stations, doors = (pyogrio.read_dataframe(path, layer=layer) for layer in ("stations", "doors"))
    assert stations.sort_values("capacity")["chosen"].tolist() == [False, True]
    assert stations.crs.to_epsg() == doors.crs.to_epsg() == 4326
    assert doors["metres"].tolist() == [120.0]
