"""Picking the doors of an incident on the map: a click takes a building in or out; what is taken is outlined."""

from dataclasses import replace

import streamlit as st

from geo.briefing.coverage_overview import own_bounds
from geo.briefing.map_state import MapState, look
from geo.briefing.overview import stand_now
from geo.i18n import _
from geo.places.reads import city
from geo.requests.incident_doors import Pickable, door_outlines, pickable_building
from pages.parts.city_map import clicked, show_map
from pages.parts.session import actor, looking

KEY = "incident_map"
PICKED = "incident_picked"
HEIGHT_PX = 560


def picked_doors() -> dict[str, Pickable]:
    """Return the doors that are picked for a new incident, by their keys."""
    kept: dict[str, Pickable] = st.session_state.setdefault(PICKED, {})
    return kept


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
