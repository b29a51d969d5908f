"""Scenarios: what was proposed for the next stations, side by side, and what became of it."""

import streamlit as st

from geo.i18n import _
from geo.planning.scenario_reads import ScenarioView, scenario_sites, scenarios
from pages.parts.language import fragment
from pages.parts.links import link_to
from pages.parts.scenario_actions import show_actions
from pages.parts.scenario_compare import show_comparison
from pages.parts.scenario_list import COMPARED, show_list
from pages.parts.session import looking, may


def _show_empty() -> None:
    st.info(
        _("No scenario is kept yet where you may look. A planner saves one from the answer of a search for sites."),
        icon=":material/compare:",
    )
    link_to("siting", _("Find sites"), icon=":material/add_location_alt:")


def _compare(views: list[ScenarioView]) -> None:
    with looking() as connection:
        sites = {view.id: scenario_sites(connection, view.id) for view in views}
    for view in views:
        do, show = st.columns([3, 2], vertical_alignment="center")
        with do:
            show_actions(view, sites[view.id])
        if view.study_id and may("plan_sites"):
            with show:
                link_to("siting", _("Show on the map"), icon=":material/map:", query={"study": str(view.study_id)})
    show_comparison(views, sites)


@fragment
def work() -> None:
    """Show the list and the chosen scenarios side by side; what is clicked reruns only this."""
    dropped = may("plan_sites") and st.toggle(_("Also those put away"), key="scenarios_dropped")
    with looking() as connection:
        found = scenarios(connection, dropped=dropped)
    if not found:
        _show_empty()
        return
    with st.container(key="map_and_panel"):
        left, right = st.columns([1, 2])
    with left:
        chosen = show_list(found)
    st.query_params["compare"] = ",".join(map(str, st.session_state[COMPARED]))
    with right:
        views = [view for view in found if view.id in chosen and view.figures]
        if views:
            _compare(views)
        else:
            st.caption(_("Choose scenarios in the list to see them side by side."))


st.title(_("Scenarios"), anchor=False)
st.caption(_("Which proposals for the next stations are there, how do they compare, and what became of them?"))
work()
