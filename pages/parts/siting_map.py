"""The siting page's map: the stations of a plan to move, a place to ask about, a candidate site to add by click."""

from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from geo.briefing.map_state import parse_place
from geo.briefing.siting_moves import draw_place, plan_areas
from geo.briefing.siting_results import KeptSiting
from geo.briefing.siting_state import NEWLY, SitingState
from geo.errors import YizhanError
from geo.maps.city_map import Bounds, Look, rerun_group
from geo.maps.drawing import Tool, drawn_geometry, with_tool
from geo.maps.siting_layer import Moved, PlanStation, SitingLayer, SitingMap, siting_message, with_plan
from geo.siting.wanted import WEIGHTS
from pages.parts.city_map import HEIGHT_PX, RETURNED, begun
from pages.parts.session import actor
from pages.parts.siting_studies import TURN

STATE = st.session_state
DRAWN = "siting_drawn"


def heard(key: str) -> None:
    """Take in what happened on the map since the last run: it goes into the address, a drawing into the session."""
    data: dict[str, Any] = STATE.get(key) or {}
    count = data.get("last_object_clicked_count")
    if not count or STATE.get(f"{key}_seen") == count:
        return
    STATE[f"{key}_seen"] = count
    text = data.get("last_object_clicked_tooltip") or ""
    place, drawn, told = parse_place(text), drawn_geometry(text), siting_message(text) or {}
    if drawn:
        STATE[DRAWN] = drawn
    if place:
        st.query_params["place"] = f"{place[0]}:{place[1]}"
        st.query_params.pop("spot", None)
    if "spot" in told:
        st.query_params["spot"] = ",".join(map(str, told["spot"]))
        st.query_params.pop("place", None)
    if "moved" in told:
        st.query_params["moved"] = ",".join(map(str, vars(told["moved"]).values()))
        st.query_params.pop("place", None)
        st.query_params.pop("spot", None)
    if "back" in told:
        st.query_params.pop("moved", None)


def show_siting_map(key: str, bounds: Bounds, look: Look, layer: SitingLayer, tool: Tool | None) -> None:
    """Draw the map with a plan and perhaps the drawing tool."""
    first = STATE.setdefault(f"{key}_bounds", bounds)
    group = with_plan(with_tool(rerun_group(begun(key, look)), tool), layer)
    st_folium(
        SitingMap(first), key=key, height=HEIGHT_PX, use_container_width=True, returned_objects=RETURNED,
        feature_group_to_add=group,
    )  # fmt: skip


def newly_of(found: KeptSiting, moved: Moved | None) -> tuple[int, ...]:
    """Return the buildings newly within the limit by the plan, with a station moved where one is."""
    if moved is None:
        return found.newly
    try:
        return draw_place(actor(), found.view.id, moved.lon, moved.lat, instead_of=moved.site).newly
    except YizhanError:
        return found.newly


def plan_layer(state: SitingState, found: KeptSiting | None) -> SitingLayer:
    """Return the stations of the opened plan with how far people walk to them; nothing while none is open."""
    if found is None:
        return SitingLayer(None, (), NEWLY, {}, turn=STATE.get(TURN, 0))
    try:
        areas = plan_areas(actor(), found.view.id) if found.sites else {}
    except YizhanError:
        areas = {}
    stations = tuple(PlanStation(one.id, one.name, one.lon, one.lat, areas.get(one.id)) for one in found.sites)
    weights = {name: WEIGHTS[name].counted for name in found.wanted.weights if name in WEIGHTS}
    moved = state.moved if state.moved and state.moved.site in {one.id for one in stations} else None
    return SitingLayer(found.view.id, stations, NEWLY, weights, state.spot, moved, STATE.get(TURN, 0))
