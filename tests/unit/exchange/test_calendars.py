"""Calendar files: read back by a calendar they hold the same times, names that never change, and no more than given."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from icalendar import Calendar

from geo.errors import BadInput
from geo.exchange.calendars import Entry, calendar_file

MADE_AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
SHIFT = Entry("shift-7", date(2026, 11, 23), 540, 600, "visit K7P3QX", "3号楼")
TEXTS = some.text(some.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=90)


def events(file: bytes) -> list[Calendar]:
    return list(Calendar.from_ical(file).walk("VEVENT"))


@settings(max_examples=60, deadline=None)
@given(some.dates(date(2020, 1, 1), date(2035, 1, 1)), some.integers(0, 1439), some.integers(1, 300), TEXTS, TEXTS)
def test_what_is_written_is_read_back(on: date, start: int, minutes: int, title: str, place: str) -> None:
    end = min(start + minutes, 1440)
    [event] = events(calendar_file([Entry("a", on, start, end, title, place)], "Rota", made_at=MADE_AT))
    begin = datetime(on.year, on.month, on.day, tzinfo=timezone(timedelta(hours=8))) + timedelta(minutes=start)
    assert event["dtstart"].dt == begin
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=end - start)
    assert (str(event["summary"]), str(event["location"])) == (title, place)


def test_the_same_shift_is_the_same_event_and_a_later_file_counts() -> None:
    [first] = events(calendar_file([SHIFT], "Rota", made_at=MADE_AT))
    moved = SHIFT._replace(start=600, end=660)
    [second] = events(calendar_file([moved], "Rota", made_at=MADE_AT + timedelta(minutes=1)))
    [other] = events(calendar_file([SHIFT._replace(key="shift-8")], "Rota", made_at=MADE_AT))
    assert first["uid"] == second["uid"] != other["uid"]
    assert second["sequence"] > first["sequence"]
    assert second["dtstamp"].dt > first["dtstamp"].dt


def test_the_time_zone_is_in_the_file_and_can_be_another() -> None:
    file = calendar_file([SHIFT], "Rota", made_at=MADE_AT, zone="Europe/Vaduz")
    [zone] = Calendar.from_ical(file).walk("VTIMEZONE")
    assert str(zone["tzid"]) == "Europe/Vaduz"
    [event] = events(file)
    assert event["dtstart"].dt.utcoffset() == timedelta(hours=1)


def test_events_are_in_order_and_a_cancelled_one_says_so() -> None:
    later = SHIFT._replace(key="shift-9", on=date(2026, 11, 24), cancelled=True)
    found = events(calendar_file([later, SHIFT], "Rota", made_at=MADE_AT))
    assert [str(event["status"]) for event in found] == ["CONFIRMED", "CANCELLED"]


def test_nothing_is_in_the_file_but_what_was_given() -> None:
    [event] = events(calendar_file([SHIFT], "Rota", made_at=MADE_AT))
    assert set(event) == {
        "UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "CLASS", "STATUS",
    }  # fmt: skip


def test_no_shifts_are_an_empty_calendar() -> None:
    assert events(calendar_file([], "Rota", made_at=MADE_AT)) == []


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput):
        calendar_file([SHIFT], "Rota", made_at=datetime(2026, 11, 20))  # noqa: DTZ001
