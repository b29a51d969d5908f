"""The weekly plan: hours, times and pauses kept, aims in their order, true proofs, a cause for what is open."""

import time
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise, product
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from geo.coverage.rota import Effort, Rota, Shift, plan
from geo.coverage.rota_inputs import FINDING_WORDS, UNFILLED_WORDS, Circles, Helper, Helpers, Member, Task, week_of
from geo.errors import BadInput
from geo.people.volunteer_rules import Window

MONDAY = date(2026, 11, 23)
MORNING = tuple(Window(day, 540, 660) for day in range(7))
PAUSE = 10


def made(tasks: list[Task], circles: Circles, helpers: Helpers, before: tuple[Shift, ...] = ()) -> Rota:
    return plan(week_of(tasks, circles, helpers, MONDAY), before=before, pause_minutes=PAUSE)


@some.composite
def weeks(draw: some.DrawFn) -> tuple[list[Task], Circles, Helpers]:
    names = ["anna", "bert", "carl"][: draw(some.integers(1, 3))]
    spans = some.builds(
        lambda day, begin, length: Window(day, 480 + 30 * begin, 480 + 30 * (begin + length)),
        some.integers(0, 1), some.integers(0, 3), some.integers(1, 4),
    )  # fmt: skip
    helpers = {
        name: Helper(30 * draw(some.integers(0, 5)), tuple(draw(some.lists(spans, max_size=3)))) for name in names
    }
    roles = draw(some.permutations(["primary", "turn", "backup"]))
    circles = {need: [Member(name, role) for name, role in zip(names, roles, strict=False)] for need in ("n1", "n2")}
    edges = some.sampled_from([(0, 1440), (480, 570), (540, 660)])
    tasks = [
        Task(need, name, length, weekday, *hours)
        for need, name, length, weekday, hours in draw(
            some.lists(
                some.tuples(
                    some.sampled_from(["n1", "n2"]), some.sampled_from(["visit", "meal"]), some.sampled_from([30, 60]),
                    some.sampled_from([None, 0, 1]), edges,
                ),
                max_size=4,
            )
        )
    ]  # fmt: skip
    return tasks, circles, helpers


@settings(max_examples=80, deadline=None)
@given(weeks())
def test_a_plan_keeps_times_hours_pauses_and_circles(case: tuple[list[Task], Circles, Helpers]) -> None:
    tasks, circles, helpers = case
    best = made(tasks, circles, helpers)
    assert len(best.shifts) + len(best.unfilled) == len(tasks)
    assert {one.cause for one in best.unfilled} <= UNFILLED_WORDS.keys()
    by_volunteer: dict[str, list[Shift]] = defaultdict(list)
    for shift in best.shifts:
        by_volunteer[shift.volunteer].append(shift)
        assert shift.volunteer in {one.volunteer for one in circles[shift.need] if one.role != "backup"}
        assert any(
            (shift.task, shift.end - shift.start) == (task.name, task.minutes)
            and task.weekday in {None, shift.on.weekday()}
            and task.earliest <= shift.start < shift.end <= task.latest
            for task in tasks
            if task.need == shift.need
        )
    for name, shifts in by_volunteer.items():
        assert sum(shift.end - shift.start for shift in shifts) <= helpers[name].minutes_week
        for first, second in pairwise(shifts):
            assert (
                second.on > first.on or second.start >= first.end + PAUSE or not_one_time(helpers[name], first, second)
            )
    assert best.stages[0].value == len(best.unfilled)
    assert best.proven


def not_one_time(helper: Helper, first: Shift, second: Shift) -> bool:
    """Tell whether two shifts are in different times of a volunteer, between which no pause is due."""
    return second.start >= first.end and not any(
        window.from_minute <= first.start and second.end <= window.to_minute
        for window in helper.windows
        if window.weekday == first.on.weekday()
    )


