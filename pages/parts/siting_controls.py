"""What a planner asks for: area, goal, who counts, the limit, how many stations or how much money, sites."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.briefing.siting_results import CandidateRow
from geo.briefing.siting_state import MIX, SitingState
from geo.i18n import N_, _, number
from geo.siting.question import GOALS
from geo.siting.wanted import CIRCLES, GOAL_LABELS, MOST_NUMBER, WEIGHTS
from pages.parts.siting_asked import more_asked, more_label
from pages.parts.siting_more import show_more
from pages.parts.siting_terms import show_terms, terms_asked

MOST_TO_CHOOSE = 400
BY_NUMBER, BY_BUDGET = "number", "budget"
SIZE_LABELS = {BY_NUMBER: N_("How many"), BY_BUDGET: N_("Budget")}


def chosen_state(names: Mapping[int, str]) -> SitingState:
    """Return what is chosen: by the controls, at first by the address."""
    told = SitingState.from_address(st.query_params.to_dict())
    kept = st.session_state
    known = told.community_id if told.community_id in names else None
    return replace(
        told,
        community_id=kept.setdefault("siting_community", known),
        circle=kept.setdefault("siting_circle", told.circle),
        old=kept.setdefault("siting_old", told.old),
        goal=kept.setdefault("siting_goal", told.goal),
        weight=kept.setdefault("siting_weight", told.weight),
        number=kept.setdefault("siting_number", told.number),
    )


def _goal() -> str:
    return str(st.session_state.get("siting_goal", "cover"))


def show_controls(state: SitingState, names: Mapping[int, str], sites: Sequence[CandidateRow]) -> None:
    """Show what can be asked for; what is chosen stays in the session until the question is handed in."""
    where, goal, weight, circle = st.columns([3, 4, 3, 3], vertical_alignment="bottom")
    offered = list(names) if len(names) <= MOST_TO_CHOOSE else [state.community_id] if state.community_id else []
    where.selectbox(
        _("Community"), [None, *offered], key="siting_community", placeholder=_("The whole city"),
        format_func=lambda key: names[key] if key else _("The whole city"),
    )  # fmt: skip
    chosen = goal.selectbox(_("Goal"), GOALS, key="siting_goal", format_func=lambda code: _(GOAL_LABELS[code]))
    weight.selectbox(
        _("Weighed by"), [*WEIGHTS, MIX], key="siting_weight", disabled=chosen == "center",
        format_func=lambda code: _("A mix") if code == MIX else _(WEIGHTS[code].label),
    )  # fmt: skip
    circle.selectbox(
        _("Walking limit"), CIRCLES, key="siting_circle",
        format_func=lambda minutes: _("within {count} minutes", count=number(minutes)),
    )  # fmt: skip
    if chosen != "set-cover":
        _size()
    with st.expander(_("Candidate sites ({count})", count=number(len(sites)))):
        show_terms(sites)
    with st.expander(more_label(chosen, state.circle), key="siting_more"):
        show_more(chosen)


def _size() -> None:
    how, much = st.columns([4, 6], vertical_alignment="bottom")
    by = how.segmented_control(
        _("Limited by"), list(SIZE_LABELS), key="siting_by", default=BY_NUMBER,
        format_func=lambda code: _(SIZE_LABELS[code]),
    )  # fmt: skip
    if by == BY_BUDGET:
        much.number_input(_("Budget (yuan)"), 1, 10**10, 300_000, 10_000, key="siting_budget")
    else:
        much.number_input(_("New stations, at most"), 1, MOST_NUMBER, key="siting_number")


def question(state: SitingState, sites: Sequence[CandidateRow]) -> dict[str, Any]:
    """Return what is asked for as the job takes it."""
    kept, goal = st.session_state, _goal()
    budget = goal != "set-cover" and kept.get("siting_by") == BY_BUDGET
    asked, terms = more_asked(goal, state.circle), terms_asked(sites)
    asked["rules"]["rooms"] = terms.pop("rooms") if goal not in {"center", "backup"} else {}
    asked["purse"]["paid_by"] = terms.pop("paid_by")
    return {
        "goal": goal,
        "community_id": state.community_id,
        "number": kept.get("siting_number", 3) if goal != "set-cover" and not budget else None,
        "budget_yuan": kept.get("siting_budget") if budget else None,
        **asked,
        **terms,
    }


def title_of(state: SitingState, names: Mapping[int, str]) -> str:
    """Return the usual name of a study: the goal and the area."""
    area = names.get(state.community_id or 0) or _("The whole city")
    return f"{area} · {_(GOAL_LABELS[_goal()])}"
