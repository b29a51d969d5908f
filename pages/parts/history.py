"""The history of a place: who changed what when, each change with its undo."""

import streamlit as st

from geo.i18n import _, day, labelled
from geo.maps.safe_text import plain
from geo.people.writes import undo_holding_change
from geo.places.reads import HistoryRow, PlaceCard
from geo.places.rules import action_to_edit
from geo.places.writes import undo_change
from pages.parts.language import rerun_part
from pages.parts.links import link_to
from pages.parts.session import act, may

MOST_HISTORY = 12


def show_history(card: PlaceCard) -> None:
    """Show the latest changes of a place; undo is offered for each that can be put back."""
    if not card.history:
        st.caption(_("Nothing was changed here since it was imported."))
    for entry in card.history[:MOST_HISTORY]:
        st.markdown(f"{day(entry.at)} · {plain(entry.action)} · {plain(entry.who)}")
        for change in entry.changes:
            before, after = (plain(side or _("nothing")) for side in (change.before, change.after))
            st.caption(labelled(plain(change.field), f"{before} → {after}"))
        if entry.note:
            st.caption(plain(entry.note))
        if _may_undo(card, entry) and st.button(_("Undo"), key=f"undo_{entry.id}", icon=":material/undo:"):
            _undo(entry)
    everything = {"about": f"{card.kind}:{card.id}", "from": "all"}
    link_to("audit", _("Everything in the log about this place"), icon=":material/history:", query=everything)


def _may_undo(card: PlaceCard, entry: HistoryRow) -> bool:
    if entry.undo is None:
        return False
    return may("assign_heads" if entry.undo == "holding" else action_to_edit(card.kind))


def _undo(entry: HistoryRow) -> None:
    command = undo_change if entry.undo == "place" else undo_holding_change
    if act(lambda session: command(session, entry.id)):
        st.toast(_("The change was undone."), icon=":material/check:")
        rerun_part()
