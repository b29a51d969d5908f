"""The due visits of somebody's own doors, on the page made for the phone."""

from datetime import timedelta

import streamlit as st

from geo.i18n import _, labelled, number
from geo.maps.safe_text import plain
from geo.people.visit_reads import due_at_buildings
from geo.store.clock import today
from pages.parts.links import is_open
from pages.parts.session import looking
from pages.parts.visit_words import STATE_ICONS, door_text, due_text, link_to_form

PAGE = "visits"
WITHIN_DAYS = 7
MOST = 8


def show_visits_here(building_ids: list[int]) -> None:
    """Show the visits due within a week at some buildings, with the way to the form, for whom the page is open."""
    if not is_open(PAGE):
        return
    with looking() as connection:
        found = due_at_buildings(connection, building_ids, until=today() + timedelta(days=WITHIN_DAYS))
    with st.container(border=True, key="visits_here"):
        st.markdown(labelled(_("Visits due within a week"), number(len(found))))
        for need in found[:MOST]:
            st.markdown(f"{STATE_ICONS[need.state]} {plain(door_text(need))} · {plain(need.number)}")
            st.caption(due_text(need))
        link_to_form()
