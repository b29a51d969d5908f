"""Classes of the coverage page follow the registry for each role; what-if tells what really follows."""

import numpy as np
import pytest

from geo.access.actor import OPERATOR
from geo.briefing.coverage_arrays import CoverageArrays
from geo.briefing.coverage_overview import places_by_need, tally_of
from geo.briefing.coverage_paint import TOO_SMALL, Asked
from geo.briefing.coverage_places import OVERDUE
from geo.briefing.coverage_what_if import parse_wishes, what_if
from geo.briefing.overview import stand_now
from geo.coverage.chain_study import load_chain
from geo.coverage.duty_figures import figures_of
from geo.coverage.duty_inputs import Gap
from geo.coverage.study import study_coverage
from geo.errors import BadInput, NotFound
from geo.maps.legend import NO_PLACE
from geo.people.reads import vacancies
from geo.people.visit_reads import due_needs
from geo.people.writes import assign_head
from geo.planning.studies import StudyDraft
from geo.planning.study_reads import studies, study_frame
from geo.planning.study_writes import keep_study
from geo.store.clock import today
from geo.store.cluster import Cluster
from geo.store.session import Actor, reading, writing

DUTY, STATION = Asked(), Asked("station")
ORGANISER, LEADER = Actor("demo-organiser"), Actor("demo-leader")


def vacant_building() -> int:
    with reading(OPERATOR) as connection:
        found = vacancies(connection, on=today(), kind="building_head", limit=50)
    return next(row.place_id for row in found if row.households and row.households <= 40)


def test_an_assignment_changes_a_few_bytes_of_the_array_and_nothing_of_the_stations(demo_store: Cluster) -> None:
    arrays = CoverageArrays()
    before = arrays.current(OPERATOR, DUTY, "building", today())
    state, stations = before.state, arrays.current(OPERATOR, STATION, "building", today())
    values, place = before.values.copy(), vacant_building()
    with writing(OPERATOR) as session:
        assign_head(session, building_id=place, name="林舒", from_on=today())
    after = arrays.current(OPERATOR, DUTY, "building", today())
    assert values[place - before.first] == Gap.NO_HEAD
    assert after.values[place - after.first] != Gap.NO_HEAD
    changed = after.since(state)
    assert changed is not None
    assert 1 <= len(changed[0]) < 100
    anew = CoverageArrays().current(OPERATOR, DUTY, "building", today())
    assert after.values.tolist() == anew.values.tolist()
    assert arrays.current(OPERATOR, STATION, "building", today()).values.tolist() == stations.values.tolist()


@pytest.mark.usefixtures("demo_store_for_module")
def test_an_organiser_is_told_of_their_own_communities_and_a_leader_of_all_with_the_same_classes() -> None:
    arrays = CoverageArrays()
    own = arrays.painted(ORGANISER, STATION, today())
    everywhere = arrays.painted(LEADER, STATION, today())
    assert len(own.study.ids.communities) < len(everywhere.study.ids.communities)
    assert len(everywhere.study.ids.buildings) > len(own.study.ids.buildings)
    where = np.searchsorted(everywhere.study.ids.buildings, own.study.ids.buildings)
    told = everywhere.building_class[where]
    assert (told == TOO_SMALL).any()
    alike = told != TOO_SMALL
    assert told[alike].tolist() == own.building_class[alike].tolist()


@pytest.mark.usefixtures("demo_store_for_module")
def test_helpers_against_helped_change_with_the_year_and_only_rows_that_are_seen_are_told() -> None:
    arrays = CoverageArrays()
    now, later = (arrays.current(OPERATOR, Asked("years", ahead=ahead), "compound", today()) for ahead in (0, 20))
    assert (now.values != later.values).any()
    assert {code for code in now.values.tolist() if code < NO_PLACE} >= {0} | {5}
    seen = arrays.current(LEADER, Asked("years"), "compound", today()).values
    assert set(seen.tolist()) <= {0, NO_PLACE}


@pytest.mark.usefixtures("demo_store_for_module")
def test_a_building_has_the_gravest_state_of_the_visits_due_there() -> None:
    found = CoverageArrays().current(OPERATOR, Asked("visits"), "building", today())
    with reading(OPERATOR) as connection:
        due = due_needs(connection, limit=10_000)
    late = {need.building_id for need in due if need.state == "overdue"}
    assert late
    assert late == {found.first + int(at) for at in np.flatnonzero(found.values == OVERDUE)}
    assert set(np.unique(CoverageArrays().current(LEADER, Asked("visits"), "building", today()).values)) <= {
        0,
        NO_PLACE,
    }


