"""Services beside the coverage map: whether visits are in time, and which stations are too small."""

import streamlit as st

from geo.briefing.coverage_overview import full_stations
from geo.briefing.coverage_state import CoverageState
from geo.briefing.overview import Stand
from geo.i18n import _, day, number
from geo.people.visit_reads import visit_figures
from geo.store.clock import today
from pages.parts.figures import percent
from pages.parts.links import link_to
from pages.parts.session import looking
from pages.parts.visit_counts import show_cadence


def show_visit_figures(community_id: int | None) -> None:
    """Show how many open care needs are visited in time, overdue or not visited yet."""
    with looking() as connection:
        found = visit_figures(connection, community_id=community_id)
    states, on = found.by_state, _("As of {day}", day=day(today()))
    in_time = states["kept"] + states["due"]
    figures = [
        (_("Care needs visited in time"), percent(in_time, found.needs)),
        (_("A visit is overdue"), number(states["overdue"])),
        (_("Never visited yet"), number(states["never"])),
        (_("Due this week"), number(states["due"])),
        (_("Open care needs"), number(found.needs)),
    ]
    for column, (label, value) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, value, help=on)


def show_visits(state: CoverageState) -> None:
    """Show where to go on, and the rhythm by class of risk as far as it may be told."""
    st.subheader(_("Visits in time"))
    query = {"community": str(state.community_id)} if state.community_id else {}
    st.caption(_("Click a building on the map for its open care needs, or go to the list of visits."))
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
