"""Rules of posts: who holds one now, when a term ends, how much a head carries, which class a building is in."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

from geo.errors import BadInput
from geo.i18n import N_
from geo.people.tables import HOW, SINGLE_SEAT

POST_LABELS = {
    "stationmaster": N_("Stationmaster"),
    "deputy_stationmaster": N_("Deputy stationmaster"),
    "building_head": N_("Building head"),
    "unit_head": N_("Unit head"),
    "grid_member": N_("Grid member"),
    "committee_member": N_("Committee member"),
}
HOW_LABELS = {"elected": N_("Elected"), "appointed": N_("Appointed")}
PHONE = re.compile(r"\+?[0-9]+")
PHONE_MARKS = re.compile(r"[\s()\-\u00ad\u2010-\u2015\u2212\u200b\ufeff]")


class HeadClass(IntEnum):
    """What the map says about the head of a building, as one byte."""

    UNKNOWN = 0
    HAS_HEAD = 1
    VACANT = 2
    TERM_ENDING = 3
    OVERLOADED = 4


class Term(NamedTuple):
    """From which day a post is held, and the first day it is not (None: open-ended)."""

    from_on: date
    to_on: date | None


def is_current(term: Term, on: date) -> bool:
    """Tell whether a term covers a day.

    >>> is_current(Term(date(2026, 1, 1), date(2026, 3, 1)), date(2026, 3, 1))
    False
    """
    return term.from_on <= on and (term.to_on is None or on < term.to_on)


def is_ending(term: Term, on: date, ending_days: int) -> bool:
    """Tell whether a current term ends within ending_days days from a day.

    >>> is_ending(Term(date(2024, 1, 1), date(2026, 3, 1)), date(2026, 2, 1), 60)
    True
    """
    return term.to_on is not None and is_current(term, on) and term.to_on <= on + timedelta(days=ending_days)


def head_class(*, in_roster: bool, held: bool, ending: bool, load: int | None, alarm_households: int) -> HeadClass:
    """Return the class of a building.

    in_roster: the building has a post of building head; held: somebody holds it; ending: that term ends soon and
    nobody follows; load: known households the head carries in all, None when no count is known. An ending term comes
    before an overload, because it has a date by which somebody must act.

    >>> head_class(in_roster=True, held=True, ending=False, load=41, alarm_households=40)
    <HeadClass.OVERLOADED: 4>
    """
    if not in_roster:
        return HeadClass.UNKNOWN
    if not held:
        return HeadClass.VACANT
    if ending:
        return HeadClass.TERM_ENDING
    if load is not None and load > alarm_households:
        return HeadClass.OVERLOADED
    return HeadClass.HAS_HEAD


class HeldBuilding(NamedTuple):
    """A building somebody heads: its households, and those of its units that have a unit head of their own."""

    households: int | None
    under_unit_heads: int


def head_load(buildings: Iterable[HeldBuilding], units: Iterable[int | None]) -> int | None:
    """Return the known households a person carries as building head and unit head; None when no count is known.

    Doors under a unit head count for the unit head only; a building never counts less than none.

    >>> head_load([HeldBuilding(50, 20), HeldBuilding(None, 0)], [12])
    42
    """
    known = [
        max(building.households - building.under_unit_heads, 0)
        for building in buildings
        if building.households is not None
    ]
    known += [households for households in units if households is not None]
    return sum(known) if known else None


def is_single_seat(kind: str) -> bool:
    """Tell whether a post has one holder at a time.

    >>> is_single_seat("building_head"), is_single_seat("deputy_stationmaster")
    (True, False)
    """
    return kind in SINGLE_SEAT


def checked_term(from_on: date, to_on: date | None, how: str) -> Term:
    """Return the term; raises BadInput when it ends before it begins or is neither elected nor appointed."""
    if how not in HOW:
        raise BadInput(N_("A post is elected or appointed, not “{how}”. Choose one of the two."), how=how)
    if to_on is not None and to_on <= from_on:
        raise BadInput(
            N_("The term ends on {to_on}, which is not after its first day {from_on}. Correct one of the dates."),
            to_on=to_on,
            from_on=from_on,
        )
    return Term(from_on, to_on)


def fitted_term(wanted: Term, arranged: Iterable[Term]) -> Term:
    """Return the wanted term of a single-seat post, ended where an arranged later term begins.

    An open-ended wish gives way to whoever is already arranged; a wish with an end must end before.
    Raises BadInput when it does not.

    >>> fitted_term(Term(date(2026, 1, 1), None), [Term(date(2027, 1, 1), None)])
    Term(from_on=datetime.date(2026, 1, 1), to_on=datetime.date(2027, 1, 1))
    """
    later = [
        term.from_on
        for term in arranged
        if term.from_on > wanted.from_on and (term.to_on is None or term.to_on > term.from_on)
    ]
    if not later:
        return wanted
    begins = min(later)
    if wanted.to_on is None:
        return Term(wanted.from_on, begins)
    if wanted.to_on > begins:
        raise BadInput(
            N_("Somebody is arranged for this post from {begins}. End this term by then, or end that one first."),
            begins=begins,
        )
    return wanted


def plain_phone(phone: str | None) -> str | None:
    """Return a phone number as it is kept: digits, perhaps after a +, without blanks, hyphens, brackets or wide
    figures.

    What holds anything else (an extension, two numbers) stays as it is written; nothing is left of blanks alone.

    >>> plain_phone("199 0000-0001"), plain_phone("＋86（０６３５）8"), plain_phone("8000001转12"), plain_phone("")
    ('19900000001', '+8606358', '8000001转12', None)
    """
    written = " ".join(unicodedata.normalize("NFKC", phone or "").split())
    digits = PHONE_MARKS.sub("", written)
    return digits if PHONE.fullmatch(digits) else written or None


def masked_phone(end: str | None) -> str | None:
    """Return what is shown of a phone number: its last four signs, enough to tell two people of one name apart.

    >>> masked_phone("1234"), masked_phone(None)
    ('****1234', None)
    """
    return f"****{end}" if end is not None else None
