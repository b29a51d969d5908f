"""Siting: where the next stations go, how good that is, and why there."""

from dataclasses import replace

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.overview import Stand, known_communities, stand_now
from geo.briefing.siting_results import KeptSiting, candidates, opened_siting
from geo.briefing.siting_state import SitingState, siting_look
from geo.errors import NotFound
from geo.i18n import _
from geo.maps.city_map import Look
from geo.maps.safe_text import plain
from geo.places.reads import City, city
from pages.parts.card import go_to
from pages.parts.city_map import focus
from pages.parts.empty_city import show_first_steps
from pages.parts.language import fragment, rerun_part
from pages.parts.session import actor, looking
from pages.parts.siting_adding import adding_tool
from pages.parts.siting_below import show_below
from pages.parts.siting_controls import chosen_state, question, show_controls, title_of
from pages.parts.siting_figures import show_answer
from pages.parts.siting_job import plan_so_far, show_start
from pages.parts.siting_map import heard, newly_of, plan_layer, show_siting_map
from pages.parts.siting_panel import show_panel
from pages.parts.siting_terms import gather

KEY = "siting"


def _choose(place: Place) -> None:
    go_to(KEY, place)
    rerun_part()


def _opened(stand: Stand, state: SitingState) -> KeptSiting | None:
    if state.study_id is None:
        return None
    try:
        return opened_siting(stand, state.study_id)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/search_off:")
        return None


def _write_address(state: SitingState) -> None:
    now = st.query_params.to_dict()
    wanted = ({"lang": now["lang"]} if "lang" in now else {}) | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)


def _look(stand: Stand, state: SitingState, found: KeptSiting | None) -> Look:
    if found is None:
        return siting_look(state, stand, focus(KEY), sites=plan_so_far(state.job_id))
    near = found.wanted.near
    asked = replace(state, circle=near.circle, old=near.old, community_id=found.wanted.community_id)
    sites = tuple(row.id for row in found.sites)
    return siting_look(asked, stand, focus(KEY), newly=newly_of(found, state.moved), sites=sites)


@fragment
def explore(place: City) -> None:
    """Show the question, the answer, the map and the panel; whatever is clicked reruns only this."""
    heard(KEY)
    stand = stand_now(actor())
    names = {row.id: row.name for row in known_communities(stand)}
    state = chosen_state(names)
    _write_address(state)
    sites = candidates(stand, state.community_id)
    gather(sites)
    controls, figures = st.container(key="controls"), st.container(key="figures")
    with st.container(key="map_and_panel"):
        left, right = st.columns([2, 1])
    below = st.container(key="below")
    with controls:
        show_controls(state, names, sites)
        called = {site.id: site.name for site in sites}
        show_start(question(state, sites), title_of(state, names), state.job_id, called)
    found = _opened(stand, state)
    with left:
        show_siting_map(KEY, place.bounds, _look(stand, state, found), plan_layer(state, found), adding_tool())
    with right.container(key="card"):
        show_panel(KEY, stand, state, found, sites=sites)
    if found:
        with figures:
            show_answer(found)
        with below:
            show_below(found, _choose)


with looking() as opened:
    here = city(opened)
st.title(_("Siting"), anchor=False)
if here is None:
    show_first_steps()
else:
    st.caption(
        _("Where in {city} should the next stations go, how good is that, and why there?", city=plain(here.name))
    )
    explore(here)
