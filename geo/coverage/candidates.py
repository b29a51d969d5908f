"""Who could: for every vacancy the residents who checked in or volunteer, ranked, and why others are left out."""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from geo.coverage.duty_inputs import UNKNOWN, Codes, Ints

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Near(IntEnum):
    """How near a candidate lives to the place of a vacancy: the reason for the rank, best first."""

    SAME_UNIT = 0
    SAME_BUILDING = 1
    SAME_COMPOUND = 2
    WALKING = 3


class LeftOut(IntEnum):
    """Why somebody near is not proposed; NOT: proposed."""

    NOT = 0
    CONFLICT = 1
    DECLINED = 2
    NO_HOURS = 3
    TOO_MUCH = 4


@dataclass(frozen=True)
class Vacancies:
    """Posts to fill: where (UNKNOWN where the place has no unit or compound), of which kind, known households."""

    unit: Ints
    building: Ints
    compound: Ints
    kind: Ints
    households: Ints


@dataclass(frozen=True)
class Candidates:
    """Residents to ask: where they live (UNKNOWN: not known), hours a week left (NaN: not said), what they carry.

    load: households they look after already, UNKNOWN where not counted. conflict[candidate, kind]: a post of theirs
    does not go with a post of that kind.
    """

    unit: Ints
    building: Ints
    compound: Ints
    hours_left: Floats
    load: Ints
    conflict: Flags


class Walking(NamedTuple):
    """Who is within the walking limit: candidates target[indptr[v]:indptr[v + 1]] of vacancy v and their metres."""

    indptr: NDArray[np.integer]
    target: NDArray[np.integer]
    metres: Floats


@dataclass(frozen=True)
class WhoCould:
    """Rows of one vacancy stand together, indptr[v] to indptr[v + 1], who can be asked first, best first.

    near: Near; left_out: LeftOut (those who are stand last, in the same order); metres: walking, NaN where not known;
    placeless: candidates whose home nobody has written down, who are near to nothing.
    """

    indptr: Ints
    vacancy: Ints
    candidate: Ints
    near: Codes
    left_out: Codes
    metres: Floats
    placeless: Ints

    def of(self, vacancy: int) -> slice:
        """Return where the rows of a vacancy stand."""
        return slice(int(self.indptr[vacancy]), int(self.indptr[vacancy + 1]))

    def able(self) -> Ints:
        """Return by vacancy how many can be asked."""
        return np.bincount(self.vacancy[self.left_out == LeftOut.NOT], minlength=len(self.indptr) - 1)


def who_could(
    vacancies: Vacancies,
    candidates: Candidates,
    *,
    walking: Walking | None = None,
    declined: tuple[Ints, Ints] | None = None,
    alarm_households: int = 40,
) -> WhoCould:
    """Return who could fill each vacancy: same unit, same building, same compound, then within the walking limit.

    Among equally near ones the shorter walk comes first (unknown last), then more hours left (unknown last), then the
    position. Left out, in this order of reasons: a conflict of posts, who declined or was refused for this vacancy
    before (declined: vacancies and candidates in pairs), no hours left, and who looks after doors already and would
    carry more than alarm_households with these. An uncounted load or vacancy leaves nobody out.

    >>> one, two = np.zeros(1, dtype=np.int64), np.zeros(2, dtype=np.int64)
    >>> vacancies = Vacancies(one, one, one, one, one + 12)
    >>> people = Candidates(two - 1, two + [1, 0], two, two + 2.0, two, np.zeros((2, 1), dtype=bool))
    >>> found = who_could(vacancies, people)
    >>> found.candidate.tolist(), [Near(near).name for near in found.near]
    ([1, 0], ['SAME_BUILDING', 'SAME_COMPOUND'])
    """
    vacancy, candidate, metres = _pairs(vacancies, candidates, walking)
    near = _nearness(vacancies, candidates, vacancy, candidate)
    left_out = _left_out(vacancies, candidates, (vacancy, candidate), declined, alarm_households)
    hours = candidates.hours_left[candidate]
    order = np.lexsort((candidate, -hours, metres, near, left_out > 0, vacancy))
    counts = np.bincount(vacancy, minlength=len(vacancies.building))
    return WhoCould(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        vacancy=vacancy[order],
        candidate=candidate[order],
        near=near[order],
        left_out=left_out[order],
        metres=metres[order],
        placeless=np.flatnonzero((candidates.building == UNKNOWN) & (candidates.compound == UNKNOWN)),
    )


