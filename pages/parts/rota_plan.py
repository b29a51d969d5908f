"""Planning a week: the run, the plan it found with how good it is, and accepting it."""

from collections.abc import Mapping

import streamlit as st

from geo.coverage.proposals_study import PlannedTurn, RotaFound, latest_rota
from geo.coverage.rota import STAGE_WORDS
from geo.coverage.rota_inputs import FINDING_WORDS, UNFILLED_WORDS
from geo.errors import YizhanError
from geo.i18n import _, moment, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, circles
from geo.people.circle_rules import AT_WORK
from geo.people.needs import TASK_LABELS
from geo.planning.shift_writes import accept_plan
from pages.parts.circle_state import RotaState, put
from pages.parts.circle_words import name_words, turn_words
from pages.parts.language import rerun_part
from pages.parts.rota_job import show_job
from pages.parts.session import act, hand_in, looking


def show_plan(state: RotaState) -> bool:
    """Show the way to plan a week and the newest plan; return whether a run is at work."""
    if state.job_id is not None and show_job(state.job_id):
        return True
    with looking() as connection:
        found = latest_rota(connection, state.community_id or 0, state.monday)
        here = {one.id: one for one in circles(connection, community_id=state.community_id, statuses=AT_WORK)}
    if st.button(_("Plan this week"), key="plan_week", icon=":material/event_repeat:", help=_(
        "Turns that are still missing are planned from the circles at work and the times of their volunteers. "
        "What was offered, accepted or done stays."
    )):  # fmt: skip
        _begin(state)
    if found and not found.study.stale:
        _show_found(found, here)
    return False


def _begin(state: RotaState) -> None:
    asked = {"community_id": state.community_id, "monday": state.monday.isoformat()}
    try:
        put(job=hand_in("rota", asked))
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    rerun_part()


def _show_found(found: RotaFound, here: Mapping[int, CircleView]) -> None:
    figures = found.study.figures
    with st.container(border=True, key="plan_found"):
        st.markdown(
            _("Planned {moment}: {planned} turns have somebody, {open} have nobody.",
              moment=moment(found.study.made_at), planned=number(figures["planned"]), open=number(figures["open"]))
        )  # fmt: skip
        st.caption(_stages(found))
        for code, count in figures["findings"].items():
            st.caption(f"{_(FINDING_WORDS[code])} ({number(count)})")
        if not found.turns:
            st.success(_("Every turn of this week is planned already."), icon=":material/check_circle:")
            return
        st.dataframe(_table(found, here), hide_index=True, height=min(360, 38 + 35 * len(found.turns)))
        if st.button(
            _("Accept: offer these {count} turns", count=number(len(found.turns))), key="accept_plan", type="primary",
            icon=":material/check:",
        ):  # fmt: skip
            _accept(found.study.id)


def _stages(found: RotaFound) -> str:
    """Return how good the plan is in true words: what is proven, and by how much it could be better where not."""
    told = []
    for stage in found.study.figures["stages"]:
        value, gap = number(stage["value"]), stage["value"] - stage["bound"]
        label = _(STAGE_WORDS[stage["name"]])
        if stage["proven"]:
            told.append(_("{aim}: {value} (proven: no plan is better)", aim=label, value=value))
        else:
            told.append(_("{aim}: {value} (at most {gap} above the best)", aim=label, value=value, gap=number(gap)))
    return " · ".join(told)


def _table(found: RotaFound, here: Mapping[int, CircleView]) -> dict[str, list[str]]:
    titles = (_("When"), _("Volunteer"), _("Help needed"), _("Place"), _("Remark"))
    rows = [_row(one, here.get(one.circle_id)) for one in found.turns]
    return {title: [row[at] for row in rows] for at, title in enumerate(titles)}


def _row(turn: PlannedTurn, circle: CircleView | None) -> tuple[str, ...]:
    names = {one.volunteer_id: one.name for one in circle.members} if circle else {}
    who = _("Nobody yet") if turn.volunteer_id is None else name_words(names.get(turn.volunteer_id), turn.volunteer_id)
    remark = _(UNFILLED_WORDS[turn.cause]) if turn.cause else ""
    return turn_words(turn.turn), who, _(TASK_LABELS[turn.task]), circle.door if circle else "", remark


def _accept(study_id: int) -> None:
    kept = act(lambda session: accept_plan(session, study_id))
    if kept is not None:
        st.toast(_("{count} turns are planned and offered.", count=number(kept)), icon=":material/check:")
        rerun_part()
