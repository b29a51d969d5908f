"""An import at work: how far it is, a way to stop it, and what went wrong."""

import streamlit as st

from geo.errors import NotFound
from geo.i18n import _
from geo.jobs import runner
from geo.maps.safe_text import plain
from pages.parts.language import speak
from pages.parts.session import actor

OFTEN_S = 1


def start_over() -> None:
    """Go back to the choice of a file."""
    st.query_params.from_dict({})


def show_work(job_id: int) -> None:
    """Follow a job of reading, accepting or undoing until it ends, then go to its import."""
    try:
        finished = runner.status(actor(), job_id).finished
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/search_off:")
        st.button(_("Import a file"), on_click=start_over)
        return
    st.fragment(_follow, run_every=None if finished else OFTEN_S)(job_id)


def _follow(job_id: int) -> None:
    speak()
    job = runner.status(actor(), job_id)
    if job.status == "done":
        st.query_params.from_dict({"run": str((job.result or {}).get("run_id", ""))})
        st.rerun()
    if job.finished:
        message = job.error_text() or _("It was stopped. Nothing was saved.")
        st.error(plain(message), icon=":material/error:")
        st.button(_("Choose the file again"), on_click=start_over, icon=":material/upload_file:", key="import_again")
        return
    st.progress(job.progress, plain(job.doing()) or _("Starting …"))
    st.caption(_("You may close this page: the work goes on and its result waits in the list below."))
    if st.button(_("Cancel"), icon=":material/cancel:", key="import_cancel", disabled=job.cancel_asked):
        runner.cancel(actor(), job_id)
