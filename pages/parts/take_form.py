"""The form of the station desk: place and category by typing, what they say, a telephone number, receive."""

from dataclasses import replace

import streamlit as st

from geo.errors import YizhanError
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.requests.draft import LONGEST_NAME, LONGEST_PHONE, LONGEST_SUMMARY, RequestDraft
from geo.requests.request_reads import CategoryView, categories, matching_categories, possible_duplicates
from geo.requests.rules import CLASS_LABELS
from geo.requests.typed_place import TypedPlace
from geo.requests.writes import record_request
from pages.parts.language import rerun_part
from pages.parts.request_place import ask_request_place, draft_of_place
from pages.parts.request_words import due_text, status_text, title_of
from pages.parts.session import act, actor, looking, may, visitor
from pages.parts.take_done import remember
from pages.parts.take_point import ask_point, kept_point

MOST_CATEGORIES, LONGEST_WHERE = 6, 200
TURN = "take_turn"
AT_DOORS = {"building_head"}


def show_take_form() -> None:
    """Show the fields; what may be the same request is shown as soon as place and category are known."""
    turn = st.session_state.setdefault(TURN, 0)
    st.session_state.setdefault(f"take_{turn}_where", "" if turn else st.query_params.get("where", "")[:LONGEST_WHERE])
    point = kept_point(turn)
    with st.container():
        place = ask_request_place(f"take_{turn}") or point
        if place and place is point:
            st.caption(_("Where: a point on the map, below."))
    with st.container():
        category = _ask_category(turn)
    summary = st.text_area(_("What do they say?"), key=f"take_{turn}_said", max_chars=LONGEST_SUMMARY, height=90)
    phone = st.text_input(
        _("Telephone (optional)"), key=f"take_{turn}_phone", max_chars=LONGEST_PHONE, autocomplete="off",
        help=_("Kept sealed; a look at it is recorded."),
    )  # fmt: skip
    draft = _draft(place, category) if place and category else None
    with st.container():
        if draft:
            _show_duplicates(draft)
    with st.expander(_("Name, or a point on the map (optional)"), expanded=point is not None):
        name = st.text_input(_("Name"), key=f"take_{turn}_name", max_chars=LONGEST_NAME, autocomplete="off")
        if may("work_requests"):
            ask_point(turn)
    if st.button(_("Receive"), type="primary", icon=":material/inbox:", key=f"take_{turn}_receive", width="stretch"):
        if draft is None:
            st.warning(_("Say where it is and what it is about first."), icon=":material/edit:")
        else:
            _receive(replace(draft, summary=summary, requester_phone=phone or None, requester_name=name or None))


def _ask_category(turn: int) -> CategoryView | None:
    typed = st.text_input(
        _("What is it about?"), key=f"take_{turn}_about", icon=":material/category:",
        placeholder=_("A word, such as water, lift, noise; or pinyin"),
    )  # fmt: skip
    if not typed.strip():
        return None
    with looking() as connection:
        known = categories(connection)
    found = matching_categories(known, typed) or [one for one in known if one.code == "other"]
    return st.radio(
        _("Which category?"), found[:MOST_CATEGORIES], key=f"take_{turn}_which_{typed}", horizontal=True,
        label_visibility="collapsed", format_func=lambda one: f"{plain(one.label)} ({_(CLASS_LABELS[one.class_code])})",
    )  # fmt: skip


def _draft(place: TypedPlace, category: CategoryView) -> RequestDraft:
    """Return the draft; heads bring it from their doors, at the desk whoever takes it sees to it first."""
    heads = {held.role for held in visitor().roles} == AT_DOORS
    draft = draft_of_place(place, category.code, "building_head" if heads else "station_desk")
    return replace(draft, owner=actor().name if may("work_requests") else None)


def _show_duplicates(draft: RequestDraft) -> None:
    try:
        with looking() as connection:
            found = possible_duplicates(connection, draft)
    except YizhanError as error:
        st.caption(plain(error.text()))
        return
    if found:
        with st.container(border=True, key="take_duplicates"):
            st.markdown(_("This may be known already. Tell them its number instead of taking it again:"))
            for one in found:
                st.markdown(title_of(one))
                st.caption(f"{status_text(one.status)} · {due_text(one)}")
                if one.summary:
                    st.caption(plain(one.summary))


def _receive(draft: RequestDraft) -> None:
    made = act(lambda session: record_request(session, draft))
    if made is None:
        return
    remember(made.number)
    st.session_state[TURN] += 1
    rerun_part()
