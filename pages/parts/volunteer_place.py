"""Choosing where a volunteer lives: the building by name or address, then the unit where it is known."""

import streamlit as st

from geo.errors import NotFound
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.places.reads import place_card, search_places
from pages.parts.session import looking

HITS, HITS_SHOWN = 30, 8


def ask_place(key: str) -> tuple[int, int | None] | None:
    """Show the choice and return building and unit (None: not known); None while no building is chosen."""
    building_id = st.session_state.get(f"{key}_building")
    if building_id is None:
        _ask_building(key)
        return None
    try:
        with looking() as connection:
            building = place_card(connection, "building", building_id)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/location_off:")
        _forget(key)
        return None
    st.markdown(f":material/apartment: {plain(building.name)}")
    st.button(_("Another building"), key=f"{key}_other", type="tertiary", on_click=_forget, args=(key,))
    units = {row[1]: row[2] for row in building.children}
    unit_id = st.selectbox(
        _("Unit"), [None, *units], key=f"{key}_unit_{building_id}", placeholder=_("not known"),
        format_func=lambda one: plain(units[one]) if one else _("not known"),
    ) if units else None  # fmt: skip
    return building_id, unit_id


def choose_building(key: str, building_id: int) -> None:
    """Let a building be chosen."""
    st.session_state[f"{key}_building"] = building_id


def _forget(key: str) -> None:
    st.session_state.pop(f"{key}_building", None)


def _ask_building(key: str) -> None:
    wanted = st.text_input(
        _("Which building?"), key=f"{key}_wanted", icon=":material/search:",
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
        st.button(label, key=f"{key}_at_{hit.id}", type="tertiary", on_click=choose_building, args=(key, hit.id))
