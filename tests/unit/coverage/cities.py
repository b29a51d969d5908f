"""Small cities for the engines of coverage: random ones for properties, and one written out."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from geo.coverage.duty_inputs import OPEN_ENDED, DutyInputs, Heads, Ints, Places, Service


def ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True)
class Size:
    """How many of each there are."""

    communities: int
    compounds: int
    buildings: int
    units: int
    persons: int


@st.composite
def services(draw: st.DrawFn, size: Size) -> Service:
    many = draw(st.integers(0, 4))
    community = st.integers(0, size.communities - 1)
    compound = [draw(st.integers(-1, size.compounds - 1)) for _one in range(many)]
    members = [draw(st.lists(st.integers(0, size.persons - 1), max_size=2)) for _one in range(many)]
    return Service(
        compound=ints(*compound),
        community=ints(*(draw(community) for _one in range(many))),
        lead=ints(*(draw(st.integers(-2, size.persons - 1)) for _one in range(many))),
        indptr=np.cumsum([0, *map(len, members)]).astype(np.int64),
        members=ints(*(person for crew in members for person in crew)),
    )


@st.composite
def cities(draw: st.DrawFn) -> DutyInputs:
    """Draw a city whose buildings count at least what their units do; many things in it are unknown."""
    size = Size(*(draw(st.integers(*limits)) for limits in ((1, 2), (1, 4), (1, 8), (0, 12), (1, 7))))
    unit_building = [draw(st.integers(0, size.buildings - 1)) for _unit in range(size.units)]
    unit_households = [draw(st.sampled_from([-1, 0, 6, 12, 25])) for _unit in range(size.units)]
    in_units = [0] * size.buildings
    for building, households in zip(unit_building, unit_households, strict=True):
        in_units[building] += max(households, 0)
    head, days = st.integers(-2, size.persons - 1), st.sampled_from([0, 10, 60, 61, OPEN_ENDED])
    compound, community = st.integers(-1, size.compounds - 1), st.integers(-1, size.communities - 1)
    more = st.sampled_from([None, 0, 5, 18])
    beyond = [draw(more) for _building in in_units]
    places = Places(
        unit_building=ints(*unit_building),
        unit_households=ints(*unit_households),
        building_compound=ints(*(draw(compound) for _building in in_units)),
        building_community=ints(*(draw(community) for _building in in_units)),
        building_households=ints(
            *(-1 if extra is None else known + extra for known, extra in zip(in_units, beyond, strict=True))
        ),
        compounds=size.compounds,
        communities=size.communities,
    )
    heads = Heads(
        unit_head=ints(*(draw(head) for _unit in unit_building)),
        unit_days_left=ints(*(draw(days) for _unit in unit_building)),
        building_head=ints(*(draw(head) for _building in in_units)),
        building_days_left=ints(*(draw(days) for _building in in_units)),
    )
    return DutyInputs(places, heads, draw(services(size)), draw(services(size)), size.persons)
