"""The open requests of a building on its card and among a head's own doors, for whoever may see them."""

import streamlit as st

from geo.i18n import _, labelled, number
from geo.requests.request_reads import open_at_buildings
from pages.parts.links import is_open, link_to
from pages.parts.request_words import STATUS_ICONS, due_text, title_of
from pages.parts.session import looking

PAGE = "requests"
MOST = 8


def show_requests_here(building_id: int, name: str, *, unit_id: int | None = None) -> None:
    """Show the open requests of a building, or of one unit, as ways to their cards; nothing to whom they are closed.

    name: what people call it, filled in where a request is reported from here.
    """
    if not is_open(PAGE):
        return
    with looking() as connection:
        found = [one for one in open_at_buildings(connection, [building_id]) if unit_id in {None, one.unit_id}]
    st.markdown(labelled(_("Open requests"), number(len(found))))
    for one in found[:MOST]:
        link_to(PAGE, title_of(one), icon=STATUS_ICONS[one.status], query={"request": one.number})
        st.caption(due_text(one))
    link_to("take_request", _("Report a request"), icon=":material/edit_note:", query={"where": name})
