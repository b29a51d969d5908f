"""Rules of volunteers: the words of skills and weekdays, and weekly times that never overlap."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from geo.errors import BadInput
from geo.i18n import N_, _, listed
from geo.people.tables import DAY_MINUTES, SKILLS, WEEKDAYS

SKILL_LABELS = {
    "company": N_("keeping company"),
    "shopping": N_("shopping"),
    "medicine": N_("fetching medicine"),
    "cooking": N_("cooking"),
    "nursing": N_("nursing"),
    "repair": N_("repairs"),
    "mediation": N_("mediation"),
    "policy_talk": N_("policy talks"),
}
STATUS_LABELS = {"active": N_("active"), "paused": N_("paused"), "ended": N_("ended")}
FIELD_LABELS = {
    "team_id": N_("Team"),
    "building_id": N_("Building"),
    "unit_id": N_("Unit"),
    "skills": N_("Skills"),
    "hours_week": N_("Hours a week"),
    "limit_m": N_("Walks at most"),
    "birth_year": N_("Year of birth"),
    "party_member": N_("Party member"),
    "checked_in_on": N_("Checked in on"),
    "status": N_("Status"),
    "closed_on": N_("Ended on"),
    "times": N_("Times"),
}
WEEKDAY_LABELS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
HOUR = 60
PLAUSIBLE_HOURS_WEEK = 60
"""More hours a week than this are told as doubtful: nobody gives them beside a life."""
SIGNS = "一二三四五六日天"
ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE_WEEK, WORKDAYS, WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
SPANS = {
    "每天": WHOLE_WEEK, "每日": WHOLE_WEEK, "天天": WHOLE_WEEK, "daily": WHOLE_WEEK, "everyday": WHOLE_WEEK,
    "工作日": WORKDAYS, "平日": WORKDAYS, "weekdays": WORKDAYS, "周末": WEEKEND, "双休日": WEEKEND, "weekend": WEEKEND,
    "weekends": WEEKEND,
}  # fmt: skip
PARTS = {"上午": (480, 690), "下午": (840, 1020), "晚上": (1110, 1230), "全天": (480, 1020)}
A_TIME, UNTIL = r"(\d{1,2})(?:[:.点时](\d{2})?分?)?(半)?", r"\s*(?:-|~|至|到|to)\s*"
HOURS = re.compile(f"{A_TIME}{UNTIL}{A_TIME}")
A_DAY = r"(?:周|星期|礼拜)?[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
DAYS = re.compile(f"({A_DAY})(?:{UNTIL}({A_DAY}))?")
BETWEEN = re.compile(r"[;；\n|]+|(?<=[\d半点分时])[,，、\s]+(?=周|星期|礼拜|mon|tue|wed|thu|fri|sat|sun)")


ACTION_LABELS = {
    "enrol_volunteer": N_("Volunteer recorded"),
    "change_volunteer": N_("Volunteer changed"),
    "set_volunteer_times": N_("Times of a volunteer changed"),
    "set_volunteer_status": N_("Volunteer paused, ended or taken up again"),
    "record_hours": N_("Hours recorded"),
    "confirm_hours": N_("Hours confirmed"),
    "drop_hours": N_("Hours taken back"),
}
"""The words of what the log says about volunteers."""
LIMITS = {"hours_week": (0, PLAUSIBLE_HOURS_WEEK), "limit_m": (50, 20_000), "birth_year": (1890, 2200)}


class Window(NamedTuple):
    """A weekly time: weekday 0 is Monday, minutes after midnight, the end excluded."""

    weekday: int
    from_minute: int
    to_minute: int


def clock_words(minute: int) -> str:
    """Return a minute of the day as a clock shows it.

    >>> clock_words(545), clock_words(1440)
    ('09:05', '24:00')
    """
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


def clock_span(window: Window) -> str:
    """Return the hours of a weekly time.

    >>> clock_span(Window(0, 540, 690))
    '09:00–11:30'
    """
    return f"{clock_words(window.from_minute)}–{clock_words(window.to_minute)}"


def window_words(window: Window) -> str:
    """Return a weekly time in words, in the language of the current context.

    >>> window_words(Window(0, 540, 690))
    'Monday 09:00–11:30'
    """
    return f"{_(WEEKDAY_LABELS[window.weekday])} {clock_span(window)}"


def checked_windows(windows: Iterable[Window]) -> list[Window]:
    """Return weekly times in order; raises BadInput for one that ends before it begins, or that overlaps another.

    >>> checked_windows([Window(2, 840, 900), Window(0, 540, 690)])[0].weekday
    0
    """
    ordered = sorted(windows)
    for window in ordered:
        if not (0 <= window.weekday < WEEKDAYS and 0 <= window.from_minute < window.to_minute <= DAY_MINUTES):
            raise BadInput(
                N_("{time} is no time of a day: it has to end after it begins. Correct it, then save again."),
                time=window_words(Window(window.weekday % WEEKDAYS, window.from_minute, window.to_minute)),
            )
    for first, second in overlapping(ordered):
        raise BadInput(
            N_("{first} and {second} overlap. Make one time of them, or shorten one, then save again."),
            first=window_words(first),
            second=window_words(second),
        )
    return ordered


def checked_offer(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody offers as it is kept; raises BadInput for skills nobody knows and numbers out of range.

    >>> checked_offer({"skills": ("repair", "company"), "hours_week": 2})["skills"]
    ['company', 'repair']
    """
    found = dict(values)
    if "skills" in found:
        if set(found["skills"]) - set(SKILLS):
            raise BadInput(N_("Choose the skills from the list."))
        found["skills"] = [skill for skill in SKILLS if skill in found["skills"]]
    for name, (low, high) in LIMITS.items():
        value = found.get(name)
        if value is not None and not low <= value <= high:
            raise BadInput(
                N_("{field} is a number from {low} to {high}. Correct it, then save again."),
                field=_(FIELD_LABELS[name]),
                low=low,
                high=high,
            )
    if found.get("unit_id") is not None and "building_id" in found and found["building_id"] is None:
        raise BadInput(N_("A unit belongs to a building: choose the building too."))
    return found


