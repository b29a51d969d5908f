"""Services beside the coverage map: whether visits are in time, and which stations are too small."""

import streamlit as st

from geo.briefing.coverage_overview import full_stations
from geo.briefing.coverage_state import CoverageState
from geo.briefing.overview import Stand
from geo.i18n import _, number
from geo.people.visit_reads import visit_figures
from geo.people.visit_rules import STATE_LABELS
from pages.parts.links import link_to
from pages.parts.session import looking
from pages.parts.visit_counts import show_cadence


def show_visits(state: CoverageState) -> None:
    """Show open care needs by state of their visits, by class of risk as far as it may be told, and where to go on."""
    st.subheader(_("Visits in time"))
    with looking() as connection:
        found = visit_figures(connection, community_id=state.community_id)
    if not found.needs:
        st.info(_("No open care need is recorded here."), icon=":material/handshake:")
        return
    st.dataframe(
        {
            _("Care needs"): [_(STATE_LABELS[code]) for code in found.by_state],
            _("Count"): [number(count) for count in found.by_state.values()],
        },
        hide_index=True,
    )
    query = {"community": str(state.community_id)} if state.community_id else {}
    link_to("visits", _("Visits that are due"), icon=":material/handshake:", query=query)
    show_cadence(state.community_id)


def show_rooms(stand: Stand, state: CoverageState) -> None:
    """Show the stations that are too small, nothing where there is none."""
    found = full_stations(stand, state.asked, state.community_id)
    if not found:
        return
    st.markdown(_("Stations too small for the households nearest to them:"))
    st.dataframe(
        {
            _("Station"): [row.name for row in found],
            _("Households"): [row.households for row in found],
            _("Floor area allows"): [row.capacity for row in found],
        },
        hide_index=True,
    )