def test_an_opened_study_shows_the_gaps_of_then(demo_store: Cluster) -> None:
    place = vacant_building()
    with reading(OPERATOR) as connection:
        found = study_coverage(connection, today(), lambda *_told: None)
    with writing(OPERATOR) as session:
        draft = StudyDraft("coverage", "then", None, {}, found.figures, found.frame)
        then = Asked(study_id=keep_study(session, draft, data_on=found.on, seen=found.seen))
        assign_head(session, building_id=place, name="林舒", from_on=today())
    arrays = CoverageArrays()
    kept, now = (arrays.current(OPERATOR, asked, "building", today()) for asked in (then, DUTY))
    assert kept.values[place - kept.first] == Gap.NO_HEAD != now.values[place - now.first]
    assert (kept.values == now.values).mean() > 0.95


@pytest.mark.usefixtures("demo_store_for_module")
def test_over_seventy_fewer_doors_have_a_station_within_a_circle() -> None:
    arrays = CoverageArrays()
    for circle in (5, 10, 15):
        young, old = (
            tally_of(arrays.painted(OPERATOR, asked, today()), None).within((*asked.covered, TOO_SMALL))
            for asked in (Asked("station", circle), Asked("station", circle, old=True))
        )
        assert 0 < old < young


@pytest.mark.usefixtures("demo_store_for_module")
def test_places_add_up_to_the_city_and_the_worst_off_come_first() -> None:
    stand = stand_now(OPERATOR)
    found = places_by_need(stand, DUTY, None)
    whole = tally_of(CoverageArrays().painted(OPERATOR, DUTY, today()), None)
    assert [sum(row.households[code] for row in found) for code in range(len(Gap))] == list(whole.households)
    assert [row.missing for row in found] == sorted((row.missing for row in found), reverse=True)
    assert whole.share(DUTY.covered) == whole.within(DUTY.covered) / whole.known


@pytest.mark.usefixtures("demo_store_for_module")
def test_people_who_see_no_volunteers_are_not_told_of_any() -> None:
    skill = CoverageArrays().painted(LEADER, Asked("skill"), today())
    assert set(np.unique(skill.part_class)) <= {2, 4}


def test_what_if_tells_what_really_follows_when_it_is_done(demo_store: Cluster) -> None:
    place = vacant_building()
    told = what_if(OPERATOR, parse_wishes(f"head:building:{place}:new"))
    with writing(OPERATOR) as session:
        assign_head(session, building_id=place, name="林舒", from_on=today())
    with reading(OPERATOR) as connection:
        real = load_chain(connection, today())
    assert figures_of(real.chain, real.limits) == told.then
    for building, gap in told.buildings.items():
        assert real.chain.building_gap[np.searchsorted(real.ids.buildings, building)] == gap
    assert told.today != told.then


def test_a_tried_change_is_kept_as_a_study_without_a_name_in_it(demo_store: Cluster) -> None:
    with reading(OPERATOR) as connection:
        chain = load_chain(connection, today())
    person = int(chain.ids.persons[chain.chain.load.argmax()])
    told = what_if(OPERATOR, (f"leaves:{person}",))
    assert told.buildings
    with writing(OPERATOR) as session:
        study_id = keep_study(session, told.draft("if the busiest left"), data_on=today())
    with reading(OPERATOR) as connection:
        kept = studies(connection, "what_if")
        frame = study_frame(connection, study_id)
    assert [view.asked for view in kept] == [{"wishes": [f"leaves:{person}"]}]
    assert dict(zip(frame.building_id.tolist(), frame.gap.tolist(), strict=True)) == told.buildings


@pytest.mark.usefixtures("demo_store_for_module")
def test_a_change_that_makes_no_sense_is_refused() -> None:
    for text in ("drop:table", "leaves:x", "head:compound:1:new", ",".join(["leaves:1"] * 41)):
        with pytest.raises(BadInput):
            parse_wishes(text)
    with pytest.raises(NotFound):
        what_if(OPERATOR, ("head:building:999999999:new",))
