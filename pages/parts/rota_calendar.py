"""The week of a volunteer as a file for their calendar."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from geo.exchange.calendars import Entry, calendar_file
from geo.i18n import _
from geo.people.needs import TASK_LABELS
from geo.planning.shift_reads import ShiftView
from geo.settings import settings
from pages.parts.circle_state import RotaState


def offer_calendar(state: RotaState, name: str, turns: Sequence[ShiftView]) -> None:
    """Offer the week as a calendar file: kinds of help, numbers of needs and doors, nobody helped is named."""
    entries = [
        Entry(
            f"shift-{one.id}", one.on_day, one.from_minute, one.to_minute, f"{_(TASK_LABELS[one.task])} {one.number}",
            one.door,
        )
        for one in turns
    ]  # fmt: skip
    made = calendar_file(entries, _("Rota of {name}", name=name), made_at=datetime.now(UTC), zone=settings().time_zone)
    st.download_button(
        _("Calendar file"), made, f"rota_{state.monday}.ics", mime="text/calendar", icon=":material/calendar_add_on:",
        key="rota_ics", on_click="ignore",
    )  # fmt: skip
    st.caption(_("For the calendar on a telephone: doors and numbers of needs, no names of the helped."))
