"""Rules of posts: terms, loads, classes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.access.contacts import phone_end
from geo.errors import BadInput
from geo.people import rules
from geo.people.rules import HeadClass, HeldBuilding, Term
from geo.people.tables import POST_KINDS

TODAY = date(2026, 11, 22)
DAYS = some.integers(-800, 800).map(lambda days: TODAY + timedelta(days=days))
TERMS = some.builds(Term, DAYS, some.none() | DAYS)


def test_a_term_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    term = Term(TODAY, TODAY + timedelta(days=1))
    assert rules.is_current(term, TODAY)
    assert not rules.is_current(term, TODAY - timedelta(days=1))
    assert not rules.is_current(term, TODAY + timedelta(days=1))
    assert not rules.is_current(Term(TODAY, TODAY), TODAY)


@pytest.mark.parametrize(("days", "ending"), [(0, False), (1, True), (60, True), (61, False)])
def test_a_term_counts_as_ending_within_the_days_set(days: int, ending: bool) -> None:
    term = Term(TODAY - timedelta(days=700), TODAY + timedelta(days=days))
    assert rules.is_ending(term, TODAY, 60) is ending


@given(TERMS, DAYS, some.integers(0, 800))
def test_an_ending_term_is_always_a_current_one(term: Term, on: date, ending_days: int) -> None:
    assert not rules.is_ending(term, on, ending_days) or rules.is_current(term, on)


@given(TERMS, some.lists(TERMS, max_size=4))
def test_a_fitted_term_never_reaches_into_a_later_one(wanted: Term, arranged: list[Term]) -> None:
    try:
        fitted = rules.fitted_term(wanted, arranged)
    except BadInput:
        assert wanted.to_on is not None
        return
    assert fitted.from_on == wanted.from_on
    for later in arranged:
        real = later.to_on is None or later.to_on > later.from_on
        if real and later.from_on > fitted.from_on:
            assert fitted.to_on is not None
            assert fitted.to_on <= later.from_on


def test_doors_under_a_unit_head_count_for_the_unit_head_only() -> None:
    assert rules.head_load([HeldBuilding(50, 20)], []) == 30
    assert rules.head_load([HeldBuilding(50, 20)], [20]) == 50
    assert rules.head_load([HeldBuilding(10, 20)], []) == 0


def test_a_load_of_unknown_counts_is_unknown_and_never_zero() -> None:
    assert rules.head_load([HeldBuilding(None, 0)], [None]) is None
    assert rules.head_load([], []) is None
    assert rules.head_load([HeldBuilding(None, 20), HeldBuilding(7, 0)], [None]) == 7


@pytest.mark.parametrize(
    ("in_roster", "held", "ending", "load", "expected"),
    [
        (False, False, False, None, HeadClass.UNKNOWN),
        (True, False, False, None, HeadClass.VACANT),
        (True, True, False, None, HeadClass.HAS_HEAD),
        (True, True, False, 40, HeadClass.HAS_HEAD),
        (True, True, False, 41, HeadClass.OVERLOADED),
        (True, True, True, 41, HeadClass.TERM_ENDING),
    ],
)
def test_each_building_is_in_the_class_that_asks_for_something_first(
    in_roster: bool, held: bool, ending: bool, load: int | None, expected: HeadClass
) -> None:
    found = rules.head_class(in_roster=in_roster, held=held, ending=ending, load=load, alarm_households=40)
    assert found is expected


def test_a_phone_number_is_never_shown_whole() -> None:
    for phone in ("13800001234", "0635-8888888", "12345", "1"):
        shown = rules.masked_phone(phone_end(phone))
        assert shown is not None
        assert "****" in shown
        assert phone not in shown
    assert rules.masked_phone(phone_end("12345")) == "****"


def test_every_post_has_words() -> None:
    assert set(rules.POST_LABELS) == set(POST_KINDS)


def test_a_term_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadInput, match="not after"):
        rules.checked_term(TODAY, TODAY, "elected")
    with pytest.raises(BadInput, match="elected or appointed"):
        rules.checked_term(TODAY, None, "born")
