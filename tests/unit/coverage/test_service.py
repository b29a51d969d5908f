"""Service coverage: classes told place by place, capacity never used twice, shares against targets."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.nearest import Within
from geo.coverage.service import (
    NOBODY,
    NOT_KNOWN,
    UNLIMITED,
    Demand,
    Served,
    ServiceCover,
    service_cover,
    service_shares,
)
from tests.unit.coverage.cities import ints

Case = tuple[Demand, Within, np.ndarray]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    providers, places = draw(st.integers(0, 4)), draw(st.integers(0, 8))
    near = [sorted(draw(st.sets(st.integers(0, providers - 1)))) if providers else [] for _place in range(places)]
    metres = [draw(st.sampled_from([10.0, 20.0, 400.0])) for row in near for _one in row]
    demand = Demand(
        ints(*(draw(st.sampled_from([-1, 0, 5, 20])) for _place in near)),
        ints(*(draw(st.sampled_from([NOBODY, NOBODY, NOT_KNOWN, *range(providers)])) for _place in near)),
        np.array([draw(st.sampled_from([True, True, False])) for _place in near], dtype=bool),
    )
    reach = Within(
        np.cumsum([0, *map(len, near)]), np.array([one for row in near for one in row], np.int32), np.array(metres)
    )
    return demand, reach, ints(*(draw(st.sampled_from([-1, 0, 15, 40, UNLIMITED])) for _one in range(providers)))


def plainly(case: Case) -> list[Served]:
    demand, reach, capacity = case
    sizes = [max(int(one), 1) for one in demand.households]
    load = [
        sum(size for size, to in zip(sizes, demand.assigned, strict=True) if to == one) for one in range(len(capacity))
    ]
    assigned_load = list(load)
    walks = sorted(
        (float(metres), int(place), int(target))
        for metres, place, target in zip(reach.metres, reach.source(), reach.target, strict=True)
    )
    taken: dict[int, int] = {}
    for _metres, place, target in walks:
        free = demand.assigned[place] == NOBODY and demand.located[place] and place not in taken
        if free and capacity[target] >= 0 and load[target] + sizes[place] <= capacity[target]:
            taken[place] = target
            load[target] += sizes[place]
    found = []
    for place, to in enumerate(demand.assigned.tolist()):
        unsure = any(at == place and capacity[target] < 0 for _metres, at, target in walks)
        if to >= 0:
            over = Served.OVERLOADED if assigned_load[to] > capacity[to] else Served.COVERED
            found.append(Served.UNKNOWN if capacity[to] < 0 else over)
        elif to == NOT_KNOWN or not demand.located[place]:
            found.append(Served.UNKNOWN)
        elif place in taken:
            found.append(Served.COVERED)
        else:
            found.append(Served.UNKNOWN if unsure else Served.UNCOVERED)
    return found


@settings(deadline=None)
@given(cases())
def test_every_place_has_the_class_of_the_plain_telling(case: Case) -> None:
    assert service_cover(*case).served.tolist() == plainly(case)


@settings(deadline=None)
@given(cases())
def test_no_capacity_is_used_twice(case: Case) -> None:
    demand, _reach, capacity = case
    cover: ServiceCover = service_cover(*case)
    for one, room in enumerate(capacity.tolist()):
        mine = cover.provider == one
        assert cover.load[one] == demand.households[mine].clip(min=1).sum()
        if room >= 0 and (mine & (demand.assigned != one)).any():
            assert cover.load[one] <= room


@settings(deadline=None)
@given(cases(), st.sampled_from([0.85, 0.99, 1.0, 0.0]))
def test_shares_count_every_household_once_and_say_what_is_missing(case: Case, target: float) -> None:
    demand = case[0]
    served = service_cover(*case).served
    area = np.arange(len(served), dtype=np.int64) % 3 - 1
    shares = service_shares(served, demand.households, area, 2)
    for at in range(2):
        inside = area == at
        known = inside & (demand.households >= 0)
        total, covered = demand.households[known].sum(), demand.households[known & (served == Served.COVERED)].sum()
        assert shares.total[at] == total
        assert shares.uncounted[at].sum() == (inside & (demand.households < 0)).sum()
        if total:
            assert shares.share[at] == covered / total
            assert shares.share[at] <= shares.share_at_most[at] <= 1
            assert (covered + shares.missing(target)[at]) / total >= target - 1e-9
            assert shares.missing(target)[at] <= max(math.ceil(target * total) - covered, 0)
        else:
            assert math.isnan(shares.share[at])
    assert all(shares.households[at, Served.UNCOVERED :].sum() > 0 for at in shares.worst_off())


def test_most_households_without_come_first_then_the_smaller_share() -> None:
    served = np.array([2, 1, 2, 1, 2, 1], dtype=np.uint8)
    shares = service_shares(served, ints(10, 90, 10, 10, 30, 70), ints(0, 0, 1, 1, 2, 2), 4)
    assert shares.worst_off().tolist() == [2, 1, 0]
    assert shares.worst_off(1).tolist() == [2]
