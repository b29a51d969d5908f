"""The card of a shift: who comes when to which door, and what may be done: accept, swap, cancel, done, missed."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from geo.i18n import N_, _
from geo.maps.safe_text import plain
from geo.people.circle_rules import MAX_REASON, ROLE_LABELS
from geo.people.needs import TASK_LABELS
from geo.planning.shift_reads import Candidate, ShiftView, candidates, shift, week_shifts
from geo.planning.shift_rules import MOVES, NEED_REASON, TO_COME, Turn, happened, monday_of
from geo.planning.shift_writes import hand_over, move_shift, send_stand_in, swap_shifts
from geo.store.clock import today
from pages.parts.circle_state import open_circle, open_shift
from pages.parts.circle_words import metres_words, name_words, shift_status, turn_words
from pages.parts.language import rerun_part
from pages.parts.merge import pinned, unpin
from pages.parts.rota_grid import volunteer_title
from pages.parts.session import act, looking, may

MOVE_LABELS = {
    "accepted": N_("Accepted"),
    "done": N_("Done"),
    "missed": N_("Missed"),
    "open": N_("Gave it back"),
    "cancelled": N_("Cancel"),
}
MARKS = ("done", "missed")


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
        _show_moves(seen)
        _show_takers(seen)


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


def _show_moves(seen: ShiftView) -> None:
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
                _done(
                    act(
                        lambda session, to=status: (
                            move_shift(session, seen.id, to, version=seen.version, on=today(), reason=reason or None),
                            True,
                        )[1]
                    )
                )


def _show_takers(seen: ShiftView) -> None:
    if seen.status == "missed":
        when = _other_time(seen)
        _show_candidates(seen, _("Who comes instead?"), when)
    elif seen.status in TO_COME:
        title = _("Who takes it?") if seen.volunteer_id is None else _("Swap: who comes instead?")
        _show_candidates(seen, title, seen.turn)
        if seen.volunteer_id is not None:
            _show_exchange(seen)


def _other_time(seen: ShiftView) -> Turn:
    on: date = st.date_input(
        _("On which day"), max(seen.on_day, today()), min_value=seen.on_day, key=f"instead_on_{seen.id}"
    )
    return seen.turn._replace(on_day=on)


def _show_candidates(seen: ShiftView, title: str, when: Turn) -> None:
    with looking() as connection:
        found: Sequence[Candidate] = candidates(connection, seen, turn=when)
    st.markdown(title)
    if not found:
        st.caption(_("Nobody else is in this circle. Add somebody to the circle first."))
    for one in found:
        parts = (name_words(one.name, one.volunteer_id), _(ROLE_LABELS[one.role]), metres_words(one.distance_m))
        words = " · ".join(parts)
        label = plain(words) if not one.objections else f"{plain(words)} ({_('in spite of it')})"
        if st.button(label, key=f"take_{seen.id}_{one.volunteer_id}", icon=":material/person_check:"):
            _give(seen, one, when)
        for objection in one.objections:
            st.caption(_(objection))


def _give(seen: ShiftView, one: Candidate, when: Turn) -> None:
    anyway = bool(one.objections)
    if seen.status == "missed":
        _done(
            act(
                lambda session: send_stand_in(
                    session, seen.id, one.volunteer_id, version=seen.version, turn=when, anyway=anyway
                )
            )
        )
        return
    _done(
        act(
            lambda session: (
                hand_over(session, seen.id, one.volunteer_id, version=seen.version, anyway=anyway), True,
            )[1]
        )
    )  # fmt: skip


def _show_exchange(seen: ShiftView) -> None:
    """Offer to exchange the shift for another one of the circle in that week."""
    with looking() as connection:
        week = week_shifts(connection, monday_of(seen.on_day), circle_id=seen.circle_id)
    others = {
        one.id: one for one in week if one.status in TO_COME and one.volunteer_id not in {None, seen.volunteer_id}
    }
    if not others:
        return
    chosen = st.selectbox(
        _("Or exchange it for another turn of this circle"), list(others), index=None, key=f"exchange_{seen.id}",
        placeholder=_("Choose a turn"),
        format_func=lambda key: f"{turn_words(others[key].turn)} · {volunteer_title(others[key])}",
    )  # fmt: skip
    if chosen and st.button(_("Exchange"), key=f"do_exchange_{seen.id}", icon=":material/swap_horiz:"):
        other = others[chosen]
        _done(
            act(
                lambda session: (
                    swap_shifts(session, (seen.id, seen.version), (other.id, other.version)), True,
                )[1]
            )
        )  # fmt: skip


def _done(outcome: object) -> None:
    if outcome:
        unpin()
        st.toast(_("The shift is changed."), icon=":material/check:")
        rerun_part()
