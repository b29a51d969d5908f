"""The duty chain: classes, loads, levels and figures, compared with the same told door group by door group."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from geo.coverage.duty_chain import duty_chain
from geo.coverage.duty_figures import figures_of, gaps_by_place
from geo.coverage.duty_inputs import NO_POST, OPEN_ENDED, DutyInputs, Flag, Gap, Heads, Level, Limits, Places, Service
from geo.coverage.duty_parts import left_to_building
from geo.people.rules import HeadClass, HeldBuilding, head_class, head_load
from tests.unit.coverage import plain_chain
from tests.unit.coverage.cities import cities, ints

LIMITS = Limits()


def town(
    *, heads: tuple[int, ...], households: tuple[int, ...], days: int = OPEN_ENDED, compound: tuple[int, ...] = ()
) -> DutyInputs:
    many = len(heads)
    places = Places(ints(), ints(), ints(*(compound or (0,) * many)), ints(*(0,) * many), ints(*households), many, 1)
    own = Heads(ints(), ints(), ints(*heads), ints(*(days,) * many))
    return DutyInputs(places, own, Service.none(), Service.none(), max(heads, default=0) + 2)


def serving(*people: int, compound: int = 0) -> Service:
    return Service(ints(compound), ints(0), ints(people[0]), ints(0, len(people) - 1), ints(*people[1:]))


def gaps(inputs: DutyInputs) -> list[int]:
    return duty_chain(inputs, LIMITS).building_gap.tolist()


@settings(deadline=None)
@given(cities())
def test_every_flag_is_what_the_plain_telling_finds(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    units = len(inputs.places.unit_building)
    of_building = [Flag(0)] * len(chain.building_gap)
    for group, flag in plain_chain.flags(inputs, LIMITS):
        of_building[group.building] |= flag
        at = group.unit if group.unit is not None else units + group.building
        assert chain.part_flags[at] == flag
        assert chain.parts.real[at]
        if group.unit is not None:
            assert chain.unit_gap[at] == plain_chain.gap(flag)
    assert chain.building_flags.tolist() == of_building
    assert chain.building_gap.tolist() == [plain_chain.gap(flag) for flag in of_building]


@settings(deadline=None)
@given(cities())
def test_every_load_and_level_is_what_the_plain_telling_finds(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    found = plain_chain.groups(inputs)
    assert (chain.load.tolist(), chain.load_uncounted.tolist()) == plain_chain.loads(inputs, found)
    for building in range(len(chain.building_gap)):
        for service, level in ((inputs.stations, chain.station_level), (inputs.teams, chain.team_level)):
            serving_here = plain_chain.serving(service, inputs, building)
            crews = [plain_chain.crew(service, one) for one in serving_here]
            posts = [int(service.lead[one]) for one in serving_here]
            if any(crews):
                wanted = Level.HELD
            elif posts:
                wanted = Level.UNKNOWN if set(posts) == {NO_POST} else Level.VACANT
            else:
                wanted = Level.NONE
            assert level[building] == wanted


@settings(deadline=None)
@given(cities())
def test_a_head_carries_what_the_registry_says_wherever_counts_are_complete(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    places, heads = inputs.places, inputs.heads
    if (places.building_households < 0).any():
        return
    for person in range(inputs.persons):
        buildings = [
            HeldBuilding(
                int(places.building_households[building]),
                sum(
                    max(int(places.unit_households[unit]), 0)
                    for unit in np.flatnonzero(places.unit_building == building)
                    if heads.unit_head[unit] >= 0
                ),
            )
            for building in np.flatnonzero(heads.building_head == person)
        ]
        of_units = places.unit_households[heads.unit_head == person].tolist()
        units = [None if households < 0 else households for households in of_units]
        assert chain.load[person] == (head_load(buildings, units) or 0)


@settings(deadline=None)
@given(cities())
def test_figures_count_every_household_and_every_part_once(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    figures = figures_of(chain, LIMITS)
    found = plain_chain.flags(inputs, LIMITS)
    for gap in Gap:
        those = [group for group, flag in found if plain_chain.gap(flag) is gap]
        assert figures.households[gap] == sum(group.households for group in those)
        assert figures.uncounted[gap] == sum(group.unknown for group in those)
        assert figures.units[gap] == sum(group.unit is not None for group in those)
    total = sum(group.households for group, _flag in found)
    assert sum(figures.station_households) == sum(figures.team_households) == total
    load, uncounted = plain_chain.loads(inputs, [group for group, _flag in found])
    heads = {group.head for group, _flag in found if group.head >= 0}
    assert figures.heads == len(heads)
    assert figures.heads_above == sum(load[head] > 20 for head in heads)
    assert figures.heads_overloaded == sum(load[head] > 40 for head in heads)
    assert figures.heads_uncounted == sum(uncounted[head] > 0 for head in heads)


@settings(deadline=None)
@given(cities())
def test_places_add_up_to_the_city(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    community = inputs.places.building_community + 1
    by_place = gaps_by_place(chain, community, inputs.places.communities + 1)
    figures = figures_of(chain, LIMITS)
    assert by_place.households.sum(axis=0).tolist() == list(figures.households)
    assert by_place.uncounted.sum(axis=0).tolist() == list(figures.uncounted)


@pytest.mark.parametrize("seat", [-2, -1, 0])
@pytest.mark.parametrize("days", [60, 61])
@pytest.mark.parametrize("households", [40, 41, -1])
def test_a_building_without_unit_heads_has_the_class_the_map_shows(seat: int, days: int, households: int) -> None:
    backed = replace(town(heads=(seat,), households=(households,), days=days), stations=serving(1))
    wanted = head_class(
        in_roster=seat != NO_POST,
        held=seat >= 0,
        ending=days <= 60,
        load=None if households < 0 else households,
        alarm_households=40,
    )
    assert gaps(backed) == [wanted]
    assert [gap.value for gap in Gap][:5] == [one.value for one in HeadClass]


def test_a_door_hangs_on_one_person_until_somebody_else_could_stand_in() -> None:
    alone = town(heads=(0,), households=(30,))
    assert gaps(alone) == [Gap.SINGLE_POINT]
    assert gaps(replace(alone, stations=serving(0))) == [Gap.SINGLE_POINT]
    assert gaps(replace(alone, stations=serving(0, 1))) == [Gap.COVERED]
    assert gaps(replace(alone, teams=serving(1))) == [Gap.COVERED]
    assert gaps(replace(alone, teams=serving(1, compound=-1))) == [Gap.COVERED]


def test_a_neighbouring_head_stands_in_only_with_room_left() -> None:
    assert gaps(town(heads=(0, 1), households=(30, 10))) == [Gap.COVERED, Gap.COVERED]
    assert gaps(town(heads=(0, 1), households=(30, 11))) == [Gap.SINGLE_POINT, Gap.SINGLE_POINT]
    assert gaps(town(heads=(0, 1), households=(5, 38))) == [Gap.SINGLE_POINT, Gap.SINGLE_POINT]
    assert gaps(town(heads=(0, 1), households=(30, 10), compound=(0, 1))) == [Gap.SINGLE_POINT, Gap.SINGLE_POINT]
    assert gaps(town(heads=(0, 1), households=(30, -1))) == [Gap.SINGLE_POINT, Gap.COVERED]


@settings(deadline=None)
@given(cities())
def test_a_building_leaves_to_its_head_what_a_new_one_would_carry(inputs: DutyInputs) -> None:
    chain = duty_chain(inputs, LIMITS)
    known, uncounted = left_to_building(chain.parts, inputs.heads)
    for building in range(len(known)):
        heads = inputs.heads.building_head.copy()
        heads[building] = inputs.persons
        filled = replace(inputs, heads=replace(inputs.heads, building_head=heads), persons=inputs.persons + 1)
        after = duty_chain(filled, LIMITS)
        assert (known[building], uncounted[building]) == (after.load[-1], after.load_uncounted[-1])


def test_doors_without_a_head_are_told_from_doors_nobody_has_written_down() -> None:
    assert gaps(town(heads=(-1, -2), households=(30, 30))) == [Gap.NO_HEAD, Gap.UNKNOWN]
    figures = figures_of(duty_chain(town(heads=(-1, -2), households=(-1, 30)), LIMITS), LIMITS)
    assert figures.uncounted[Gap.NO_HEAD] == 1
    assert figures.households[Gap.UNKNOWN] == 30


def test_a_city_without_buildings_has_figures_of_nothing() -> None:
    figures = figures_of(duty_chain(town(heads=(), households=())))
    assert sum(figures.households) == sum(figures.buildings) == figures.heads == 0
