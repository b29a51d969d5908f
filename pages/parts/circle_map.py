"""A small map on the card of a circle: the door, the homes of its volunteers, and how far people walk to help."""

import streamlit as st

from geo.briefing.circle_map import circle_map
from geo.briefing.overview import stand_now
from geo.i18n import _, number
from geo.people.circle_reads import CircleView
from pages.parts.city_map import show_map
from pages.parts.session import actor, may

HEIGHT_PX = 340


def show_circle_map(circle: CircleView) -> None:
    """Offer the map, for who may see needs; it is drawn when it is asked for."""
    if not may("see_needs") or not st.toggle(_("Show the walk on a map"), key="circle_on_map"):
        return
    found = circle_map(stand_now(actor()), circle)
    if found is None:
        st.info(_("Nobody has written down where this building is. Draw it on Places."), icon=":material/location_off:")
        return
    show_map("circle", found.bounds, found.look, height_px=HEIGHT_PX)
    if found.limit_m is None:
        st.caption(_("No road leads to this building: how far help can come from is not known."))
    else:
        st.caption(_("Outlined: within {metres} m on foot of this door, along roads.", metres=number(found.limit_m)))
