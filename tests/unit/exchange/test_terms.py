"""What a roster changes, judged without a database."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.terms import Held, Offered, Plan, overlap
from geo.exchange.terms import plan as plan_on

LIN, ZHOU = ("林秀英", None), ("周建国", "13800000002")
TODAY = date(2026, 11, 22)
days = st.dates(date(2020, 1, 1), date(2029, 12, 31))


def offered(row: int, who: tuple[str, str | None], start: int, end: int | None = None, **other: object) -> Offered:
    to_on = None if end is None else date(end, 1, 1)
    return Offered(row, 1, who, date(start, 1, 1), to_on, None, bool(other.get("single_seat", True)))


def held(who: tuple[str, str | None], start: int, end: int | None = None) -> Held:
    return Held(10, 1, who, date(start, 1, 1), None if end is None else date(end, 1, 1))


def plan(rows: list[Offered], known: list[Held]) -> Plan:
    return plan_on(rows, known, today=TODAY)


def test_a_later_holder_ends_the_running_term() -> None:
    decided = plan([offered(2, ZHOU, 2025)], [held(LIN, 2022)])
    assert (len(decided.add), decided.end) == (1, {10: date(2025, 1, 1)})


def test_an_earlier_first_day_than_the_known_one_is_refused() -> None:
    decided = plan([offered(2, ZHOU, 2020)], [held(LIN, 2022)])
    assert (decided.add, list(decided.taken)) == ([], [2])


def test_deputies_sit_side_by_side() -> None:
    rows = [offered(2, ZHOU, 2025, single_seat=False), offered(3, LIN, 2025, single_seat=False)]
    assert len(plan(rows, []).add) == 2


def test_the_same_term_is_left_alone_and_a_new_end_corrects_it() -> None:
    assert plan([offered(2, LIN, 2022)], [held(LIN, 2022)]).same == [2]
    assert list(plan([offered(2, LIN, 2022, 2027)], [held(LIN, 2022)]).correct) == [10]


def test_a_term_long_over_does_not_end_one_that_still_runs() -> None:
    decided = plan([offered(2, ZHOU, 2024, 2025)], [held(LIN, 2022)])
    assert (decided.add, decided.end, list(decided.taken)) == ([], {}, [2])


def test_a_holder_elected_for_a_fixed_term_ends_an_open_one() -> None:
    assert plan([offered(2, ZHOU, 2026, 2029)], [held(LIN, 2022)]).end == {10: date(2026, 1, 1)}


def test_a_new_end_does_not_reach_into_the_term_of_who_came_next() -> None:
    known = [held(LIN, 2022, 2024), replace(held(ZHOU, 2024), holding_id=11)]
    decided = plan([offered(2, LIN, 2022, 2025)], known)
    assert (decided.correct, list(decided.taken)) == ({}, [2])


def test_a_term_that_was_called_off_is_in_nobodys_way() -> None:
    assert len(plan([offered(2, ZHOU, 2022)], [held(LIN, 2023, 2023)]).add) == 1


@given(st.lists(st.tuples(st.sampled_from([LIN, ZHOU]), days, st.integers(1, 2000) | st.none()), max_size=6))
def test_added_terms_of_a_single_seat_never_overlap(
    terms: list[tuple[tuple[str, str | None], date, int | None]],
) -> None:
    rows = [
        Offered(at, 1, who, start, None if length is None else date.fromordinal(start.toordinal() + length), None, True)
        for at, (who, start, length) in enumerate(terms)
    ]
    added = plan(rows, []).add
    assert not any(overlap(a, b) for a in added for b in added if a is not b)
