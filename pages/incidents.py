"""Incidents: what has failed where, since when, whom does it affect, and when is it over?"""

import streamlit as st

from geo.i18n import _, day
from geo.store.clock import today
from pages.parts.incident_card import show_incident
from pages.parts.incident_form import show_changed_incident, show_new_incident
from pages.parts.incident_list import NEW, chosen_incident, is_changing, open_incident, show_incident_list
from pages.parts.incident_map import show_door_map
from pages.parts.language import fragment
from pages.parts.session import may

ON_A_PHONE = """<style>@media (max-width: 640px) {
  .st-key-map_and_panel [data-testid="stColumn"]:has(.st-key-card) { order: -1; }
}</style>"""


@fragment
def work() -> None:
    """Show the incidents and the card of one beside them."""
    chosen = chosen_incident()
    with st.container(key="map_and_panel"):
        left, right = st.columns([3, 2])
    with left:
        if (chosen == NEW or is_changing()) and may("edit_incidents"):
            show_door_map()
        else:
            show_incident_list()
    with right.container(key="card"):
        if chosen == NEW:
            show_new_incident()
        elif chosen and is_changing() and may("edit_incidents"):
            show_changed_incident(int(chosen))
        elif chosen:
            show_incident(int(chosen))
        else:
            if may("edit_incidents"):
                st.button(_("Record an incident"), icon=":material/add_alert:", type="primary", key="new_incident",
                          on_click=open_incident, args=(NEW,))  # fmt: skip
            st.caption(_("Click a row to see the doors, the message for their heads and the requests that joined."))


st.html(ON_A_PHONE)
st.title(_("Incidents"), anchor=False)
st.caption(_("What has failed, since when, and whom does it affect? State of {day}.", day=day(today())))
work()
