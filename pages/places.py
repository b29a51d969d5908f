"""Places: which are there, and are they right? Draw, move, correct and close them."""

import streamlit as st
from streamlit_folium import st_folium

from geo.briefing.map_state import MapState, Place, look, parse_place
from geo.briefing.overview import stand_now
from geo.i18n import _
from geo.maps.city_map import rerun_group
from geo.maps.drawing import DrawingMap, drawn_geometry, with_tool
from geo.maps.safe_text import plain
from geo.places.reads import City, city
from pages.parts.city_map import HEIGHT_PX, RETURNED, begun, focus
from pages.parts.empty_city import show_first_steps
from pages.parts.language import fragment, rerun_part
from pages.parts.place_lists import show_areas_without_boundary, show_organisations, show_outside_parent
from pages.parts.place_panel import DRAWN, KEY, STATE, choose, chosen_place, new_place
from pages.parts.search import show_search
from pages.parts.session import actor, looking


def _delivered() -> str:
    data = STATE.get(KEY) or {}
    count = data.get("last_object_clicked_count")
    if not count or STATE.get(f"{KEY}_seen") == count:
        return ""
    STATE[f"{KEY}_seen"] = count
    return data.get("last_object_clicked_tooltip") or ""


def _choose(place: Place) -> None:
    choose(place)
    rerun_part()


@fragment
def work(here: City) -> None:
    """Show the map with its drawing tool and the forms beside it."""
    delivered = _delivered()
    drawn, clicked = drawn_geometry(delivered), parse_place(delivered)
    if drawn:
        STATE[DRAWN] = drawn
    elif clicked:
        choose(clicked)
    chosen = MapState.from_address(st.query_params.to_dict()).place
    show_search(KEY)
    left, right = st.columns([2, 1])
    with right:
        tool = chosen_place(chosen) if chosen else new_place()
    with left:
        first = STATE.setdefault(f"{KEY}_bounds", here.bounds)
        state = look(MapState(place=chosen), stand_now(actor()), focus(KEY))
        st_folium(
            DrawingMap(first), key=KEY, height=HEIGHT_PX,
            use_container_width=True, returned_objects=RETURNED,
            feature_group_to_add=with_tool(rerun_group(begun(KEY, state)), tool),
        )  # fmt: skip
    with st.expander(_("Areas without a boundary")):
        show_areas_without_boundary(_choose)
    with st.expander(_("Places outside what they belong to")):
        show_outside_parent(_choose)
    with st.expander(_("Organisations")):
        show_organisations(_choose)


with looking() as opened:
    found = city(opened)
st.title(_("Places"), anchor=False)
if found is None:
    show_first_steps()
else:
    st.caption(_("Which places are there, and are they right? {city}", city=plain(found.name)))
    work(found)
