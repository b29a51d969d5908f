"""Recording an incident or changing it: what failed, since when, until when, which doors."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from geo.i18n import _
from geo.requests.incident_reads import KIND_LABELS, IncidentView, incident
from geo.requests.incident_writes import IncidentDraft, change_incident, record_incident
from geo.settings import settings
from pages.parts.incident_door_list import ask_doors
from pages.parts.incident_list import open_incident
from pages.parts.incident_map import forget_picked
from pages.parts.language import rerun_part
from pages.parts.request_times import local
from pages.parts.session import act, looking

SEEN = "incident_seen"


def show_new_incident() -> None:
    """Ask for an incident and its doors, then record it."""
    st.subheader(_("Record an incident"), anchor=False)
    draft = _ask(None)
    left, right = st.columns(2)
    if left.button(_("Record"), type="primary", icon=":material/check:", key="incident_record"):
        made = act(lambda session: record_incident(session, draft))
        if made:
            for key in ("incident_new_name", "incident_new_note"):
                st.session_state.pop(key, None)
            forget_picked()
            open_incident(str(made))
            rerun_part()
    right.button(_("Cancel"), key="incident_cancel", on_click=open_incident, args=(None,))


def show_changed_incident(incident_id: int) -> None:
    """Ask what to correct of an incident, its doors too; it is compared with what stood there when the form opened."""
    kept = st.session_state.get(SEEN)
    if kept is None or kept.id != incident_id:
        with looking() as connection:
            kept = incident(connection, incident_id)
        st.session_state[SEEN] = kept
    if kept is None:
        open_incident(str(incident_id))
        rerun_part()
        return
    st.subheader(_("Change the incident"), anchor=False)
    draft = _ask(kept)
    left, right = st.columns(2)
    if left.button(_("Save"), type="primary", icon=":material/check:", key="incident_save") and act(
        lambda session: (change_incident(session, incident_id, draft, version=kept.version), True)[1]
    ):
        _leave(incident_id)
        rerun_part()
    right.button(_("Cancel"), key="incident_cancel", on_click=_leave, args=(incident_id,))


def _leave(incident_id: int) -> None:
    st.session_state.pop(SEEN, None)
    forget_picked()
    open_incident(str(incident_id))


def _ask(kept: IncidentView | None) -> IncidentDraft:
    """Ask for what an incident is; kept: the one that is changed, as it was seen."""
    key = f"incident_{kept.id}_{kept.version}" if kept else "incident_new"
    kind = st.pills(
        _("What has failed?"), list(KIND_LABELS), default=kept.kind if kept else "water", key=f"{key}_kind",
        format_func=lambda code: _(KIND_LABELS[code]),
    )  # fmt: skip
    name = st.text_input(_("What happened, in a few words?"), kept.name if kept else "", key=f"{key}_name")
    since, until = (local(kept.started_at), local(kept.expected_end_at)) if kept else (_now(), None)
    started = _ask_moment(_("Since"), f"{key}_since", since)
    expected = _ask_moment(_("Expected until (optional)"), f"{key}_until", until)
    doors = ask_doors()
    note = st.text_area(_("Note (optional)"), (kept.note if kept else None) or "", key=f"{key}_note", height=70)
    return IncidentDraft(
        kind or "", name, _kept_exact(kept.started_at if kept else None, started) or _now(), tuple(doors),
        _kept_exact(kept.expected_end_at if kept else None, expected), note,
    )  # fmt: skip


def _kept_exact(before: datetime | None, asked: datetime | None) -> datetime | None:
    """Return what was asked, or what stood there before where only its seconds differ: the form has none."""
    same = before is not None and asked is not None and before.replace(second=0, microsecond=0) == asked
    return before if same else asked


def _now() -> datetime:
    return datetime.now(ZoneInfo(settings().time_zone)).replace(second=0, microsecond=0)


def _ask_moment(label: str, key: str, at_first: datetime | None) -> datetime | None:
    left, right = st.columns([3, 2])
    day = left.date_input(label, at_first.date() if at_first else None, key=f"{key}_day")
    at = right.time_input(_("Time"), at_first.time().replace(second=0, microsecond=0) if at_first else time(18),
                          key=f"{key}_time")  # fmt: skip
    return datetime.combine(day, at, ZoneInfo(settings().time_zone)) if day else None
