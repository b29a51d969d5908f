"""The status of a station: where it is on its way, who runs it, the next step."""

from datetime import date
from typing import NamedTuple

import streamlit as st

from geo.errors import Conflict
from geo.governance.reads import StationView, stations
from geo.governance.rules import NEXT, STATUS_LABELS
from geo.governance.writes import set_status
from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.places.meanwhile import editors
from geo.places.rules import FIELD_LABELS
from geo.store.clock import today
from geo.store.merging import differences
from pages.parts.language import rerun_part
from pages.parts.merge import Words, attempt, pinned, show_merge, show_typed, tell, unpin
from pages.parts.session import looking

STATE = st.session_state
DRAFT = "station_draft"


class Step(NamedTuple):
    """A step somebody wants a station to take from the state they saw."""

    seen: StationView
    status: str
    on: date
    reason: str


def show_status(station_id: int) -> bool:
    """Show where a station is and the form of the next step; return whether a step was taken."""
    now = _station(station_id)
    step: Step | None = STATE.get(DRAFT)
    if step is not None and step.seen.id == station_id:
        return _settle(step, now)
    if now is None:
        st.caption(_("This station is closed."))
        return False
    station = pinned(f"station_{station_id}", now)
    st.markdown(labelled(_("Status"), _(STATUS_LABELS[station.status])))
    for line in _staffing(station):
        st.caption(line)
    with st.form(f"status_{station.id}_{station.version}", border=False):
        steps = NEXT[station.status]
        status = st.selectbox(_("Next step"), steps, format_func=lambda code: _(STATUS_LABELS[code]))
        on = st.date_input(_("On"), today())
        reason = st.text_input(_("Reason"), max_chars=300)
        if not st.form_submit_button(_("Take this step"), type="primary"):
            return False
    return _take(Step(station, status, on, reason), station.version)


def _station(station_id: int) -> StationView | None:
    with looking() as connection:
        return next((found for found in stations(connection, on=today()) if found.id == station_id), None)


def _take(step: Step, version: int) -> bool:
    outcome = attempt(
        lambda session: set_status(
            session, step.seen.id, step.status, on=step.on, reason=step.reason, expected_version=version
        )
    )
    if isinstance(outcome, Conflict):
        now = _station(step.seen.id)
        if now is None or now.version != version:
            STATE[DRAFT] = step
            rerun_part()
        tell(outcome)
        return False
    if outcome:
        _forget()
        st.toast(_("Saved. You can undo it in the history."), icon=":material/check:")
    return outcome


def _forget() -> None:
    STATE.pop(DRAFT, None)
    unpin()


def _settle(step: Step, now: StationView | None) -> bool:
    if now is None:
        st.error(_("This station was closed or removed while you were working on it."), icon=":material/block:")
        show_typed({
            _("Next step"): _(STATUS_LABELS[step.status]), _("On"): day(step.on), _("Reason"): step.reason,
        })  # fmt: skip
        st.button(_("Go on without it"), on_click=_forget, key="gone_on")
        return False
    with looking() as connection:
        by = editors(connection, "station", now.id, since=step.seen.version)
    fields = ("status", "name", "phase", "opening_hours")
    seen, theirs = ({name: getattr(view, name) for name in fields} for view in (step.seen, now))
    words = Words(
        lambda name: _(FIELD_LABELS[name]),
        lambda name, value: _(STATUS_LABELS[value]) if name == "status" else str(value or _("unknown")),
    )
    written = show_merge(
        f"merge_station_{now.id}_{now.version}", differences(seen, theirs, {"status": step.status}), words,
        by=by, save=_("Take this step"), drop=_forget,
    )  # fmt: skip
    if written is None:
        return False
    if written:
        return _take(step, now.version)
    _forget()
    return True


def _staffing(station: StationView) -> list[str]:
    somebody = _("held") if station.has_stationmaster else _("nobody")
    master = labelled(_("Stationmaster"), plain(station.stationmaster or somebody))
    deputies = labelled(_("Deputies"), number(station.deputies))
    missing = _("Staffing is not complete: one stationmaster and at least one deputy.")
    return [master, deputies] if station.staffed else [master, deputies, missing]
