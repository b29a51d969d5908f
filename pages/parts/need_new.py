"""Recording a care need: the building, the door, what help is needed and, where known, who needs it."""

from datetime import date
from typing import Any

import streamlit as st

from geo.access.helped_persons import Whereabouts
from geo.errors import NotFound
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.need_writes import open_need
from geo.places.reads import place_card, search_places
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.need_forms import task_input
from pages.parts.need_state import NEW, open_need_card, open_view
from pages.parts.person_fields import PersonForm, person_fields
from pages.parts.person_new import store_person
from pages.parts.session import act, looking

HITS = 30
HITS_SHOWN = 8
TURN = "need_turn"


def show_new_need(building_id: int | None) -> None:
    """Show how to record a need: first the building, then the door, the help and, where known, the person."""
    st.subheader(_("Record a need"), anchor=False)
    st.button(_("Back"), icon=":material/arrow_back:", type="tertiary", key="leave_new_need", on_click=open_view,
              args=(None,))  # fmt: skip
    if building_id is None:
        _ask_building()
        return
    where = _ask_door(building_id)
    if where is not None:
        _ask_help(where)


def _ask_building() -> None:
    wanted = st.text_input(
        _("Which building?"), key="need_building", icon=":material/search:",
        placeholder=_("Compound and number, address, code or pinyin"),
    )  # fmt: skip
    if not wanted.strip():
        return
    with looking() as connection:
        hits = [hit for hit in search_places(connection, wanted, limit=HITS) if hit.kind == "building"][:HITS_SHOWN]
    if not hits:
        st.caption(_("No building is called “{text}”. Add its number, such as 金桂花园 3.", text=plain(wanted)))
    for hit in hits:
        label = f"{plain(hit.name)} · {plain(hit.context)}"
        st.button(label, key=f"need_at_{hit.id}", type="tertiary", on_click=open_view, args=(NEW, hit.id))


def _ask_door(building_id: int) -> Whereabouts | None:
    try:
        with looking() as connection:
            building = place_card(connection, "building", building_id)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/location_off:")
        return None
    st.markdown(f":material/apartment: {plain(building.name)}")
    st.button(_("Another building"), key="other_building", type="tertiary", on_click=open_view, args=(NEW,))
    unit_id = _one_of(_("Unit"), _("not known"), {row[1]: row[2] for row in building.children}, f"unit_{building_id}")
    if unit_id is None:
        return Whereabouts(building_id)
    with looking() as connection:
        rooms = {row[1]: row[2] for row in place_card(connection, "unit", unit_id).children}
    return Whereabouts(building_id, unit_id, _one_of(_("Door"), _("not known"), rooms, f"door_{unit_id}"))


def _one_of(label: str, nothing: str, known: dict[int, str], key: str) -> int | None:
    if not known:
        return None
    chosen: int | None = st.selectbox(
        label, [None, *known], format_func=lambda one: plain(known[one]) if one else nothing, key=key,
        placeholder=nothing,
    )  # fmt: skip
    return chosen


def _ask_help(where: Whereabouts) -> None:
    turn = st.session_state.setdefault(TURN, 0)
    with st.form(f"new_need_{turn}", border=False, enter_to_submit=False):
        tasks = task_input((), f"new_tasks_{turn}")
        opened_on = st.date_input(_("Since"), today(), max_value=today(), key=f"opened_{turn}")
        with st.expander(_("Who it is (may stay open)")):
            form = person_fields(f"new_person_{turn}")
        if not st.form_submit_button(_("Record this need"), type="primary", width="stretch"):
            return
    number_given = act(lambda session: _record(session, where, tasks, opened_on, form))
    if number_given:
        st.session_state[TURN] = turn + 1
        st.toast(_("Need {number} is recorded.", number=number_given), icon=":material/check:")
        open_need_card(number_given)
        rerun_part()


def _record(session: Any, where: Whereabouts, tasks: list[str], opened_on: date, form: PersonForm) -> str:
    person_id = store_person(session, where, form) if form.anything else None
    return open_need(session, where, tasks, opened_on=opened_on, helped_person_id=person_id).number
