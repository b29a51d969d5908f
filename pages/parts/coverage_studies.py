"""Studies of the coverage: hand one in, follow it, open or drop an old one."""

import streamlit as st

from geo.briefing.coverage_state import CoverageState
from geo.briefing.overview import Stand
from geo.i18n import _


def show_studies(stand: Stand, state: CoverageState) -> None:
    """Show the studies there are and the button for a new one."""
    st.info(_("No study is kept yet."))
