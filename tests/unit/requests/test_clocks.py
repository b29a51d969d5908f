"""The two clocks: pauses push the solution back by as much as they last, and nothing else does."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geo.requests.clocks import (
    Clock,
    is_overdue,
    late_to_respond,
    late_to_solve,
    paused_after,
    respond_by,
    solve_by,
)

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOURS = st.floats(0.01, 8760)
PAUSES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), max_size=5)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@given(HOURS, HOURS, PAUSES)
def test_every_pause_pushes_the_solution_back_by_its_length_and_the_answer_not_at_all(
    respond_h: float, solve_h: float, pauses: list[tuple[int, int]]
) -> None:
    now, paused_s = AT, 0
    for running_s, standing_s in pauses:
        began = now + timedelta(seconds=running_s)
        now = began + timedelta(seconds=standing_s)
        paused_s = paused_after(Clock(AT, respond_h, solve_h, paused_s=paused_s, paused_from=began), now)
    clock = Clock(AT, respond_h, solve_h, paused_s=paused_s)
    assert paused_s == sum(standing_s for _running, standing_s in pauses)
    assert solve_by(clock, now) == AT + hours(solve_h) + timedelta(seconds=paused_s)
    assert respond_by(clock) == AT + hours(respond_h)


@given(HOURS, st.integers(0, 10**7), st.integers(0, 10**7))
def test_while_the_clocks_stand_still_nothing_becomes_overdue(solve_h: float, before_s: int, for_s: int) -> None:
    began = AT + timedelta(seconds=before_s)
    waiting = Clock(AT, 1, solve_h, accepted_at=AT, paused_from=began)
    assert late_to_solve(waiting, began + timedelta(seconds=for_s)) == late_to_solve(waiting, began)


def test_overdue_is_the_answer_first_then_the_solution_and_nothing_once_it_is_solved_or_put_aside() -> None:
    clock = Clock(AT, 2, 24)
    assert [is_overdue(clock, AT + hours(h)) for h in (1, 3, 25)] == [False, True, True]
    answered = Clock(AT, 2, 24, accepted_at=AT + hours(1))
    assert [is_overdue(answered, AT + hours(h)) for h in (3, 25)] == [False, True]
    solved = Clock(AT, 2, 24, accepted_at=AT + hours(3), resolved_at=AT + hours(30))
    assert not is_overdue(solved, AT + hours(40))
    assert late_to_respond(solved, AT + hours(40))
    assert late_to_solve(solved, AT + hours(40))
    put_aside = Clock(AT, 2, 24, stopped_at=AT + hours(1))
    assert not is_overdue(put_aside, AT + hours(40))
    assert not late_to_solve(put_aside, AT + hours(40))
