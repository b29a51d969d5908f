"""Merging two people's changes of one record loses neither's work."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.store.merging import Difference, differences, to_write, undecided

NAMES = ("name", "floors", "address", "elevator")
VALUES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
RECORDS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))
CHOICES = st.fixed_dictionaries(dict.fromkeys(NAMES, st.booleans()))

Record = dict[str, Any]


def _merged(seen: Record, theirs: Record, mine: Record, choice: dict[str, bool]) -> Record:
    return {**theirs, **to_write(differences(seen, theirs, mine), choice)}


@given(RECORDS, RECORDS, RECORDS, CHOICES)
def test_every_change_is_kept_and_only_a_decision_drops_one(
    seen: Record, theirs: Record, mine: Record, choice: dict[str, bool]
) -> None:
    merged = _merged(seen, theirs, mine, choice)
    for name in NAMES:
        if mine[name] == seen[name]:
            assert merged[name] == theirs[name]
        elif theirs[name] == seen[name]:
            assert merged[name] == mine[name]
        elif mine[name] != theirs[name]:
            assert merged[name] == (mine if choice[name] else theirs)[name]
        else:
            assert merged[name] == mine[name] == theirs[name]


@given(RECORDS, RECORDS, RECORDS, CHOICES)
def test_it_does_not_matter_who_was_faster(seen: Record, theirs: Record, mine: Record, choice: dict[str, bool]) -> None:
    turned = {name: not mine_holds for name, mine_holds in choice.items()}
    assert _merged(seen, theirs, mine, choice) == _merged(seen, mine, theirs, turned)


@given(RECORDS, RECORDS)
def test_with_nobody_else_it_is_what_i_typed(seen: Record, mine: Record) -> None:
    assert _merged(seen, seen, mine, {}) == mine
    assert undecided(differences(seen, seen, mine), []) == []


@given(RECORDS, RECORDS, RECORDS)
def test_what_both_changed_differently_waits_for_a_decision(seen: Record, theirs: Record, mine: Record) -> None:
    found = differences(seen, theirs, mine)
    conflicts = [name for name in seen if len({repr(side[name]) for side in (seen, theirs, mine)}) == 3]
    assert undecided(found, []) == conflicts
    assert undecided(found, conflicts) == []
    if conflicts:
        with pytest.raises(KeyError):
            to_write(found, {})


@given(RECORDS, RECORDS, RECORDS, RECORDS, CHOICES)
def test_a_second_faster_change_is_merged_in_the_same_way(
    seen: Record, theirs: Record, later: Record, mine: Record, choice: dict[str, bool]
) -> None:
    once = _merged(seen, theirs, mine, choice)
    again = _merged(seen, later, mine, choice)
    for name in NAMES:
        assert again[name] in (later[name], mine[name])
        if later[name] == theirs[name]:
            assert again[name] == once[name]


def test_a_field_i_did_not_touch_is_no_change_of_mine() -> None:
    assert differences({"a": 1, "b": 2}, {"a": 1, "b": 3}, {}) == [Difference("b", 2, 3, 2)]
