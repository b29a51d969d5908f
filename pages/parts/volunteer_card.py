"""The card of a volunteer: place, offer, times and hours; what may be done about it stands below."""

from collections.abc import Callable

import streamlit as st

from geo.i18n import N_, _
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import VolunteerView, volunteer
from pages.parts.session import looking, may
from pages.parts.volunteer_facts import show_facts
from pages.parts.volunteer_forms import show_change, show_check_in, show_place, show_status
from pages.parts.volunteer_history import show_volunteer_history
from pages.parts.volunteer_hours import show_hours
from pages.parts.volunteer_state import open_card
from pages.parts.volunteer_times import show_times
from pages.parts.volunteer_words import name_of

Part = Callable[[VolunteerView], object]


def show_volunteer(volunteer_id: int) -> None:
    """Show everything about a volunteer that the visitor may see, or say that they are not there."""
    with looking() as connection:
        found = volunteer(connection, volunteer_id)
    if found is None:
        st.warning(
            _("There is no such volunteer, or you may not see them. Choose one in the list."),
            icon=":material/search_off:",
        )
        st.button(_("Back to the list"), key="close_volunteer", on_click=open_card, args=(None,))
        return
    with st.container(key=f"volunteer_{found.id}"):
        _show_head(found)
        show_facts(found)
    _show_work(found)


def _show_head(found: VolunteerView) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(plain(name_of(found)), anchor=False)
        st.button(
            "", icon=":material/close:", help=_("Close this card"), key="close_volunteer", type="tertiary",
            on_click=open_card, args=(None,),
        )  # fmt: skip


def _tasks(found: VolunteerView) -> dict[str, tuple[str, Part]]:
    """Return what may be done about a volunteer, with its words."""
    edits, ended = may("edit_volunteers"), found.status == "ended"
    known: list[tuple[str, bool, str, Part]] = [
        ("times", True, N_("Times"), show_times),
        ("hours", True, N_("Hours"), show_hours),
        ("change", edits and not ended, N_("Change"), show_change),
        ("place", edits and not ended, N_("Place"), show_place),
        ("check_in", edits and not ended and found.checked_in_on is None, N_("Check in"), show_check_in),
        ("status", edits, N_("Pause or end"), show_status),
        ("history", True, N_("History"), show_volunteer_history),
    ]
    return {name: (label, part) for name, allowed, label, part in known if allowed}


def _show_work(found: VolunteerView) -> None:
    offered = _tasks(found)
    chosen = st.pills(
        _("What to do"), list(offered), default="times", key=f"volunteer_task_{found.id}",
        format_func=lambda name: _(offered[name][0]), label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        offered[chosen][1](found)
