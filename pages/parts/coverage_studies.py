"""Studies of the coverage: hand one in and follow it, open an old one with its rows, or put it away."""

import streamlit as st

from geo.access.actor import shown_name
from geo.briefing.coverage_state import CoverageState
from geo.briefing.coverage_studies import kept_studies
from geo.briefing.overview import Stand
from geo.errors import YizhanError
from geo.i18n import _, day, moment
from geo.jobs import runner
from geo.maps.safe_text import plain
from geo.planning.studies import KIND_LABELS, StudyView
from geo.planning.study_writes import drop_study
from pages.parts.coverage_study_card import show_study
from pages.parts.language import rerun_part, speak
from pages.parts.session import act, actor, hand_in, may

OFTEN_S = 1
SHOWN = 20
JOB = "coverage_job"


def show_studies(stand: Stand, state: CoverageState) -> None:
    """Show the study that is open, the list of all, and the form for a new one."""
    if may("run_studies"):
        _new_study(stand)
    if state.study_id is not None:
        show_study(stand, state.study_id)
    found = kept_studies(stand)
    if not found:
        st.info(_("No study is kept yet. A study freezes today's coverage with its numbers, to compare with later."),
                icon=":material/inventory_2:")  # fmt: skip
    for view in found[:SHOWN]:
        _show(view)


def _new_study(stand: Stand) -> None:
    with st.form("coverage_new_study", border=False):
        name, button = st.columns([3, 1], vertical_alignment="bottom")
        called = name.text_input(_("Name of a new study"), _("Coverage on {day}", day=day(stand.on)), max_chars=120)
        if button.form_submit_button(_("Study the coverage"), icon=":material/play_arrow:", width="stretch"):
            try:
                st.session_state[JOB] = hand_in("coverage_study", {"name": called.strip() or str(stand.on)})
            except YizhanError as error:
                st.error(plain(error.text()), icon=":material/error:")
    job_id = st.session_state.get(JOB)
    if job_id is not None:
        st.fragment(_follow, run_every=OFTEN_S)(job_id)


def _follow(job_id: int) -> None:
    speak()
    job = runner.status(actor(), job_id)
    if not job.finished:
        st.progress(job.progress, plain(job.doing()) or _("Starting …"))
        if st.button(_("Cancel"), icon=":material/cancel:", key="coverage_cancel", disabled=job.cancel_asked):
            runner.cancel(actor(), job_id)
        return
    st.session_state.pop(JOB, None)
    if job.status == "done":
        st.query_params["study"] = str((job.result or {}).get("study_id", ""))
        st.rerun()
    st.error(plain(job.error_text()) or _("It was stopped. Nothing was saved."), icon=":material/error:")


def _show(view: StudyView) -> None:
    with st.container(border=True, key=f"study_{view.id}"):
        said, open_it, drop_it = st.columns([4, 1, 1], vertical_alignment="center")
        stale = f" :orange-badge[{_('the data changed since')}]" if view.stale else ""
        said.markdown(f"{plain(view.name)} · {_(KIND_LABELS[view.kind])}{stale}")
        by, made, of_day = plain(shown_name(view.made_by)), moment(view.made_at), day(view.data_on)
        said.caption(_("{moment} by {name}, data of {day}", moment=made, name=by, day=of_day))
        open_it.button(_("Open"), key=f"open_study_{view.id}", on_click=_open, args=(view.id,), width="stretch")
        if may("run_studies") and drop_it.button(_("Put away"), key=f"drop_study_{view.id}", width="stretch"):
            act(lambda session: drop_study(session, view.id))
            _open(None)
            rerun_part()


def _open(study_id: int | None) -> None:
    if study_id is None:
        st.query_params.pop("study", None)
    else:
        st.query_params["study"] = str(study_id)
