"""Class arrays in the real database: what is patched after a change equals what is computed whole."""

from typing import Any

import pytest

from geo.access.actor import DEMO_ADMINISTRATOR
from geo.briefing import class_arrays
from geo.briefing.class_arrays import KINDS, ClassArrays
from geo.people import writes
from geo.people.rules import HeadClass
from geo.planning import writes as planning
from geo.store.session import writing
from tests.store.small_city import NORTH_ORGANISER, TODAY, SmallCity, build


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def _assign(**given: Any) -> int:
    with writing(DEMO_ADMINISTRATOR) as session:
        return writes.assign_head(session, from_on=TODAY, reason="election", **given)


def _class_of(arrays: ClassArrays, building_id: int) -> HeadClass:
    array = arrays.current(DEMO_ADMINISTRATOR, "building", TODAY)
    return HeadClass(array.values[building_id - array.first])


def test_a_unit_head_relieves_every_building_of_the_head_beside(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_arrays, "LATE_ENTRIES", 0)
    arrays = ClassArrays()
    for code in ("north-b1", "north-b2"):
        _assign(building_id=city[code], name="王建国", phone="13800001234")
    assert _class_of(arrays, city["north-b1"]) == HeadClass.OVERLOADED
    for code, name in (("north-u1", "李秀英"), ("north-u2", "赵敏")):
        _assign(unit_id=city[code], name=name)
    assert _class_of(arrays, city["north-b1"]) == HeadClass.HAS_HEAD
    assert _class_of(arrays, city["north-b2"]) == HeadClass.HAS_HEAD


@pytest.mark.parametrize("kind", KINDS)
def test_patches_lead_to_what_a_fresh_look_finds(city: SmallCity, kind: str) -> None:
    patched = ClassArrays()
    patched.current(DEMO_ADMINISTRATOR, kind, TODAY)
    holding = _assign(building_id=city["north-b1"], name="王建国")
    _assign(building_id=city["south-b2"], name="李秀英")
    _assign(unit_id=city["north-u1"], name="赵敏")
    patched.current(DEMO_ADMINISTRATOR, kind, TODAY)
    with writing(DEMO_ADMINISTRATOR) as session:
        writes.end_holding(session, holding, on=TODAY, reason="moved away")
    after = patched.current(DEMO_ADMINISTRATOR, kind, TODAY)
    whole = ClassArrays().current(DEMO_ADMINISTRATOR, kind, TODAY)
    assert after.values.tolist() == whole.values.tolist()
    assert len(after.patches) == 2


def test_a_change_whose_entry_an_organiser_may_not_see_still_reaches_their_map(city: SmallCity) -> None:
    arrays = ClassArrays()
    _assign(building_id=city["north-b1"], name="王建国")
    arrays.current(NORTH_ORGANISER, "building", TODAY)
    with writing(DEMO_ADMINISTRATOR) as session:
        planning.set_parameter(session, "head_alarm_households", 25, expected_version=0)
    array = arrays.current(NORTH_ORGANISER, "building", TODAY)
    assert array.values[city["north-b1"] - array.first] == HeadClass.OVERLOADED
