"""A week as a table: a row a volunteer or need, a column a day; on a phone day after day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import streamlit as st

from geo.i18n import _, current_language
from geo.maps.safe_text import Entry, safe_grid
from geo.people.needs import TASK_LABELS
from geo.people.volunteer_rules import WEEKDAY_LABELS
from geo.planning.shift_reads import ShiftView
from geo.planning.shift_rules import STATUS_LABELS, days_of_week
from geo.store.clock import today
from pages.parts.circle_words import SHIFT_SIGNS, name_words, time_words

LOOK = """<style>
.yz-week { border-collapse: collapse; width: 100%; font-size: .85rem; table-layout: fixed; }
.yz-week th, .yz-week td { border: 1px solid #d0d3d8; padding: .25rem .35rem; text-align: left; vertical-align: top; }
.yz-week th { font-weight: 400; background: #f6f4ef; color: #1f2328; }
.yz-week th.now { background: #1f2328; color: #fff; }
.yz-week tbody th { overflow-wrap: anywhere; }
.yz-week .turn { display: block; border-left: 3px solid #8a8f98; padding-left: .3rem; margin-bottom: .25rem; }
.yz-week .open, .yz-week .missed { border-color: #b3261e; }
.yz-week .done { border-color: #009e73; } .yz-week .accepted { border-color: #0072b2; }
.yz-week .offered { border-color: #e69f00; } .yz-week .cancelled { opacity: .65; text-decoration: line-through; }
@media (max-width: 640px) {
  .yz-week, .yz-week tbody, .yz-week tr, .yz-week td, .yz-week tbody th { display: block; width: 100%; }
  .yz-week thead, .yz-week td:empty { display: none; }
  .yz-week td::before { content: attr(data-title); display: block; opacity: .75; }
  .yz-week tr { margin-bottom: .6rem; }
}
</style>"""


def show_grid(shifts: Sequence[ShiftView], monday: date, *, by_need: bool) -> None:
    """Show the shifts of a week by volunteer or by need; what nobody does comes first."""
    rows = _rows(shifts, by_need=by_need)
    days = days_of_week(monday)
    titles = [_("Need") if by_need else _("Volunteer"), *map(_day_words, days)]
    cells = {
        title: [[_turn(one, by_need=by_need) for one in found if one.on_day == day] for day in days]
        for title, found in rows.items()
    }
    now = 1 + days.index(today()) if today() in days else None
    st.html(LOOK)
    st.html(safe_grid(titles, cells, style="yz-week", marked=now))
    st.caption(" · ".join(f"{SHIFT_SIGNS[code]} {_(label)}" for code, label in STATUS_LABELS.items()))


def _rows(shifts: Sequence[ShiftView], *, by_need: bool) -> Mapping[str, list[ShiftView]]:
    title: Callable[[ShiftView], str] = need_title if by_need else volunteer_title
    found: dict[str, list[ShiftView]] = {}
    for one in sorted(shifts, key=lambda one: (not by_need and one.volunteer_id is not None, title(one))):
        found.setdefault(title(one), []).append(one)
    return found


def volunteer_title(shift: ShiftView) -> str:
    """Return who a shift is of, in words."""
    if shift.volunteer_id is None:
        return _("Nobody yet")
    return name_words(shift.volunteer, shift.volunteer_id)


def need_title(shift: ShiftView) -> str:
    """Return at which door and for which need a shift is, in words."""
    return f"{shift.door} · {shift.number}"


def _day_words(on: date) -> str:
    weekday = _(WEEKDAY_LABELS[on.weekday()])
    short = weekday[:3] if current_language() == "en" else weekday
    return f"{short} {on.month}-{on.day:02d}"


def _turn(shift: ShiftView, *, by_need: bool) -> Entry:
    what = f"{SHIFT_SIGNS[shift.status]} {time_words(shift.turn)} {_(TASK_LABELS[shift.task])}"
    where = volunteer_title(shift) if by_need else need_title(shift)
    if shift.stand_in:
        where = f"{where} → {shift.stand_in}"
    return Entry(f"turn {shift.status}", _(STATUS_LABELS[shift.status]), (what, where))
