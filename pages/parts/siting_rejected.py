"""The candidate sites a plan did not choose, and how much worse each would make it."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.siting_results import KeptSiting
from geo.i18n import _, number

SHOWN = 200
Choose = Callable[[Place], None]


def show_rejected(found: KeptSiting, choose: Choose) -> None:
    """Show the candidate sites that were not chosen, the nearest to being chosen first; a click goes there."""
    rows = found.rejected
    if not rows:
        return
    with st.expander(_("Sites that were not chosen ({count})", count=number(len(rows)))):
        st.caption(_("How much worse the plan gets, in the goal's own measure, if a site must be in it: the best "
                     "exchange for one of its stations."))  # fmt: skip
        picked = st.dataframe(
            {
                _("Site"): [row.name for row in rows[:SHOWN]],
                _("Worse by"): [row.loss for row in rows[:SHOWN]],
                _("Instead of"): [row.instead_of for row in rows[:SHOWN]],
            },
            hide_index=True, on_select="rerun", selection_mode="single-row", height="content",
            key=f"siting_rejected_{found.view.id}_{st.session_state.get('siting_turn', 0)}",
        )  # fmt: skip
        if picked.selection.rows:
            st.session_state["siting_turn"] = st.session_state.get("siting_turn", 0) + 1
            choose(("candidate_site", rows[picked.selection.rows[0]].id))
