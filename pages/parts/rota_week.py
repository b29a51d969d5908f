"""The week: plan it, see who comes when, and do what a shift asks for."""

from collections.abc import Sequence

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import N_, _, number
from geo.maps.safe_text import plain
from geo.people.needs import TASK_LABELS
from geo.people.volunteer_rules import WEEKDAY_LABELS
from geo.planning.shift_reads import ShiftView, week_loads, week_shifts
from geo.planning.shift_rules import STATUS_LABELS, monday_of
from geo.store.clock import today
from pages.parts.circle_state import RotaState, open_shift
from pages.parts.circle_words import SHIFT_SIGNS, time_words
from pages.parts.rota_grid import show_grid, volunteer_title
from pages.parts.rota_loads import show_loads
from pages.parts.rota_papers import show_papers
from pages.parts.rota_plan import show_plan
from pages.parts.session import looking, may
from pages.parts.shift_card import show_shift

BY_LABELS = {"volunteer": N_("By volunteer"), "need": N_("By need")}
HEIGHT_PX = 420


def show_week(state: RotaState) -> None:
    """Show a week: planning it, the table, the list to click, the card of a shift, how turns are shared, papers."""
    community_id = state.community_id or 0
    if may("plan_shifts") and state.monday >= monday_of(today()) and show_plan(state):
        return
    with looking() as connection:
        shifts = week_shifts(connection, state.monday, community_id=community_id)
        loads = week_loads(connection, state.monday, community_id=community_id)
    if not shifts:
        st.info(
            _("No shifts are planned for this week. Plan the week, or choose another one above."),
            icon=":material/calendar_month:",
        )
        show_loads(loads)
        return
    left, right = st.columns([3, 2])
    with left:
        _show_shifts(state, shifts)
    with right.container(key="card"):
        if state.shift_id:
            show_shift(state.shift_id)
        else:
            _show_hint(shifts)
    chosen = st.segmented_control(
        _("Order"), list(BY_LABELS), default="volunteer", key="rota_by", required=True, label_visibility="collapsed",
        format_func=lambda code: _(BY_LABELS[code]),
    )  # fmt: skip
    show_grid(shifts, state.monday, by_need=chosen == "need")
    show_loads(loads)
    if may("see_circles"):
        show_papers(state, shifts)


def _show_hint(shifts: Sequence[ShiftView]) -> None:
    waiting = [one for one in shifts if one.status == "missed" or (one.status == "open" and one.on_day >= today())]
    st.caption(_("Click a shift in the list to accept, swap, cancel or mark it."))
    for one in waiting[:8]:
        label = f"{SHIFT_SIGNS[one.status]} {_(STATUS_LABELS[one.status])} · {_row(one)[0]} {_row(one)[1]} · {one.door}"
        st.button(plain(label), key=f"waiting_{one.id}", type="tertiary", on_click=open_shift, args=(one.id,))


def _show_shifts(state: RotaState, shifts: Sequence[ShiftView]) -> None:
    rows = [_row(one) for one in shifts]
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles())},
        hide_index=True, height=min(HEIGHT_PX, 38 + 35 * len(rows)), on_select="rerun", selection_mode="single-row",
        key=f"shifts_{st.session_state.get('shifts_turn', 0)}",
    )  # fmt: skip
    st.caption(_("{count} shifts. Click a row to open its card.", count=number(len(shifts))))
    _downloads(state, rows)
    if picked.selection.rows:
        st.session_state["shifts_turn"] = st.session_state.get("shifts_turn", 0) + 1
        open_shift(shifts[picked.selection.rows[0]].id)
        st.rerun()


def _titles() -> list[str]:
    return [_("Day"), _("Time"), _("Status"), _("Volunteer"), _("Help needed"), _("Place"), _("Number")]


def _row(shift: ShiftView) -> list[Cell]:
    on = f"{_(WEEKDAY_LABELS[shift.on_day.weekday()])} {shift.on_day.month}-{shift.on_day.day:02d}"
    return [
        on, time_words(shift.turn), f"{SHIFT_SIGNS[shift.status]} {_(STATUS_LABELS[shift.status])}",
        volunteer_title(shift), _(TASK_LABELS[shift.task]), shift.door, shift.number,
    ]  # fmt: skip


def _downloads(state: RotaState, rows: Sequence[Sequence[Cell]]) -> None:
    titles, name = _titles(), f"rota_{state.monday}"
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, rows), f"{name}.xlsx", icon=":material/download:", key="rota_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, rows), f"{name}.csv", icon=":material/download:", key="rota_csv",
        on_click="ignore",
    )  # fmt: skip
