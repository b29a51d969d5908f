"""Class arrays: bytes by id, changes as patches, filters."""

import runpy
from datetime import date

import numpy as np

from geo.briefing import class_arrays
from geo.briefing.class_arrays import Array, by_id, filtered
from geo.maps.legend import HIDDEN, NO_PLACE

ON = date(2026, 11, 22)


def array() -> Array:
    first, values = by_id(np.array([10, 11, 13]), np.array([1, 2, 3], dtype=np.uint8))
    return Array("building", 1, 1, ON, 0, first, values)


def test_ids_nobody_has_are_told_from_unknown_ones() -> None:
    assert array().values.tolist() == [1, 2, NO_PLACE, 3]


def test_an_empty_city_has_an_empty_array() -> None:
    assert by_id(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint8))[1].size == 0


def test_what_changed_since_a_state_comes_as_a_patch() -> None:
    found = array()
    before = found.state
    found.change(np.array([11, 13]), np.array([1, 4], dtype=np.uint8))
    between = found.state
    found.change(np.array([13, 99]), np.array([2, 2], dtype=np.uint8))
    assert found.since(before) == ([11, 13], [1, 2])
    assert found.since(between) == ([13], [2])
    assert found.since(found.state) == ([], [])


def test_a_state_nobody_remembers_gives_no_patch() -> None:
    assert array().since(-1) is None


def test_a_filter_hides_what_is_outside_and_keeps_the_gaps() -> None:
    assert filtered(array(), np.array([11, 500])).tolist() == [HIDDEN, 2, NO_PLACE, HIDDEN]


def test_a_state_of_a_process_before_a_restart_is_not_taken_for_one_of_the_new() -> None:
    before = array()
    restarted = runpy.run_path(class_arrays.__file__)
    first, values = by_id(np.array([10]), np.array([1], dtype=np.uint8))
    assert restarted["Array"]("building", 1, 1, ON, 0, first, values).since(before.state) is None
