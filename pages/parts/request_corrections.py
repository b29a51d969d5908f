"""Beside the steps: write a note, put a request into another category or to another place, give it to somebody."""

import streamlit as st

from geo.errors import YizhanError
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.requests.assign_writes import add_note, assign, correct_category, correct_place
from geo.requests.board import RequestView
from geo.requests.incident_writes import leave_incident
from geo.requests.request_reads import categories
from geo.requests.rules import is_ended
from pages.parts.language import rerun_part
from pages.parts.request_assign import ask_assignee
from pages.parts.request_place import ask_request_place, draft_of_place
from pages.parts.session import act, looking, may


def show_corrections(request: RequestView) -> None:
    """Show what else can be done with a request, for whom it is open."""
    if may("record_requests"):
        with st.expander(_("Write a note"), icon=":material/note_add:"):
            _note(request)
    if not may("work_requests") or is_ended(request.status):
        return
    with st.expander(_("Give it to somebody"), icon=":material/assignment_ind:"):
        _assign(request)
    with st.expander(_("Correct category or place"), icon=":material/edit:"):
        _category(request)
        _place(request)
        if request.incident_id:
            _leave(request)


def _note(request: RequestView) -> None:
    with st.form(f"note_{request.id}", border=False, clear_on_submit=True):
        note = st.text_area(_("Note, without names"), key=f"note_text_{request.id}")
        asked = st.form_submit_button(_("Save the note"))
    if asked and act(lambda session: (add_note(session, request.id, note), True)[1]):
        rerun_part()


def _assign(request: RequestView) -> None:
    with st.form(f"assign_{request.id}", border=False):
        given = ask_assignee(f"assign_{request.id}", request.community_id, owner=request.owner)
        asked = st.form_submit_button(_("Assign"))
    if asked and act(lambda session: (assign(session, request.id, given, version=request.version), True)[1]):
        rerun_part()


def _category(request: RequestView) -> None:
    with looking() as connection:
        names = {one.code: one.label for one in categories(connection)}
    with st.form(f"category_{request.id}", border=False):
        at = list(names).index(request.category) if request.category in names else 0
        code = st.selectbox(_("Category"), list(names), index=at, format_func=lambda one: names[one])
        asked = st.form_submit_button(_("Correct the category"))
    if asked and act(
        lambda session: (correct_category(session, request.id, code, version=request.version), True)[1]
    ):  # fmt: skip
        rerun_part()


def _place(request: RequestView) -> None:
    chosen = ask_request_place(f"place_{request.id}")
    if chosen is None or not st.button(_("Correct the place"), key=f"place_ok_{request.id}"):
        return
    try:
        draft = draft_of_place(chosen, request.category)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    if act(lambda session: (correct_place(session, request.id, draft, version=request.version), True)[1]):
        rerun_part()


def _leave(request: RequestView) -> None:
    if st.button(_("Take it out of the incident"), key=f"leave_{request.id}") and act(
        lambda session: (leave_incident(session, request.id, version=request.version), True)[1]
    ):
        rerun_part()
