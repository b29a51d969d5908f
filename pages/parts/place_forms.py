"""Forms of the places page: a new place from a drawing, corrections, another shape, closing."""

from typing import Any

import streamlit as st

from geo.errors import BadInput
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.places.editing import Editable
from geo.places.fields import checked_fields
from geo.places.meanwhile import BELONGS, SHAPE
from geo.places.rules import KIND_LABELS
from geo.places.writes import draw_place
from geo.store.clock import today
from pages.parts.place_draft import Draft
from pages.parts.place_fields import field_inputs, parent_input
from pages.parts.place_merge import submit
from pages.parts.session import act

Geometry = dict[str, Any]


def show_new(kind: str, geometry: Geometry | None) -> int | None:
    """Show the form of a new place, which can be saved once it is drawn; return its id when it was."""
    ask = _("Draw it on the map, then fill in the form.")
    st.info(ask if geometry is None else _("It is drawn. Fill in the form and save."), icon=":material/draw:")
    with st.form(f"new_{kind}"):
        fields = field_inputs(kind, {}, f"new_{kind}")
        st.caption(_("It belongs to where it lies. Without a code it gets one."))
        saved = st.form_submit_button(_("Save the new place"), type="primary", disabled=geometry is None)
    if not saved or geometry is None:
        return None
    place_id = act(lambda session: draw_place(session, kind, geometry, fields))
    if place_id:
        st.toast(_("{kind} saved.", kind=_(KIND_LABELS[kind])), icon=":material/check:")
    return place_id


def show_correction(place: Editable) -> bool:
    """Show the form that corrects fields; return whether something was saved."""
    with st.form(f"correct_{place.kind}_{place.id}_{place.version}", border=False):
        fields = field_inputs(place.kind, place.fields, f"correct_{place.id}_{place.version}")
        parent_id = parent_input(place)
        note = st.text_input(_("Why (for the history)"), max_chars=300)
        if not st.form_submit_button(_("Save the correction"), type="primary"):
            return False
    try:
        typed = checked_fields(place.kind, fields)
    except BadInput as error:
        st.error(plain(error.text()), icon=":material/error:")
        return False
    changed = {name: value for name, value in typed.items() if value != place.fields[name]}
    moved = {} if parent_id == place.parent_id else {BELONGS: parent_id}
    if not changed and not moved:
        st.error(_("Nothing is different. Change a field, then save again."), icon=":material/error:")
        return False
    return submit(Draft(place, changed | moved, note))


def show_move(place: Editable, geometry: Geometry | None) -> bool:
    """Show the button that saves the new shape; return whether it was saved."""
    st.info(_("Drag the corners on the map, or start again and draw anew."), icon=":material/draw:")
    with st.form(f"move_{place.kind}_{place.id}", border=False):
        note = st.text_input(_("Why (for the history)"), max_chars=300)
        if not st.form_submit_button(_("Save the new shape"), type="primary", disabled=geometry is None):
            return False
    return geometry is not None and submit(Draft(place, {SHAPE: geometry}, note))


def show_closing(place: Editable, name: str, children: int) -> bool:
    """Show the form that closes a place, naming it and what it holds; return whether it was closed."""
    st.markdown(_("Close {name}? It leaves the map; its history stays, and you can undo it.", name=plain(name)))
    if children:
        st.warning(_("It still holds {count} places; they must be closed or moved first.", count=number(children)))
    with st.form(f"close_{place.kind}_{place.id}", border=False):
        on = st.date_input(_("Closed on"), today())
        reason = st.text_input(_("Reason"), max_chars=300)
        if not st.form_submit_button(_("Close this place")):
            return False
    return submit(Draft(place, note=reason, close_on=on))
