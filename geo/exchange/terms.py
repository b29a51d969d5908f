"""Which terms of a roster begin, end or stay, judged against the terms the registry knows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

PersonKey = tuple[str, str | None]


@dataclass(frozen=True)
class Offered:
    """One row of a roster at its post: who (name and phone), from which day to which (to_on: first day without)."""

    row: int
    post_id: int
    who: PersonKey
    from_on: date
    to_on: date | None
    how: str | None
    single_seat: bool
    from_assumed: bool = False


@dataclass(frozen=True)
class Held:
    """A term the registry knows."""

    holding_id: int
    post_id: int
    who: PersonKey
    from_on: date
    to_on: date | None
    how: str | None = None


@dataclass
class Plan:
    """What a roster changes: terms to add, holdings to end (on which day) or to correct (to_on, how), rows left alone.

    taken: refused rows with the name of the holder and since when; twice: refused rows with the row that has the seat.
    """

    add: list[Offered] = field(default_factory=list)
    end: dict[int, date] = field(default_factory=dict)
    correct: dict[int, Offered] = field(default_factory=dict)
    same: list[int] = field(default_factory=list)
    taken: dict[int, Held] = field(default_factory=dict)
    twice: dict[int, int] = field(default_factory=dict)


def overlap(first: Offered | Held, second: Offered | Held) -> bool:
    """Tell whether two terms share a day; one that was called off has none.

    >>> from dataclasses import replace
    >>> one = Held(1, 1, ("Li", None), date(2024, 1, 1), date(2025, 1, 1))
    >>> overlap(one, replace(one, from_on=date(2025, 1, 1), to_on=None)), overlap(one, replace(one, to_on=None))
    (False, True)
    """
    if first.from_on == first.to_on or second.from_on == second.to_on:
        return False
    return (first.to_on is None or second.from_on < first.to_on) and (
        second.to_on is None or first.from_on < second.to_on
    )


def plan(offered: Iterable[Offered], held: Iterable[Held], *, today: date) -> Plan:
    """Return what the rows of a roster change, post by post in the order of their first days.

    The same person at the same post from the same day is the same term (a new end or way corrects it); a term that
    begins within another person's ends that one. Refused is one that begins before a term the registry knows, one that
    is over and lies within a term that still runs, and a new end that reaches into somebody else's term.
    """
    known: dict[int, list[Held]] = {}
    for term in held:
        known.setdefault(term.post_id, []).append(term)
    decided = Plan()
    ordered = sorted(offered, key=lambda item: (item.post_id, item.from_on, item.row))
    for post_id, rows in groupby(ordered, key=lambda item: item.post_id):
        _plan_post(decided, list(rows), known.get(post_id, []), today)
    return decided


def _plan_post(decided: Plan, rows: Sequence[Offered], held: Sequence[Held], today: date) -> None:
    placed: list[Offered] = []
    for row in rows:
        same = next((term for term in held if term.who == row.who and _same_term(row, term)), None)
        if same is not None:
            _keep_or_correct(decided, row, same, held)
            continue
        rival = next(
            (other for other in placed if overlap(other, row) and (row.single_seat or other.who == row.who)), None
        )
        if rival is not None:
            decided.twice[row.row] = rival.row
            continue
        met = [term for term in held if overlap(term, row) and (row.single_seat or term.who == row.who)]
        blocking = next((term for term in met if term.from_on >= row.from_on or _outlived(row, term, today)), None)
        if blocking is not None:
            decided.taken[row.row] = blocking
            continue
        decided.end.update({term.holding_id: row.from_on for term in met})
        decided.add.append(row)
        placed.append(row)


def _same_term(row: Offered, term: Held) -> bool:
    if row.from_assumed:
        return overlap(row, term)
    return term.from_on == row.from_on


def _outlived(row: Offered, term: Held, today: date) -> bool:
    """Tell whether the offered term is over and the known one still runs or is yet to end."""
    return row.to_on is not None and row.to_on <= today and (term.to_on is None or term.to_on > today)


def _keep_or_correct(decided: Plan, row: Offered, term: Held, held: Sequence[Held]) -> None:
    others = [other for other in held if other is not term and row.single_seat and row.to_on is not None]
    next_holder = next((other for other in others if overlap(row, other)), None)
    if next_holder is not None:
        decided.taken[row.row] = next_holder
        return
    differs = (row.to_on is not None and row.to_on != term.to_on) or (row.how is not None and row.how != term.how)
    if differs:
        decided.correct[term.holding_id] = row
    else:
        decided.same.append(row.row)
