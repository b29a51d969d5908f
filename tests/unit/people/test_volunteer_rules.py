"""Weekly times of volunteers: read as people write them, checked and merged; what somebody offers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadInput
from geo.people.volunteer_rules import (
    Window,
    checked_offer,
    checked_windows,
    merged_windows,
    overlapping,
    parsed_windows,
    written_windows,
)

WINDOWS = st.builds(
    lambda day, begin, length: Window(day, begin, min(begin + length, 1440)),
    st.integers(0, 6), st.integers(0, 1439), st.integers(1, 600),
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("周一 09:00-11:30; 周三 14:00-16:00", [Window(0, 540, 690), Window(2, 840, 960)]),
        ("周一至周三 9:00-10:00", [Window(0, 540, 600), Window(1, 540, 600), Window(2, 540, 600)]),
        ("星期日14：00—16：00", None),
        ("星期天14：00-16：00", [Window(6, 840, 960)]),
        ("周末 上午", [Window(5, 480, 690), Window(6, 480, 690)]),
        ("周一、周五 8点半至10点", [Window(0, 510, 600), Window(4, 510, 600)]),
        ("Mon 9:00-11:00, 14:00-15:00", [Window(0, 540, 660), Window(0, 840, 900)]),
        ("sat-sun 10 to 12", [Window(5, 600, 720), Window(6, 600, 720)]),
        ("周六-周一 9:00-10:00", [Window(0, 540, 600), Window(5, 540, 600), Window(6, 540, 600)]),
        ("每天 19:00-24:00", [Window(day, 1140, 1440) for day in range(7)]),
        ("周一 11:00-09:00", None),
        ("周一", None),
        ("有空就来", None),
        ("周一 9:00-10:00 除了雨天", None),
        ("周一 25:00-26:00", None),
        ("", None),
    ],
)
def test_times_are_read_as_people_write_them(written: str, read: list[Window] | None) -> None:
    assert parsed_windows(written) == read


@given(st.lists(WINDOWS, min_size=1, max_size=12))
def test_merged_times_never_overlap_and_cover_the_same_minutes(windows: list[Window]) -> None:
    merged = merged_windows(windows)
    assert overlapping(merged) == []
    assert checked_windows(merged) == merged

    def minutes(some: list[Window]) -> set[int]:
        return {window.weekday * 1440 + m for window in some for m in range(window.from_minute, window.to_minute)}

    assert minutes(merged) == minutes(windows)
    assert parsed_windows(written_windows(merged)) == merged


def test_the_message_names_the_times_that_overlap() -> None:
    with pytest.raises(BadInput, match="Monday 09:00–12:00 and Monday 11:30–13:00 overlap"):
        checked_windows([Window(0, 690, 780), Window(0, 540, 720), Window(1, 690, 780)])


@pytest.mark.parametrize("window", [Window(0, 600, 600), Window(0, 700, 600), Window(7, 0, 60), Window(0, 0, 1441)])
def test_a_time_outside_a_day_is_refused(window: Window) -> None:
    with pytest.raises(BadInput, match="is no time of a day"):
        checked_windows([window])


@pytest.mark.parametrize(
    "offer",
    [{"hours_week": -1}, {"hours_week": 61}, {"limit_m": 10}, {"birth_year": 1700}, {"skills": ["flying"]},
     {"building_id": None, "unit_id": 3}],
)  # fmt: skip
def test_an_offer_nobody_can_mean_is_refused(offer: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        checked_offer(offer)


def test_what_is_not_said_is_not_checked() -> None:
    assert checked_offer({"limit_m": None, "unit_id": 3}) == {"limit_m": None, "unit_id": 3}
