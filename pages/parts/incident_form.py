"""Recording an incident: what failed, since when, and the doors it affects, picked from the list of a compound."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from geo.i18n import _
from geo.requests.incident_doors import pickable_doors
from geo.requests.incident_reads import KIND_LABELS
from geo.requests.incident_writes import IncidentDraft, record_incident
from geo.settings import settings
from geo.store.clock import today
from pages.parts.incident_list import open_incident
from pages.parts.incident_map import PICKED, picked_doors
from pages.parts.language import rerun_part
from pages.parts.session import act, looking


def show_new_incident() -> None:
    """Ask for an incident and its doors, then record it."""
    st.subheader(_("Record an incident"), anchor=False)
    kind = st.pills(
        _("What has failed?"), list(KIND_LABELS), default="water", key="incident_kind",
        format_func=lambda code: _(KIND_LABELS[code]),
    )  # fmt: skip
    name = st.text_input(_("What happened, in a few words?"), key="incident_name")
    started = _ask_moment(_("Since"), "incident_since", optional=False)
    expected = _ask_moment(_("Expected until (optional)"), "incident_until", optional=True)
    doors = _ask_doors()
    note = st.text_area(_("Note (optional)"), key="incident_note", height=70)
    left, right = st.columns(2)
    if left.button(_("Record"), type="primary", icon=":material/check:", key="incident_record"):
        draft = IncidentDraft(kind or "", name, started or _now(), tuple(doors), expected, note)
        made = act(lambda session: record_incident(session, draft))
        if made:
            for key in ("incident_name", "incident_note", PICKED):
                st.session_state.pop(key, None)
            open_incident(str(made))
            rerun_part()
    right.button(_("Cancel"), key="incident_cancel", on_click=open_incident, args=(None,))


def _now() -> datetime:
    return datetime.now(ZoneInfo(settings().time_zone)).replace(second=0, microsecond=0)


def _ask_moment(label: str, key: str, *, optional: bool) -> datetime | None:
    left, right = st.columns([3, 2])
    day = left.date_input(label, None if optional else today(), key=f"{key}_day")
    at = right.time_input(_("Time"), time(18) if optional else _now().time(), key=f"{key}_time")
    return datetime.combine(day, at, ZoneInfo(settings().time_zone)) if day else None


def _ask_doors() -> list[tuple[int, int | None]]:
    """Ask for doors: a compound by typing, then its buildings and units; picks of several searches add up."""
    picked = picked_doors()
    typed = st.text_input(
        _("Which doors?"), key="incident_where", icon=":material/search:",
        placeholder=_("Compound, building or address; add several, one after the other"),
    )  # fmt: skip
    if typed.strip():
        with looking() as connection:
            found = pickable_doors(connection, typed)
        known = {one.key: one for one in found}
        chosen = st.multiselect(
            _("Doors found"), list(known), key=f"incident_found_{typed}", placeholder=_("Choose doors"),
            format_func=lambda key: known[key].name,
        )  # fmt: skip
        one_by_one, all_of_them = st.columns(2)
        if one_by_one.button(_("Add these"), disabled=not chosen, key="incident_add"):
            picked.update({key: known[key] for key in chosen})
            rerun_part()
        if all_of_them.button(_("Add all buildings found"), disabled=not found, key="incident_add_all"):
            picked.update({one.key: one for one in found if one.unit_id is None})
            rerun_part()
    kept = st.multiselect(
        _("Affected doors"), list(picked), default=list(picked), placeholder=_("none yet"),
        format_func=lambda key: picked[key].name,
    )  # fmt: skip
    if len(kept) < len(picked):
        st.session_state[PICKED] = {key: picked[key] for key in kept}
        rerun_part()
    return [(picked[key].building_id, picked[key].unit_id) for key in kept]
