"""The card of a request: what, where, how it stands, the next steps, its history, photos and corrections."""

import streamlit as st

from geo.i18n import _, moment
from geo.maps.safe_text import plain
from geo.requests.board import RequestView
from geo.requests.request_reads import request_by_number, standing, timeline
from geo.requests.rules import CHANNEL_LABELS, CLASS_LABELS, ESCALATION_LABELS
from pages.parts.links import link_to
from pages.parts.request_assign import who_is_there
from pages.parts.request_corrections import show_corrections
from pages.parts.request_photos import show_photos
from pages.parts.request_state import open_request
from pages.parts.request_steps import show_steps
from pages.parts.request_times import present
from pages.parts.request_who import show_requester
from pages.parts.request_words import assignee_text, due_text, show_event, status_text
from pages.parts.session import looking, may


def show_request(number: str) -> None:
    """Show a request, or say that it is not there."""
    with looking() as connection:
        found = request_by_number(connection, number)
    if found is None:
        st.warning(
            _("There is no request {number}, or you may not see it. Choose one in the list.", number=plain(number)),
            icon=":material/search_off:",
        )
        st.button(_("Back to the list"), key="close_request", on_click=open_request, args=(None,))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Request {number}", number=plain(found.number)), anchor=False)
        st.button(
            "", icon=":material/close:", help=_("Close this card"), key="close_request", type="tertiary",
            on_click=open_request, args=(None,),
        )  # fmt: skip
    people, organisations = who_is_there(found.community_id)
    names = people | {str(one.id): one.name for one in organisations}
    _facts(found, names)
    if may("work_requests"):
        with looking() as connection:
            how = standing(connection, found)
        show_steps(found, how)
        show_requester(found)
    show_corrections(found)
    with st.expander(_("Photos"), icon=":material/photo_library:"):
        show_photos(found.id)
    _history(found, names)


def _facts(request: RequestView, names: dict[str, str]) -> None:
    if request.summary:
        st.markdown(f"> {plain(request.summary)}")
    facts = [
        (_("How it stands"), status_text(request.status)),
        (_("Due"), due_text(request)),
        (_("Category"), f"{plain(request.category_name)} · {_(CLASS_LABELS[request.class_code])}"),
        (_("Place"), plain(request.place)),
        (_("Community"), plain(request.community)),
        (_("Who sees to it"), plain(assignee_text(request, names))),
        (_("Received"), f"{moment(request.clock.received_at)} · {_(CHANNEL_LABELS[request.channel])}"),
        (_("Answer by"), moment(request.respond_by)),
        (_("Solve by"), moment(request.solve_by(present()))),
    ]
    if request.address and request.building_id:
        facts.append((_("Address"), plain(request.address)))
    if request.waiting_until:
        facts.append((_("Waits until"), moment(request.waiting_until)))
    if request.escalated_to:
        facts.append((_("Escalated to"), _(ESCALATION_LABELS[request.escalated_to])))
    if request.external_id:
        facts.append((_("Number in the other system"), plain(request.external_id)))
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))
    if request.first_number:
        link_to("requests", _("Repeats {number}", number=plain(request.first_number)), icon=":material/content_copy:",
                query={"request": request.first_number})  # fmt: skip
    if request.incident_id:
        link_to("incidents", _("Belongs to an incident"), icon=":material/warning:",
                query={"incident": str(request.incident_id)})  # fmt: skip


def _history(request: RequestView, names: dict[str, str]) -> None:
    with looking() as connection:
        events = timeline(connection, request.id)
    st.markdown(_("What happened so far"))
    for event in reversed(events):
        show_event(event, names)
