"""What if: every step and all steps together equal the city computed anew."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.duty_chain import duty_chain
from geo.coverage.duty_figures import figures_of
from geo.coverage.duty_inputs import DutyInputs, Gap, Limits
from geo.coverage.what_if import Change, JoinsTeam, Leaves, TakesPost, Today, WhatIf
from tests.unit.coverage.cities import cities
from tests.unit.coverage.test_absence import without
from tests.unit.coverage.test_duty_chain import serving, town

LIMITS = Limits()


@st.composite
def stories(draw: st.DrawFn) -> tuple[DutyInputs, list[Change]]:
    city = draw(cities())
    places, changes = city.places, []
    person = st.integers(0, city.persons + 1)
    for _step in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from([Leaves, TakesPost, JoinsTeam]))
        if kind is TakesPost and len(places.unit_building) and draw(st.booleans()):
            unit = draw(st.integers(0, len(places.unit_building) - 1))
            changes.append(TakesPost(draw(person), int(places.unit_building[unit]), unit))
        elif kind is TakesPost:
            changes.append(TakesPost(draw(person), draw(st.integers(0, len(places.building_compound) - 1))))
        elif kind is JoinsTeam and len(city.teams.lead):
            changes.append(JoinsTeam(draw(person), draw(st.integers(0, len(city.teams.lead) - 1))))
        else:
            changes.append(Leaves(draw(person)))
    return city, changes


@settings(deadline=None)
@given(stories())
def test_every_step_and_all_together_equal_the_city_computed_anew(story: tuple[DutyInputs, list[Change]]) -> None:
    city, changes = story
    today = Today(city, LIMITS)
    asked = WhatIf(today)
    assert [asked.newcomer(), asked.newcomer()] == [city.persons, city.persons + 1]
    before = today.chain
    for change in changes:
        effect = asked.apply(change)
        after = duty_chain(asked.inputs, LIMITS)
        for places, gaps, was, now in (
            (effect.buildings, effect.building_gap, before.building_gap, after.building_gap),
            (effect.units, effect.unit_gap, before.unit_gap, after.unit_gap),
        ):
            order = np.argsort(places)
            assert places[order].tolist() == np.flatnonzero(was != now).tolist()
            assert gaps[order].tolist() == now[was != now].tolist()
        assert effect.figures == figures_of(after, LIMITS)
        before = after
    whole = asked.so_far()
    assert sorted(whole.buildings.tolist()) == np.flatnonzero(today.chain.building_gap != before.building_gap).tolist()
    assert whole.building_gap.tolist() == before.building_gap[whole.buildings].tolist()
    assert whole.unit_gap.tolist() == before.unit_gap[whole.units].tolist()
    assert (duty_chain(city, LIMITS).building_gap == today.chain.building_gap).all()


@settings(deadline=None)
@given(cities(), st.integers(0, 6))
def test_leaving_is_the_city_without_that_person(city: DutyInputs, seat: int) -> None:
    asked = WhatIf(Today(city, LIMITS))
    effect = asked.apply(Leaves(seat % city.persons))
    assert effect.figures == figures_of(duty_chain(without(city, seat % city.persons), LIMITS), LIMITS)


def test_a_change_far_away_is_seen_where_the_same_head_has_other_doors() -> None:
    city = town(heads=(0, 0, -1), households=(30, 5, 10), compound=(0, 1, 2))
    asked = WhatIf(Today(replace(city, stations=serving(1, compound=2)), LIMITS))
    effect = asked.apply(TakesPost(0, building=2))
    assert dict(zip(effect.buildings.tolist(), effect.building_gap.tolist(), strict=True)) == {
        0: Gap.OVERLOADED, 1: Gap.OVERLOADED, 2: Gap.OVERLOADED,
    }  # fmt: skip
    assert asked.apply(TakesPost(asked.newcomer(), building=0)).building_gap.tolist() == [
        Gap.SINGLE_POINT, Gap.SINGLE_POINT, Gap.COVERED,
    ]  # fmt: skip
