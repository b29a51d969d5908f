"""Below the coverage map: places, findings and studies in turn, and how it was computed."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.coverage_state import CoverageState
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.i18n import N_, _
from pages.parts.coverage_findings import show_findings
from pages.parts.coverage_method import show_method
from pages.parts.coverage_places import show_places
from pages.parts.coverage_studies import show_studies

LISTS = {"places": N_("Places"), "findings": N_("Findings"), "studies": N_("Studies")}


def show_below(stand: Stand, state: CoverageState, choose: Callable[[Place], None]) -> None:
    """Show one of the lists, and how the numbers were computed."""
    st.session_state.setdefault("coverage_list", "studies" if state.study_id else "places")
    st.segmented_control(
        _("List"), list(LISTS), key="coverage_list", label_visibility="collapsed",
        format_func=lambda code: _(LISTS[code]),
    )  # fmt: skip
    chosen = st.session_state.get("coverage_list") or "places"
    if chosen == "findings":
        show_findings(stand, choose)
    elif chosen == "studies":
        show_studies(stand, state)
    else:
        show_places(stand, state, choose)
    with st.expander(_("How this was computed")):
        show_method(stand, state)
