"""Volunteers: who helps where, with what and when, and how many hours did they give?"""

import streamlit as st

from geo.i18n import _, day
from geo.people.volunteer_reads import communities_with_volunteers, teams, volunteer_figures
from geo.store.clock import today
from pages.parts.language import fragment
from pages.parts.links import link_to
from pages.parts.session import looking, may
from pages.parts.volunteer_card import show_volunteer
from pages.parts.volunteer_controls import chosen_state, show_controls, within_sight
from pages.parts.volunteer_figures import show_figures
from pages.parts.volunteer_list import show_list
from pages.parts.volunteer_new import show_new
from pages.parts.volunteer_state import NEW, VolunteerState, open_view, write_address

ON_A_PHONE = """<style>@media (max-width: 640px) {
  .st-key-map_and_panel [data-testid="stColumn"]:has(.st-key-card) { order: -1; }
  .st-key-map_and_panel [data-testid="stButtonGroup"] button { min-height: 44px; }
}</style>"""


def _show_tasks() -> None:
    with st.container(horizontal=True):
        if may("edit_volunteers"):
            st.button(_("Record a volunteer"), icon=":material/person_add:", type="primary", key="new_volunteer",
                      on_click=open_view, args=(NEW,))  # fmt: skip
        if may("import_files"):
            link_to("import_files", _("Import a roster"), icon=":material/upload_file:", query={"kind": "volunteers"})


def _show_panel(state: VolunteerState) -> None:
    if state.view == NEW and may("edit_volunteers"):
        show_new(state.building_id)
    elif state.volunteer_id:
        show_volunteer(state.volunteer_id)
    else:
        st.caption(_("Click a row to see what somebody offers, when they can come and what they gave."))
        _show_tasks()


def _show_empty(state: VolunteerState) -> None:
    if state.view == NEW and may("edit_volunteers"):
        show_new(state.building_id)
        return
    st.info(
        _("No volunteers are recorded where you may look. They would be listed here with their skills and hours."),
        icon=":material/groups:",
    )
    _show_tasks()


@fragment
def work() -> None:
    """Show figures, filters, the list and the card beside it; what is clicked reruns only this."""
    with looking() as connection:
        communities, known = communities_with_volunteers(connection), teams(connection)
        state = within_sight(chosen_state(), communities, known)
        since = today().replace(day=1)
        figures = volunteer_figures(connection, community_id=state.choice.community_id, since=since)
    write_address(state)
    if not figures.records:
        _show_empty(state)
        return
    with st.container(key="figures"):
        show_figures(figures)
    with st.container(key="controls"):
        show_controls(state, communities, known)
    with st.container(key="map_and_panel"):
        left, right = st.columns([3, 2])
    with left:
        show_list(state.choice)
    with right.container(key="card"):
        _show_panel(state)


st.html(ON_A_PHONE)
st.title(_("Volunteers"), anchor=False)
st.caption(
    _("Who helps where, with what and when, and how many hours did they give? State of {day}.", day=day(today()))
)
work()
