"""Choosing the doors of an incident from lists: what is typed is found, and picks of several searches add up."""

import streamlit as st

from geo.i18n import _
from geo.requests.incident_doors import pickable_doors
from pages.parts.incident_map import keep_picked, picked_doors
from pages.parts.language import rerun_part
from pages.parts.session import looking


def ask_doors() -> list[tuple[int, int | None]]:
    """Ask for doors: a compound by typing, then its buildings and units; picks of several searches add up."""
    picked = picked_doors()
    typed = st.text_input(
        _("Which doors?"), key="incident_where", icon=":material/search:",
        placeholder=_("Compound, building or address; add several, one after the other"),
    )  # fmt: skip
    if typed.strip():
        with looking() as connection:
            found = pickable_doors(connection, typed)
        known = {one.key: one for one in found}
        chosen = st.multiselect(
            _("Doors found"), list(known), key=f"incident_found_{typed}", placeholder=_("Choose doors"),
            format_func=lambda key: known[key].name,
        )  # fmt: skip
        one_by_one, all_of_them = st.columns(2)
        if one_by_one.button(_("Add these"), disabled=not chosen, key="incident_add"):
            picked.update({key: known[key] for key in chosen})
            rerun_part()
        if all_of_them.button(_("Add all buildings found"), disabled=not found, key="incident_add_all"):
            picked.update({one.key: one for one in found if one.unit_id is None})
            rerun_part()
    kept = st.multiselect(
        _("Affected doors"), list(picked), default=list(picked), placeholder=_("none yet"),
        format_func=lambda key: picked[key].name,
    )  # fmt: skip
    if len(kept) < len(picked):
        keep_picked(kept)
        rerun_part()
    return [(picked[key].building_id, picked[key].unit_id) for key in kept]
