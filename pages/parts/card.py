"""The card of the selected place: facts, heads, links to parent and children, history with undo."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.errors import NotFound
from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.places.reads import PlaceCard, place_card
from geo.places.rules import KIND_LABELS
from pages.parts.city_map import look_at
from pages.parts.heads import show_heads
from pages.parts.history import show_history
from pages.parts.needs_here import show_needs_here
from pages.parts.requests_here import show_requests_here
from pages.parts.residents import show_residents
from pages.parts.session import looking

MOST_CHILDREN = 12


def go_to(key: str, place: Place) -> None:
    """Select a place and let the map look at it."""
    st.query_params["place"] = f"{place[0]}:{place[1]}"
    try:
        with looking() as connection:
            card = place_card(connection, *place)
    except NotFound:
        return
    if card.bounds:
        look_at(key, card.bounds)


def close() -> None:
    """Close the card."""
    st.query_params.pop("place", None)


def show_card(key: str, place: Place, *, show_only: Callable[[int], None] | None = None) -> None:
    """Show everything about a place, or say that it is not there.

    show_only: what the button does that filters the page by the community on the card; None: no such button.
    """
    try:
        with looking() as connection:
            card = place_card(connection, *place)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/location_off:")
        st.button(_("Back to the list"), on_click=close)
        return
    with st.container(key=f"card_{card.kind}_{card.id}"):
        _head(key, card)
    if show_only and card.kind == "community":
        st.button(_("Show only this community"), icon=":material/filter_alt:", on_click=show_only, args=(card.id,))
    st.markdown("  \n".join(f":gray[{_(label)}] {plain(value)}" for label, value in card.facts))
    if card.kind == "building":
        show_heads(card.id)
        show_needs_here(card.id)
        show_requests_here(card.id, card.name)
    elif card.kind == "unit" and card.parent:
        show_heads(card.parent[1], unit_id=card.id)
        show_needs_here(card.parent[1], unit_id=card.id)
        show_requests_here(card.parent[1], card.name, unit_id=card.id)
    show_residents(place)
    _children(key, card)
    _history(card)


def _head(key: str, card: PlaceCard) -> None:
    title, shut = st.columns([6, 1], vertical_alignment="center")
    title.subheader(plain(card.name), anchor=False)
    shut.button("", icon=":material/close:", help=_("Close this card"), key="close", on_click=close, type="tertiary")
    if card.closed_on:
        st.warning(_("Closed on {day}", day=day(card.closed_on)), icon=":material/block:")
    if card.parent:
        kind, place_id, name = card.parent
        st.button(
            labelled(_(KIND_LABELS[kind]), plain(name)), key="parent", icon=":material/arrow_upward:", type="tertiary",
            on_click=go_to, args=(key, (kind, place_id)),
        )  # fmt: skip


def _children(key: str, card: PlaceCard) -> None:
    if not card.children or card.kind == "building":
        return
    title = _("Inside ({count})", count=number(len(card.children)))
    with st.expander(title, expanded=len(card.children) <= MOST_CHILDREN):
        for kind, place_id, name, households in card.children[: 5 * MOST_CHILDREN]:
            counted = _("Households: {count}", count=number(households))
            st.button(
                f"{plain(name)} · {counted}", key=f"child_{kind}_{place_id}", type="tertiary",
                on_click=go_to, args=(key, (kind, place_id)),
            )  # fmt: skip


def _history(card: PlaceCard) -> None:
    if not card.history:
        return
    with st.expander(_("History ({count})", count=number(len(card.history)))):
        show_history(card)
