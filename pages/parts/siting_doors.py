"""The doors beside the siting map: those with the longest walks, and those nothing can reach."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.briefing.siting_results import DoorRow, KeptSiting, named_doors
from geo.i18n import _, number
from pages.parts.siting_figures import metres

SHOWN = 200
Choose = Callable[[Place], None]


def show_doors(stand: Stand, found: KeptSiting, choose: Choose) -> None:
    """Show the doors with the longest walks after the plan, and those no station or site can serve."""
    st.subheader(_("Worst off after this plan"), anchor=False)
    _door_table(named_doors(stand, found.figures["worst_off"]), "siting_worst", choose)
    count = found.figures["out_of_reach_count"]
    if count:
        with st.expander(_("Doors out of reach ({count})", count=number(count))):
            st.caption(_("No open station and no candidate site used here is within reach of these. Add a site near "
                         "them."))  # fmt: skip
            _door_table(named_doors(stand, found.figures["out_of_reach"]), "siting_out", choose)


def _door_table(rows: list[DoorRow], key: str, choose: Choose) -> None:
    picked = st.dataframe(
        {
            _("Place"): [row.name for row in rows[:SHOWN]],
            _("Households"): [_("unknown") if row.households is None else number(row.households) for row in rows],
            _("Walk"): [metres(row.metres) for row in rows],
        },
        hide_index=True, height=260, on_select="rerun", selection_mode="single-row",
        key=f"{key}_{st.session_state.get('siting_turn', 0)}",
    )  # fmt: skip
    if picked.selection.rows:
        st.session_state["siting_turn"] = st.session_state.get("siting_turn", 0) + 1
        choose(("building", rows[picked.selection.rows[0]].building_id))
