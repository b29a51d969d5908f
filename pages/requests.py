"""Requests: what is open, overdue, mine or waiting on others, and what happens to each?"""

import streamlit as st

from geo.i18n import _, day
from geo.places.reads import communities
from geo.requests.board import board_counts
from geo.requests.request_reads import categories
from geo.store.clock import today
from pages.parts.language import fragment
from pages.parts.links import link_to
from pages.parts.request_card import show_request
from pages.parts.request_controls import show_request_controls, show_request_figures
from pages.parts.request_due import show_requesters_due
from pages.parts.request_list import show_request_list
from pages.parts.request_state import chosen_requests, write_request_address
from pages.parts.session import looking, may

ON_A_PHONE = """<style>@media (max-width: 640px) {
  .st-key-map_and_panel [data-testid="stColumn"]:has(.st-key-card) { order: -1; }
  .st-key-request_steps button { min-height: 44px; }
}</style>"""


@fragment
def work() -> None:
    """Show figures, views, the list and the card beside it; what is clicked reruns only this."""
    with looking() as connection:
        places = {one.id: one.name for one in communities(connection)}
        known = categories(connection, active=False)
        state = chosen_requests(places, [one.code for one in known])
        counts = board_counts(connection, community_id=state.choice.community_id)
    write_request_address(state)
    with st.container(key="figures"):
        show_request_figures(counts)
    with st.container(key="controls"):
        show_request_controls(places, known)
    with st.container(key="map_and_panel"):
        left, right = st.columns([3, 2])
    with left:
        show_request_list(state.choice)
    with right.container(key="card"):
        if state.number:
            show_request(state.number)
        else:
            link_to("take_request", _("Take a request"), icon=":material/edit_note:")
            st.caption(_("Click a row to see what happened to it and to take the next step."))


st.html(ON_A_PHONE)
st.title(_("Requests"), anchor=False)
st.caption(_("What do residents need, who sees to it, and is it in time? State of {day}.", day=day(today())))
work()
if may("erase_person"):
    with st.container(key="below"):
        show_requesters_due()
