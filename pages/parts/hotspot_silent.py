"""Beside the map of unheard buildings: the card of the chosen one, else those with most households."""

from collections.abc import Callable, Sequence

import streamlit as st

from geo.briefing.hotspot_cells import SilentRow
from geo.i18n import _, number
from geo.maps.safe_text import plain
from pages.parts.links import link_to

SHOWN = 12
Choose = Callable[[int | None], None]


def show_silent(rows: Sequence[SilentRow], chosen: int | None, choose: Choose) -> None:
    """Show the chosen unheard building with what could be done, else those with most households."""
    found = next((row for row in rows if row.building_id == chosen), None)
    if found is None:
        st.subheader(_("Unheard buildings"), anchor=False)
        if not rows:
            st.info(_("No building is quieter than chance would have it."), icon=":material/check_circle:")
        for row in rows[:SHOWN]:
            label = f"{plain(row.name)} · " + _("{count} households", count=number(row.households))
            if st.button(label, key=f"hot_silent_{row.building_id}", width="stretch"):
                choose(row.building_id)
        return
    st.subheader(plain(found.name), anchor=False)
    st.markdown(
        _("{requests} where {expected} were to be expected of {households} households.",
          requests=plain(found.requests), expected=number(found.expected_requests, 1),
          households=number(found.households))
    )  # fmt: skip
    if found.expected_visits:
        st.markdown(
            _("{visits} visits where {expected} were to be expected.", visits=number(found.visits),
              expected=number(found.expected_visits, 1))
        )  # fmt: skip
    link_to("neighbourhood_map", _("Show on the map"), icon=":material/map:",
            query={"place": f"building:{found.building_id}"})  # fmt: skip
    link_to("visits", _("Plan a visit"), icon=":material/handshake:")
    if st.button(_("Back to the list"), icon=":material/arrow_back:", key="hot_back"):
        choose(None)
