"""The history of a care circle: who was in it, who decided what and when."""

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, day, labelled, moment
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, members_ever
from geo.people.circle_rules import ACTION_LABELS
from geo.store.audit import history
from pages.parts.circle_words import circle_status, name_words, role_words
from pages.parts.session import looking

MOST_HISTORY = 12


def show_circle_history(found: CircleView) -> None:
    """Show who left the circle and what was decided about it, as far as the visitor may read it."""
    with looking() as connection:
        past = [one for one in members_ever(connection, found.id) if one.to_on]
        entries = history(connection, "care_circle", found.id, limit=MOST_HISTORY)
    for one in past:
        who = f"{name_words(one.name, one.volunteer_id)} · {role_words(one)}"
        st.markdown(labelled(f"- {plain(who)}", f"{day(one.from_on)} – {day(one.to_on)}"))
        if one.reason:
            st.caption(plain(_(one.reason)))
    for entry in entries:
        what = _(ACTION_LABELS.get(entry.action, entry.action))
        status = (entry.after or {}).get("status")
        if entry.action == "move_circle" and status:
            what = labelled(what, circle_status(status))
        st.caption(f"{moment(entry.at)} · {what} · {plain(shown_name(entry.actor))}")
        if entry.note:
            st.caption(plain(_(entry.note)))
    if not past and not entries:
        st.caption(_("Nothing is in the history that you may see."))