@settings(max_examples=40, deadline=None)
@given(some.lists(some.tuples(some.sampled_from([30, 60]), some.integers(0, 1)), max_size=4), some.integers(0, 4))
def test_no_plan_of_all_leaves_fewer_open_or_is_fairer(wanted: list[tuple[int, int]], hours: int) -> None:
    """Two volunteers with 130 minutes on both days and no set hours: small enough to try everything."""
    tasks = [Task(f"n{number}", "visit", length, day) for number, (length, day) in enumerate(wanted)]
    circles = {task.need: [Member("anna", "primary"), Member("bert")] for task in tasks}
    windows = tuple(Window(day, 540, 670) for day in (0, 1))
    helpers = {"anna": Helper(30 * hours, windows), "bert": Helper(60, windows)}
    able = [[name for name in helpers if helpers[name].minutes_week >= task.minutes] for task in tasks]
    step = gcd(*(task.minutes for task in tasks)) or 1
    fair = {
        name: step * -(-sum(t.minutes / len(a) for t, a in zip(tasks, able, strict=True) if name in a) // step)
        for name in helpers
    }
    best = (99, 0.0, 0)
    for choice in product([None, "anna", "bert"], repeat=len(tasks)):
        loads = {name: sum(t.minutes for t, who in zip(tasks, choice, strict=True) if who == name) for name in helpers}
        lengths = defaultdict(list)
        for task, who in zip(tasks, choice, strict=True):
            lengths[who, task.weekday].append(task.minutes + PAUSE)
        if all(loads[name] <= helpers[name].minutes_week for name in helpers) and all(
            sum(parts) <= 140 for (who, _day), parts in lengths.items() if who
        ):
            over = sum(max(loads[name] - fair[name], 0) for name in helpers)
            best = min(best, (choice.count(None), over, choice.count("bert")))
    assert tuple(stage.value for stage in made(tasks, circles, helpers).stages) == best


def test_a_load_is_shared_before_the_primary_is_kept() -> None:
    tasks = [Task("n", "visit", 60, day) for day in (0, 1)]
    best = made(
        tasks,
        {"n": [Member("anna", "primary"), Member("bert")]},
        {"anna": Helper(300, MORNING), "bert": Helper(300, MORNING)},
    )
    assert sorted(shift.volunteer for shift in best.shifts) == ["anna", "bert"]
    assert [(stage.name, stage.value, stage.gap) for stage in best.stages] == [
        ("open", 0, 0), ("fairness", 0, 0), ("continuity", 1, 0),
    ]  # fmt: skip


def test_who_came_last_week_comes_again_on_the_same_day() -> None:
    tasks = [Task("n", "visit", 60, None), Task("n", "visit", 60, None)]
    circles = {"n": [Member("anna", "turn"), Member("bert", "turn")]}
    helpers = {"anna": Helper(300, MORNING), "bert": Helper(300, MORNING)}
    last = MONDAY - timedelta(days=7)
    before = tuple(
        Shift("n", "visit", who, last + timedelta(days=day), 540, 600) for who, day in (("anna", 4), ("bert", 2))
    )
    best = made(tasks, circles, helpers, before)
    assert [(shift.volunteer, shift.on.weekday()) for shift in best.shifts] == [("bert", 2), ("anna", 4)]


def test_a_primary_of_a_weekday_or_a_task_is_the_primary_of_that() -> None:
    circles = {"n": [Member("anna", "primary", tasks=("meal",)), Member("bert", weekdays=(1,)), Member("carl")]}
    helpers = {name: Helper(300, MORNING) for name in ("anna", "bert", "carl")}
    tasks = [Task("n", "meal", 60, 0), Task("n", "visit", 60, 1)]
    assert [shift.volunteer for shift in made(tasks, circles, helpers).shifts] == ["anna", "bert"]


def test_tasks_that_may_be_on_any_day_are_on_different_days() -> None:
    tasks = [Task("n", "visit", 30, None)] * 3
    best = made(tasks, {"n": [Member("anna", "primary")]}, {"anna": Helper(300, MORNING[:2])})
    assert [shift.on.weekday() for shift in best.shifts] == [0, 1]
    assert len(best.unfilled) == 1


def test_set_hours_are_kept_and_tasks_follow_with_a_pause() -> None:
    tasks = [Task("n", "meal", 30, 0, 570, 600), Task("n", "visit", 60, 0), Task("m", "visit", 20, 0)]
    circles = {need: [Member("anna", "primary")] for need in "nm"}
    best = made(tasks, circles, {"anna": Helper(300, (Window(0, 540, 680),))})
    assert [(shift.need, shift.task, shift.start) for shift in best.shifts] == [
        ("m", "visit", 540), ("n", "meal", 570), ("n", "visit", 610),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "circles", "helper"),
    [
        ("no_circle", {}, Helper(300, MORNING)),
        ("no_circle", {"n": [Member("anna", "backup")]}, Helper(300, MORNING)),
        ("nobody_available", {"n": [Member("anna")]}, Helper(300, (Window(5, 540, 660),))),
        ("hours_full", {"n": [Member("anna")]}, Helper(30, MORNING)),
        ("hours_full", {"n": [Member("anna")]}, Helper(100, (Window(0, 480, 720),))),
        ("times_taken", {"n": [Member("anna")]}, Helper(600, MORNING)),
    ],
)
def test_a_task_nobody_does_has_its_cause(cause: str, circles: Circles, helper: Helper) -> None:
    best = made([Task("n", "visit", 60, 0), Task("n", "meal", 60, 0)], circles, {"anna": helper})
    assert best.unfilled[-1].cause == cause


