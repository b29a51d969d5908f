"""What becomes of a care circle: accept, pause, resume, refuse, end."""

from typing import Any

import streamlit as st

from geo.i18n import N_, _
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView
from geo.people.circle_rules import MAX_REASON, MOVES, NEED_REASON
from geo.people.circle_writes import move_circle
from geo.store.clock import today
from pages.parts.circle_members import pinned_circle
from pages.parts.language import rerun_part
from pages.parts.merge import unpin
from pages.parts.session import act

MOVE_LABELS = {
    "trial": N_("Accept on trial"),
    "active": N_("Accept"),
    "paused": N_("Pause"),
    "ended": N_("End"),
}


def show_moves(found: CircleView) -> None:
    """Show where the circle can go from where it is; the reason is asked beside."""
    seen = pinned_circle(found)
    labels = MOVE_LABELS
    if found.status == "proposed":
        labels = labels | {"ended": N_("Refuse")}
    elif found.status == "paused":
        labels = labels | {"active": N_("Resume")}
    elif found.status == "trial":
        labels = labels | {"active": N_("Keep for good")}
    reason = st.text_input(
        _("Reason, without names (to pause, refuse or end)"), key=f"move_reason_{found.id}", max_chars=MAX_REASON,
        autocomplete="off",
    )  # fmt: skip
    with st.container(horizontal=True):
        for at, status in enumerate(MOVES[found.status]):
            kind: Any = "primary" if at == 0 and status not in NEED_REASON else "secondary"
            if st.button(_(labels[status]), key=f"move_{found.id}_{status}", type=kind):
                _move(seen, status, reason)


def _move(seen: CircleView, status: str, reason: str) -> None:
    done = act(
        lambda session: (
            move_circle(session, seen.id, status, on=today(), version=seen.version, reason=reason or None), True,
        )[1]
    )  # fmt: skip
    if done:
        unpin()
        st.toast(_("The circle of need {number} is changed.", number=plain(seen.number)), icon=":material/check:")
        rerun_part()
