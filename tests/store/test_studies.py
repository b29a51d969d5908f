"""Studies in the real database: kept with what they rested on, stale when it changes, seen by who may."""

from datetime import date

import pandas as pd
import pytest

from geo.access.actor import OPERATOR
from geo.errors import NotAllowed, NotFound
from geo.planning import study_reads, study_writes, writes
from geo.planning.studies import StudyDraft
from geo.store.session import Actor, reading, writing
from geo.store.versions import bump
from tests.store.small_city import NORTH_ORGANISER, build
from tests.users import add_user

DAY = date(2026, 11, 20)
FRAME = pd.DataFrame({"unit_id": [7, 8], "metres": [120.5, float("inf")]})


def _keep(kind: str = "coverage", community_id: int | None = None, actor: Actor = OPERATOR) -> int:
    draft = StudyDraft(kind, "Doors of the north", community_id, {"limit_m": 500}, {"covered": 12}, FRAME)
    with writing(actor) as session:
        return study_writes.keep_study(session, draft, data_on=DAY)


def test_a_study_keeps_the_numbers_it_used(clean_store: object) -> None:
    with writing(OPERATOR) as session:
        writes.set_parameter(session, "walk_5_minutes_m", 250, expected_version=0)
    kept = _keep()
    with writing(OPERATOR) as session:
        writes.set_parameter(session, "walk_5_minutes_m", 400, expected_version=1)
    with reading(OPERATOR) as connection:
        found = study_reads.study(connection, kept)
        pd.testing.assert_frame_equal(study_reads.study_frame(connection, kept), FRAME)
    assert found.parameters["walk_5_minutes_m"] == 250
    assert (found.asked, found.figures, found.data_on) == ({"limit_m": 500}, {"covered": 12}, DAY)


def test_a_study_is_stale_when_what_it_rests_on_changes(clean_store: object) -> None:
    coverage, reach = _keep(), _keep("reach")
    with writing(OPERATOR) as session:
        bump(session, "care")
    with reading(OPERATOR) as connection:
        stale = {view.id: view.changed_since for view in study_reads.studies(connection)}
    assert stale == {coverage: ("care",), reach: ()}


def test_a_study_put_away_is_listed_no_more_and_can_come_back(clean_store: object) -> None:
    kept = _keep()
    with writing(OPERATOR) as session:
        study_writes.drop_study(session, kept)
    with reading(OPERATOR) as connection:
        assert study_reads.studies(connection) == []
    with writing(OPERATOR) as session:
        study_writes.restore_study(session, kept)
    with reading(OPERATOR) as connection:
        assert [view.id for view in study_reads.studies(connection, "coverage")] == [kept]


def test_studies_are_seen_by_whom_they_concern(clean_store: object) -> None:
    here = build()
    add_user("a-planner", "planner")
    add_user("a-leader", "leader")
    north, south, city = _keep(community_id=here["north"]), _keep(community_id=here["south"]), _keep()
    pairs = _keep("pairing", community_id=here["north"])
    expected = {
        NORTH_ORGANISER: {north, pairs},
        Actor("a-planner"): {north, south, city},
        Actor("a-leader"): {north, south, city},
    }
    for who, ids in expected.items():
        with reading(who) as connection:
            assert {view.id for view in study_reads.studies(connection)} == ids, who
    with reading(NORTH_ORGANISER) as connection, pytest.raises(NotFound):
        study_reads.study_frame(connection, south)


def test_who_may_not_run_studies_keeps_none(clean_store: object) -> None:
    add_user("a-leader", "leader")
    with pytest.raises(NotAllowed):
        _keep(actor=Actor("a-leader"))
