"""Pairing: which volunteers look after which care need, proven to be the best there is, and why a need is not met.

What is best, in this order: as many hours as possible are met; then the walking is least, the sum over all pairs of
hours x metres, where a present pair counts some metres less and a pair off the team's ages some metres more.

Hours count in whole quarters. A need for a circle of c volunteers is shared by c: nobody gives more than a c-th of its
hours. What is handed out is the largest unit that goes into every share, so that equal shares are never divided and the
answer is proven. Where shares differ, most hours are met by dividing some among more volunteers than are wanted. Such
circles keep those who give most, the rest is handed out anew until none is too large, and only hours that would then be
missing are divided, among seven at most. That answer is not called proven; the hours no pairing exceeds stand beside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd, lcm
from typing import Literal

import numpy as np
import numpy.typing as npt

from geo.coverage.simplex import Arcs, transport
from geo.errors import BadInput
from geo.i18n import N_

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Skills = tuple[tuple[str, ...], ...]
Ages = tuple[int, int]
Status = Literal["optimal", "feasible"]

ROLES = ("primary", "turn", "backup")
PRIMARY, TURN, BACKUP = range(3)
CIRCLE_MOST = 7
QUARTERS = 4
COSTS_A_METRE = 1000
ROUNDING = 1e-9
CAUSES = {
    "no_place": N_("The need has no place on the map. Give it one."),
    "no_consent": N_("The person has not agreed yet. Ask for consent first."),
    "no_hours": N_("No hours are asked for. Enter how many hours a week are needed."),
    "nobody_in_reach": N_("No volunteer lives within reach. Look for one nearby or allow a longer way."),
    "nobody_with_skill": N_("Nobody within reach has the skills. Look for somebody who has, or offer training."),
    "hours_taken": N_("Everybody suitable within reach has given all hours. Ask for more hours or more volunteers."),
    "circle_short": N_("Fewer suitable volunteers live within reach than are wanted. Look for more, or want fewer."),
    "circle_full": N_("Seven volunteers share this need already. Ask them for more hours."),
}
"""Why hours of a need are not met, and what to do."""
IDLE_CAUSES = {
    "no_place": N_("The volunteer has no place on the map. Give them one."),
    "no_hours": N_("The volunteer gives no hours. Enter how many hours a week they have."),
}
"""Why a volunteer could not be proposed to anybody, and what to do."""
STATUS_WORDS = {
    "optimal": N_("Proven: no other pairing meets more hours, and none that meets as many is a shorter walk."),
    "feasible": N_(
        "A good pairing, not proven to be the best: circles are kept as small as is wanted, where hours allow."
    ),
}
NEGATIVE_HOURS = N_("Hours are numbers from 0 up. Correct them, then try again.")
ODD_CIRCLE = N_("A circle has 1 to 7 volunteers. Correct it, then try again.")


@dataclass(frozen=True)
class Needs:
    """Care needs, one value each: hours a week, how many volunteers are wanted, the skills every one of them must have,
    whether the need has a place and whether the person agreed.
    """

    hours: Floats
    circle: Integers
    skills: Skills
    placed: Flags
    consent: Flags

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True)
class Volunteers:
    """Volunteers, one value each: hours a week, skills, metres they walk at most (inf: any), if they have a place."""

    hours: Floats
    skills: Skills
    limit_m: Floats
    placed: Flags

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True)
class Ways:
    """Who is within reach of whom, a way each: positions of need and volunteer, metres on foot, and what ranks it.

    A pair stands once at most. present: they are paired today; detour_m: metres a way counts more because of a wish
    (such as the ages a team is meant for). Both may be left out.
    """

    need: Integers
    volunteer: Integers
    metres: Floats
    present: Flags | None = None
    detour_m: Floats | None = None

    def __len__(self) -> int:
        return len(self.need)

    def only(self, kept: Flags) -> "Ways":
        """Return the ways that are kept."""
        if kept.all():
            return self
        present = None if self.present is None else self.present[kept]
        detour_m = None if self.detour_m is None else self.detour_m[kept]
        return Ways(self.need[kept], self.volunteer[kept], self.metres[kept], present, detour_m)


@dataclass(frozen=True)
class Unmet:
    """Hours of a need that nobody gives, and why: a key of CAUSES."""

    need: int
    hours: float
    cause: str


@dataclass(frozen=True)
class Pairing:
    """The pairs, ordered by need and role, what they amount to, and what is not met.

    need, volunteer: positions; role: position in ROLES; hours: a week, 0 for backups. total_m: metres of all pairs but
    backups, each way once; walk_m: hours x metres, what was made least (present pairs and wishes counted, see Ways).
    hours_bound: no pairing meets more hours. idle: volunteers that could not be proposed, with a key of IDLE_CAUSES.
    """

    need: Integers
    volunteer: Integers
    role: Integers
    metres: Floats
    hours: Floats
    total_m: float
    walk_m: float
    hours_asked: float
    hours_met: float
    hours_bound: float
    unmet: tuple[Unmet, ...]
    idle: tuple[tuple[int, str], ...]
    status: Status

    def __len__(self) -> int:
        return len(self.need)


def pair(
    needs: Needs, volunteers: Volunteers, ways: Ways, *, continuity_m: float = 0.0, keep_size: bool = True
) -> Pairing:
    """Return the best pairing over the given ways (see the module for what is best).

    ways: every way within the common limit; those beyond a volunteer's own limit, without the skills, or from a need
    without place or consent are not used. continuity_m: how many metres less a present pair counts. keep_size: circles
    get larger than wanted only for hours that would be missing; else also to save metres, which is the exact flow,
    proven as long as no circle exceeds seven. Needs count in quarters of an hour rounded up, volunteers rounded down. A
    backup is the nearest suitable volunteer outside the circle with one share of its hours left; it does not take it.
    Raises BadInput for negative hours and odd circles, NoRoom when the case is too large.

    >>> needs = Needs(np.array([2.0, 1.0]), np.array([2, 1]), ((), ("repair",)), np.ones(2, bool), np.ones(2, bool))
    >>> helpers = Volunteers(np.array([1.0, 3.0]), ((), ("repair",)), np.full(2, np.inf), np.ones(2, bool))
    >>> ways = Ways(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([80.0, 300.0, 50.0, 200.0]))
    >>> best = pair(needs, helpers, ways)
    >>> [(int(n), int(v), ROLES[r], float(h)) for n, v, r, h in zip(best.need, best.volunteer, best.role, best.hours)]
    [(0, 0, 'primary', 1.0), (0, 1, 'turn', 1.0), (1, 1, 'primary', 1.0)]
    >>> best.total_m, best.unmet, best.status
    (580.0, (), 'optimal')
    """
    _check(needs, volunteers)
    reached = ways.only(volunteers.placed[ways.volunteer] & (ways.metres <= volunteers.limit_m[ways.volunteer]))
    fit = reached.only(_skilled(needs.skills, volunteers.skills, reached))
    sought = needs.placed & needs.consent & (needs.hours > 0)
    usable = fit.only(sought[fit.need])
    amounts = _amounts(needs, volunteers, sought)
    cost = np.rint(_ranked_m(usable, continuity_m) * COSTS_A_METRE).astype(np.int64)
    most = needs.circle if keep_size else np.full(len(needs), CIRCLE_MOST)
    carried, best = _carried(amounts, usable, cost, most)
    members = _members(usable, carried, amounts)
    rows = np.hstack((members, _backups(usable, carried, amounts)))
    need, volunteer, role, metres, hours = rows[:, np.lexsort((rows[3], rows[2], rows[0]))]
    return Pairing(
        need=need.astype(np.int64),
        volunteer=volunteer.astype(np.int64),
        role=role.astype(np.int64),
        metres=metres,
        hours=hours,
        total_m=float(members[3].sum()),
        walk_m=float(cost @ carried) / COSTS_A_METRE / amounts.in_an_hour,
        hours_asked=float(_quarters(needs.hours, up=True).sum()) / QUARTERS,
        hours_met=float(carried.sum()) / amounts.in_an_hour,
        hours_bound=float(best.sum()) / amounts.in_an_hour,
        unmet=_causes(needs, amounts, (reached, fit, usable), carried),
        idle=tuple(_idle(volunteers)),
        status="optimal" if carried is best else "feasible",
    )


def off_ages_m(
    need_age: Floats, volunteer_age: Floats, ways: Ways, *, helped: Ages, helper: Ages, detour_m: float
) -> Floats:
    """Return the metres each way counts more because it is off a team's ages: once for either side that is off.

    need_age, volunteer_age: years, NaN for unknown, which is never off. helped, helper: first and last age, such as
    (70, 89) and (40, 59). A wish only ranks: nobody is excluded by age.

    >>> ways = Ways(np.array([0, 0]), np.array([0, 1]), np.zeros(2))
    >>> ages = np.array([81.0]), np.array([45.0, 25.0])
    >>> off_ages_m(*ages, ways, helped=(70, 89), helper=(40, 59), detour_m=200).tolist()
    [0.0, 200.0]
    """
    off = [
        (~((ages >= first) & (ages <= last)) & np.isfinite(ages)).astype(np.float64)
        for ages, (first, last) in ((need_age, helped), (volunteer_age, helper))
    ]
    return detour_m * (off[0][ways.need] + off[1][ways.volunteer])


def _check(needs: Needs, volunteers: Volunteers) -> None:
    hours = np.concatenate((needs.hours, volunteers.hours))
    if not (np.isfinite(hours) & (hours >= 0)).all():
        raise BadInput(NEGATIVE_HOURS)
    if not ((needs.circle >= 1) & (needs.circle <= CIRCLE_MOST)).all():
        raise BadInput(ODD_CIRCLE)


def _skilled(wanted: Skills, held: Skills, ways: Ways) -> Flags:
    """Tell for each way whether its volunteer has every skill that its need wants."""
    fit = np.ones(len(ways), dtype=np.bool_)
    for skill in sorted({skill for skills in wanted for skill in skills}):
        wants = np.fromiter((skill in skills for skills in wanted), dtype=np.bool_, count=len(wanted))
        has = np.fromiter((skill in skills for skills in held), dtype=np.bool_, count=len(held))
        fit &= ~wants[ways.need] | has[ways.volunteer]
    return fit


def _ranked_m(ways: Ways, continuity_m: float) -> Floats:
    ranked = ways.metres.astype(np.float64)
    if ways.present is not None:
        ranked = ranked - continuity_m * ways.present
    return ranked if ways.detour_m is None else ranked + ways.detour_m


@dataclass(frozen=True)
class _Amounts:
    """Hours in whole units: of each need, of one share of it, and of each volunteer; how many make an hour."""

    wanted: Integers
    share: Integers
    offered: Integers
    in_an_hour: float


def _quarters(hours: Floats, *, up: bool) -> Integers:
    quarters = np.ceil(hours * QUARTERS - ROUNDING) if up else np.floor(hours * QUARTERS + ROUNDING)
    return quarters.astype(np.int64)


def _amounts(needs: Needs, volunteers: Volunteers, sought: Flags) -> _Amounts:
    """Return the amounts in the largest unit that goes into every share, so that equal shares are never divided."""
    parts = lcm(*np.unique(needs.circle).tolist())
    wanted = np.where(sought, _quarters(needs.hours, up=True), 0) * parts
    share = wanted // needs.circle
    unit = gcd(*np.unique(share[sought]).tolist()) or 1
    offered = _quarters(np.where(volunteers.placed, volunteers.hours, 0.0), up=False) * parts
    return _Amounts(wanted // unit, share // unit, offered // unit, QUARTERS * parts / unit)


def _carried(amounts: _Amounts, ways: Ways, cost: Integers, wanted: Integers) -> tuple[Integers, Integers]:
    """Return the units of each way, and those of the plan with most units of all; the same where that is the answer.

    wanted: how many volunteers each need gets, unless units would be missing: then up to seven.
    """
    arcs = Arcs(ways.need, ways.volunteer, amounts.share[ways.need], cost)
    best = transport(amounts.wanted, amounts.offered, arcs)
    if not _surplus(best, ways, wanted).size:
        return best, best
    able = Arcs(ways.need, ways.volunteer, np.where(amounts.offered[ways.volunteer] < arcs.room, 0, arcs.room), cost)
    carried = _limited(transport(amounts.wanted, amounts.offered, able), amounts, ways, able, wanted)
    needs, volunteers = len(amounts.wanted), len(amounts.offered)
    missing = amounts.wanted - np.bincount(ways.need, weights=carried, minlength=needs).astype(np.int64)
    left = amounts.offered - np.bincount(ways.volunteer, weights=carried, minlength=volunteers).astype(np.int64)
    seats = CIRCLE_MOST - np.bincount(ways.need[carried > 0], minlength=needs)
    rest = _Amounts(missing, amounts.share, left, amounts.in_an_hour)
    free = Arcs(ways.need, ways.volunteer, np.where((carried > 0) | (seats[ways.need] == 0), 0, arcs.room), cost)
    return carried + _limited(transport(missing, left, free), rest, ways, free, seats), best


def _limited(carried: Integers, amounts: _Amounts, ways: Ways, arcs: Arcs, most: Integers) -> Integers:
    """Return the plan with at most so many volunteers a need; needs that have more keep those who give most."""
    room = arcs.room
    while True:
        surplus = _surplus(carried, ways, most)
        if not surplus.size:
            return carried
        crowded = np.isin(ways.need, ways.need[surplus])
        room = np.where(crowded & ((carried == 0) | np.isin(np.arange(len(ways)), surplus)), 0, room)
        carried = transport(amounts.wanted, amounts.offered, Arcs(ways.need, ways.volunteer, room, arcs.cost))


def _surplus(carried: Integers, ways: Ways, most: Integers) -> Integers:
    """Return the ways of those who give least in needs that have more volunteers than they may."""
    used, rank = _ranked(ways, carried)
    return used[rank >= most[ways.need[used]]]


def _ranked(ways: Ways, carried: Integers) -> tuple[Integers, Integers]:
    """Return the ways that carry something, by need, and the place of each in its circle.

    Present ones come first, then who gives most, then the nearest.
    """
    used = np.flatnonzero(carried)
    absent = np.ones(len(used), dtype=np.bool_) if ways.present is None else ~ways.present[used]
    keys = ways.volunteer[used], ways.metres[used], -carried[used], absent, ways.need[used]
    used = used[np.lexsort(keys)]
    return used, _position_within(ways.need[used])


def _position_within(groups: Integers) -> Integers:
    """Return 0, 1, 2 … within each run of equal values."""
    first = np.flatnonzero(np.append(True, groups[1:] != groups[:-1])) if len(groups) else np.empty(0, np.int64)
    runs = np.diff(np.append(first, len(groups)))
    return np.arange(len(groups)) - np.repeat(first, runs)


def _members(ways: Ways, carried: Integers, amounts: _Amounts) -> Floats:
    """Return need, volunteer, role, metres and hours of the circles, a column each."""
    used, rank = _ranked(ways, carried)
    role = np.where(rank == 0, PRIMARY, TURN)
    hours = carried[used] / amounts.in_an_hour
    return np.vstack((ways.need[used], ways.volunteer[used], role, ways.metres[used], hours))


def _backups(ways: Ways, carried: Integers, amounts: _Amounts) -> Floats:
    """Return need, volunteer, role, metres and hours of the backups, a column each."""
    needs, volunteers = len(amounts.wanted), len(amounts.offered)
    left = amounts.offered - np.bincount(ways.volunteer, weights=carried, minlength=volunteers).astype(np.int64)
    met = np.bincount(ways.need, weights=carried, minlength=needs) > 0
    free = np.flatnonzero((carried == 0) & met[ways.need] & (left[ways.volunteer] >= amounts.share[ways.need]))
    free = free[np.lexsort((ways.volunteer[free], ways.metres[free], ways.need[free]))]
    nearest = free[_position_within(ways.need[free]) == 0]
    role, hours = np.full(len(nearest), BACKUP), np.zeros(len(nearest))
    return np.vstack((ways.need[nearest], ways.volunteer[nearest], role, ways.metres[nearest], hours))


def _causes(needs: Needs, amounts: _Amounts, ways: tuple[Ways, Ways, Ways], carried: Integers) -> tuple[Unmet, ...]:
    many = len(needs)
    reached, fit, usable = ways
    met = np.bincount(usable.need, weights=carried, minlength=many)
    members = np.bincount(usable.need[carried > 0], minlength=many)
    whole = np.bincount(usable.need[carried == amounts.share[usable.need]], minlength=many)
    suitable = np.bincount(fit.need, minlength=many)
    lacking = [
        ("no_place", ~needs.placed),
        ("no_consent", ~needs.consent),
        ("no_hours", needs.hours == 0),
        ("nobody_in_reach", np.bincount(reached.need, minlength=many) == 0),
        ("nobody_with_skill", suitable == 0),
        ("circle_full", (members == CIRCLE_MOST) & (whole < suitable)),
        ("circle_short", whole == suitable),
        ("hours_taken", np.ones(many, dtype=np.bool_)),
    ]
    first = np.argmax(np.vstack([holds for _cause, holds in lacking]), axis=0)
    missing = _quarters(needs.hours, up=True) / QUARTERS - met / amounts.in_an_hour
    short = np.flatnonzero((missing > ROUNDING) | (needs.hours == 0))
    return tuple(Unmet(int(need), float(missing[need]), lacking[first[need]][0]) for need in short)


def _idle(volunteers: Volunteers) -> Iterator[tuple[int, str]]:
    for volunteer in range(len(volunteers)):
        if not volunteers.placed[volunteer]:
            yield volunteer, "no_place"
        elif volunteers.hours[volunteer] < 1 / QUARTERS:
            yield volunteer, "no_hours"
