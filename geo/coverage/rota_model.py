"""The weekly plan as a model for CP-SAT: a yes or no for each way to fill a task, and three aims as sums."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, gcd
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from geo.coverage.rota_inputs import Option, Task, Week, by_window
from geo.people.tables import WEEKDAYS

AIMS = ("open", "fairness", "continuity")
ROUNDING = 1e-9
ANOTHER, ANOTHER_DAY, NOT_PRIMARY = 2, 1, 1
Chosen = Sequence[bool]
Past = Mapping[tuple[str, str], set[tuple[str, int]]]
"""Who did a task of a need last week, and on which weekday."""


class Aim(NamedTuple):
    """What is made as small as it can get: the sum in the model, and the same of a plan."""

    expression: Any
    of: Callable[[Chosen], int]


@dataclass(frozen=True)
class Model:
    """The model, its yes or no for each option, first minutes where they matter (by option), and the aims by name."""

    model: Any
    chosen: tuple[Any, ...]
    starts: Mapping[int, Any]
    aims: Mapping[str, Aim]


def built(week: Week, past: Past, pause_minutes: int) -> Model:
    """Return the model of a week: every task once at most, hours and times kept, a pause between two tasks."""
    model = cp_model.CpModel()
    chosen = tuple(model.new_bool_var("") for _option in week.options)
    by_task = _grouped(enumerate(option.task for option in week.options))
    for options in by_task.values():
        model.add_at_most_one(chosen[option] for option in options)
    _other_days(model, chosen, week)
    loads = _loads(week, chosen)
    for volunteer, load in loads.items():
        model.add(load <= max(week.minutes_week[volunteer], 0))
    starts: dict[int, Any] = {}
    for group in by_window(week.options):
        starts |= _fitted(model, chosen, week, group, pause_minutes)
    return Model(model, chosen, starts, _aims(model, chosen, week, loads, past))


def _grouped(keyed: Iterable[tuple[int, Any]]) -> dict[Any, list[int]]:
    groups = defaultdict(list)
    for number, key in keyed:
        groups[key].append(number)
    return groups


def _other_days(model: Any, chosen: Sequence[Any], week: Week) -> None:
    """Let tasks of one kind that may be on any day be on days of their own."""
    kinds = Counter((task.need, task.name) for task in week.tasks if task.weekday is None)
    several = [
        (number, (task.need, task.name, option.window.weekday))
        for number, option in enumerate(week.options)
        if (task := week.tasks[option.task]).weekday is None and kinds[task.need, task.name] > 1
    ]
    for options in _grouped(several).values():
        model.add_at_most_one(chosen[option] for option in options)


def _loads(week: Week, chosen: Sequence[Any]) -> dict[str, Any]:
    of_volunteer = _grouped(enumerate(option.volunteer for option in week.options))
    return {
        volunteer: cp_model.LinearExpr.weighted_sum(
            [chosen[number] for number in numbers], [_minutes(week, week.options[number]) for number in numbers]
        )
        for volunteer, numbers in of_volunteer.items()
    }


def _minutes(week: Week, option: Option) -> int:
    return week.tasks[option.task].minutes


def is_free(week: Week, option: Option) -> bool:
    """Tell whether a task may begin anywhere within its volunteer's time."""
    return option.first == option.window.from_minute and option.last + _minutes(week, option) == option.window.to_minute


def _fitted(model: Any, chosen: Sequence[Any], week: Week, group: Sequence[int], pause: int) -> dict[int, Any]:
    """Make the tasks of one time of one volunteer fit: by their sum, and one after the other where hours are set."""
    if len(group) == 1:
        return {}
    window = week.options[group[0]].window
    lengths = [_minutes(week, week.options[number]) + pause for number in group]
    sum_of = cp_model.LinearExpr.weighted_sum([chosen[number] for number in group], lengths)
    model.add(sum_of <= window.to_minute - window.from_minute + pause)
    if all(is_free(week, week.options[number]) for number in group):
        return {}
    starts = {number: model.new_int_var(week.options[number].first, week.options[number].last, "") for number in group}
    model.add_no_overlap(
        model.new_optional_fixed_size_interval_var(starts[number], length, chosen[number], "")
        for number, length in zip(group, lengths, strict=True)
    )
    return starts


def _aims(model: Any, chosen: Sequence[Any], week: Week, loads: Mapping[str, Any], past: Past) -> dict[str, Aim]:
    fair, costs = fair_minutes(week), [_cost(week.tasks[option.task], option, past) for option in week.options]
    excess = []
    for volunteer, load in loads.items():
        over = model.new_int_var(0, max(week.minutes_week[volunteer], 0), "")
        model.add(over >= load - fair[volunteer])
        excess.append(over)
    changes = cp_model.LinearExpr.weighted_sum(chosen, costs)
    return {
        "open": Aim(len(week.tasks) - cp_model.LinearExpr.sum(chosen), lambda plan: len(week.tasks) - sum(plan)),
        "fairness": Aim(cp_model.LinearExpr.sum(excess), lambda plan: _above(week, fair, plan)),
        "continuity": Aim(changes, lambda plan: sum(cost for cost, yes in zip(costs, plan, strict=True) if yes)),
    }


def fair_minutes(week: Week) -> dict[str, int]:
    """Return the fair minutes of each volunteer: of every task the part of one among those who have time for it.

    They are rounded up to the step in which tasks are long (such as 15 minutes), because less cannot be shared out.
    """
    able = defaultdict(set)
    for option in week.options:
        able[option.task].add(option.volunteer)
    share: dict[str, float] = defaultdict(float)
    for task, volunteers in able.items():
        for volunteer in volunteers:
            share[volunteer] += week.tasks[task].minutes / len(volunteers)
    step = gcd(*(task.minutes for task in week.tasks)) or 1
    return {volunteer: step * ceil(minutes / step - ROUNDING) for volunteer, minutes in share.items()}


def loads_of(week: Week, plan: Chosen) -> Counter[str]:
    """Return the minutes each volunteer works in a plan."""
    loads: Counter[str] = Counter()
    for option, yes in zip(week.options, plan, strict=True):
        if yes:
            loads[option.volunteer] += _minutes(week, option)
    return loads


def _above(week: Week, fair: Mapping[str, int], plan: Chosen) -> int:
    return sum(max(minutes - fair[volunteer], 0) for volunteer, minutes in loads_of(week, plan).items())


def _cost(task: Task, option: Option, past: Past) -> int:
    done = past.get((task.need, task.name), set())
    anybody_before = any(volunteer == option.volunteer for volunteer, _day in done)
    if not done or (option.volunteer, option.window.weekday % WEEKDAYS) in done:
        changed = 0
    else:
        changed = ANOTHER_DAY if anybody_before else ANOTHER
    return changed + (0 if option.leads else NOT_PRIMARY)
