"""Neighbourhood map: who looks after which doors, and where nobody does."""

from collections.abc import Mapping

import streamlit as st

from geo.briefing.map_state import MapState, Place, look
from geo.briefing.overview import Choice, known_communities, overview, stand_now
from geo.i18n import _
from geo.maps.legend import HEAD_STYLES
from geo.maps.safe_text import plain
from geo.places.reads import City, city
from geo.places.rules import CODE_LABELS
from geo.places.tables import COMPOUND_KINDS
from pages.parts.areas_table import show_areas
from pages.parts.card import go_to, show_card
from pages.parts.city_map import clicked, focus, is_painted, show_map
from pages.parts.empty_city import show_first_steps, show_next_step
from pages.parts.figures import show_figures
from pages.parts.language import fragment, rerun_part
from pages.parts.search import show_search
from pages.parts.session import actor, looking
from pages.parts.vacancies import show_vacancies

KEY = "neighbourhood_map"
MOST_TO_CHOOSE = 400


def _state(names: Mapping[int, str]) -> MapState:
    told = MapState.from_address(st.query_params.to_dict())
    known = told.choice.community_id if told.choice.community_id in names else None
    community = st.session_state.setdefault("filter_community", known)
    kind = st.session_state.setdefault("filter_kind", told.choice.compound_kind)
    codes = st.session_state.setdefault("filter_status", list(told.statuses or ()))
    return MapState(Choice(community, kind), tuple(sorted(codes)) or None, told.place)


def _controls(names: Mapping[int, str]) -> None:
    search, where, kind, status = st.columns([4, 3, 2, 3], vertical_alignment="bottom")
    with search:
        show_search(KEY)
    chosen = st.session_state["filter_community"]
    offered = list(names) if len(names) <= MOST_TO_CHOOSE else [chosen] if chosen else []
    where.selectbox(
        _("Community"), [None, *offered], key="filter_community", placeholder=_("All communities"),
        format_func=lambda key: names[key] if key else _("All communities"),
        help=_("Search for a community and choose it there.") if len(names) > MOST_TO_CHOOSE else None,
    )  # fmt: skip
    kind.selectbox(
        _("Kind of compound"), [None, *COMPOUND_KINDS], key="filter_kind", placeholder=_("All kinds"),
        format_func=lambda code: _(CODE_LABELS[code]) if code else _("All kinds"),
    )  # fmt: skip
    labels = {style.code: style.label for style in HEAD_STYLES}
    status.multiselect(
        _("Status"), list(labels), key="filter_status", format_func=lambda code: _(labels[code]), placeholder=_("All")
    )


def _choose(place: Place) -> None:
    go_to(KEY, place)
    rerun_part()


def _show_only(community_id: int) -> None:
    st.session_state["filter_community"] = community_id


def _show_lists() -> None:
    st.session_state[KEY] = {"lists": True}


def _write_address(state: MapState) -> None:
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
    state = _state(names)
    figures, controls = st.container(key="figures"), st.container(key="controls")
    with st.container(key="map_and_panel"):
        left, right = st.columns([2, 1])
    with left:
        show_map(KEY, place.bounds, look(state, stand, focus(KEY)))
    with controls:
        _controls(names)
    with right.container(key="card"):
        if state.place:
            show_card(KEY, state.place, show_only=_show_only)
        elif is_painted(KEY):
            show_vacancies(stand, state.choice.community_id, _choose)
    _write_address(state)
    with figures:
        show_figures(overview(stand, state.choice))
    with st.container(key="below"):
        if is_painted(KEY):
            show_areas(stand, state.choice.community_id, _choose)
        else:
            st.button(_("Show the lists"), icon=":material/table_rows:", key="show_lists", on_click=_show_lists)


with looking() as opened:
    here = city(opened)
st.title(_("Neighbourhood map"), anchor=False)
if here is None:
    show_first_steps()
else:
    st.caption(_("Who looks after which doors in {city}, and where does nobody?", city=plain(here.name)))
    show_next_step()
    explore(here)
