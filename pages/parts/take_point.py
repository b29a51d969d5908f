"""A request at no building: its point is put on the map by a click."""

import streamlit as st
from streamlit_folium import st_folium

from geo.briefing.coverage_overview import own_bounds
from geo.briefing.map_state import MapState, look
from geo.briefing.overview import stand_now
from geo.i18n import _
from geo.maps.city_map import rerun_group
from geo.maps.drawing import DrawingMap, Tool, drawn_geometry, with_tool
from geo.places.reads import city
from geo.requests.typed_place import TypedPlace
from pages.parts.city_map import RETURNED, begun
from pages.parts.language import rerun_part
from pages.parts.session import actor, looking

HEIGHT_PX = 420
POINT = "take_point_{turn}"


def kept_point(turn: int) -> TypedPlace | None:
    """Return the point that was put on the map for the request that is being taken."""
    at = st.session_state.get(POINT.format(turn=turn))
    return TypedPlace("point", 0, _("a point on the map"), "", None, at[0], at[1]) if at else None


def ask_point(turn: int) -> None:
    """Offer the map; a click on it is where the request is."""
    if not st.toggle(_("It is at no building: show the map"), key=f"take_{turn}_on_map"):
        return
    key = f"take_map_{turn}"
    _keep(key, turn)
    with looking() as connection:
        here = city(connection)
    if here is None:
        return
    stand = stand_now(actor())
    bounds = st.session_state.setdefault(f"{key}_bounds", own_bounds(stand, here.bounds))
    st_folium(
        DrawingMap(bounds), key=key, height=HEIGHT_PX, use_container_width=True, returned_objects=RETURNED,
        feature_group_to_add=with_tool(rerun_group(begun(key, look(MapState(), stand))), Tool("point", turn)),
    )  # fmt: skip


def _keep(key: str, turn: int) -> None:
    data = st.session_state.get(key) or {}
    count = data.get("last_object_clicked_count")
    if not count or st.session_state.get(f"{key}_seen") == count:
        return
    st.session_state[f"{key}_seen"] = count
    shape = drawn_geometry(data.get("last_object_clicked_tooltip") or "")
    if shape and shape.get("type") == "Point":
        lon, lat = shape["coordinates"][:2]
        st.session_state[POINT.format(turn=turn)] = (float(lon), float(lat))
        rerun_part()
