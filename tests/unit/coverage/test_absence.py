"""Who is away: compared with a city from which the person was really taken."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.absence import absence_of, absences
from geo.coverage.duty_chain import duty_chain
from geo.coverage.duty_inputs import VACANT, DutyInputs, Flag, Ints, Level, Limits, Service
from tests.unit.coverage.cities import cities
from tests.unit.coverage.test_duty_chain import serving, town

LIMITS = Limits()


def without(inputs: DutyInputs, person: int) -> DutyInputs:
    def left(heads: Ints) -> Ints:
        return np.where(heads == person, VACANT, heads)

    def crew(service: Service) -> Service:
        stays = service.members != person
        indptr = np.concatenate([[0], np.cumsum(stays)])[service.indptr].astype(np.int64)
        return replace(service, lead=left(service.lead), indptr=indptr, members=service.members[stays])

    heads = inputs.heads
    gone = replace(heads, unit_head=left(heads.unit_head), building_head=left(heads.building_head))
    return replace(inputs, heads=gone, stations=crew(inputs.stations), teams=crew(inputs.teams))


def levels(service: Service) -> list[bool]:
    return [bool(lead >= 0 or size) for lead, size in zip(service.lead, np.diff(service.indptr), strict=True)]


@settings(deadline=None)
@given(cities(), st.integers(0, 6))
def test_one_away_is_the_city_without_them(inputs: DutyInputs, seat: int) -> None:
    person = seat % inputs.persons
    before, taken = duty_chain(inputs, LIMITS), without(inputs, person)
    after = duty_chain(taken, LIMITS)
    away = absence_of(inputs, before, person, LIMITS)
    mine = before.parts.real & (before.holders.person == person)
    assert away.lost.tolist() == np.flatnonzero(mine & (after.holders.person < 0)).tolist()
    assert away.moved.tolist() == np.flatnonzero(mine & (after.holders.person >= 0)).tolist()
    assert set(away.only) <= set(away.lost)
    assert all(before.part_flags[part] & Flag.SINGLE_POINT for part in away.only)
    others = np.arange(inputs.persons) != person
    over = others & (before.load <= 40) & (after.load > 40)
    rested = before.parts.real & (before.parts.unit < 0) & (before.holders.person < 0) & (after.holders.person >= 0)
    assert not rested.any()
    assert away.overloaded.tolist() == np.flatnonzero(over).tolist()
    for service, gone, empty in (
        (inputs.stations, taken.stations, away.stations),
        (inputs.teams, taken.teams, away.teams),
    ):
        was, now = levels(service), levels(gone)
        assert empty.tolist() == [one for one, manned in enumerate(was) if manned and not now[one]]
    led = [one for one, manned in enumerate(levels(taken.stations)) if manned and inputs.stations.lead[one] == person]
    assert away.without_master.tolist() == led


@settings(deadline=None)
@given(cities())
def test_everybody_away_in_turn_is_each_away_alone(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    everybody = absences(inputs, chain, LIMITS)
    households, unknown = chain.parts.households, chain.parts.unknown
    for person in range(inputs.persons):
        away = absence_of(inputs, chain, person, LIMITS)
        assert everybody.lost_households[person] == households[away.lost].sum()
        assert everybody.lost_uncounted[person] == unknown[away.lost].sum()
        assert everybody.only_households[person] == households[away.only].sum()
        assert everybody.only_uncounted[person] == unknown[away.only].sum()
        assert everybody.moved_households[person] == households[away.moved].sum()
        assert everybody.moved_uncounted[person] == unknown[away.moved].sum()
        assert everybody.overloaded[person] == len(away.overloaded)
        assert everybody.stations[person] == len(away.stations)
        assert everybody.without_master[person] == len(away.without_master)
        assert everybody.teams[person] == len(away.teams)
        nothing = not any(map(len, (away.lost, away.stations, away.without_master, away.teams)))
        if nothing and not households[away.moved].sum() + unknown[away.moved].sum():
            assert person not in everybody.ranked()
    assert len(set(everybody.ranked().tolist())) == len(everybody.ranked())


def test_whoever_alone_covers_most_doors_comes_first() -> None:
    city = town(heads=(0, 1, 2, 2), households=(50, 60, 35, -1), compound=(0, 1, 2, 3))
    city = replace(city, stations=serving(3, compound=1), teams=serving(3, compound=1))
    everybody = absences(city, duty_chain(city, LIMITS), LIMITS)
    assert everybody.ranked().tolist() == [0, 2, 1, 3]
    assert everybody.ranked(2).tolist() == [0, 2]
    assert everybody.only_households.tolist()[:3] == [50, 0, 35]
    assert everybody.lost_households.tolist()[:3] == [50, 60, 35]
    assert everybody.only_uncounted.tolist()[:3] == [0, 0, 1]
    assert (everybody.stations[3], everybody.teams[3], everybody.without_master[3]) == (1, 1, 0)


def test_a_person_with_several_posts_loses_all_of_them_at_once() -> None:
    city = town(heads=(0, 0, 1), households=(10, 20, 5), compound=(0, 1, 2))
    city = replace(city, stations=serving(0, 1))
    away = absence_of(city, duty_chain(city, LIMITS), 0, LIMITS)
    assert away.lost.tolist() == [0, 1]
    assert away.only.tolist() == [1]
    assert away.without_master.tolist() == [0]
    assert away.stations.tolist() == []


def test_the_level_of_a_station_left_to_its_deputy_is_still_held() -> None:
    city = replace(town(heads=(0,), households=(10,)), stations=serving(1, 2))
    assert duty_chain(without(city, 1), LIMITS).station_level.tolist() == [Level.HELD]
    assert duty_chain(without(without(city, 1), 2), LIMITS).station_level.tolist() == [Level.VACANT]
