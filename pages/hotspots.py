"""Hotspots: where requests gather, whether it is real, whether it grows, and who is not heard."""

from dataclasses import replace

import streamlit as st

from geo.briefing.coverage_overview import own_bounds
from geo.briefing.hotspot_findings import categories, ground_of
from geo.briefing.hotspot_state import CELL, HotspotState, hotspot_look
from geo.briefing.overview import Stand, known_communities, stand_now
from geo.errors import YizhanError
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.places.reads import City, city
from geo.places.rules import PLACE_KINDS
from pages.parts.city_map import clicked, focus, show_map
from pages.parts.empty_city import show_first_steps
from pages.parts.hotspot_below import show_left_out
from pages.parts.hotspot_controls import chosen_state, show_controls
from pages.parts.hotspot_follow import show_proposals
from pages.parts.hotspot_method import show_method
from pages.parts.hotspot_run import show_run
from pages.parts.hotspot_view import View
from pages.parts.hotspot_views import view_of
from pages.parts.language import fragment, rerun_part
from pages.parts.links import link_to
from pages.parts.session import actor, looking, may

KEY = "hotspots"


def _choose(cell: int | None) -> None:
    if cell is None:
        st.query_params.pop(CELL, None)
    else:
        st.query_params[CELL] = str(cell)
    rerun_part()


def _write_address(state: HotspotState) -> None:
    now = st.query_params.to_dict()
    wanted = ({"lang": now["lang"]} if "lang" in now else {}) | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)


def _view(stand: Stand, state: HotspotState) -> View | None:
    try:
        return view_of(stand, state)
    except YizhanError as error:
        st.info(plain(error.text()), icon=":material/info:")
        return None


def _figures(view: View) -> None:
    for column, (label, value) in zip(st.columns(4), view.figures, strict=False):
        column.metric(label, value)


@fragment
def explore(place: City) -> None:
    """Show controls, map, panel and table; whatever is clicked reruns only this."""
    found = clicked(KEY, (CELL, *PLACE_KINDS))
    if found and found[0] == CELL:
        st.query_params[CELL] = str(found[1])
    if st.session_state.pop("hot_go_view", None):
        st.session_state["hot_view"] = "real"
    stand = stand_now(actor())
    communities = {row.id: row.name for row in known_communities(stand)}
    state = chosen_state(communities, categories(stand))
    if not may("run_hotspots"):
        state = replace(state, view="real")
    _write_address(state)
    with st.container(key="controls"):
        if may("run_hotspots"):
            show_controls(communities, categories(stand))
        if state.view == "real":
            category = categories(stand).get(state.asked.category_id or 0) or _("All categories")
            show_run(stand, state, f"{communities.get(state.asked.community_id or 0) or place.name} · {category}")
    figures = st.container(key="figures")
    with st.container(key="map_and_panel"):
        left, right = st.columns([2, 1])
    with right.container(key="card"):
        view = _view(stand, state)
        if view:
            view.panel(_choose)
    with left:
        look = hotspot_look(state, stand, view.cells if view else None, focus(KEY))
        show_map(KEY, own_bounds(stand, place.bounds), look)
        if view and view.size:
            st.caption(view.size)
    with figures:
        if view:
            _figures(view)
    with st.container(key="below"):
        if view:
            view.table()
            show_left_out(view.left_out, _points(stand) if "default" in view.left_out else 0)
            show_method(state.view, exact=view.exact, size=view.size)
        show_proposals()


def _points(stand: Stand) -> int:
    return len(ground_of(stand).defaults.rows) if may("run_hotspots") else 1


with looking() as opened:
    here = city(opened)
st.title(_("Hotspots"), anchor=False)
if here is None:
    show_first_steps()
else:
    st.caption(
        _("Where in {city} do requests gather, is it more than chance, does it grow, and who is not heard?",
          city=plain(here.name))
    )  # fmt: skip
    link_to("requests", _("All requests"), icon=":material/inbox:")
    explore(here)
