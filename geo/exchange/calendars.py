"""iCalendar files (RFC 5545): the shifts of a volunteer, for the calendar on their telephone."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from geo.errors import BadInput
from geo.i18n import N_

MAKER = "-//Yizhan//Rota//EN"
ZONE = "Asia/Shanghai"
NAMES = UUID("5b1d1c1e-6f0e-5a5e-9d1c-2f6f0a6d7c11")
"""The space in which keys of shifts become names of events: the same key is the same event in every file."""
NO_CLOCK = N_("A calendar file carries the moment it was made. Give it with its time zone.")


class Entry(NamedTuple):
    """One shift as it is shown: a key that never changes, the day, minutes of the day, and two labels.

    title: what is done, with the number of the need; place: a label of the place. Both go into the file as they are and
    onto a server of the volunteer's choice, so they name no person.
    """

    key: str
    on: date
    start: int
    end: int
    title: str
    place: str
    cancelled: bool = False


def calendar_file(entries: Iterable[Entry], name: str, *, made_at: datetime, zone: str = ZONE) -> bytes:
    """Return a calendar file of the entries, in order of time.

    name: of the calendar; made_at: when it is made (with its time zone): of two files with the same entry the later one
    counts; zone: the time zone in which days and minutes are meant. Raises BadInput for a moment without a zone.

    >>> shift = Entry("shift-7", date(2026, 11, 23), 540, 600, "visit K7P3QX", "3号楼")
    >>> made = calendar_file([shift], "Rota", made_at=datetime(2026, 11, 20, tzinfo=UTC)).decode()
    >>> "DTSTART;TZID=Asia/Shanghai:20261123T090000" in made, "LOCATION:3号楼" in made
    (True, True)
    """
    if made_at.tzinfo is None:
        raise BadInput(NO_CLOCK)
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in sorted(entries, key=lambda one: (one.on, one.start, one.key)):
        calendar.add_component(_event(entry, made_at.astimezone(UTC), ZoneInfo(zone)))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry, made_at: datetime, zone: ZoneInfo) -> Event:
    midnight = datetime.combine(entry.on, time())
    event = Event()
    event.add("uid", f"{uuid5(NAMES, entry.key)}@yizhan")
    event.add("dtstamp", made_at)
    event.add("sequence", int(made_at.timestamp()) // 60)
    event.add("dtstart", (midnight + timedelta(minutes=entry.start)).replace(tzinfo=zone))
    event.add("dtend", (midnight + timedelta(minutes=entry.end)).replace(tzinfo=zone))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
