"""Recording a volunteer: the building, the person, what they offer; with a day it is a check-in too."""

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.known_persons import Who
from geo.people.volunteer_reads import teams
from geo.people.volunteer_writes import Offer, enrol
from geo.places.reads import place_card
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, looking
from pages.parts.volunteer_inputs import offer_inputs
from pages.parts.volunteer_place import ask_place, choose_building
from pages.parts.volunteer_state import open_card, open_view

TURN, PLACE = "volunteer_turn", "new_volunteer_place"


def show_new(building_id: int | None) -> None:
    """Show how to record a volunteer: first where they live, then who it is and what they offer."""
    st.subheader(_("Record a volunteer"), anchor=False)
    st.button(_("Back"), icon=":material/arrow_back:", type="tertiary", key="leave_new_volunteer", on_click=open_view,
              args=(None,))  # fmt: skip
    if building_id is not None and f"{PLACE}_building" not in st.session_state:
        choose_building(PLACE, building_id)
    place = ask_place(PLACE)
    if place is not None:
        _ask_offer(*place)


def _ask_offer(building_id: int, unit_id: int | None) -> None:
    with looking() as connection:
        community_id = place_card(connection, "building", building_id).community_id
        known = teams(connection, community_id=community_id)
    turn = st.session_state.setdefault(TURN, 0)
    with st.form(f"new_volunteer_{turn}", border=False, enter_to_submit=False):
        name = st.text_input(_("Name of the person"), max_chars=80, key=f"volunteer_who_{turn}", autocomplete="off")
        phone = st.text_input(_("Phone"), max_chars=30, key=f"volunteer_phone_{turn}", autocomplete="off")
        st.caption(_("The number is sealed: it shows only after a reason is given."))
        offer = offer_inputs(None, known, f"new_{turn}")
        checked_in = st.checkbox(_("Checks in as a party member today"), key=f"volunteer_checks_in_{turn}")
        if not st.form_submit_button(_("Record this volunteer"), type="primary", width="stretch"):
            return
    day = today() if checked_in else None
    given = Offer(**offer | {"party_member": offer["party_member"] or checked_in}, building_id=building_id,
                  unit_id=unit_id, checked_in_on=day)  # fmt: skip
    made = act(lambda session: enrol(session, Who(name=name, phone=phone), community_id, given))
    if made:
        st.session_state[TURN] = turn + 1
        st.session_state.pop(f"{PLACE}_building", None)
        st.toast(_("{name} is recorded. Add the times now.", name=plain(name)), icon=":material/check:")
        open_card(made)
        rerun_part()
