"""A circle's division of work: who is primary for which task or weekday, and whose turn it is in which week."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from geo.coverage.pairing import CIRCLE_MOST
from geo.coverage.rota_inputs import BACKUP, Member
from geo.errors import BadInput
from geo.i18n import N_

WEEK_DAYS = 7
NOBODY = N_("A circle has 1 to 7 volunteers. Choose them first.")


class Slot(NamedTuple):
    """A task of every week: its name, how long it takes, and its weekday (0 is Monday; None: any)."""

    task: str
    minutes: int
    weekday: int | None = None


class Duty(NamedTuple):
    """What is done by one volunteer a week: tasks, or weekdays; in turn by those in `order`, the primary first."""

    tasks: tuple[str, ...]
    weekdays: tuple[int, ...]
    minutes: int
    order: tuple[str, ...]


def divided(members: Sequence[str], slots: Sequence[Slot]) -> tuple[Duty, ...]:
    """Return the duties of a circle, shared as evenly as whole duties can be.

    members: from the nearest to the farthest, 1 to 7. A circle with several tasks divides them by task, one with a
    single task by weekday. The longest duty goes first, always to whoever has least so far; members left over join the
    duty with most minutes a head, where they take turns week by week. Raises BadInput for no or too many members.

    >>> meals = [Slot("meal", 30, day) for day in range(4)]
    >>> [(duty.weekdays, duty.order) for duty in divided(["anna", "bert"], meals)]
    [((0,), ('anna',)), ((1,), ('bert',)), ((2,), ('anna',)), ((3,), ('bert',))]
    >>> divided(["anna", "bert", "carl"], [Slot("visit", 60)])[0].order
    ('anna', 'bert', 'carl')
    """
    if not 1 <= len(members) <= CIRCLE_MOST:
        raise BadInput(NOBODY)
    by_task = len({slot.task for slot in slots}) > 1
    minutes: dict[tuple[str, int | None], int] = defaultdict(int)
    for slot in slots:
        minutes[slot.task, None if by_task else slot.weekday] += slot.minutes
    orders: dict[tuple[str, int | None], list[str]] = {}
    loads = dict.fromkeys(members, 0)
    for duty in sorted(minutes, key=lambda one: -minutes[one]):
        least = min(members, key=lambda one: loads[one])
        orders[duty] = [least]
        loads[least] += minutes[duty]
    if orders:
        for member in members:
            if not loads[member]:
                orders[max(orders, key=lambda one: minutes[one] / len(orders[one]))].append(member)
    return tuple(
        Duty(
            () if duty[1] is not None else (duty[0],),
            () if duty[1] is None else (duty[1],),
            minutes[duty],
            tuple(orders[duty]),
        )
        for duty in minutes
    )


def on_turn(duty: Duty, monday: date) -> str:
    """Return whose turn a duty is in the week that begins on a Monday: everybody of its order equally often.

    >>> visit = Duty(("visit",), (), 60, ("anna", "bert"))
    >>> [on_turn(visit, date(2026, 11, day)) for day in (16, 23, 30)]
    ['bert', 'anna', 'bert']
    """
    return duty.order[monday.toordinal() // WEEK_DAYS % len(duty.order)]


def members_on(members: Sequence[str], backup: str | None, duties: Sequence[Duty], monday: date) -> tuple[Member, ...]:
    """Return the members of a circle as a weekly plan takes them: with what each is primary for in that week.

    The nearest is the circle's primary in weeks in which something is their turn.

    >>> duties = divided(["anna", "bert"], [Slot("visit", 60), Slot("meal", 30)])
    >>> week = members_on(["anna", "bert"], "carl", duties, date(2026, 11, 23))
    >>> [(one.volunteer, one.role, one.tasks) for one in week]
    [('anna', 'primary', ('visit',)), ('bert', 'turn', ('meal',)), ('carl', 'backup', ())]
    """
    found = []
    for place, name in enumerate(members):
        mine = [duty for duty in duties if on_turn(duty, monday) == name]
        tasks = tuple(task for duty in mine for task in duty.tasks)
        weekdays = tuple(day for duty in mine for day in duty.weekdays)
        first = place == 0 and (bool(mine) or not duties)
        found.append(Member(name, "primary" if first else "turn", tasks, weekdays))
    return (*found, *([Member(backup, BACKUP)] if backup is not None else []))
