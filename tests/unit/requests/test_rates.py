"""The three rates: intervals that hold the share, weights of the city, no rank on few calls."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.requests.numbers import DEFAULTS
from geo.requests.rates import Counts, Rate, ranks, rates_of, wilson


@given(st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.floats(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_between_none_and_all(drawn: tuple[float, int]) -> None:
    successes, count = drawn
    low, high = wilson(successes, count)
    assert 0 <= low <= successes / count + 1e-9
    assert successes / count - 1e-9 <= high <= 1


def test_intervals_are_those_of_the_textbook() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)


def test_the_weights_of_the_city_make_the_composite() -> None:
    counts = Counts(called=20, responded=20, solved=10, satisfied=5, basically=10)
    found = rates_of(counts, DEFAULTS)
    assert found.satisfaction.value == pytest.approx(0.7)
    assert found.composite.value == pytest.approx(0.1 * 1 + 0.5 * 0.5 + 0.4 * 0.7)
    own = rates_of(counts, DEFAULTS | {"basically_satisfied": 1, "weight_response": 0, "weight_resolution": 0})
    assert own.composite.value == own.satisfaction.value == 0.75


def test_nobody_called_is_no_rate_and_few_are_no_rank() -> None:
    nobody = rates_of(Counts(0, 0, 0, 0, 0), DEFAULTS)
    assert nobody.response == nobody.composite == Rate(None, None, None)
    few, many = rates_of(Counts(19, 19, 19, 19, 0), DEFAULTS), rates_of(Counts(20, 9, 9, 9, 0), DEFAULTS)
    assert ranks([few, nobody, many], 20) == [None, None, 1]
