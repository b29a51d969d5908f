"""Coverage: which doors nobody looks after, who is too far from help, and who could step in."""

from dataclasses import replace

import streamlit as st

from geo.briefing.coverage_overview import counted, own_bounds, targets
from geo.briefing.coverage_state import CoverageState, coverage_look
from geo.briefing.map_state import Place
from geo.briefing.overview import known_communities, stand_now
from geo.briefing.station_areas import station_areas
from geo.i18n import _, listed, number
from geo.maps.safe_text import plain
from geo.places.reads import City, city
from pages.parts.card import go_to, show_card
from pages.parts.city_map import clicked, focus, is_painted, show_map
from pages.parts.coverage_actions import show_actions
from pages.parts.coverage_below import show_below
from pages.parts.coverage_controls import chosen_state, sees_teams, show_controls
from pages.parts.coverage_figures import show_figures
from pages.parts.coverage_panel import show_panel
from pages.parts.coverage_patches import plan_at_work
from pages.parts.coverage_plan import show_plan
from pages.parts.coverage_services import show_visit_figures
from pages.parts.coverage_what_if import outcome_of, show_what_if
from pages.parts.empty_city import show_first_steps
from pages.parts.language import fragment, rerun_part
from pages.parts.session import actor, looking

KEY = "coverage"


def _choose(place: Place) -> None:
    go_to(KEY, place)
    rerun_part()


def _show_only(community_id: int) -> None:
    st.session_state["coverage_community"] = community_id


def _show_lists() -> None:
    st.session_state[KEY] = {"lists": True}


def _write_address(state: CoverageState) -> None:
    now = st.query_params.to_dict()
    wanted = ({"lang": now["lang"]} if "lang" in now else {}) | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)


@fragment
def explore(place: City) -> None:
    """Show figures, controls, map and panel; whatever is clicked reruns only this."""
    found = clicked(KEY)
    if found:
        st.query_params["place"] = f"{found[0]}:{found[1]}"
    stand = stand_now(actor())
    names = {row.id: row.name for row in known_communities(stand)}
    state = chosen_state(names)
    plan, tried = plan_at_work(), outcome_of(state)
    figures, controls = st.container(key="figures"), st.container(key="controls")
    with st.container(key="map_and_panel"):
        left, right = st.columns([2, 1])
    with left:
        look = coverage_look(state, stand, focus=focus(KEY), plan=plan, tried=tried, sees_teams=sees_teams())
        areas = station_areas(state, stand)
        show_map(KEY, own_bounds(stand, place.bounds), replace(look, outlines=areas.outlines))
        if areas.limits_m:
            st.caption(_(
                "Outlined: within {limits} m on foot of this station, along roads. Figures rest on the doors.",
                limits=listed(number(limit) for limit in areas.limits_m),
            ))  # fmt: skip
    with controls:
        show_controls(state, names)
    with right.container(key="card"):
        show_what_if(stand, tried)
        if plan:
            show_plan(stand, plan, state.place)
        elif state.place:
            show_card(KEY, state.place, show_only=_show_only)
            show_actions(stand, state, state.place)
        elif is_painted(KEY):
            show_panel(stand, state, _choose)
    _write_address(state)
    with figures:
        if state.view == "visits":
            show_visit_figures(state.community_id)
        else:
            show_figures(stand, state, counted(stand, state.asked, state.community_id), targets(stand))
    with st.container(key="below"):
        if is_painted(KEY):
            show_below(stand, state, _choose)
        else:
            st.button(_("Show the lists"), icon=":material/table_rows:", key="show_lists", on_click=_show_lists)


with looking() as opened:
    here = city(opened)
st.title(_("Coverage"), anchor=False)
if here is None:
    show_first_steps()
else:
    st.caption(
        _("Which doors in {city} does nobody look after, whom is help too far from, and who could step in?",
          city=plain(here.name))
    )  # fmt: skip
    explore(here)
