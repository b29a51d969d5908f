"""What a phone hands in is taken apart field by field, and each field that is not right is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.errors import BadInput
from geo.people.tables import VISIT_FINDINGS, VISIT_KINDS, VISIT_RESULTS
from geo.people.visit_rules import (
    FINDING_LABELS,
    KIND_LABELS,
    MINUTE_CHOICES,
    RESULT_LABELS,
    VisitDraft,
    draft_of,
)

SENT: dict[str, Any] = {
    "key": "2f1c6c52-6d5e-4f0e-9d3b-0b1c2d3e4f50",
    "need": 7,
    "visited_at": "2026-11-22T09:30:00.123+08:00",
    "result": "met",
    "findings": ["all_well"],
    "minutes": 20,
    "kind": "first",
}


def test_every_code_has_words() -> None:
    assert set(KIND_LABELS) == set(VISIT_KINDS)
    assert set(RESULT_LABELS) == set(VISIT_RESULTS)
    assert set(FINDING_LABELS) == set(VISIT_FINDINGS)
    assert all(0 < minutes <= 1440 for minutes in MINUTE_CHOICES)


def test_what_may_stay_open_has_its_default() -> None:
    found = draft_of({name: SENT[name] for name in ("key", "need", "visited_at", "result")})
    assert (found.findings, found.minutes, found.kind, found.volunteer_id) == ((), None, "care", None)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("key", "not a key", "Key of the visit"),
        ("key", None, "Key of the visit"),
        ("need", "7", "Need"),
        ("need", -1, "Need"),
        ("need", 2**63, "Need"),
        ("need", True, "Need"),
        ("visited_at", "yesterday", "Time of the visit"),
        ("visited_at", "2026-11-22T09:30:00", "Time of the visit"),
        ("visited_at", 1795348800, "Time of the visit"),
        ("result", "seen", "Result"),
        ("result", ["met"], "Result"),
        ("findings", "all_well", "Findings"),
        ("findings", ["<script>"], "Findings"),
        ("findings", [["fell"]], "Findings"),
        ("minutes", 20.5, "Minutes"),
        ("minutes", 99999, "Minutes"),
        ("kind", "party", "Kind of visit"),
        ("volunteer", "me", "Volunteer"),
    ],
)
def test_a_field_that_is_not_right_is_named(field: str, value: object, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}: this is not known"):
        draft_of(SENT | {field: value})


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=40),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(some.dictionaries(some.sampled_from([*SENT, "volunteer"]), JSON))
def test_whatever_is_sent_is_a_visit_or_an_error_that_says_so(sent: dict[str, Any]) -> None:
    refused = None
    try:
        made = draft_of(SENT | sent)
    except BadInput as error:
        refused = str(error)
    assert isinstance(made, VisitDraft) if refused is None else ": " in refused
