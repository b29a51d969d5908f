"""Who could take a vacant post: ranked people, each to be asked, appointed or put aside with a reason."""

from typing import Any

import streamlit as st

from geo.briefing.coverage_candidates import Candidate, WhoCould, asking_text, who_could
from geo.briefing.coverage_station_posts import vacant_station_posts, who_could_run
from geo.briefing.overview import Stand
from geo.i18n import _, day, labelled, listed, number
from geo.maps.safe_text import plain
from geo.people.candidacy_rules import STATUS_LABELS
from geo.people.candidacy_writes import answer, appoint, ask, refuse
from geo.people.reads import PostView
from geo.people.rules import POST_LABELS, Term
from geo.people.writes import Appointment, Seat
from geo.places.reads import PlaceCard
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, may

SHOWN = 5


def show_candidates(stand: Stand, seat: PostView, card: PlaceCard) -> None:
    """Show who could take a seat, best first, with what can be done about each."""
    title = _("Unit {number}", number=plain(seat.number)) if seat.kind == "unit_head" else _(POST_LABELS[seat.kind])
    key = f"could_{seat.kind}_{seat.place_id}"
    with st.expander(labelled(_("Who could"), title), key=key, expanded=seat.kind != "unit_head"):
        found = found_for(stand, seat, card)
        if not found.candidates:
            st.info(
                _("No volunteer lives near enough. Record volunteers, or ask in the neighbouring compounds."),
                icon=":material/person_search:",
            )
        every = st.session_state.get(f"{key}_all", False)
        for candidate in found.candidates if every else found.candidates[:SHOWN]:
            _show(seat, card, candidate)
        if len(found.candidates) > SHOWN:
            st.toggle(_("Show everybody"), key=f"{key}_all")
        if found.placeless:
            st.caption(
                _("{count} volunteers could not be ranked: nobody has written down where they live.",
                  count=number(found.placeless))
            )  # fmt: skip


def found_for(stand: Stand, seat: PostView, card: PlaceCard) -> WhoCould:
    """Return who could take a seat of a building, unit or station."""
    if seat.place_kind == "station":
        return who_could_run(stand, vacant_station_posts(stand, seat.place_id)[0], seat.kind)
    return who_could(stand, (seat.place_kind, seat.place_id), card.community_id)


def _show(seat: PostView, card: PlaceCard, candidate: Candidate) -> None:
    name = plain(candidate.name or _("No. {id}", id=str(candidate.person_id)))
    key = f"{seat.kind}_{seat.place_id}_{candidate.person_id}"
    with st.container(border=True, key=f"candidate_{key}"):
        who, what = st.columns([3, 2], vertical_alignment="center")
        who.markdown(name)
        who.caption(listed(candidate.reasons))
        if candidate.against:
            who.caption(f":orange[{plain(candidate.against)}]")
        if candidate.request:
            _show_request(who, candidate)
        with what.popover(_("Do"), width="stretch", key=f"do_{key}"):
            _offer(seat, card, candidate, key)


def _show_request(where: Any, candidate: Candidate) -> None:
    request = candidate.request
    if request is None:
        return
    since = day(request.decided_on or request.asked_on)
    where.caption(f"{_(STATUS_LABELS[request.status])} · {since} {plain(request.reason)}")


def _offer(seat: PostView, card: PlaceCard, candidate: Candidate, key: str) -> None:
    request, place = candidate.request, Seat(seat.kind, seat.place_id)
    reason = st.text_input(_("Reason"), max_chars=300, key=f"why_{key}")
    if request is None or not request.is_open:
        st.caption(_("Copy this message, send it, then note that you asked:"))
        st.code(asking_text(seat.kind, card.name, seat.households, candidate.name), language=None, wrap_lines=True)
        if st.button(_("I asked"), icon=":material/send:", width="stretch", key=f"ask_{key}"):
            _do(lambda session: ask(session, place, candidate.person_id, on=today()), _("Noted: asked."))
        if st.button(_("Not this person"), icon=":material/person_off:", width="stretch", key=f"refuse_{key}"):
            _do(lambda session: refuse(session, place, candidate.person_id, on=today(), reason=reason), _("Noted."))
    else:
        answers = (("accepted", _("Said yes")), ("declined", _("Said no")), ("withdrawn", _("Take it back")))
        for status, label in answers:
            offered = status != "accepted" or request.status == "asked"
            if offered and st.button(label, width="stretch", key=f"{status}_{key}"):
                _do(_answered(request.id, status, reason, request.version), _("Noted."))
    if may("assign_heads") and st.button(
        _("Appoint"), icon=":material/how_to_reg:", type="primary", width="stretch", key=f"appoint_{key}"
    ):
        appointment = Appointment(Term(today(), None), "appointed", reason or None, 0)
        name = plain(candidate.name or "")
        _do(
            lambda session: appoint(session, place, candidate.person_id, appointment),
            _("{name} has the post now.", name=name),
        )


def _answered(candidacy_id: int, status: str, reason: str, version: int) -> Any:
    return lambda session: answer(
        session, candidacy_id, status, on=today(), reason=reason or None, version=version
    ) or True  # fmt: skip


def _do(command: Any, said: str) -> None:
    if act(command):
        st.toast(said, icon=":material/check:")
        rerun_part()
