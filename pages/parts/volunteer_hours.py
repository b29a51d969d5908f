"""The sheet of a volunteer's hours: offered, given, confirmed; record some, confirm what somebody else recorded."""

from datetime import date
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.volunteer_hours import LONGEST_PURPOSE, confirm_hours, drop_hours, record_hours
from geo.people.volunteer_reads import GivenView, VolunteerView, hours_of
from geo.people.volunteer_rules import HOUR
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, actor, looking, may
from pages.parts.volunteer_words import hours_words

LISTED = 60
QUARTER = 0.25


def show_hours(found: VolunteerView) -> None:
    """Show the hours a volunteer gave, newest first; whoever works there records and confirms."""
    with looking() as connection:
        sheet = hours_of(connection, found.id, limit=LISTED)
    edits = may("edit_volunteers")
    if edits and found.status != "ended":
        with st.expander(_("Record hours"), icon=":material/add:", expanded=not sheet):
            _record_form(found)
    if edits:
        _confirm_button(sheet)
    if not sheet:
        st.caption(_("No hours are recorded yet."))
        return
    _show_sheet(sheet)
    if edits:
        _show_own(sheet)


def _record_form(found: VolunteerView) -> None:
    with st.form(f"record_hours_{found.id}", border=False, enter_to_submit=False, clear_on_submit=True):
        left, right = st.columns(2)
        on = left.date_input(_("Given on"), today(), max_value=today(), key=f"hours_on_{found.id}")
        hours = right.number_input(_("Hours"), QUARTER, 24.0, 1.0, QUARTER, key=f"hours_long_{found.id}")
        purpose = st.text_input(_("What for, without names"), max_chars=LONGEST_PURPOSE, key=f"hours_for_{found.id}")
        if not st.form_submit_button(_("Record these hours"), type="primary"):
            return
    if act(lambda session: _record(session, found.id, on, hours, purpose)):
        st.toast(_("The hours are recorded. They count once somebody else confirms them."), icon=":material/check:")
        rerun_part()


def _record(session: Any, volunteer_id: int, on: date, hours: float, purpose: str) -> int:
    return record_hours(session, volunteer_id, on=on, minutes=round(hours * HOUR), purpose=purpose)


def _confirm_button(sheet: list[GivenView]) -> None:
    waiting = [one for one in sheet if one.confirmed_by is None and one.recorded_by != actor().name]
    if not waiting:
        return
    total = hours_words(sum(one.minutes for one in waiting) / HOUR)
    label = _("Confirm {hours} from {count} days", hours=total, count=number(len(waiting)))
    if st.button(label, icon=":material/verified:", key="confirm_hours") and act(
        lambda session: confirm_hours(session, [one.id for one in waiting])
    ):
        st.toast(_("The hours are confirmed."), icon=":material/check:")
        rerun_part()


def _show_sheet(sheet: list[GivenView]) -> None:
    st.dataframe(
        {
            _("Given on"): [day(one.given_on) for one in sheet],
            _("Hours"): [one.minutes / HOUR for one in sheet],
            _("What for"): [one.purpose for one in sheet],
            _("Recorded by"): [shown_name(one.recorded_by) for one in sheet],
            _("Confirmed by"): [shown_name(one.confirmed_by) if one.confirmed_by else _("nobody yet") for one in sheet],
        },
        hide_index=True, height=min(320, 38 + 35 * len(sheet)),
    )  # fmt: skip
    if len(sheet) == LISTED:
        st.caption(_("The latest {count}.", count=number(LISTED)))


def _show_own(sheet: list[GivenView]) -> None:
    """Offer to take back what was recorded by mistake and nobody has confirmed."""
    own = {one.id: one for one in sheet if one.confirmed_by is None}
    if not own:
        return
    st.caption(_("Hours you recorded yourself are confirmed by somebody else who works here."))
    with st.expander(_("Take hours back"), icon=":material/undo:"):
        chosen = st.selectbox(
            _("Which"), list(own), key="drop_which",
            format_func=lambda key: f"{day(own[key].given_on)} · {hours_words(own[key].minutes / HOUR)} · "
            f"{plain(own[key].purpose or '–')}",
        )  # fmt: skip
        if st.button(_("Take these hours back"), key="drop_hours") and act(
            lambda session: (drop_hours(session, chosen), True)[1]
        ):
            st.toast(_("The hours are taken back."), icon=":material/check:")
            rerun_part()
