"""The care needs of a building on its card, for whoever may see them: by number, never by name."""

import streamlit as st

from geo.i18n import _, labelled, number
from geo.people.need_reads import needs
from pages.parts.links import is_open, link_to
from pages.parts.need_state import NEW
from pages.parts.need_words import tasks_in_words
from pages.parts.session import looking, may

PAGE = "care_needs"
MOST = 8


def show_needs_here(building_id: int, *, unit_id: int | None = None) -> None:
    """Show the open needs of a building, or of one unit, as ways to their cards; nothing to whom they are closed."""
    if not is_open(PAGE):
        return
    with looking() as connection:
        found = [one for one in needs(connection, building_id=building_id) if unit_id in {None, one.unit_id}]
    if found:
        st.markdown(labelled(_("Open care needs"), number(len(found))))
    for need in found[:MOST]:
        door = f"{need.number} · {tasks_in_words(need.tasks)}"
        link_to(PAGE, door, icon=":material/volunteer_activism:", query={"need": need.number})
    if may("edit_needs"):
        link_to(PAGE, _("Record a need here"), icon=":material/add:", query={"do": NEW, "building": str(building_id)})
