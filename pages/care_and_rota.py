"""Care and rota: who looks after whom, who comes when, and what is still open? By number, the helped are not named."""

import streamlit as st

from geo.i18n import _, day
from geo.people.circle_reads import circle_figures
from geo.people.volunteer_reads import communities_with_volunteers
from geo.planning.shift_reads import week_shifts
from geo.planning.shift_rules import monday_of
from geo.store.clock import today
from pages.parts.circle_card import show_circle
from pages.parts.circle_controls import chosen_state, show_controls, show_figures, within_sight
from pages.parts.circle_list import show_circles, show_needs_without
from pages.parts.circle_proposals import show_proposals
from pages.parts.circle_state import RotaState, write_address
from pages.parts.language import fragment
from pages.parts.links import link_to
from pages.parts.rota_week import show_week
from pages.parts.session import looking

ON_A_PHONE = """<style>@media (max-width: 640px) {
  .st-key-map_and_panel [data-testid="stColumn"]:has(.st-key-card) { order: -1; }
  .st-key-map_and_panel [data-testid="stButtonGroup"] button { min-height: 44px; }
}</style>"""


def _show_empty() -> None:
    st.info(
        _("No volunteers are recorded where you may look. Record them first; then circles can be proposed for needs."),
        icon=":material/diversity_1:",
    )
    link_to("volunteers", _("Volunteers"), icon=":material/groups:")


def _show_circles(state: RotaState) -> None:
    left, right = st.columns([3, 2])
    with left:
        show_circles(state)
    with right.container(key="card"):
        if state.circle_id:
            show_circle(state.circle_id)
        else:
            st.caption(_("Click a row to see who takes turns at a door, and to change, pause or end a circle."))
            show_needs_without(state)


@fragment
def work() -> None:
    """Show figures, choices and the chosen view; what is clicked reruns only this."""
    with looking() as connection:
        communities = communities_with_volunteers(connection)
        state = within_sight(chosen_state(), communities)
        figures = circle_figures(connection, community_id=state.community_id)
        shifts = week_shifts(connection, monday_of(today()), community_id=state.community_id)
    write_address(state)
    if not communities:
        _show_empty()
        return
    with st.container(key="figures"):
        show_figures(figures, shifts)
    with st.container(key="controls"):
        show_controls(state, communities)
    with st.container(key="map_and_panel"):
        if state.view == "proposals":
            show_proposals(state)
        elif state.view == "week":
            show_week(state)
        else:
            _show_circles(state)


st.html(ON_A_PHONE)
st.title(_("Care and rota"), anchor=False)
st.caption(
    _(
        "Who looks after whom, who comes when, and what is still open? State of {day}; the helped are not named.",
        day=day(today()),
    )
)
work()
