"""Every way exports write a moment is read to the second; what is none is None."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from geo.exchange.moments import is_day_first, parsed_moment

SHANGHAI, LOS_ANGELES = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")
FIVE_PAST_ONE = datetime(2026, 1, 2, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-02 13:05", "2026-01-02T13:05:00", "2026-01-02T13:05:00.000", "2026-01-02T05:05:00Z",
        "2026-01-02T13:05:00+08:00", "2026-01-02 13:05:00+0800", "2026/1/2 13:05", "2026.1.2 13:05:00",
        "2026年1月2日 13:05", "2026年1月2日13时05分", "2026年1月2日13时5分00秒", "2026年01月02日 下午1:05",
        "2026年1月2日 下午1点05分",
        "1/2/2026 1:05 PM", "1/2/26 13:05", "01/02/2026 01:05:00 p.m.", "20260102130500", "20260102 1305",
        "46024.545138888891", " 2026－01－02　13：05 ",
    ],
)  # fmt: skip
def test_one_moment_in_many_writings(written: str) -> None:
    assert parsed_moment(written, SHANGHAI) == FIVE_PAST_ONE


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/1/20 0:05", datetime(2020, 1, 1, 8, 5, tzinfo=UTC)),
        ("12/31/2017 11:59:58 PM", datetime(2018, 1, 1, 7, 59, 58, tzinfo=UTC)),
        ("12/31/2017 12:00:00 AM", datetime(2017, 12, 31, 8, 0, tzinfo=UTC)),
        ("7/1/2017 12:30 PM", datetime(2017, 7, 1, 19, 30, tzinfo=UTC)),
        ("2017-07-01", datetime(2017, 7, 1, 7, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_one_of_the_city(written: str, meant: datetime) -> None:
    assert parsed_moment(written, LOS_ANGELES) == meant


@pytest.mark.parametrize(
    "written", ["", "soon", "2026-13-01", "2026-02-30 10:00", "25:00", "2026-01-02 25:00", "1", "99999", "0000-00-00"]
)
def test_what_is_no_moment_is_none(written: str) -> None:
    assert parsed_moment(written, SHANGHAI) is None


def test_a_column_tells_by_its_own_days_whether_the_day_stands_first() -> None:
    assert is_day_first(["3/4/2026", "13/4/2026"]) is True
    assert is_day_first(["3/4/2026", "3/14/2026"]) is False
    assert is_day_first(["3/4/2026", "2026-01-13"]) is None
    assert parsed_moment("2/1/2026 13:05", SHANGHAI, day_first=True) == FIVE_PAST_ONE
