"""Years ahead: where today's helpers become tomorrow's helped."""

import streamlit as st

from geo.briefing.overview import Stand
from geo.i18n import _


def show_years(stand: Stand, community_id: int | None) -> None:
    """Show helpers and helped over the next 20 years."""
    st.info(_("Counts of residents by age are needed for this."))
