"""Choosing where a request is by typing: compound and number, address, code or pinyin; the first match is taken."""

from datetime import UTC, datetime

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.places.rules import KIND_LABELS
from geo.requests.draft import RequestDraft
from geo.requests.typed_place import TypedPlace, typed_places
from pages.parts.session import looking


def ask_request_place(key: str) -> TypedPlace | None:
    """Ask for a place; None while nothing is found."""
    typed = st.text_input(
        _("Where is it?"), key=f"{key}_where", icon=":material/search:",
        placeholder=_("Compound and number, unit, address, code or pinyin"),
    )  # fmt: skip
    if not typed.strip():
        return None
    with looking() as connection:
        found = typed_places(connection, typed)
    if not found:
        st.caption(_("Nothing is called “{text}”. Add the number, such as 金桂花园 3.", text=plain(typed)))
        return None
    return st.radio(
        _("Which place?"), found, key=f"{key}_which_{typed}", format_func=place_label, label_visibility="collapsed"
    )


def place_label(place: TypedPlace) -> str:
    """Return a place with what it is and where."""
    return " · ".join(part for part in (plain(place.name), _(KIND_LABELS[place.kind]), plain(place.context)) if part)


def draft_of_place(place: TypedPlace, category: str, channel: str = "station_desk") -> RequestDraft:
    """Return a draft that says where it is: the unit or building, the community, else the point with its name."""
    now = datetime.now(UTC)
    if place.kind == "unit":
        return RequestDraft(channel, category, now, unit_id=place.id)
    if place.kind == "building":
        return RequestDraft(channel, category, now, building_id=place.id)
    if place.kind == "community":
        return RequestDraft(channel, category, now, community_id=place.id)
    return RequestDraft(
        channel, category, now, lon=place.lon, lat=place.lat, address=place.name if place.kind != "point" else None
    )
