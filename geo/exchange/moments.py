"""Dates with times as exports write them: ISO, American and Chinese, with or without seconds, Excel's numbers."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

from geo.exchange.values import EXCEL_EPOCH, EXCEL_SERIALS

PART = r"(上午|下午|中午|晚上|凌晨)?"
TIME = r"(?:[T\s时点]*" + PART + r"\s*(\d{1,2})\s*[:时点]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:[.,]\d+)?)?"
TAIL = TIME + r"\s*[秒分]?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + TAIL)
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\s*" + TAIL)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})[T\s]?(?:(\d{2})(\d{2})(\d{2})?)?")
SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
AFTERNOON = {"下午", "晚上", "pm"}
NOON = "中午"
MIDDAY_H = 12
CENTURY, TURN_OF_CENTURY = 100, 70
DAY_S = 86_400


def is_day_first(texts: Iterable[str]) -> bool | None:
    """Tell whether dates of a column that end in their year begin with the day; None where none of them tells.

    >>> is_day_first(["12/31/2017 11:59:58 PM"]), is_day_first(["31.12.2017"]), is_day_first(["1/2/20 0:05"])
    (False, True, None)
    """
    first = second = 0
    for text in texts:
        found = YEAR_LAST.match(text)
        if found:
            first, second = max(first, int(found[1])), max(second, int(found[2]))
    if max(first, second) <= MIDDAY_H:
        return None
    return first > second


def parsed_moment(text: str, zone: tzinfo, *, day_first: bool = False) -> datetime | None:
    """Return the moment a cell means, in UTC, or None; a time without an offset is one of the city's zone.

    >>> from zoneinfo import ZoneInfo
    >>> here = ZoneInfo("Asia/Shanghai")
    >>> [str(parsed_moment(cell, here)) for cell in ("2026年1月2日 13:05", "12/31/2017 11:59:58 PM", "46024.5")]
    ['2026-01-02 05:05:00+00:00', '2017-12-31 15:59:58+00:00', '2026-01-02 04:00:00+00:00']
    >>> parsed_moment("2026-02-30", here), parsed_moment("soon", here)
    (None, None)
    """
    cell = unicodedata.normalize("NFKC", text).strip()
    try:
        return _read(cell, zone, day_first=day_first)
    except (ValueError, OverflowError):
        return None


def _read(cell: str, zone: tzinfo, *, day_first: bool) -> datetime | None:
    found = YEAR_FIRST.fullmatch(cell)
    if found:
        return _moment((int(found[1]), int(found[2]), int(found[3])), found.groups()[3:], zone)
    found = YEAR_LAST.fullmatch(cell)
    if found:
        month, day = (int(found[2]), int(found[1])) if day_first else (int(found[1]), int(found[2]))
        return _moment((_full_year(found[3]), month, day), found.groups()[3:], zone)
    found = COMPACT.fullmatch(cell)
    if found:
        parts = [int(part or 0) for part in found.groups()]
        return datetime(*parts, tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]
    return _of_serial(cell, zone)


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < TURN_OF_CENTURY else 2000 - CENTURY)


def _moment(day: tuple[int, int, int], told: tuple[str | None, ...], zone: tzinfo) -> datetime:
    part, hour, minute, second, half, offset = told
    hours = int(hour or 0)
    late = (part or (half or "").lower().replace(".", "")) in AFTERNOON or (part == NOON and hours < MIDDAY_H - 1)
    early = (half or "").lower().startswith("a")
    if late and hours < MIDDAY_H:
        hours += MIDDAY_H
    elif early and hours == MIDDAY_H:
        hours = 0
    made = datetime(*day, hours, int(minute or 0), int(second or 0), tzinfo=zone)
    if offset:
        made = datetime.fromisoformat(f"{made:%Y-%m-%dT%H:%M:%S}{'+00:00' if offset == 'Z' else offset}")
    return made.astimezone(UTC)


def _of_serial(cell: str, zone: tzinfo) -> datetime | None:
    """Return the moment of a day counted as spreadsheets do, to the second."""
    found = SERIAL.fullmatch(cell)
    if found is None or not EXCEL_SERIALS[0] <= int(found[1]) <= EXCEL_SERIALS[1]:
        return None
    seconds = round(float(f"0.{found[2] or 0}") * DAY_S)
    midnight = datetime(EXCEL_EPOCH.year, EXCEL_EPOCH.month, EXCEL_EPOCH.day, tzinfo=None)  # noqa: DTZ001
    return (midnight + timedelta(days=int(found[1]), seconds=seconds)).replace(tzinfo=zone).astimezone(UTC)