def test_overlapping_times_are_made_one_and_listed_with_members_who_gave_none() -> None:
    circles = {"n": [Member("anna"), Member("bert"), Member("carl"), Member("dora")]}
    both = (Window(0, 540, 600), Window(0, 570, 660))
    helpers = {"anna": Helper(120, both), "bert": Helper(120, ()), "dora": Helper(0, MORNING)}
    best = made([Task("n", "visit", 120, 0)], circles, helpers)
    assert len(best.shifts) == 1
    assert [(one.code, one.volunteer) for one in best.findings] == [
        ("overlap", "anna"), ("no_times", "bert"), ("no_times", "carl"), ("no_hours", "dora"),
    ]  # fmt: skip
    assert best.findings[0].windows == both
    assert {one.code for one in best.findings} <= FINDING_WORDS.keys()


def a_hard_week() -> tuple[list[Task], Circles, Helpers]:
    """Return so many tasks of odd lengths that the best plan is not found at once."""
    tasks = [Task(f"n{number}", "visit", 31 + 7 * (number % 9), number % 3) for number in range(90)]
    names = [f"v{number}" for number in range(24)]
    circles = {task.need: [Member(names[(at * 7 + k * k) % 24]) for k in range(6)] for at, task in enumerate(tasks)}
    return tasks, circles, {name: Helper(170, tuple(Window(day, 540, 657) for day in range(3))) for name in names}


def test_a_plan_that_was_stopped_is_never_called_the_best() -> None:
    begun = time.monotonic()
    week = week_of(*a_hard_week(), MONDAY)
    best = plan(week, effort=Effort(limit_s=600, work=600), stop=lambda: True)
    assert time.monotonic() - begun < 60
    assert not best.proven
    assert all(stage.bound <= stage.value for stage in best.stages)
    nothing = plan(week, effort=Effort(limit_s=0))
    assert nothing.shifts == ()
    assert nothing.stages[0] == ("open", 90, 0, False)


def test_the_same_effort_gives_the_same_plan_and_better_plans_are_told() -> None:
    told: list[tuple[str, int, int]] = []
    week = week_of(*a_hard_week(), MONDAY)
    effort = Effort(limit_s=600, work=0.2, seed=3)
    first = plan(week, effort=effort, progress=lambda *better: told.append(better))
    assert plan(week, effort=effort) == first
    assert told
    assert all(name in {"open", "fairness", "continuity"} and bound <= value for name, value, bound in told)


@pytest.mark.parametrize(
    ("task", "monday"),
    [
        (Task("n", "visit", 0), MONDAY),
        (Task("n", "visit", 60, 0, 600, 630), MONDAY),
        (Task("n", "visit", 60), MONDAY + timedelta(days=1)),
    ],
)
def test_odd_tasks_and_weeks_are_refused(task: Task, monday: date) -> None:
    with pytest.raises(BadInput):
        week_of([task], {}, {}, monday)


def test_an_empty_week_is_proven_at_once() -> None:
    best = made([], {}, {})
    assert (best.shifts, best.unfilled, best.proven) == ((), (), True)
