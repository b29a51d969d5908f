"""Search for a place by name, address, code, head or pinyin."""

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.places.reads import search_places
from geo.places.rules import KIND_LABELS
from pages.parts.card import go_to
from pages.parts.session import looking, may

SHOWN = 8


def show_search(key: str) -> None:
    """Show the search box; what it finds stands below it until one is chosen."""
    by_head, by_place = _("Name, address, code, head or pinyin"), _("Name, address, code or pinyin")
    wanted = st.text_input(
        _("Search"), key=f"{key}_search", placeholder=by_head if may("see_holders") else by_place,
        icon=":material/search:",
    )  # fmt: skip
    if not wanted.strip():
        return
    with looking() as connection:
        hits = search_places(connection, wanted, limit=SHOWN)
    if not hits:
        st.caption(_("Nothing is called “{text}”. Try a part of the name, or its pinyin.", text=plain(wanted)))
    for hit in hits:
        label = f"{plain(hit.name)} · {_(KIND_LABELS[hit.kind])} · {plain(hit.context)}"
        st.button(
            label, key=f"{key}_hit_{hit.kind}_{hit.id}", type="tertiary", on_click=_chosen, args=(key, hit.kind, hit.id)
        )


def _chosen(key: str, kind: str, place_id: int) -> None:
    st.session_state[f"{key}_search"] = ""
    go_to(key, (kind, place_id))
