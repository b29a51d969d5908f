"""Having sites looked for: the question is handed in, the plan and its gap are followed, a stop keeps the best."""

from typing import Any

import streamlit as st

from geo.errors import NotFound, YizhanError
from geo.i18n import _, number
from geo.jobs import runner
from geo.maps.safe_text import plain
from geo.siting.wanted import Wanted
from pages.parts.language import rerun_part, speak
from pages.parts.session import actor, hand_in

OFTEN_S = 1


def show_start(asked: dict[str, Any], usual_name: str, job_id: int | None) -> None:
    """Show the button that starts the search, or the search at work."""
    if job_id is not None and _at_work(job_id):
        st.fragment(_follow, run_every=OFTEN_S)(job_id)
        return
    name, button = st.columns([3, 1], vertical_alignment="bottom")
    called = name.text_input(_("Name of the result"), placeholder=usual_name, max_chars=120, key="siting_name")
    if button.button(
        _("Find sites"), type="primary", icon=":material/add_location_alt:", key="siting_find", width="stretch"
    ):
        try:
            Wanted.read(asked)
            st.query_params["job"] = str(hand_in("siting", {"name": called.strip() or usual_name, **asked}))
        except YizhanError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        st.query_params.pop("study", None)
        rerun_part()


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
        st.query_params["study"] = str((job.result or {}).get("study_id", ""))
        rerun_part()
    st.error(plain(job.error_text()) or _("It was stopped before any plan was found. Nothing was saved."),
             icon=":material/error:")  # fmt: skip
    return False


def _follow(job_id: int) -> None:
    speak()
    job = runner.status(actor(), job_id)
    if job.finished:
        st.rerun()
    st.progress(job.progress, plain(job.doing()) or _("Starting …"))
    best = job.best or {}
    if best:
        percent = f"{100 * best['gap']:.2f}"
        st.caption(
            _("Best so far: {stations} new stations, value {value}; nothing can be more than {percent} % better.",
              stations=number(len(best["sites"])), value=number(best["value"]), percent=percent)
        )  # fmt: skip
    label = _("Stop and keep the best") if best else _("Cancel")
    if st.button(label, icon=":material/stop_circle:", key="siting_stop", disabled=job.cancel_asked):
        runner.cancel(actor(), job_id)
