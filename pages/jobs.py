"""Running work: what runs, how far it is, what came of it, and how to stop it."""

from collections.abc import Callable

import streamlit as st

from geo.access.actor import shown_name
from geo.access.rules import JOB_ACTIONS
from geo.errors import YizhanError
from geo.i18n import N_, _, moment, number
from geo.jobs import runner
from geo.jobs.runner import JobView
from geo.jobs.wording import STATUS_ICONS, STATUS_WORDS
from geo.maps.safe_text import plain
from geo.store.session import Actor
from pages.parts.language import speak
from pages.parts.links import link_to
from pages.parts.session import actor, may

SHOWN = 30
OFTEN_S, SELDOM_S = 2, 15
IMPORT_PAGE = "import_files"
RESULT_PAGES = {
    "demo": ("neighbourhood_map", N_("Open the map")),
    "import_prepare": (IMPORT_PAGE, N_("Look at the import")),
    "import_accept": ("neighbourhood_map", N_("Open the map")),
    "import_file": ("neighbourhood_map", N_("Open the map")),
    "import_undo": ("neighbourhood_map", N_("Open the map")),
    "coverage_study": ("coverage", N_("Look at the study")),
    "pairing": ("care_and_rota", N_("Look at the proposals")),
    "rota": ("care_and_rota", N_("Look at the week")),
}


def _act(command: Callable[[Actor, int], object], job_id: int) -> None:
    try:
        command(actor(), job_id)
    except YizhanError as error:
        st.session_state["jobs_error"] = error


def _show(job: JobView) -> None:
    with st.container(border=True, key=f"job_{job.id}"):
        text, buttons = st.columns([5, 1], vertical_alignment="center")
        with text:
            st.markdown(f"{STATUS_ICONS[job.status]} {plain(job.title())} · {_(STATUS_WORDS[job.status])}")
            st.caption(_times(job))
            _state(job)
        with buttons:
            _buttons(job)


def _times(job: JobView) -> str:
    when, who = moment(job.created_at), plain(shown_name(job.actor))
    asked = _("No. {id}, handed in {moment} by {actor}", id=job.id, moment=when, actor=who)
    took = "" if job.seconds is None else _("took {seconds} s", seconds=number(job.seconds, 1))
    return " · ".join(part for part in (asked, took, job.outcome()) if part)


def _state(job: JobView) -> None:
    if job.status == "running":
        doing = _("Stopping …") if job.cancel_asked else plain(job.doing()) or _("Starting …")
        st.progress(job.progress, doing)
    elif job.status == "waiting":
        st.caption(_("Starts as soon as one of the others has ended."))
    elif job.error:
        st.error(plain(job.error_text()), icon=":material/error:")


def _buttons(job: JobView) -> None:
    for offered, label, icon, command in (
        (not job.finished and not job.cancel_asked, _("Cancel"), ":material/cancel:", runner.cancel),
        (job.can_start_again and may(JOB_ACTIONS[job.kind]), _("Start again"), ":material/replay:", runner.again),
    ):
        if offered:
            key = f"{command.__name__}_{job.id}"
            st.button(label, key=key, icon=icon, width="stretch", on_click=_act, args=(command, job.id))
    if job.status == "done":
        _result(job)


def _result(job: JobView) -> None:
    file = job.file()
    if file is not None:
        key, icon = f"file_{job.id}", ":material/download:"
        st.download_button(_("Download"), file.read_bytes, file.name, key=key, icon=icon, on_click="ignore")
    elif job.kind in RESULT_PAGES:
        page, label = RESULT_PAGES[job.kind]
        link_to(page, _(label), query={"job": str(job.id)} if page == IMPORT_PAGE else None)


def show_jobs() -> None:
    """Show the newest jobs; unfinished ones first."""
    speak()
    error = st.session_state.pop("jobs_error", None)
    if error is not None:
        st.error(plain(error.text()), icon=":material/error:")
    found = sorted(runner.jobs(actor(), limit=SHOWN), key=lambda job: (job.finished, -job.id))
    if not found:
        st.info(
            _("Nothing is running and nothing has run yet. Imports, exports and the demo city appear here."),
            icon=":material/hourglass_empty:",
        )
        link_to(IMPORT_PAGE, _("Import files"), icon=":material/upload_file:")
    for job in found:
        _show(job)


st.title(_("Running work"), anchor=False)
st.caption(_("What is being done right now, how far it is and what came of it? A closed tab stops nothing."))
busy = bool(runner.jobs(actor(), limit=1, unfinished=True))
st.fragment(show_jobs, run_every=OFTEN_S if busy else SELDOM_S)()
