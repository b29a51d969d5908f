"""The map on a page: streamlit-folium around our own vector layer; a rerun neither moves nor reloads it."""

from collections.abc import Collection
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from geo.briefing.first_look import beginning, begins_at
from geo.briefing.map_state import Place, parse_place
from geo.maps.city_map import Bounds, CityMap, Look, rerun_group
from geo.places.rules import PLACE_KINDS
from pages.parts.session import actor

RETURNED = ["last_object_clicked_count", "last_object_clicked_tooltip"]
HEIGHT_PX = 620


def clicked(key: str, kinds: Collection[str] = PLACE_KINDS) -> Place | None:
    """Return the place of some kinds that was clicked since the last run, None when nothing was."""
    data: dict[str, Any] = st.session_state.get(key) or {}
    count = data.get("last_object_clicked_count")
    if not count or st.session_state.get(f"{key}_seen") == count:
        return None
    st.session_state[f"{key}_seen"] = count
    return parse_place(data.get("last_object_clicked_tooltip") or "", kinds)


def is_painted(key: str) -> bool:
    """Tell whether the map has been painted in this session: heavy tables wait for it."""
    return bool(st.session_state.get(key))


def begun(key: str, look: Look) -> Look:
    """Return the look of a session that begins at the place of its address: the map goes there first."""
    if f"{key}_begin" not in st.session_state:
        st.session_state[f"{key}_begin"] = begins_at(actor(), look.selected)
    return beginning(look, st.session_state[f"{key}_begin"])


def show_map(key: str, bounds: Bounds, look: Look, *, height_px: int = HEIGHT_PX) -> None:
    """Draw the map; bounds is where it looks when the session begins, unless at a place."""
    first = st.session_state.setdefault(f"{key}_bounds", bounds)
    st_folium(
        CityMap(first),
        key=key,
        height=height_px,
        use_container_width=True,
        returned_objects=RETURNED,
        feature_group_to_add=rerun_group(begun(key, look)),
    )


def look_at(key: str, bounds: Bounds) -> None:
    """Let the map go somewhere with the next run."""
    _bounds, count = st.session_state.get(f"{key}_focus") or (bounds, 0)
    st.session_state[f"{key}_focus"] = (bounds, count + 1)


def focus(key: str) -> tuple[Bounds, int] | None:
    """Return where the map was last told to go."""
    return st.session_state.get(f"{key}_focus")
