"""What became of a shift: accepted, given back, cancelled, done, missed."""

import streamlit as st

from geo.i18n import N_, _
from geo.people.circle_rules import MAX_REASON
from geo.planning.shift_reads import ShiftView
from geo.planning.shift_rules import MOVES, NEED_REASON, happened
from geo.planning.shift_writes import move_shift
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.merge import unpin
from pages.parts.session import act

MOVE_LABELS = {
    "accepted": N_("Accepted"),
    "done": N_("Done"),
    "missed": N_("Missed"),
    "open": N_("Gave it back"),
    "cancelled": N_("Cancel"),
}


MARKS = ("done", "missed")


def show_shift_moves(seen: ShiftView) -> None:
    """Show what a shift can become now; a reason is asked where one is needed."""
    offered = [
        status
        for status in MOVES[seen.status]
        if status in MOVE_LABELS and (status not in MARKS or happened(seen.turn, today()))
    ]
    if not offered:
        return
    reason = None
    if NEED_REASON & set(offered):
        reason = st.text_input(
            _("Reason, without names (when missed or cancelled)"), key=f"shift_reason_{seen.id}", max_chars=MAX_REASON,
            autocomplete="off",
        )  # fmt: skip
    with st.container(horizontal=True):
        for status in offered:
            if st.button(_(MOVE_LABELS[status]), key=f"shift_{seen.id}_{status}"):
                done_with(
                    act(
                        lambda session, to=status: (
                            move_shift(session, seen.id, to, version=seen.version, on=today(), reason=reason or None),
                            True,
                        )[1]
                    )
                )


def done_with(outcome: object) -> None:
    """Say that a shift is changed and let its card begin anew; nothing after an error."""
    if outcome:
        unpin()
        st.toast(_("The shift is changed."), icon=":material/check:")
        rerun_part()
