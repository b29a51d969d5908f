"""What happens to a planned week: shifts that change hands, and who stands in where one is missed."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.coverage.rota import Shift
from geo.coverage.rota_inputs import BACKUP, Circles, Helper, Helpers
from geo.errors import BadInput
from geo.i18n import N_
from geo.people.volunteer_rules import merged_windows
from geo.planning.shift_rules import HOUR, Taker, Turn, objections

STRANGER = N_("This volunteer is not in the circle of this need.")
NOT_THERE = N_("This shift is not in the plan. Look at the plan again.")


@dataclass(frozen=True)
class Swap:
    """What came of a swap: the plan with it, or the plan as it was and why not (msgids)."""

    shifts: tuple[Shift, ...]
    objections: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the swap keeps times, hours and circles."""
        return not self.objections


def handed_over(shifts: Sequence[Shift], shift: Shift, volunteer: str, circles: Circles, helpers: Helpers) -> Swap:
    """Return the plan in which a volunteer takes somebody's shift, if times, hours and the circle allow it.

    >>> from datetime import date
    >>> from geo.coverage.rota_inputs import Member
    >>> from geo.people.volunteer_rules import Window
    >>> shift = Shift("n", "visit", "anna", date(2026, 11, 23), 540, 600)
    >>> circles = {"n": [Member("anna"), Member("bert")]}
    >>> helpers = {"bert": Helper(120, (Window(0, 540, 660),)), "carl": Helper(120, (Window(0, 540, 660),))}
    >>> handed_over([shift], shift, "bert", circles, helpers).shifts[0].volunteer
    'bert'
    >>> handed_over([shift], shift, "carl", circles, helpers).objections
    ('This volunteer is not in the circle of this need.',)
    """
    rest = _without(shifts, [shift])
    taken = shift._replace(volunteer=volunteer)
    return _judged(shifts, [*rest, taken], [taken], circles, helpers)


def swap(shifts: Sequence[Shift], first: Shift, second: Shift, circles: Circles, helpers: Helpers) -> Swap:
    """Return the plan in which two volunteers take each other's shift, if both keep their times, hours and circles."""
    rest = _without(shifts, [first, second])
    taken = [first._replace(volunteer=second.volunteer), second._replace(volunteer=first.volunteer)]
    return _judged(shifts, [*rest, *taken], taken, circles, helpers)


def stand_ins(shifts: Sequence[Shift], missed: Shift, circles: Circles, helpers: Helpers) -> tuple[str, ...]:
    """Return who can take a missed shift at its time, in the order to ask: backups, then who has least this week."""
    rest = _without(shifts, [missed])
    minutes = {one.volunteer: 0 for one in circles.get(missed.need, ()) if one.volunteer != missed.volunteer}
    for shift in rest:
        if shift.volunteer in minutes:
            minutes[shift.volunteer] += shift.end - shift.start
    roles = {one.volunteer: one.role for one in circles.get(missed.need, ())}
    able = [name for name in minutes if not _objections(rest, missed._replace(volunteer=name), circles, helpers)]
    return tuple(sorted(able, key=lambda name: (roles[name] != BACKUP, minutes[name])))


def _without(shifts: Sequence[Shift], leaving: Sequence[Shift]) -> list[Shift]:
    rest = list(shifts)
    for shift in leaving:
        if shift not in rest:
            raise BadInput(NOT_THERE)
        rest.remove(shift)
    return rest


def _judged(
    before: Sequence[Shift], after: Sequence[Shift], taken: Sequence[Shift], circles: Circles, helpers: Helpers
) -> Swap:
    found: list[str] = []
    for shift in taken:
        others = list(after)
        others.remove(shift)
        found += _objections(others, shift, circles, helpers)
    if found:
        return Swap(tuple(before), tuple(dict.fromkeys(found)))
    return Swap(tuple(sorted(after, key=lambda one: (one.on, one.start, one.need, one.task))))


def _objections(others: Sequence[Shift], shift: Shift, circles: Circles, helpers: Helpers) -> list[str]:
    helper = helpers.get(shift.volunteer, Helper(0, ()))
    taken = [Turn(one.on, one.start, one.end) for one in others if one.volunteer == shift.volunteer]
    taker = Taker(merged_windows(helper.windows), taken, helper.minutes_week / HOUR)
    strange = shift.volunteer not in {one.volunteer for one in circles.get(shift.need, ())}
    return [*([STRANGER] if strange else []), *objections(Turn(shift.on, shift.start, shift.end), taker)]
