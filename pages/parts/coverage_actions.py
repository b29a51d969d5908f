"""What can be done about the gaps of a place: ask or appoint somebody, divide doors anew, or go where needs are met."""

import streamlit as st

from geo.briefing.coverage_state import CoverageState
from geo.briefing.coverage_station_posts import vacant_station_posts
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.errors import NotFound
from geo.i18n import _
from geo.people.reads import PostView, building_posts, empty_seat
from geo.places.reads import PlaceCard, place_card
from pages.parts.card import go_to
from pages.parts.coverage_candidates import show_candidates
from pages.parts.coverage_patches import show_patches
from pages.parts.coverage_tries import offer_to_try
from pages.parts.links import link_to
from pages.parts.session import looking, may


def show_actions(stand: Stand, state: CoverageState, place: Place) -> None:
    """Show what can be done about the gaps of a building, unit or compound."""
    try:
        with looking() as connection:
            card = place_card(connection, *place)
    except NotFound:
        return
    if place[0] in {"building", "unit"}:
        _fill_seats(stand, state, card)
    elif place[0] == "station":
        _fill_station(stand, card)
    elif place[0] == "compound" and may("assign_heads"):
        show_patches(stand, card)
    if place[0] in {"building", "unit", "compound", "community"}:
        _lead_on(state, card)


def _fill_seats(stand: Stand, state: CoverageState, card: PlaceCard) -> None:
    if not may("ask_candidates") or card.closed_on:
        return
    building_id = card.id if card.kind == "building" else card.parent[1] if card.parent else None
    if building_id is None:
        return
    with looking() as connection:
        seats = building_posts(connection, building_id)
    if may("assign_heads") and card.kind == "building" and card.parent and card.parent[0] == "compound":
        st.button(
            _("Divide the doors of this compound"), icon=":material/dashboard:", key="to_patches", type="tertiary",
            on_click=go_to, args=("coverage", ("compound", card.parent[1])),
        )  # fmt: skip
    leaving = set()
    for seat in seats:
        if card.kind == "unit" and seat.place_id != card.id:
            continue
        if _is_vacant(seat):
            show_candidates(stand, seat, card)
        person_id = seat.current.person_id if seat.current else None
        if state.view == "duty" and person_id not in leaving:
            offer_to_try(seat)
            leaving.update({person_id} - {None})


def _fill_station(stand: Stand, card: PlaceCard) -> None:
    if not may("ask_candidates") or card.closed_on:
        return
    for kind in vacant_station_posts(stand, card.id)[1]:
        show_candidates(stand, empty_seat(kind, card.id), card)


def _is_vacant(seat: PostView) -> bool:
    return seat.current is None and seat.coming is None and (seat.id is not None or seat.kind == "building_head")


def _lead_on(state: CoverageState, card: PlaceCard) -> None:
    if state.view != "skill":
        return
    query = {"place": f"{card.kind}:{card.id}"}
    link_to("care_and_rota", _("Pair needs with volunteers here"), icon=":material/diversity_1:", query=query)
    link_to("visits", _("Visits that are due"), icon=":material/handshake:", query=query)
