"""Neighbourhood map: who looks after which doors, and where nobody does."""

import streamlit as st

from geo.briefing.map_state import MapState, Place, look
from geo.briefing.overview import Choice, Stand, known_communities, overview, stand_now
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


def _controls(state: MapState, stand: Stand) -> MapState:
    search, where, kind, status = st.columns([4, 3, 2, 3], vertical_alignment="bottom")
    known = known_communities(actor(), stand)
    names = {row.id: row.name for row in known if len(known) <= MOST_TO_CHOOSE or row.id == state.choice.community_id}
    with search:
        show_search(KEY)
    community = where.selectbox(
        _("Community"), [None, *names], _at(list(names), state.choice.community_id),
        format_func=lambda key: names[key] if key else _("All communities"), key="filter_community",
        help=_("Search for a community and choose it there.") if len(known) > MOST_TO_CHOOSE else None,
    )  # fmt: skip
    compounds = kind.selectbox(
        _("Kind of compound"), [None, *COMPOUND_KINDS], _at(list(COMPOUND_KINDS), state.choice.compound_kind),
        format_func=lambda code: _(CODE_LABELS[code]) if code else _("All kinds"), key="filter_kind",
    )  # fmt: skip
    labels = {style.code: style.label for style in HEAD_STYLES}
    codes = status.multiselect(
        _("Status"), list(labels), list(state.statuses or ()), format_func=lambda code: _(labels[code]),
        placeholder=_("All"), key="filter_status",
    )  # fmt: skip
    return MapState(Choice(community, compounds), tuple(sorted(codes)) or None, state.place)


def _at(options: list[object], value: object) -> int:
    return options.index(value) + 1 if value in options else 0


def _choose(place: Place) -> None:
    go_to(KEY, place)
    rerun_part()


def _show_only(community_id: int) -> None:
    st.query_params["community"] = str(community_id)
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
    figures = st.container(key="figures")
    with st.container(key="controls"):
        state = _controls(MapState.from_address(st.query_params.to_dict()), stand)
    with st.container(key="map_and_panel"):
        left, right = st.columns([2, 1])
    with left:
        show_map(KEY, place.bounds, look(state, stand, focus(KEY)))
    with right.container(key="card"):
        if state.place:
            show_card(KEY, state.place, show_only=_show_only)
        elif is_painted(KEY):
            show_vacancies(stand, state.choice.community_id, _choose)
    _write_address(state)
    with figures:
        show_figures(overview(actor(), stand, state.choice))
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
    st.caption(
        _("Who looks after which doors in {city}, and where does nobody?", city=plain(here.name))
    )
    show_next_step()
    explore(here)