class Shortage(NamedTuple):
    """Whom each vacancy could have if nobody takes two (-1: nobody is left), and by compound what stays empty."""

    candidate: Ints
    missing: Ints


def shortage(found: WhoCould, compound: Ints, compounds: int) -> Shortage:
    """Return how many vacancies of each compound stay empty even if as many as possible are filled.

    compound: by vacancy its compound (UNKNOWN: counted nowhere). Each candidate takes one vacancy at most. The sum
    is the least possible; where candidates could also walk to another compound, another split may be as good.
    """
    able = found.left_out == LeftOut.NOT
    many = len(found.indptr) - 1
    rows, columns = found.vacancy[able], found.candidate[able]
    width = int(columns.max(initial=-1)) + 1
    graph = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(many, width))
    matched = np.full(many, -1, dtype=np.int64)
    if graph.nnz:
        matched = np.asarray(maximum_bipartite_matching(graph, perm_type="column"), dtype=np.int64)
    empty = compound[(matched < 0) & (compound != UNKNOWN)]
    return Shortage(matched, np.bincount(empty, minlength=compounds))


def _pairs(vacancies: Vacancies, candidates: Candidates, walking: Walking | None) -> tuple[Ints, Ints, Floats]:
    width = max(len(candidates.building), 1)
    keys = [_joined(vacancies.compound, candidates.compound, width)]
    keys.append(_joined(vacancies.building, candidates.building, width))
    walked = np.empty(0, dtype=np.int64)
    if walking is not None:
        walked = np.repeat(np.arange(len(walking.indptr) - 1), np.diff(walking.indptr)) * width
        walked += walking.target
        keys.append(walked)
    pairs = np.unique(np.concatenate(keys))
    metres = np.full(len(pairs), np.nan)
    if walking is not None:
        metres[np.searchsorted(pairs, walked)] = walking.metres
    return pairs // width, pairs % width, metres


def _joined(places: Ints, homes: Ints, width: int) -> Ints:
    """Return vacancy * width + candidate of every pair at one known place."""
    known, settled = np.flatnonzero(places != UNKNOWN), np.flatnonzero(homes != UNKNOWN)
    settled = settled[np.argsort(homes[settled], kind="stable")]
    start = np.searchsorted(homes[settled], places[known], side="left")
    counts = np.searchsorted(homes[settled], places[known], side="right") - start
    row = np.repeat(np.arange(len(known)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    joined: Ints = known[row] * width + settled[start[row] + within]
    return joined


def _nearness(vacancies: Vacancies, candidates: Candidates, vacancy: Ints, candidate: Ints) -> Codes:
    near = np.full(len(vacancy), Near.WALKING, dtype=np.uint8)
    for code, places, homes in (
        (Near.SAME_COMPOUND, vacancies.compound, candidates.compound),
        (Near.SAME_BUILDING, vacancies.building, candidates.building),
        (Near.SAME_UNIT, vacancies.unit, candidates.unit),
    ):
        near[(places[vacancy] == homes[candidate]) & (places[vacancy] != UNKNOWN)] = code
    return near


def _left_out(
    vacancies: Vacancies,
    candidates: Candidates,
    pairs: tuple[Ints, Ints],
    declined: tuple[Ints, Ints] | None,
    alarm_households: int,
) -> Codes:
    vacancy, candidate = pairs
    left_out = np.zeros(len(vacancy), dtype=np.uint8)
    load, households = candidates.load[candidate], vacancies.households[vacancy]
    counted = (load != UNKNOWN) & (households != UNKNOWN)
    left_out[counted & (load > 0) & (load + households > alarm_households)] = LeftOut.TOO_MUCH
    left_out[candidates.hours_left[candidate] <= 0] = LeftOut.NO_HOURS
    if declined is not None:
        width = max(len(candidates.building), 1)
        left_out[np.isin(vacancy * width + candidate, declined[0] * width + declined[1])] = LeftOut.DECLINED
    left_out[candidates.conflict[candidate, vacancies.kind[vacancy]]] = LeftOut.CONFLICT
    return left_out
