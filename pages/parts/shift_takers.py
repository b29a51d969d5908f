"""Who takes a shift: somebody for an open one, a swap, an exchange, who steps in for a missed one."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.circle_rules import ROLE_LABELS
from geo.planning.shift_reads import Candidate, ShiftView, candidates, week_shifts
from geo.planning.shift_rules import TO_COME, Turn, monday_of
from geo.planning.shift_writes import hand_over, send_stand_in, swap_shifts
from geo.store.clock import today
from pages.parts.circle_words import metres_words, name_words, turn_words
from pages.parts.rota_grid import volunteer_title
from pages.parts.session import act, looking
from pages.parts.shift_moves import done_with


def show_takers(seen: ShiftView) -> None:
    """Show who of the circle could take a shift, who is free first, with what speaks against the others."""
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
        label = plain(words) if not one.objections else f"{plain(words)} ({_('anyway')})"
        if st.button(label, key=f"take_{seen.id}_{one.volunteer_id}", icon=":material/person_check:"):
            _give(seen, one, when)
        for objection in one.objections:
            st.caption(_(objection))


def _give(seen: ShiftView, one: Candidate, when: Turn) -> None:
    anyway = bool(one.objections)
    if seen.status == "missed":
        done_with(
            act(
                lambda session: send_stand_in(
                    session, seen.id, one.volunteer_id, version=seen.version, turn=when, anyway=anyway
                )
            )
        )
        return
    done_with(
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
        done_with(
            act(
                lambda session: (
                    swap_shifts(session, (seen.id, seen.version), (other.id, other.version)), True,
                )[1]
            )
        )  # fmt: skip
