"""How many cases are expected: populations between their dates, and rates by stratum (indirect standardisation)."""

import numpy as np

from geo.hotspots.scan_zones import Floats, Ints


def person_days(group: Ints, day: Floats, population: Floats, bounds: Floats) -> Floats:
    """Return the person-days (groups, periods) of populations known at some dates.

    group, day, population (rows,): whose population it is (0 up), from which day on, how many; bounds (periods + 1,):
    days at which periods begin, and the end of the last. Between its dates a population changes evenly; before the
    first and after the last it stays.

    >>> days = np.array([0.0, 10.0])
    >>> person_days(np.array([0, 0]), days, np.array([100.0, 200.0]), np.array([0.0, 10.0, 20.0])).tolist()
    [[1500.0, 2000.0]]
    """
    order = np.lexsort((day, group))
    group, day, population = group[order], day[order].astype(np.float64), population[order].astype(np.float64)
    same = group[1:] == group[:-1]
    before, after = np.full(day.size, -np.inf), np.full(day.size, np.inf)
    before[1:][same], after[:-1][same] = day[:-1][same], day[1:][same]
    weight = np.diff(_rising(bounds, before, day) + _falling(bounds, day, after), axis=1)
    found = np.zeros((int(group.max(initial=-1)) + 1, bounds.size - 1))
    np.add.at(found, group, population[:, None] * weight)
    return found


def _rising(bounds: Floats, before: Floats, day: Floats) -> Floats:
    """Return by row and bound how many days' worth of a row's population counted until then, up to its day."""
    at = np.clip(bounds[None, :], before[:, None], day[:, None])
    known = np.isfinite(before)
    since = np.where(known, before, 0.0)[:, None]
    length = np.where(known, day - since[:, 0], 1.0)[:, None]
    return np.asarray(np.where(known[:, None], (at - since) ** 2 / (2 * length), at))


def _falling(bounds: Floats, day: Floats, after: Floats) -> Floats:
    """Return the same from a row's day on, until the next one takes over."""
    at = np.clip(bounds[None, :], day[:, None], after[:, None]) - day[:, None]
    length = np.where(np.isfinite(after), after - day, np.inf)[:, None]
    return np.asarray(at - at * at / (2 * length))


def standardised(cases: Floats, days: Floats) -> Floats:
    """Return expected cases (places, periods), as if everybody of a stratum had that stratum's rate everywhere.

    cases (strata,): all cases of each; days (places, strata, periods): person-days. In all as many cases are expected
    as there were. A stratum without person-days has no expected cases.

    >>> standardised(np.array([4.0, 2.0]), np.array([[[1.0], [1.0]], [[3.0], [0.0]]])).tolist()
    [[3.0], [3.0]]
    """
    lived = days.sum(axis=(0, 2))
    rate = np.divide(cases, lived, out=np.zeros(cases.size), where=lived > 0)
    return np.asarray(np.einsum("s,pst->pt", rate, days))
