"""Picking the doors of an incident on the map: a click takes a building in or out; what is taken is outlined."""

from collections.abc import Collection
from dataclasses import replace

import streamlit as st

from geo.briefing.coverage_overview import own_bounds
from geo.briefing.map_state import MapState, look
from geo.briefing.overview import stand_now
from geo.i18n import _
from geo.places.reads import city
from geo.requests.incident_doors import Pickable, door_outlines, pickable_building
from geo.requests.incident_reads import doors_of_incident
from pages.parts.city_map import clicked, show_map
from pages.parts.incident_list import NEW, chosen_incident
from pages.parts.session import actor, looking

KEY = "incident_map"
HEIGHT_PX = 560


def picked_doors() -> dict[str, Pickable]:
    """Return the doors that are picked for the incident of the form, by their keys: at first those it affects."""
    chosen = chosen_incident() or NEW
    if _key(chosen) not in st.session_state:
        st.session_state[_key(chosen)] = {} if chosen == NEW else _doors_of(int(chosen))
    kept: dict[str, Pickable] = st.session_state[_key(chosen)]
    return kept


def keep_picked(keys: Collection[str]) -> None:
    """Let only these doors stay picked."""
    picked = picked_doors()
    for key in picked.keys() - set(keys):
        del picked[key]


def forget_picked() -> None:
    """Forget what was picked, so that the form begins anew."""
    st.session_state.pop(_key(chosen_incident() or NEW), None)


def _key(chosen: str) -> str:
    return f"incident_picked_{chosen}"


def _doors_of(incident_id: int) -> dict[str, Pickable]:
    with looking() as connection:
        doors = doors_of_incident(connection, incident_id)
    keys = [f"{one.building_id}-{one.unit_id or 0}" for one in doors]
    return {
        key: Pickable(key, one.building_id, one.unit_id, one.place) for key, one in zip(keys, doors, strict=True)
    }  # fmt: skip


def show_door_map() -> None:
    """Show the map; a building that is clicked is taken in, or out when it was in."""
    found, picked = clicked(KEY), picked_doors()
    with looking() as connection:
        place = city(connection)
        if found and found[0] == "building":
            one = pickable_building(connection, found[1])
            if one and picked.pop(one.key, None) is None:
                picked[one.key] = one
        outlines = door_outlines(connection, [one.building_id for one in picked.values()])
    if place is None:
        return
    stand = stand_now(actor())
    shown = replace(look(MapState(), stand), outlines=outlines)
    show_map(KEY, own_bounds(stand, place.bounds), shown, height_px=HEIGHT_PX)
    st.caption(_("Click a building to take it in or out; what is affected is outlined."))
