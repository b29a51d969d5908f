"""The states of a station."""

import pytest

from geo.errors import Conflict
from geo.governance.rules import NEXT, STATUS_LABELS, checked_step, is_staffed
from geo.governance.tables import STATION_STATUSES


def test_every_status_of_the_table_has_words_and_next_steps() -> None:
    assert set(NEXT) == set(STATUS_LABELS) == set(STATION_STATUSES)
    assert all(step in STATION_STATUSES for steps in NEXT.values() for step in steps)


def test_every_status_leads_to_closed_and_closed_to_nothing() -> None:
    assert all("closed" in steps for status, steps in NEXT.items() if status != "closed")
    with pytest.raises(Conflict, match="After “Closed” comes: nothing"):
        checked_step("closed", "open")


@pytest.mark.parametrize(("status", "wanted"), [("proposed", "open"), ("open", "building"), ("sited", "sited")])
def test_a_step_that_does_not_follow_is_refused_with_those_that_do(status: str, wanted: str) -> None:
    with pytest.raises(Conflict, match="comes"):
        checked_step(status, wanted)


def test_a_station_needs_one_master_and_a_deputy() -> None:
    assert [is_staffed(1, 2), is_staffed(2, 1), is_staffed(0, 1), is_staffed(1, 0)] == [True, False, False, False]
