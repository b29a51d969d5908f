"""The history of a care need: who changed what and when."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.access.reveals import ACTION_LABELS
from geo.i18n import _, labelled, moment
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.people.needs import STATUS_LABELS
from geo.people.volunteer_rules import skills_in_words
from geo.store.audit import Entry, history
from pages.parts.need_words import tasks_in_words
from pages.parts.session import looking

MOST_HISTORY = 12


def show_need_history(need: NeedView) -> None:
    """Show the latest changes of a need, as far as the visitor may read them."""
    with looking() as connection:
        entries = history(connection, "care_need", need.id, limit=MOST_HISTORY)
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
    said = {
        "tasks": (_("Help needed"), tasks_in_words),
        "skills": (_("Skills"), skills_in_words),
        "hours_week": (_("Hours a week"), str),
        "cadence_days": (_("Days between visits"), str),
        "status": (_("Status"), lambda code: _(STATUS_LABELS[code])),
    }
    return [
        labelled(label, f"{_side(words, before.get(name))} → {_side(words, after.get(name))}")
        for name, (label, words) in said.items()
        if before and before.get(name) != after.get(name)
    ]


def _side(words: Callable[[Any], str], value: Any) -> str:
    return plain(words(value)) if value else _("nothing")
