"""The card of a shift: who comes when to which door, and what may be done: accept, swap, cancel, done, missed."""

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.needs import TASK_LABELS
from geo.planning.shift_reads import ShiftView, shift
from pages.parts.circle_state import open_circle, open_shift
from pages.parts.circle_words import shift_status, turn_words
from pages.parts.merge import pinned, unpin
from pages.parts.rota_grid import volunteer_title
from pages.parts.session import looking, may
from pages.parts.shift_moves import show_shift_moves
from pages.parts.shift_takers import show_takers


def show_shift(shift_id: int) -> None:
    """Show a shift with what may be done about it, or say that it is not there."""
    with looking() as connection:
        now = shift(connection, shift_id)
    if now is None:
        st.warning(
            _("There is no such shift, or you may not see it. Choose one in the list."), icon=":material/search_off:"
        )
        st.button(_("Close"), key="close_shift", on_click=open_shift, args=(None,))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(plain(turn_words(now.turn)), anchor=False)
        st.button("", icon=":material/close:", help=_("Close this card"), key="close_shift", type="tertiary",
                  on_click=open_shift, args=(None,))  # fmt: skip
    _show_facts(now)
    if may("plan_shifts"):
        seen = _seen(now)
        show_shift_moves(seen)
        show_takers(seen)


def _seen(now: ShiftView) -> ShiftView:
    seen = pinned(f"shift_{now.id}", now)
    if seen.version != now.version:
        st.info(_("Somebody changed this since you opened it. What you typed stays."), icon=":material/update:")
        st.button(_("Show the new state"), on_click=unpin, key=f"unpin_shift_{now.id}")
    return seen


def _show_facts(now: ShiftView) -> None:
    facts = [
        (_("Status"), shift_status(now.status)),
        (_("Volunteer"), plain(volunteer_title(now))),
        (_("Help needed"), _(TASK_LABELS[now.task])),
        (_("Place"), plain(now.door)),
        (_("Need"), plain(now.number)),
    ]
    if now.reason:
        facts.append((_("Reason"), plain(now.reason)))
    if now.stand_in:
        facts.append((_("Comes instead"), plain(now.stand_in)))
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))
    st.button(_("Open the circle"), key="shift_circle", type="tertiary", icon=":material/diversity_1:",
              on_click=open_circle, args=(now.circle_id,))  # fmt: skip