def overlapping(windows: Iterable[Window]) -> list[tuple[Window, Window]]:
    """Return the pairs of neighbouring times of one day that overlap; times that only touch do not.

    >>> overlapping([Window(0, 540, 690), Window(0, 690, 720), Window(0, 600, 660)])
    [(Window(weekday=0, from_minute=540, to_minute=690), Window(weekday=0, from_minute=600, to_minute=660))]
    """
    found: list[tuple[Window, Window]] = []
    longest: Window | None = None
    for window in sorted(windows):
        if longest is None or longest.weekday != window.weekday or longest.to_minute <= window.from_minute:
            longest = window
            continue
        found.append((longest, window))
        longest = max(longest, window, key=lambda one: one.to_minute)
    return found


def merged_windows(windows: Iterable[Window]) -> list[Window]:
    """Return times in order with overlapping and touching ones made one.

    >>> merged_windows([Window(0, 540, 690), Window(0, 600, 720)])
    [Window(weekday=0, from_minute=540, to_minute=720)]
    """
    merged: list[Window] = []
    for window in sorted(windows):
        last = merged[-1] if merged else None
        if last is not None and last.weekday == window.weekday and window.from_minute <= last.to_minute:
            merged[-1] = last._replace(to_minute=max(last.to_minute, window.to_minute))
        else:
            merged.append(window)
    return merged


def parsed_windows(written: str) -> list[Window] | None:
    """Return the weekly times a cell means, as they are written; None when a part of it cannot be read.

    Parts are divided by semicolons; each names days, alone or as a span, and hours or a part of the day.

    >>> parsed_windows("周一 09:00-11:30; 周三 14:00-16:00")[1]
    Window(weekday=2, from_minute=840, to_minute=960)
    >>> parsed_windows("周六上午"), len(parsed_windows("Mon-Fri 9-11")), parsed_windows("whenever")
    ([Window(weekday=5, from_minute=480, to_minute=690)], 5, None)
    """
    found: list[Window] = []
    for part in BETWEEN.split(unicodedata.normalize("NFKC", written).casefold()):
        if part.strip():
            read = _read_part(part.strip())
            if not read:
                return None
            found += read
    return found or None


def _read_part(part: str) -> list[Window]:
    days, rest = _days(part)
    times = [time for match in HOURS.finditer(rest) if (time := _minutes(match)) is not None]
    left = HOURS.sub("", rest)
    times += [minutes for word, minutes in PARTS.items() if word in left and not HOURS.search(rest)]
    for word in PARTS:
        left = left.replace(word, "")
    if left.strip(" ,、，/和and:") or not times:
        return []
    return [Window(day, *time) for day in days for time in times]


def _days(part: str) -> tuple[list[int], str]:
    for word, span in SPANS.items():
        if part.startswith(word):
            return list(span), part[len(word) :]
    days: list[int] = []
    rest = part
    while match := DAYS.match(rest):
        first, last = _day(match[1]), _day(match[2] or match[1])
        days += range(first, last + 1) if first <= last else [*range(first, WEEKDAYS), *range(last + 1)]
        rest = rest[match.end() :].lstrip(" ,、，/和")
    return sorted(set(days)), rest


def _day(written: str) -> int:
    if written[:3] in ENGLISH:
        return ENGLISH.index(written[:3])
    return min(SIGNS.index(written[-1]), WEEKDAYS - 1)


def _minutes(match: re.Match[str]) -> tuple[int, int] | None:
    hour, minute, half, to_hour, to_minute, to_half = match.groups()
    begin = int(hour) * HOUR + (HOUR // 2 if half else int(minute or 0))
    end = int(to_hour) * HOUR + (HOUR // 2 if to_half else int(to_minute or 0))
    return (begin, end) if 0 <= begin < end <= DAY_MINUTES else None


def written_windows(windows: Iterable[Window]) -> str:
    """Return weekly times as a cell of a roster writes them, so that importing them again changes nothing.

    >>> written_windows([Window(0, 540, 690), Window(6, 840, 960)])
    '周一 09:00-11:30; 周日 14:00-16:00'
    """
    return "; ".join(
        f"周{SIGNS[one.weekday]} {clock_words(one.from_minute)}-{clock_words(one.to_minute)}" for one in windows
    )


def skills_in_words(skills: Sequence[str]) -> str:
    """Return skills in words, in the language of the current context.

    >>> skills_in_words(["company", "repair"])
    'keeping company, repairs'
    """
    return listed(_(SKILL_LABELS[skill]) for skill in skills)
