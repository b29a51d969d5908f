"""Having sites looked for: the question is handed in, the plan and its gap are followed, a stop keeps the best."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.errors import NotFound, YizhanError
from geo.i18n import _, labelled, listed, number
from geo.jobs import runner
from geo.maps.safe_text import plain
from geo.siting.wanted import MEASURES, Wanted
from pages.parts.language import rerun_part, speak
from pages.parts.session import actor, hand_in
from pages.parts.siting_studies import open_study

OFTEN_S = 1
MOST_NAMES = 12
SHOWN, HISTORY = "siting_best_shown", "siting_gaps"
STATE = st.session_state


def show_start(asked: dict[str, Any], usual_name: str, job_id: int | None, names: Mapping[int, str]) -> None:
    """Show the button that starts the search, or the search at work; names: of the candidate sites."""
    if job_id is not None and _at_work(job_id):
        st.fragment(_follow, run_every=OFTEN_S)(job_id, names)
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
        open_study(None)
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
        open_study((job.result or {}).get("study_id"))
        rerun_part()
    st.error(plain(job.error_text()) or _("It was stopped before any plan was found. Nothing was saved."),
             icon=":material/error:")  # fmt: skip
    return False


def plan_so_far(job_id: int | None) -> tuple[int, ...]:
    """Return the sites of the best plan of a search at work, none while there is no search or no plan."""
    if job_id is None:
        return ()
    try:
        best = runner.status(actor(), job_id).best or {}
    except NotFound:
        return ()
    return tuple(best.get("sites", ()))


def _follow(job_id: int, names: Mapping[int, str]) -> None:
    speak()
    job = runner.status(actor(), job_id)
    best = job.best or {}
    if job.finished or tuple(best.get("sites", ())) != STATE.get(SHOWN, ()):
        STATE[SHOWN] = tuple(best.get("sites", ()))
        st.rerun()
    st.progress(job.progress, plain(job.doing()) or _("Starting …"))
    if best:
        _show_best(job_id, best, names)
    label = _("Stop and keep the best") if best else _("Cancel")
    if st.button(label, icon=":material/stop_circle:", key="siting_stop", disabled=job.cancel_asked):
        runner.cancel(actor(), job_id)


def _show_best(job_id: int, best: dict[str, Any], names: Mapping[int, str]) -> None:
    percent = f"{100 * best['gap']:.2f}"
    goal = STATE.get("siting_goal", "cover")
    st.caption(
        _("Best so far: {stations} new stations, {value} ({measure}); nothing can be more than {percent} % better.",
          stations=number(len(best["sites"])), value=number(best["value"]), measure=_(MEASURES[goal]), percent=percent)
    )  # fmt: skip
    listed_names = [plain(names.get(site) or _("No. {id}", id=str(site))) for site in best["sites"]]
    st.caption(labelled(_("Plan so far"), listed(listed_names[:MOST_NAMES])))
    job, points = STATE.get(HISTORY, (None, []))
    points = points if job == job_id else []
    if not points or points[-1] != best["gap"]:
        points = [*points, best["gap"]]
    STATE[HISTORY] = (job_id, points)
    if len(points) > 2:
        st.line_chart({_("Gap (%)"): [round(100 * gap, 3) for gap in points]}, height=120)
