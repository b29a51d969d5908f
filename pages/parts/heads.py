"""The heads of a building and its units: who, since when, how much they carry; forms to assign and to end."""

from datetime import timedelta

import streamlit as st

from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.people.reads import PostView, building_posts
from geo.people.rules import HOW_LABELS, POST_LABELS
from geo.people.tables import HOW
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.head_merge import Wish, ask_again, fulfil, wish_key
from pages.parts.merge import last_shown
from pages.parts.session import looking, may
from pages.parts.telephone import show_telephone


def show_heads(building_id: int, *, unit_id: int | None = None) -> None:
    """Show every seat of a building (or only that of one unit) with what can be done about it."""
    with looking() as connection:
        ending_days = parameters(connection)["term_ending_days"]
        seats = building_posts(connection, building_id, ending_days=ending_days)
    for seat in seats:
        if unit_id is None or (seat.place_kind, seat.place_id) == ("unit", unit_id):
            _show_seat(seat)


def _show_seat(seat: PostView) -> None:
    title = _(POST_LABELS[seat.kind]) if seat.kind == "building_head" else _("Unit {number}", number=plain(seat.number))
    holding = seat.current
    with st.container(border=seat.kind == "building_head"):
        who, what = st.columns([3, 2], vertical_alignment="center")
        if holding:
            term = _("since {day}", day=day(holding.from_on))
            if holding.to_on:
                term = _("{since}, until {day}", since=term, day=day(holding.to_on))
            known = _("{count} households in all", count=number(seat.load))
            carried = _("households unknown") if seat.load is None else known
            mark = ":orange-badge[" + _("ends soon") + "]" if seat.ending else ""
            who.markdown(f"{labelled(title, plain(holding.person_name or _('held')))} {mark}")
            who.caption(f"{term} · {carried}")
        else:
            nobody = _("nobody") if seat.id else _("not in the roster yet")
            who.markdown(labelled(title, f":red[{nobody}]" if seat.id else nobody))
            who.caption(_("Households: {count}", count=number(seat.households)))
        if not may("assign_heads"):
            return
        if wish_key(seat) in st.session_state:
            ask_again(seat)
            return
        keys = {part: f"{part}_{seat.place_kind}_{seat.place_id}" for part in ("assign", "end")}
        submitting = any(st.session_state.get(f"{key}_submit") for key in keys.values())
        seen = last_shown(f"seen_{keys['assign']}", seat, submitting=submitting)
        state = f"change_{seat.place_kind}_{seat.place_id}_{seen.current.id if seen.current else 0}"
        with what.popover(_("Change") if seen.current else _("Assign"), width="stretch", key=state):
            _assign_form(seen, keys["assign"])
            _end_form(seen, keys["end"])
        if holding and holding.person_name:
            show_telephone(holding.person_id, holding.person_name, key=f"{seat.place_kind}_{seat.place_id}")


def _assign_form(seat: PostView, key: str) -> None:
    with st.form(key, border=False):
        name = st.text_input(_("Name of the person"), max_chars=80)
        phone = st.text_input(_("Phone"), max_chars=30)
        how = st.radio(_("How"), HOW, format_func=lambda code: _(HOW_LABELS[code]), horizontal=True)
        from_on = st.date_input(_("From"), today())
        to_on = st.date_input(_("Until (leave empty for an open end)"), None)
        reason = st.text_input(_("Reason"), max_chars=300)
        if st.form_submit_button(_("Assign this head"), type="primary", width="stretch", key=f"{key}_submit"):
            fulfil(seat, Wish(from_on, reason, name, phone, how, to_on))


def _end_form(seat: PostView, key: str) -> None:
    holding = seat.current
    if holding is None:
        return
    with st.form(f"{key}_{holding.id}", border=False):
        on = st.date_input(_("First day without"), max(today(), holding.from_on + timedelta(days=1)))
        reason = st.text_input(_("Reason"), max_chars=300)
        if st.form_submit_button(_("End this term"), width="stretch", key=f"{key}_submit"):
            fulfil(seat, Wish(on, reason))
