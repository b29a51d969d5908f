"""The heads of a building and its units: who, since when, how much they carry; forms to assign and to end."""

from datetime import timedelta

import streamlit as st

from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.people.reads import PostView, building_posts
from geo.people.rules import HOW_LABELS, POST_LABELS
from geo.people.tables import HOW
from geo.people.writes import assign_head, end_holding
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.session import act, looking, may


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
        state = f"change_{seat.place_kind}_{seat.place_id}_{holding.id if holding else 0}"
        with what.popover(_("Change") if holding else _("Assign"), width="stretch", key=state):
            _assign_form(seat)
            if holding:
                _end_form(seat)


def _assign_form(seat: PostView) -> None:
    place = {f"{seat.place_kind}_id": seat.place_id}
    with st.form(f"assign_{seat.place_kind}_{seat.place_id}", border=False):
        name = st.text_input(_("Name of the person"), max_chars=80)
        phone = st.text_input(_("Phone"), max_chars=30)
        how = st.radio(_("How"), HOW, format_func=lambda code: _(HOW_LABELS[code]), horizontal=True)
        from_on = st.date_input(_("From"), today())
        to_on = st.date_input(_("Until (leave empty for an open end)"), None)
        reason = st.text_input(_("Reason"), max_chars=300)
        if st.form_submit_button(_("Assign this head"), type="primary", width="stretch"):
            version = seat.current.version if seat.current else 0
            done = act(
                lambda session: assign_head(
                    session, **place, name=name, phone=phone, from_on=from_on, to_on=to_on, how=how, reason=reason,
                    version=version,
                )
            )  # fmt: skip
            if done:
                st.toast(_("{name} is the new head.", name=plain(name)), icon=":material/check:")
                st.rerun(scope="fragment")


def _end_form(seat: PostView) -> None:
    holding = seat.current
    if holding is None:
        return
    with st.form(f"end_{holding.id}", border=False):
        on = st.date_input(_("First day without"), max(today(), holding.from_on + timedelta(days=1)))
        reason = st.text_input(_("Reason"), max_chars=300)
        if st.form_submit_button(_("End this term"), width="stretch"):
            done = act(
                lambda session: (
                    end_holding(session, holding.id, on=on, reason=reason, version=holding.version),
                    True,
                )[1]
            )
            if done:
                st.toast(_("The term of {name} ends.", name=plain(holding.person_name or "")), icon=":material/check:")
                st.rerun(scope="fragment")
