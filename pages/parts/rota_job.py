"""A run of pairing or of the rota at work: how far it is, a way to stop it, and what went wrong."""

import streamlit as st

from geo.errors import NotFound
from geo.i18n import _
from geo.jobs import runner
from geo.maps.safe_text import plain
from pages.parts.circle_state import put
from pages.parts.language import speak
from pages.parts.session import actor

OFTEN_S = 1


def show_job(job_id: int) -> bool:
    """Follow a run until it ends, then show its result; return whether it is still at work."""
    try:
        job = runner.status(actor(), job_id)
    except NotFound:
        put(job=None)
        return False
    if job.status == "done":
        put(job=None)
        return False
    if job.finished:
        st.error(plain(job.error_text()) or _("It was stopped. Nothing was saved."), icon=":material/error:")
        return False
    st.fragment(_follow, run_every=OFTEN_S)(job_id)
    return True


def _follow(job_id: int) -> None:
    speak()
    job = runner.status(actor(), job_id)
    if job.finished:
        if job.status == "done":
            put(job=None)
        st.rerun()
    st.progress(job.progress, plain(job.doing()) or _("Starting …"))
    if st.button(_("Cancel"), icon=":material/cancel:", key="rota_cancel", disabled=job.cancel_asked):
        runner.cancel(actor(), job_id)
