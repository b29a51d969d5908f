"""Care needs: which doors have somebody who needs help, and what for? By place and number, never by name."""

import streamlit as st

from geo.i18n import _, day
from geo.people.need_figures import compounds_with_needs, need_figures
from geo.store.clock import today
from pages.parts.language import fragment
from pages.parts.names_list import show_names_list
from pages.parts.need_card import show_need
from pages.parts.need_controls import chosen_state, show_controls, show_figures, within_sight
from pages.parts.need_due import show_due
from pages.parts.need_list import TOO_MANY, show_communities, show_list
from pages.parts.need_new import show_new_need
from pages.parts.need_state import LIST, NEW, NeedState, open_view, write_address
from pages.parts.session import looking, may

ON_A_PHONE = """<style>@media (max-width: 640px) {
  .st-key-map_and_panel [data-testid="stColumn"]:has(.st-key-card) { order: -1; }
  .st-key-map_and_panel [data-testid="stButtonGroup"] button { min-height: 44px; }
}</style>"""


def _show_tasks() -> None:
    with st.container(horizontal=True):
        if may("edit_needs"):
            st.button(_("Record a need"), icon=":material/add:", type="primary", key="new_need", on_click=open_view,
                      args=(NEW,))  # fmt: skip
        if may("reveal_persons"):
            st.button(_("Make a list with names"), icon=":material/print:", key="names_list", on_click=open_view,
                      args=(LIST,))  # fmt: skip


def _show_panel(state: NeedState) -> None:
    if state.view == NEW and may("edit_needs"):
        show_new_need(state.building_id)
    elif state.number:
        show_need(state.number)
    else:
        st.caption(_("Click a row, or type the number of a need, to see what is known about it."))
        _show_tasks()


def _show_empty(state: NeedState) -> None:
    if state.view == NEW and may("edit_needs"):
        show_new_need(state.building_id)
        return
    st.info(
        _("No care needs are recorded where you may look. They would be listed here by building, door and number."),
        icon=":material/volunteer_activism:",
    )
    _show_tasks()


@fragment
def work() -> None:
    """Show figures, filters, the list and the card beside it; what is clicked reruns only this."""
    with looking() as connection:
        known = compounds_with_needs(connection)
        state = within_sight(chosen_state(), known)
        choice = state.choice
        figures = need_figures(connection, community_id=choice.community_id, compound_id=choice.compound_id)
    write_address(state)
    if not figures.records:
        _show_empty(state)
        return
    with st.container(key="figures"):
        show_figures(figures)
    with st.container(key="controls"):
        show_controls(state, known)
    if state.view == LIST and may("reveal_persons"):
        with st.container(key="map_and_panel"):
            show_names_list(state)
        return
    with st.container(key="map_and_panel"):
        left, right = st.columns([3, 2])
    with left:
        if choice.community_id is None and figures.records > TOO_MANY:
            show_communities(known)
        else:
            show_list(state.choice)
    with right.container(key="card"):
        _show_panel(state)


st.html(ON_A_PHONE)
st.title(_("Care needs"), anchor=False)
st.caption(
    _("Which doors have somebody who needs help, and what for? State of {day}; nobody is named.", day=day(today()))
)
work()
if may("erase_person"):
    with st.container(key="below"):
        show_due()
