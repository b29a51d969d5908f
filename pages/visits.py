"""Visits: who has to be visited, by when, and is the rhythm kept? By place and number, never by name."""

import streamlit as st

from geo.i18n import _, day, number
from geo.people.need_figures import compounds_with_needs
from geo.people.visit_reads import visit_figures, visitors
from geo.store.clock import today
from pages.parts.language import fragment
from pages.parts.need_list import TOO_MANY
from pages.parts.session import looking
from pages.parts.visit_card import show_visit_card
from pages.parts.visit_controls import show_visit_controls, show_visit_figures
from pages.parts.visit_counts import show_cadence
from pages.parts.visit_list import show_visit_list
from pages.parts.visit_state import chosen_visits, visits_within_sight, write_visit_address
from pages.parts.visit_words import link_to_form

ON_A_PHONE = """<style>@media (max-width: 640px) {
  .st-key-map_and_panel [data-testid="stColumn"]:has(.st-key-card) { order: -1; }
  .stMainBlockContainer [data-testid="stLinkButton"] a { min-height: 44px; }
}</style>"""


def _show_how() -> None:
    with st.expander(_("How it works on the phone"), icon=":material/help:"):
        st.markdown(
            _(
                "1. Open “Record visits on the phone” once with signal and add the page to the home screen.\n"
                "2. At the door: tap the need, what came of it, how it was, how long, save. Five taps, no typing.\n"
                "3. Without signal the visit stays on the phone and is sent by itself later; none is lost or counted "
                "twice.\n"
                "4. A visit that is not accepted stays there with the reason, until you correct or delete it.\n"
                "5. Sign out when you hand the phone on: the list leaves it, visits that wait stay yours."
            )
        )


@fragment
def work() -> None:
    """Show figures, filters, the list and the card beside it; what is clicked reruns only this."""
    with looking() as connection:
        known = compounds_with_needs(connection)
        chosen = chosen_visits()
        names = visitors(connection, community_id=chosen.choice.community_id)
        state = visits_within_sight(chosen, known, names)
        choice = state.choice
        figures = visit_figures(connection, community_id=choice.community_id, compound_id=choice.compound_id)
    write_visit_address(state)
    if not known:
        st.info(
            _("No care need is open where you may look, so no visit is due. Needs are recorded under Care needs."),
            icon=":material/handshake:",
        )
        return
    with st.container(key="figures"):
        show_visit_figures(figures)
    with st.container(key="controls"):
        show_visit_controls(state, known, names)
    with st.container(key="map_and_panel"):
        left, right = st.columns([3, 2])
    with left:
        if choice.community_id is None and figures.needs > TOO_MANY:
            st.info(
                _("There are {count} needs, too many for one list. Choose a community.", count=number(figures.needs)),
                icon=":material/filter_alt:",
            )
        else:
            show_visit_list(choice)
    with right.container(key="card"):
        if state.number:
            show_visit_card(state.number)
        else:
            link_to_form()
            st.caption(_("Click a row to see its visits, plan one, or copy a message for whoever goes."))
            _show_how()
    with st.container(key="below"):
        show_cadence(choice.community_id)


st.html(ON_A_PHONE)
st.title(_("Visits"), anchor=False)
st.caption(
    _("Who has to be visited, by when, and is the rhythm kept? State of {day}; nobody is named.", day=day(today()))
)
work()
