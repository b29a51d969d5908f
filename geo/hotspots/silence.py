"""Silence: buildings with few requests and few visits for their households. They are unheard, not content."""

from dataclasses import dataclass

import numpy as np
from scipy.special import pdtr

from geo.errors import BadInput
from geo.hotspots.cells import Flags, Floats
from geo.hotspots.rates import usable
from geo.hotspots.significance import false_discovery
from geo.i18n import N_

UNHEARD = 0.05
SIZES = N_("Requests, visits and households are not of the same places: {counts}.")


@dataclass(frozen=True)
class Silence:
    """Of each building, (n,): is it unheard; p and q; requests and visits expected for its households.

    known: its households are known, so it could be judged; otherwise p and q are 1 and nothing is expected.
    """

    unheard: Flags
    p: Floats
    q: Floats
    expected_requests: Floats
    expected_visits: Floats
    known: Flags


def silence(requests: Floats, visits: Floats, households: Floats, *, level: float = UNHEARD) -> Silence:
    """Return which buildings have both fewer requests and fewer visits than chance would leave them.

    requests, visits (n,): counts of one period; households (n,): NaN where unknown, which is never judged. Expected is
    the rate of all judged buildings together times the households. p of each kind is the lower tail of the Poisson
    distribution, P(X ≤ counted); a building is silent in both ways, so p is the larger of the two (the
    intersection-union test, Berger 1982); unheard is q ≤ level by the false discovery rate. A kind nobody has
    anywhere (no visit at all) tells nothing about anybody and is left aside.
    Raises BadInput when the arrays differ in length.

    >>> found = silence(np.array([30.0, 0.0, 25.0]), np.array([9.0, 0.0, 10.0]), np.array([100.0, 90.0, np.nan]))
    >>> found.unheard.tolist(), found.expected_requests.round(1).tolist(), found.known.tolist()
    ([False, True, False], [15.8, 14.2, 0.0], [True, True, False])
    """
    if not len(requests) == len(visits) == len(households):
        raise BadInput(SIZES, counts=f"{len(requests)}, {len(visits)}, {len(households)}")
    known = usable(households)
    homes = np.where(known, households, 0.0)
    p = np.zeros(len(known))
    expected = []
    for counts in (np.asarray(requests, np.float64), np.asarray(visits, np.float64)):
        whole = counts[known].sum()
        expected.append(homes * (whole / homes.sum()) if whole else 0 * homes)
        if whole:
            p = np.maximum(p, pdtr(counts, expected[-1]))
    p = np.where(known & (expected[0] + expected[1] > 0), p, 1.0)
    q = np.ones(len(known))
    q[known] = false_discovery(p[known])
    return Silence(q <= level, p, q, expected[0], expected[1], known)
