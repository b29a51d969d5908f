"""The end of an incident: it is over, and its open requests can be marked as solved in one go."""

from collections.abc import Sequence

import streamlit as st

from geo.i18n import _, listed, number
from geo.maps.safe_text import plain
from geo.requests.board import RequestView
from geo.requests.incident_ending import resolve_joined
from geo.requests.incident_reads import IncidentView
from geo.requests.incident_writes import end_incident
from geo.requests.rules import STEPS, is_ended
from pages.parts.incident_list import open_incident
from pages.parts.language import rerun_part
from pages.parts.request_times import present
from pages.parts.session import act, may

ANSWERED = ("resolved", "called_back")


def show_end(found: IncidentView, joined: Sequence[RequestView]) -> None:
    """Offer to change an incident, to end it, and to mark as solved what joined it; say which requests stay open."""
    if not may("edit_incidents"):
        return
    left, right = st.columns(2)
    right.button(_("Change"), icon=":material/edit:", key="incident_change", on_click=open_incident,
                 args=(str(found.id),), kwargs={"change": True})  # fmt: skip
    opened = [one for one in joined if not is_ended(one.status) and one.status not in ANSWERED]
    ready = [one for one in opened if one.status in STEPS["resolve"].begins]
    if found.ended_at is None:
        if left.button(_("It is over"), icon=":material/task_alt:", type="primary", key="incident_over") and act(
            lambda s: (end_incident(s, found.id, at=present(), version=found.version), True)[1]
        ):
            rerun_part()
    elif may("work_requests"):
        _solve(found, ready)
        _stay(opened, ready)


def _solve(found: IncidentView, ready: Sequence[RequestView]) -> None:
    if not ready:
        return
    told = _("Mark its open requests as solved: {count}", count=number(len(ready)))
    seen = [(one.id, one.version) for one in ready]
    if st.button(told, icon=":material/done_all:", type="primary", key="incident_solve"):
        done = act(lambda session: resolve_joined(session, found.id, seen))
        if done is not None:
            rerun_part()


def _stay(opened: Sequence[RequestView], ready: Sequence[RequestView]) -> None:
    """Name the open requests whose state does not allow it."""
    ids = {one.id for one in ready}
    waiting = [one.number for one in opened if one.id not in ids]
    if waiting:
        st.caption(
            _("These cannot be marked as solved as they stand: {numbers}. Accept them, or go on with them, first.",
              numbers=plain(listed(waiting)))
        )  # fmt: skip
