"""Who could: rank and reasons, compared with every pair looked at one by one."""

import math

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.candidates import Candidates, LeftOut, Near, Vacancies, Walking, WhoCould, shortage, who_could
from geo.coverage.duty_inputs import UNKNOWN
from tests.unit.coverage.cities import ints

HOURS = st.sampled_from([math.nan, 0.0, 1.0, 2.5])
LOADS = st.sampled_from([-1, 0, 1, 30])
Asked = tuple[Vacancies, Candidates, Walking, tuple[np.ndarray, np.ndarray]]


@st.composite
def homes(draw: st.DrawFn) -> tuple[int, int, int]:
    building = draw(st.integers(-1, 4))
    unit = -1 if building < 0 else draw(st.sampled_from([-1, 2 * building, 2 * building + 1]))
    return unit, building, draw(st.integers(-1, 1)) if building < 0 else (-1, 0, 0, 1, 1)[building]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    posts, people = draw(st.lists(homes(), max_size=5)), draw(st.lists(homes(), max_size=7))
    each = [draw(st.sets(st.integers(0, max(len(people) - 1, 0)))) if people else set() for _post in posts]
    reach = [sorted(near) for near in each]
    metres = [draw(st.sampled_from([0.0, 80.0, 300.0])) for near in reach for _one in near]
    no = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=3)) if posts and people else []
    no = [(post, one) for post, one in no if post < len(posts) and one < len(people)]

    def column(rows: list[tuple[int, int, int]], at: int) -> np.ndarray:
        return ints(*(row[at] for row in rows))

    vacancies = Vacancies(
        column(posts, 0),
        column(posts, 1),
        column(posts, 2),
        ints(*(draw(st.integers(0, 1)) for _post in posts)),
        ints(*(draw(st.sampled_from([-1, 5, 20])) for _post in posts)),
    )
    candidates = Candidates(
        column(people, 0),
        column(people, 1),
        column(people, 2),
        np.array([draw(HOURS) for _one in people]),
        ints(*(draw(LOADS) for _one in people)),
        np.array([[draw(st.booleans()), False] for _one in people], dtype=bool).reshape(len(people), 2),
    )
    indptr = np.cumsum([0, *map(len, reach)])
    walking = Walking(indptr, ints(*(one for near in reach for one in near)), np.array(metres))
    return vacancies, candidates, walking, (ints(*(post for post, _one in no)), ints(*(one for _post, one in no)))


def plainly(question: Asked, post: int, one: int) -> tuple[Near | None, LeftOut, float]:
    vacancies, people, walking, declined = question
    span = range(int(walking.indptr[post]), int(walking.indptr[post + 1]))
    metres = next((float(walking.metres[at]) for at in span if walking.target[at] == one), math.nan)
    levels = ("unit", "building", "compound")
    pairs = [(int(getattr(vacancies, level)[post]), int(getattr(people, level)[one])) for level in levels]
    same = [place == home != UNKNOWN for place, home in pairs]
    near = Near(same.index(True)) if any(same) else (None if math.isnan(metres) else Near.WALKING)
    load, more = int(people.load[one]), int(vacancies.households[post])
    if people.conflict[one, vacancies.kind[post]]:
        why = LeftOut.CONFLICT
    elif (post, one) in set(zip(declined[0].tolist(), declined[1].tolist(), strict=True)):
        why = LeftOut.DECLINED
    elif people.hours_left[one] == 0:
        why = LeftOut.NO_HOURS
    elif load > 0 and more >= 0 and load + more > 40:
        why = LeftOut.TOO_MUCH
    else:
        why = LeftOut.NOT
    return near, why, metres


def rows_of(found: WhoCould, post: int) -> list[tuple[int, int, int]]:
    at = found.of(post)
    columns = found.candidate[at].tolist(), found.near[at].tolist(), found.left_out[at].tolist()
    return list(zip(*columns, strict=True))


@settings(deadline=None)
@given(asked())
def test_everybody_near_is_listed_once_in_order_with_the_reason(question: Asked) -> None:
    vacancies, people, walking, declined = question
    found = who_could(vacancies, people, walking=walking, declined=declined)
    for post in range(len(vacancies.building)):
        told = [(plainly(question, post, one), one) for one in range(len(people.building))]
        wanted = [
            (why != LeftOut.NOT, near, math.inf if math.isnan(metres) else metres, hours(people, one), one, why)
            for (near, why, metres), one in told
            if near is not None
        ]
        assert rows_of(found, post) == [(row[4], row[1], row[5]) for row in sorted(wanted)]
        assert found.able()[post] == sum(row[5] is LeftOut.NOT for row in wanted)
    assert (found.vacancy == np.repeat(np.arange(len(vacancies.building)), np.diff(found.indptr))).all()


def hours(people: Candidates, one: int) -> float:
    left = float(people.hours_left[one])
    return math.inf if math.isnan(left) else -left


@settings(deadline=None)
@given(asked())
def test_as_few_vacancies_as_possible_stay_empty(question: Asked) -> None:
    vacancies, people, walking, declined = question
    found = who_could(vacancies, people, walking=walking, declined=declined)
    short = shortage(found, vacancies.compound, 2)
    able = found.left_out == LeftOut.NOT
    pairs = set(zip(found.vacancy[able].tolist(), found.candidate[able].tolist(), strict=True))
    graph = nx.Graph([(("post", post), ("person", one)) for post, one in pairs])
    best = nx.max_weight_matching(graph, maxcardinality=True)
    taken = [(post, one) for post, one in enumerate(short.candidate.tolist()) if one >= 0]
    assert len(taken) == len(best)
    assert set(taken) <= pairs
    assert len({one for _post, one in taken}) == len(taken)
    filled = {post for post, _one in taken}
    empty = [post for post, _kind in enumerate(vacancies.kind) if post not in filled]
    assert short.missing.tolist() == [sum(vacancies.compound[post] == at for post in empty) for at in range(2)]


def test_without_a_network_neighbours_are_still_found() -> None:
    vacancies = Vacancies(ints(-1), ints(0), ints(0), ints(0), ints(10))
    people = Candidates(
        ints(-1, -1, -1), ints(0, 1, -1), ints(0, 0, -1), np.ones(3), ints(0, 0, 0), np.zeros((3, 1), dtype=bool)
    )
    found = who_could(vacancies, people)
    assert rows_of(found, 0) == [(0, Near.SAME_BUILDING, 0), (1, Near.SAME_COMPOUND, 0)]
    assert found.placeless.tolist() == [2]
    assert np.isnan(found.metres).all()


def test_nobody_at_all_is_no_error() -> None:
    nobody = Candidates(ints(), ints(), ints(), np.empty(0), ints(), np.zeros((0, 1), dtype=bool))
    found = who_could(Vacancies(ints(0), ints(0), ints(0), ints(0), ints(3)), nobody)
    assert found.able().tolist() == [0]
    assert shortage(found, ints(0), 1).missing.tolist() == [1]


def test_every_reason_and_nearness_occurs() -> None:
    home = ints(0, 0, 0, 0)
    people = Candidates(
        home, home, home,
        np.array([1.0, 0.0, 1.0, 1.0]), ints(0, 0, 35, 0), np.array([[False], [False], [False], [True]]),
    )  # fmt: skip
    found = who_could(Vacancies(ints(0), ints(0), ints(0), ints(0), ints(10)), people)
    assert dict(zip(found.candidate.tolist(), found.left_out.tolist(), strict=True)) == {
        0: LeftOut.NOT, 1: LeftOut.NO_HOURS, 2: LeftOut.TOO_MUCH, 3: LeftOut.CONFLICT,
    }  # fmt: skip
