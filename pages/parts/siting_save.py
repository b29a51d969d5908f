"""Saving the answer of a siting study as a scenario, to be compared, proposed and approved."""

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import _
from geo.planning.scenario_writes import save_scenario
from pages.parts.links import link_to
from pages.parts.session import act, may


def show_save(found: KeptSiting) -> None:
    """Show the way to keep this plan as a scenario."""
    if not (may("plan_sites") and found.sites):
        return
    name, button = st.columns([3, 1], vertical_alignment="bottom")
    called = name.text_input(
        _("Name of the scenario"), found.view.name, max_chars=120, key=f"scenario_name_{found.view.id}"
    )
    wanted = button.button(_("Save as a scenario"), icon=":material/save:", key="scenario_save", width="stretch")
    if wanted and act(lambda session: save_scenario(session, found.view.id, called)):
        st.toast(_("The scenario is saved as a draft."), icon=":material/check:")
    link_to("scenarios", _("Compare scenarios"), icon=":material/compare:")
