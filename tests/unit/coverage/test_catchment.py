"""Floating catchments: equal to PySAL's, and nothing is shared out twice or lost."""

import numpy as np
import pandas as pd
import pytest
from access import fca, weights
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.catchment import Decay, catchment
from geo.coverage.nearest import Within
from geo.errors import BadInput

PLACES, SUPPLIERS = 400, 30


def town(seed: int) -> tuple[Within, np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    metres = dice.uniform(0, 3000, (PLACES, SUPPLIERS))
    place, supplier = np.nonzero(metres <= 1000)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=PLACES))])
    reach = Within(indptr, supplier.astype(np.int32), metres[place, supplier])
    return reach, dice.integers(1, 80, PLACES).astype(float), dice.integers(1, 500, SUPPLIERS).astype(float)


DECAYS = [
    (Decay.even(1000), None),
    (Decay.even(600), None),
    (Decay.steps((300, 500, 1000)), weights.step_fn({300: 1, 500: 0.68, 1000: 0.22})),
    (Decay.steps((240, 480, 720), (1.0, 0.42, 0.09)), weights.step_fn({240: 1, 480: 0.42, 720: 0.09})),
    (Decay.bell(1000), weights.gaussian(1000 / 3)),
    (Decay.bell(800, 500), weights.gaussian(500)),
]


@pytest.mark.parametrize(("decay", "weight"), DECAYS)
@pytest.mark.parametrize("seed", [1, 2])
def test_access_is_that_of_pysal(decay: Decay, weight: object, seed: int) -> None:
    reach, need, supply = town(seed)
    costs = pd.DataFrame({"origin": reach.source(), "dest": reach.target, "cost": reach.metres})
    theirs = fca.two_stage_fca(
        pd.DataFrame({"demand": need}, index=pd.RangeIndex(PLACES, name="geoid")).reset_index(),
        pd.DataFrame({"supply": supply}, index=pd.RangeIndex(SUPPLIERS, name="dest")),
        costs,
        max_cost=decay.limits_m[-1],
        weight_fn=weight,
    )
    ours = catchment(reach, need, supply, decay).access
    np.testing.assert_allclose(ours[theirs.index], theirs.to_numpy(), rtol=1e-12, atol=0)
    assert not ours[np.setdiff1d(np.arange(PLACES), theirs.index)].any()


@st.composite
def reaches(draw: st.DrawFn) -> tuple[Within, np.ndarray, np.ndarray]:
    suppliers = draw(st.integers(1, 5))
    rows = draw(st.lists(st.sets(st.integers(0, suppliers - 1)), min_size=1, max_size=8))
    many = sum(map(len, rows))
    metres = draw(st.lists(st.floats(0, 1200), min_size=many, max_size=many))
    need = draw(st.lists(st.sampled_from([0.0, 1.0, 17.5, np.nan]), min_size=len(rows), max_size=len(rows)))
    supply = draw(st.lists(st.sampled_from([0.0, 3.0, 250.0]), min_size=suppliers, max_size=suppliers))
    targets = np.array([one for row in rows for one in sorted(row)], dtype=np.int32)
    reach = Within(np.cumsum([0, *map(len, rows)]), targets, np.array(metres, dtype=float))
    return reach, np.array(need), np.array(supply)


@settings(deadline=None)
@given(reaches(), st.sampled_from([decay for decay, _weight in DECAYS]))
def test_what_all_places_have_together_is_the_supply_that_is_reached(
    case: tuple[Within, np.ndarray, np.ndarray], decay: Decay
) -> None:
    reach, need, supply = case
    found = catchment(reach, need, supply, decay)
    assert np.nansum(need * found.access) == pytest.approx(found.reached, rel=1e-9)
    weight, place = decay.of(reach.metres), reach.source()
    reached = {
        int(one) for one, at, much in zip(reach.target, place, weight, strict=True) if much > 0 and need[at] > 0
    }
    assert found.reached == pytest.approx(sum(supply[one] for one in reached))
    assert set(found.idle.tolist()) == set(range(len(supply))) - reached
    near = {int(at) for at, much in zip(place, weight, strict=True) if much > 0}
    assert found.unknown == sum(np.isnan(need[at]) for at in near)


def test_a_ring_ends_where_it_says() -> None:
    rings = Decay.steps((300, 500), (1.0, 0.5))
    assert rings.of(np.array([300.0, 300.1, 500.0, 500.1])).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert Decay.bell(500).of(np.array([0.0, 501.0])).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("rings", [((), ()), ((300,), (1.0, 0.5)), ((500, 300), (1.0, 0.5)), ((300,), (-1.0,))])
def test_odd_rings_are_refused(rings: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    with pytest.raises(BadInput):
        Decay.steps(*rings)
