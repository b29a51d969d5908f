"""Figures and choices of the page of circles and rota: how many circles, needs without one, what this week came to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleFigures
from geo.people.circle_rules import STATUS_LABELS
from geo.planning.shift_reads import ShiftView
from geo.planning.shift_rules import monday_of
from geo.store.clock import today
from pages.parts.circle_state import CURRENT, VIEW_LABELS, RotaState, put
from pages.parts.circle_words import metres_words, week_words

STATE = st.session_state


def chosen_state() -> RotaState:
    """Return what is chosen: by the controls once they are there, by the address before."""
    told = RotaState.from_address(st.query_params.to_dict())
    view = STATE.setdefault("rota_view", told.view) or "circles"
    community = STATE.setdefault("rota_community", told.community_id)
    status = STATE.setdefault("rota_status", told.status)
    return replace(told, view=view, community_id=community, status=status)


def within_sight(state: RotaState, communities: Mapping[int, str]) -> RotaState:
    """Return the choices at a community the visitor sees: the one that is chosen, else the first."""
    community = state.community_id if state.community_id in communities else next(iter(communities), None)
    STATE["rota_community"] = community
    return replace(state, community_id=community)


def show_figures(figures: CircleFigures, shifts: Sequence[ShiftView]) -> None:
    """Show how many circles are at work, which needs have none, who takes part, and how this week went so far."""
    counted = Counter(one.status for one in shifts)
    kept = sum(counted[status] for status in ("offered", "accepted", "done", "missed", "replaced", "open"))
    columns = st.columns(5)
    columns[0].metric(_("Circles at work"), number(figures.by_status["active"] + figures.by_status["trial"]))
    on_trial = number(figures.by_status["trial"])
    columns[0].caption(_("{count} of them on trial, on {day}", count=on_trial, day=day(today())))
    columns[1].metric(_("Needs without a circle"), number(figures.without_circle))
    columns[1].caption(_("of {count} open needs", count=number(figures.open_needs)))
    columns[2].metric(_("Proposals waiting"), number(figures.by_status["proposed"]))
    columns[2].caption(_("to be accepted, changed or refused"))
    columns[3].metric(_("Volunteers in circles"), number(figures.volunteers))
    columns[3].caption(_("mean way to the door: {metres}", metres=metres_words(figures.mean_m)))
    columns[4].metric(_("Shifts this week"), number(kept))
    columns[4].caption(
        _("{done} done, {missed} missed, {open} open", done=number(counted["done"]),
          missed=number(counted["missed"] + counted["replaced"]), open=number(counted["open"]))
    )  # fmt: skip


def show_controls(state: RotaState, communities: Mapping[int, str]) -> None:
    """Show what can be chosen: the view, the community, and what the view goes by."""
    st.segmented_control(
        _("View"), list(VIEW_LABELS), key="rota_view", required=True, label_visibility="collapsed",
        format_func=lambda key: _(VIEW_LABELS[key]),
    )  # fmt: skip
    where, more = st.columns([2, 3], vertical_alignment="bottom")
    where.selectbox(_("Community"), list(communities), key="rota_community", format_func=lambda key: communities[key])
    with more:
        if state.view == "circles":
            st.selectbox(
                _("Status"), [CURRENT, *STATUS_LABELS], key="rota_status",
                format_func=lambda code: _("all but ended") if code == CURRENT else _(STATUS_LABELS[code]),
            )  # fmt: skip
        elif state.view == "week":
            _choose_week(state)


def _choose_week(state: RotaState) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="week_choice"):
        for key, icon, words, monday in (
            ("week_before", ":material/chevron_left:", _("The week before"), state.monday - timedelta(weeks=1)),
            ("week_now", ":material/today:", _("This week"), monday_of(today())),
            ("week_after", ":material/chevron_right:", _("The week after"), state.monday + timedelta(weeks=1)),
        ):
            st.button("", icon=icon, help=words, key=key, on_click=_go_to, args=(monday.isoformat(),))
        st.markdown(plain(week_words(state.monday)))


def _go_to(monday: str) -> None:
    put(week=monday, shift=None, job=None)
