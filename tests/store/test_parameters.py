"""A city's own numbers in the real database."""

import pytest

from geo.access.actor import OPERATOR
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.planning import reads, writes
from geo.store import versions
from geo.store.session import reading, writing
from tests.store.small_city import NORTH_ORGANISER, build

NAME = "head_alarm_households"


def _value() -> float:
    with reading(OPERATOR) as connection:
        return reads.parameters(connection)[NAME]


def test_a_city_sets_its_own_number_and_goes_back_to_the_default(clean_store: object) -> None:
    assert _value() == 40
    with reading(OPERATOR) as connection:
        before = versions.current(connection)["posts"]
    with writing(OPERATOR) as session:
        writes.set_parameter(session, NAME, 55, expected_version=0)
    assert _value() == 55
    with reading(OPERATOR) as connection:
        view = next(view for view in reads.parameter_list(connection) if view.name == NAME)
        assert reads.parameters(connection)[NAME] == 55
        assert versions.current(connection)["posts"] == before + 1
    assert (view.default, view.version, view.changed_by) == (40, 1, OPERATOR.name)
    with writing(OPERATOR) as session:
        writes.reset_parameter(session, NAME, expected_version=1)
    assert _value() == 40


def test_a_number_somebody_changed_meanwhile_is_not_overwritten(clean_store: object) -> None:
    with writing(OPERATOR) as session:
        writes.set_parameter(session, NAME, 55, expected_version=0)
    with writing(OPERATOR) as session:
        with pytest.raises(Conflict, match="changed this number on"):
            writes.set_parameter(session, NAME, 60, expected_version=0)
        with pytest.raises(Conflict):
            writes.reset_parameter(session, NAME, expected_version=2)


def test_a_number_out_of_range_or_of_no_parameter_is_refused(clean_store: object) -> None:
    with writing(OPERATOR) as session:
        for wrong in (0, 40.5, "many", float("inf"), None):
            with pytest.raises(BadInput, match="from 1 to 1000"):
                writes.set_parameter(session, NAME, wrong, expected_version=0)
        with pytest.raises(NotFound):
            writes.set_parameter(session, "luck", 1, expected_version=0)


def test_only_who_looks_after_the_whole_city_changes_its_numbers(clean_store: object) -> None:
    build()
    with pytest.raises(NotAllowed):
        with writing(NORTH_ORGANISER) as session:
            writes.set_parameter(session, NAME, 55, expected_version=0)
    assert _value() == 40
