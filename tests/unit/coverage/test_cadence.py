"""The rhythm of visits: every class at its edges, and counts that add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.cadence import NEVER, NOT_KNOWN, UNKNOWN_RISK, Cadence, Rhythm, cadence_by_risk, cadence_kept
from tests.unit.coverage.cities import ints

RHYTHM = Rhythm(ints(7, 30, 90), ints(1, -1, -1))


@pytest.mark.parametrize(
    ("last", "risk", "found"),
    [
        (1000, 0, Cadence.KEPT),
        (1000 - 7, 0, Cadence.DUE),
        (1000 - 8, 0, Cadence.OVERDUE),
        (1003 - 7, 0, Cadence.DUE),
        (1004 - 7, 0, Cadence.KEPT),
        (1000 - 31, 1, Cadence.OVERDUE),
        (1000 - 31, 2, Cadence.KEPT),
        (NEVER, 0, Cadence.NEVER),
        (NEVER, UNKNOWN_RISK, Cadence.NEVER),
        (NOT_KNOWN, 0, Cadence.UNKNOWN),
        (1000, UNKNOWN_RISK, Cadence.UNKNOWN),
    ],
)
def test_each_class_begins_where_it_says(last: int, risk: int, found: Cadence) -> None:
    kept = cadence_kept(ints(last), ints(risk), RHYTHM, today=1000, due_until=1003)
    assert kept.cadence.tolist() == [found]


@pytest.mark.parametrize(
    ("changed", "risk", "due"), [(999, 0, 1000), (997, 0, 1005), (999, 1, 1028), (NEVER, 0, 1005), (998, 0, 1005)]
)
def test_after_a_major_change_somebody_comes_within_a_day_at_high_risk(changed: int, risk: int, due: int) -> None:
    kept = cadence_kept(ints(998), ints(risk), RHYTHM, today=1000, due_until=1003, changed_day=ints(changed))
    assert kept.due_day.tolist() == [due]


LAST = st.sampled_from([NEVER, NOT_KNOWN]) | st.integers(800, 1000)


@settings(deadline=None)
@given(st.lists(st.tuples(LAST, st.integers(-1, 2)), max_size=20))
def test_every_need_is_counted_once(needs: list[tuple[int, int]]) -> None:
    last, risk = ints(*(one for one, _risk in needs)), ints(*(one for _last, one in needs))
    kept = cadence_kept(last, risk, RHYTHM, today=1000, due_until=1003)
    counts = cadence_by_risk(kept.cadence, risk, 3)
    assert counts.sum() == len(needs)
    assert counts[3].sum() == (risk == UNKNOWN_RISK).sum()
    assert counts[:, Cadence.NEVER].sum() == (last == NEVER).sum()
    assert np.isin(kept.due_day[kept.cadence == Cadence.OVERDUE], np.arange(800, 1000)).all()
