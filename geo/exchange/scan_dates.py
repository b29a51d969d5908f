"""Dates of a scan: years, months or days as they are written, and the periods of a study counted back from its end."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from geo.exchange.values import parsed_date

Unit = Literal["day", "week", "month", "year"]
UNIT_DAYS = {"day": 1, "week": 7}
UNIT_MONTHS = {"month": 1, "year": 12}
MONTHS, JULY, MIDDLE = 12, 7, 15
ONE_DAY = timedelta(days=1)
YEAR = r"\d{4}(?:\s*年)?"
MONTH = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?"
Span = tuple[date, date]


def span(text: str) -> Span | None:
    """Return the first and the last day a date means: a year, a month or a day; None when it means none.

    >>> span("1973"), span("2024-02"), span("2024/2/5"), span("soon")
    ((datetime.date(1973, 1, 1), datetime.date(1973, 12, 31)),
     (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)),
     (datetime.date(2024, 2, 5), datetime.date(2024, 2, 5)), None)
    """
    cell = text.strip()
    if re.fullmatch(YEAR, cell):
        year = int(cell[:4])
        return (date(year, 1, 1), date(year, MONTHS, 31)) if year else None
    month = re.fullmatch(MONTH, cell)
    first = parsed_date(cell)
    if first is None:
        return None
    return (first, first.replace(day=monthrange(first.year, first.month)[1])) if month else (first, first)


def counted_on(found: Span) -> date:
    """Return the day a population is dated: of a year 1 July, of a month the 15th.

    >>> counted_on((date(1973, 1, 1), date(1973, 12, 31)))
    datetime.date(1973, 7, 1)
    """
    first, last = found
    if first == last:
        return first
    return first.replace(day=MIDDLE) if first.month == last.month else first.replace(month=JULY)


def whole_units(start: date, end: date, unit: Unit) -> Span:
    """Return the months or years that hold both days in full; days and weeks stay as they are.

    >>> whole_units(date(2024, 2, 3), date(2024, 4, 5), "month")
    (datetime.date(2024, 2, 1), datetime.date(2024, 4, 30))
    """
    if unit == "year":
        return date(start.year, 1, 1), date(end.year, MONTHS, 31)
    if unit == "month":
        return start.replace(day=1), end.replace(day=monthrange(end.year, end.month)[1])
    return start, end


def period_days(start: date, end: date, unit: Unit) -> list[int]:
    """Return the first day (its ordinal) of every period from start to end, and the day after the last.

    Periods are counted back from the end, so that the last is whole; the first may be shorter.

    >>> [date.fromordinal(at).isoformat() for at in period_days(date(2024, 1, 15), date(2024, 3, 31), "month")]
    ['2024-01-15', '2024-02-01', '2024-03-01', '2024-04-01']
    """
    after, back = end + ONE_DAY, [(end + ONE_DAY).toordinal()]
    while back[-1] > start.toordinal():
        step = len(back)
        if unit in UNIT_DAYS:
            back.append(back[0] - step * UNIT_DAYS[unit])
        else:
            back.append(_months_before(after, step * UNIT_MONTHS[unit]))
    return [start.toordinal(), *back[-2::-1]]


def short_first(bounds: list[int], unit: Unit) -> bool:
    """Tell whether the first of `period_days` is shorter than a unit.

    >>> short_first(period_days(date(2024, 1, 15), date(2024, 3, 31), "month"), "month")
    True
    """
    if unit in UNIT_DAYS:
        return bounds[1] - bounds[0] < UNIT_DAYS[unit]
    return bounds[0] > _months_before(date.fromordinal(bounds[1]), UNIT_MONTHS[unit])


def _months_before(day: date, months: int) -> int:
    whole = day.year * MONTHS + day.month - 1 - months
    year, month = divmod(whole, MONTHS)
    if year < 1:
        return 0
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])).toordinal()
