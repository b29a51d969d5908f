"""The status of a station: where it is on its way, who runs it, the next step."""

import streamlit as st

from geo.governance.reads import StationView, stations
from geo.governance.rules import NEXT, STATUS_LABELS
from geo.governance.writes import set_status
from geo.i18n import _, labelled, number
from geo.maps.safe_text import plain
from geo.store.clock import today
from pages.parts.session import act, looking


def show_status(station_id: int) -> bool:
    """Show where a station is and the form of the next step; return whether a step was taken."""
    with looking() as connection:
        found = [station for station in stations(connection, on=today()) if station.id == station_id]
    if not found:
        st.caption(_("This station is closed."))
        return False
    station = found[0]
    st.markdown(labelled(_("Status"), _(STATUS_LABELS[station.status])))
    for line in _staffing(station):
        st.caption(line)
    with st.form(f"status_{station.id}_{station.version}", border=False):
        steps = NEXT[station.status]
        status = st.selectbox(_("Next step"), steps, format_func=lambda code: _(STATUS_LABELS[code]))
        on = st.date_input(_("On"), today())
        reason = st.text_input(_("Reason"), max_chars=300)
        if not st.form_submit_button(_("Take this step"), type="primary"):
            return False
    done = act(
        lambda session: (
            set_status(session, station.id, status, on=on, reason=reason, expected_version=station.version),
            True,
        )[1]
    )
    if done:
        st.toast(_("Saved. You can undo it in the history."), icon=":material/check:")
    return bool(done)


def _staffing(station: StationView) -> list[str]:
    somebody = _("held") if station.has_stationmaster else _("nobody")
    master = labelled(_("Stationmaster"), plain(station.stationmaster or somebody))
    deputies = labelled(_("Deputies"), number(station.deputies))
    missing = _("Staffing is not complete: one stationmaster and at least one deputy.")
    return [master, deputies] if station.staffed else [master, deputies, missing]
