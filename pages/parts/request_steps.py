"""The steps a request can take now, as buttons; what a step asks for is asked before it is done."""

import streamlit as st

from geo.i18n import _
from geo.requests.board import RequestView
from geo.requests.rules import STEPS, Standing, StepInput, steps_from
from geo.requests.step_writes import call_back, move_request
from pages.parts.language import rerun_part
from pages.parts.request_ask import ask_for
from pages.parts.session import act

STEP_ICONS = {
    "accept": ":material/check:",
    "dispatch": ":material/forward:",
    "start": ":material/construction:",
    "resolve": ":material/task_alt:",
    "call_back": ":material/call:",
    "close": ":material/archive:",
    "return": ":material/undo:",
    "duplicate": ":material/content_copy:",
    "out_of_scope": ":material/block:",
    "wait": ":material/hourglass_top:",
    "resume": ":material/play_arrow:",
    "escalate": ":material/campaign:",
    "reopen": ":material/replay:",
}
MAIN = ("accept", "start", "resolve", "call_back", "close", "resume", "reopen", "dispatch")


def show_steps(request: RequestView, how: Standing) -> None:
    """Show the steps that are open now; the likeliest stands out."""
    offered = steps_from(how)
    if not offered:
        return
    likeliest = next((step for step in MAIN if step in offered), None)
    with st.container(horizontal=True, key="request_steps"):
        pressed = [
            step
            for step in offered
            if st.button(
                _(STEPS[step].label), icon=STEP_ICONS[step], key=f"step_{step}_{request.id}_{request.version}",
                type="primary" if step == likeliest else "secondary",
            )
        ]  # fmt: skip
    if pressed:
        _begin(request, pressed[0], how)
    wanted = st.session_state.get(_asking(request))
    if wanted in offered:
        _ask(request, wanted, how)


def _asking(request: RequestView) -> str:
    return f"request_step_{request.id}_{request.version}"


def _begin(request: RequestView, step: str, how: Standing) -> None:
    if STEPS[step].asks or (step == "close" and (how.dissatisfied or how.status == "resolved")):
        st.session_state[_asking(request)] = step
    elif _do(request, step, StepInput()):
        rerun_part()


def _ask(request: RequestView, step: str, how: Standing) -> None:
    """Ask for what a step takes, then do it."""
    with st.form(f"ask_{step}_{request.id}", border=True):
        st.markdown(_(STEPS[step].label))
        given, answers = ask_for(request, step)
        done = st.form_submit_button(_("Done"), type="primary", icon=":material/check:")
    if done:
        if answers is not None:
            told = act(lambda s: call_back(s, request.id, answers, version=request.version, note=given.note))
            if told:
                rerun_part()
        elif _do(request, step, given):
            rerun_part()


def _do(request: RequestView, step: str, given: StepInput) -> bool:
    done = act(lambda session: move_request(session, request.id, step, version=request.version, given=given))
    return done is not None
