"""Adding a candidate site with a click on the siting page's map."""

import streamlit as st

from geo.i18n import _
from geo.maps.drawing import Tool
from geo.places.writes import draw_place
from geo.siting.wanted import FEN
from pages.parts.language import rerun_part
from pages.parts.session import act, may
from pages.parts.siting_map import DRAWN
from pages.parts.siting_terms import all_terms

STATE = st.session_state
ADDING = "siting_adding"


def _turn(on: bool) -> None:
    STATE[ADDING] = STATE.get(ADDING, 0) + 1 if on else 0
    STATE.pop(DRAWN, None)


def show_add_button() -> None:
    """Show the button that takes the tool out."""
    if may("edit_stations") and not STATE.get(ADDING):
        st.button(_("Add a candidate site"), icon=":material/add_location:", key="siting_add", on_click=_turn,
                  args=(True,))  # fmt: skip


def adding_tool() -> Tool | None:
    """Return the drawing tool while a site is being added."""
    return Tool("point", STATE[ADDING]) if STATE.get(ADDING) else None


def show_new_site() -> None:
    """Show the form of the site that is being added."""
    drawn = STATE.get(DRAWN)
    st.subheader(_("New candidate site"), anchor=False)
    st.info(
        _("Click its place on the map.") if drawn is None else _("Say what it is called and what it costs, then save."),
        icon=":material/draw:",
    )
    with st.form("new_candidate", border=False):
        name = st.text_input(_("Name"), max_chars=200)
        cost = st.number_input(_("Cost (yuan)"), 0, None, None, 10_000, placeholder=_("unknown"))
        owner = st.text_input(_("Owner"), max_chars=200)
        pin = st.checkbox(_("Pin it: the next plan must use it"))
        save = st.form_submit_button(_("Save the candidate site"), type="primary", disabled=drawn is None)
    st.button(_("Do not add a site"), key="siting_add_stop", on_click=_turn, args=(False,))
    if save and drawn is not None:
        fields = {"name": name, "owner": owner or None, "cost_fen": None if cost is None else round(cost * FEN)}
        made = act(lambda session: draw_place(session, "candidate_site", drawn, fields))
        if made:
            all_terms().setdefault(made, {})["pin"] = pin
            _turn(False)
            st.query_params["place"] = f"candidate_site:{made}"
            st.toast(_("The candidate site is saved."), icon=":material/check:")
            rerun_part()
