"""The list of incidents: running ones first, with how long they last, how many doors and requests they have."""

import streamlit as st

from geo.exchange.downloads import Cell, as_csv
from geo.i18n import _, current_language, number
from geo.requests.incident_reads import KIND_LABELS, IncidentView, incidents
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.request_list import MOMENTS
from pages.parts.request_times import local, present, span_text
from pages.parts.session import looking

LONGEST_ID = 18
NEW = "new"
HEIGHT_PX = 560


def chosen_incident() -> str | None:
    """Return the number of the incident whose card is open, NEW for a new one, None for none."""
    asked = st.query_params.get("incident", "")
    return asked if asked == NEW or (asked.isdecimal() and len(asked) <= LONGEST_ID) else None


def is_changing() -> bool:
    """Tell whether the form that changes the chosen incident is open."""
    return chosen_incident() not in (None, NEW) and st.query_params.get("change") == "yes"


def open_incident(incident: str | None, *, change: bool = False) -> None:
    """Open the card of an incident or the form that changes it, or close it."""
    st.query_params.pop("change", None)
    if change:
        st.query_params["change"] = "yes"
    if incident:
        st.query_params["incident"] = incident
    else:
        st.query_params.pop("incident", None)


def show_incident_list() -> None:
    """Show the incidents of the places the reader may see; a click on a row opens its card."""
    with looking() as connection:
        found = incidents(connection)
    if not found:
        st.info(
            _("No incident is recorded. When water, power or a lift fails, record it once here with its doors."),
            icon=":material/warning:",
        )
        return
    running = sum(one.ended_at is None for one in found)
    st.caption(_("Running: {running} of {count}", running=number(running), count=number(len(found))))
    rows = [_row(one) for one in found]
    when = st.column_config.DatetimeColumn(format=MOMENTS[current_language()])
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles())},
        hide_index=True, column_config={_("Since"): when, _("Over since"): when}, on_select="rerun",
        placeholder="–", selection_mode="single-row", height=min(HEIGHT_PX, 38 + 35 * len(rows)),
        key=f"incidents_{st.session_state.get('incidents_turn', 0)}",
    )  # fmt: skip
    st.download_button(
        _("CSV"), lambda: as_csv(_titles(), rows), f"incidents_{today()}.csv", icon=":material/download:",
        key="incidents_csv", on_click="ignore",
    )  # fmt: skip
    if picked.selection.rows:
        st.session_state["incidents_turn"] = st.session_state.get("incidents_turn", 0) + 1
        open_incident(str(found[picked.selection.rows[0]].id))
        rerun_part()


def duration_text(one: IncidentView) -> str:
    """Return how long an incident lasted, or lasts so far."""
    span = span_text(one.duration(present()).total_seconds() / 3600)
    return span if one.ended_at else _("{span} so far", span=span)


def _titles() -> list[str]:
    return [
        _("What happened"), _("Kind"), _("Since"), _("Over since"), _("How long"), _("Doors"), _("Requests"),
        _("Community"),
    ]  # fmt: skip


def _row(one: IncidentView) -> list[Cell]:
    return [
        one.name, _(KIND_LABELS[one.kind]), local(one.started_at), local(one.ended_at), duration_text(one), one.doors,
        one.requests, one.community,
    ]  # fmt: skip
