"""The numbers a city may set."""

import pytest

from geo.errors import BadInput, NotFound
from geo.planning.rules import BY_NAME, PARAMETERS, checked_value, parameter_named


def test_every_default_lies_in_its_own_range() -> None:
    for parameter in PARAMETERS:
        assert checked_value(parameter.name, parameter.default) == parameter.default


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(PARAMETERS)


@pytest.mark.parametrize("wrong", ["", "many", None, -1, 1001, 3.5, float("nan"), float("inf"), [], True])
def test_what_is_no_number_in_range_is_refused(wrong: object) -> None:
    with pytest.raises(BadInput, match="from 1 to 1000"):
        checked_value("head_households", wrong)


def test_shares_stay_between_nothing_and_all() -> None:
    assert checked_value("coverage_target", "0.9") == 0.9
    with pytest.raises(BadInput):
        checked_value("coverage_target", 1.01)


def test_another_name_is_not_found() -> None:
    with pytest.raises(NotFound):
        parameter_named("luck")
