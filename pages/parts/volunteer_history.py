"""The history of a volunteer: who changed what and when."""

from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, day, labelled, moment
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import VolunteerView
from geo.people.volunteer_rules import ACTION_LABELS, FIELD_LABELS, STATUS_LABELS, skills_in_words
from geo.store.audit import Entry, history
from pages.parts.session import looking

MOST_HISTORY = 12
BY_KEY = ("team_id", "building_id", "unit_id")


def show_volunteer_history(found: VolunteerView) -> None:
    """Show the latest changes of a volunteer, as far as the visitor may read them."""
    with looking() as connection:
        entries = history(connection, "volunteer", found.id, limit=MOST_HISTORY)
    if not entries:
        st.caption(_("Nothing is in the history that you may see."))
    for entry in entries:
        what = _(ACTION_LABELS.get(entry.action, entry.action))
        st.markdown(f"{moment(entry.at)} · {what} · {plain(shown_name(entry.actor))}")
        for line in _changes(entry):
            st.caption(line)
        if entry.note:
            st.caption(plain(entry.note))


def _changes(entry: Entry) -> list[str]:
    before, after = entry.before or {}, entry.after or {}
    if "given_on" in {**before, **after}:
        return []
    changed = [name for name in FIELD_LABELS if before and before.get(name) != after.get(name)]
    return [_line(name, before.get(name), after.get(name)) for name in changed]


def _line(name: str, before: Any, after: Any) -> str:
    label = _(FIELD_LABELS[name])
    return label if name in BY_KEY else labelled(label, f"{value_words(name, before)} → {value_words(name, after)}")


def value_words(name: str, value: Any) -> str:
    """Return the value of a volunteer's field as people read it."""
    if value is None or value in ("", [], ()):
        return _("nothing")
    if name == "skills":
        return skills_in_words(value)
    if name == "status":
        return _(STATUS_LABELS[value])
    if name == "party_member":
        return _("yes") if value else _("no")
    if name in ("checked_in_on", "closed_on") and not isinstance(value, str):
        return day(value)
    return plain(str(value))
