"""Having clusters looked for: the search is handed in, followed, cancelled; kept ones are opened again."""

from typing import Any

import streamlit as st

from geo.briefing.hotspot_clusters import kept_searches
from geo.briefing.hotspot_state import HotspotState
from geo.briefing.overview import Stand
from geo.errors import NotFound, YizhanError
from geo.i18n import _, day
from geo.jobs import runner
from geo.maps.safe_text import plain
from geo.planning.studies import StudyView
from pages.parts.language import rerun_part, speak
from pages.parts.session import actor, hand_in, may

OFTEN_S = 1


def show_run(stand: Stand, state: HotspotState, usual_name: str) -> None:
    """Show the button that starts a search, or the search at work, and the searches that are kept."""
    if state.job_id is not None and _at_work(state.job_id):
        st.fragment(_follow, run_every=OFTEN_S)(state.job_id)
        return
    kept, button = st.columns([3, 1], vertical_alignment="bottom")
    with kept:
        _show_kept(stand, state)
    if may("run_hotspots") and button.button(
        _("Look for clusters"), type="primary", icon=":material/radar:", key="hot_find", width="stretch"
    ):
        asked: dict[str, Any] = {"name": usual_name, **state.asked.plain()}
        try:
            st.query_params["job"] = str(hand_in("hotspots", asked))
        except YizhanError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        rerun_part()


def _show_kept(stand: Stand, state: HotspotState) -> None:
    found = kept_searches(stand)
    if not found:
        return
    names = {view.id: _called(view) for view in found}
    key = f"hot_study_{found[0].id}"
    chosen = st.selectbox(
        _("Kept searches"), list(names), key=key, format_func=names.__getitem__,
        index=list(names).index(state.study_id) if state.study_id in names else 0,
    )  # fmt: skip
    if chosen != state.study_id:
        st.query_params["study"] = str(chosen)
        st.query_params.pop("cell", None)
        rerun_part()


def _called(view: StudyView) -> str:
    name, changed = view.name, _(" (requests have changed since)") if view.stale else ""
    return _("{name}, {day}", name=name, day=day(view.data_on)) + changed


def _at_work(job_id: int) -> bool:
    try:
        job = runner.status(actor(), job_id)
    except NotFound:
        st.query_params.pop("job", None)
        return False
    if not job.finished:
        return True
    st.query_params.pop("job", None)
    if job.status == "done":
        st.query_params["study"] = str((job.result or {}).get("study_id"))
        rerun_part()
    st.error(plain(job.error_text()) or _("The search was stopped. Nothing was saved."), icon=":material/error:")
    return False


def _follow(job_id: int) -> None:
    speak()
    job = runner.status(actor(), job_id)
    if job.finished:
        st.rerun()
    st.progress(job.progress, plain(job.doing()) or _("Starting …"))
    if st.button(_("Cancel"), icon=":material/stop_circle:", key="hot_stop", disabled=job.cancel_asked):
        runner.cancel(actor(), job_id)
