"""Is the rhythm of visits kept: every care need against the cadence of its class of risk."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_inputs import Codes, Ints

NEVER = np.iinfo(np.int32).min
"""In place of a day: nobody has visited yet, or nothing has changed."""
NOT_KNOWN = NEVER + 1
"""In place of the day of the last visit: nobody has written down whether there was one."""
UNKNOWN_RISK = -1


class Cadence(IntEnum):
    """How a care need stands against its rhythm, as one byte."""

    UNKNOWN = 0
    KEPT = 1
    DUE = 2
    OVERDUE = 3
    NEVER = 4


class Rhythm(NamedTuple):
    """Days between visits by class of risk, and within how many days after a major change (-1: no such rule)."""

    every_days: Ints
    after_change_days: Ints | None = None


class Kept(NamedTuple):
    """The class of each need, and the day its next visit is due (NEVER where that cannot be said)."""

    cadence: Codes
    due_day: Ints


def cadence_kept(
    last_visit_day: Ints,
    risk: Ints,
    rhythm: Rhythm,
    *,
    today: int,
    due_until: int,
    changed_day: Ints | None = None,
) -> Kept:
    """Return how each need stands against the rhythm of its class of risk; days are whole numbers of any epoch.

    last_visit_day: NEVER or NOT_KNOWN where there is none; risk: class by need, UNKNOWN_RISK where not known.
    Overdue: the next visit was due before today; due: from today to due_until (the end of the week); kept: later.
    changed_day: the last major change, after which somebody comes sooner if nobody has been there since.

    >>> days, risk = np.array([100, 94, 93, 92, NEVER]), np.zeros(5, dtype=np.int64)
    >>> kept = cadence_kept(days, risk, Rhythm(np.array([7])), today=100, due_until=102)
    >>> [Cadence(one).name for one in kept.cadence], kept.due_day.tolist()[:4]
    (['KEPT', 'DUE', 'DUE', 'OVERDUE', 'NEVER'], [107, 101, 100, 99])
    """
    told = (last_visit_day != NEVER) & (last_visit_day != NOT_KNOWN)
    known = told & (risk != UNKNOWN_RISK)
    due = np.where(known, last_visit_day + rhythm.every_days[risk], NEVER).astype(np.int64)
    if changed_day is not None and rhythm.after_change_days is not None:
        within = rhythm.after_change_days[risk]
        sooner = known & (changed_day != NEVER) & (changed_day > last_visit_day) & (within >= 0)
        due = np.where(sooner, np.minimum(due, changed_day + within), due)
    cadence = np.select([due < today, due <= due_until], [Cadence.OVERDUE, Cadence.DUE], Cadence.KEPT)
    cadence[~known] = Cadence.UNKNOWN
    cadence[last_visit_day == NEVER] = Cadence.NEVER
    return Kept(cadence.astype(np.uint8), due)


def cadence_by_risk(cadence: Codes, risk: Ints, risks: int) -> NDArray[np.int64]:
    """Return counts by class of risk (rows; the last row: risk unknown) and Cadence (columns).

    >>> cadence_by_risk(np.array([1, 3, 0], dtype=np.uint8), np.array([0, 0, -1]), 2).tolist()
    [[0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [1, 0, 0, 0, 0]]
    """
    row = np.where(risk == UNKNOWN_RISK, risks, risk)
    counts = np.bincount(row * len(Cadence) + cadence, minlength=(risks + 1) * len(Cadence))
    return counts.reshape(risks + 1, len(Cadence))
