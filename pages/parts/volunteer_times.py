"""The week of a volunteer: when they can come, a time added for one or several days, a time taken out."""

from datetime import time
from typing import Any

import streamlit as st

from geo.errors import NotFound
from geo.i18n import _
from geo.people.tables import DAY_MINUTES
from geo.people.volunteer_reads import VolunteerView, volunteer, windows_of
from geo.people.volunteer_rules import HOUR, WEEKDAY_LABELS, Window, clock_span, window_words
from geo.people.volunteer_writes import NOT_THERE, set_times
from pages.parts.language import rerun_part
from pages.parts.session import act, looking, may
from pages.parts.volunteer_state import let_go

BEGIN, END = time(9), time(11)


def show_times(found: VolunteerView) -> None:
    """Show the weekly times of a volunteer; whoever may change them adds and takes out."""
    with looking() as connection:
        windows = windows_of(connection, [found.id]).get(found.id, [])
    if not windows:
        st.info(_("No times are told yet: without them this volunteer stands in no rota."), icon=":material/schedule:")
    editable = may("edit_volunteers") and found.status != "ended"
    for weekday, label in enumerate(WEEKDAY_LABELS):
        times = [one for one in windows if one.weekday == weekday]
        if times:
            _show_day(found, _(label), times, editable=editable)
    if editable:
        _add_form(found)


def _show_day(found: VolunteerView, label: str, times: list[Window], *, editable: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"day_{found.id}_{times[0].weekday}"):
        st.markdown(label, width=90)
        for one in times:
            words = clock_span(one)
            if not editable:
                st.markdown(words)
                continue
            st.button(
                words, icon=":material/close:", key=f"drop_time_{found.id}_{one.weekday}_{one.from_minute}",
                help=_("Take out {time}", time=window_words(one)), on_click=_take_out, args=(found.id, one),
            )  # fmt: skip


def _add_form(found: VolunteerView) -> None:
    with st.form(f"add_time_{found.id}", border=False, enter_to_submit=False):
        days = st.pills(
            _("Days"), list(range(len(WEEKDAY_LABELS))), selection_mode="multi", key=f"time_days_{found.id}",
            format_func=lambda weekday: _(WEEKDAY_LABELS[weekday]),
        )  # fmt: skip
        left, right = st.columns(2)
        begin = left.time_input(_("From"), BEGIN, step=900, key=f"time_from_{found.id}")
        end = right.time_input(_("To"), END, step=900, key=f"time_to_{found.id}")
        if not st.form_submit_button(_("Add this time"), type="primary", icon=":material/more_time:"):
            return
    if not days:
        st.error(_("Choose at least one day."), icon=":material/error:")
        return
    wanted = [Window(weekday, _minute(begin), _minute(end) or DAY_MINUTES) for weekday in days]
    if act(lambda session: _change(session, found.id, add=wanted)):
        st.toast(_("The times are saved."), icon=":material/check:")
        rerun_part()


def _minute(clock: time) -> int:
    return clock.hour * HOUR + clock.minute


def _take_out(volunteer_id: int, window: Window) -> None:
    if act(lambda session: _change(session, volunteer_id, out=window)):
        st.toast(_("{time} is taken out.", time=window_words(window)), icon=":material/check:")


def _change(session: Any, volunteer_id: int, *, add: list[Window] | None = None, out: Window | None = None) -> bool:
    """Add times to those that are there now, or take one out; what somebody else did meanwhile stays."""
    connection = session.connection()
    now = volunteer(connection, volunteer_id)
    if now is None:
        raise NotFound(NOT_THERE)
    windows = [one for one in windows_of(connection, [volunteer_id]).get(volunteer_id, []) if one != out]
    set_times(session, volunteer_id, [*windows, *(add or [])], version=now.version)
    let_go(volunteer_id)
    return True
