"""Below the siting map: stations with reasons, sites not chosen, each further station, saving, how it was computed."""

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import _
from pages.parts.siting_curve import show_curve
from pages.parts.siting_method import show_method
from pages.parts.siting_rejected import show_rejected
from pages.parts.siting_result import Choose, show_stations
from pages.parts.siting_save import show_save


def show_below(found: KeptSiting, choose: Choose) -> None:
    """Show everything about an opened study that is read rather than seen on the map."""
    show_stations(found, choose)
    show_rejected(found, choose)
    show_curve(found)
    show_save(found)
    with st.expander(_("How this was computed")):
        show_method(found)
