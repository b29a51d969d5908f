"""What a planner asks for: area, goal, how many stations or how much money, the limit, and each site's terms."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.briefing.siting_results import CandidateRow
from geo.briefing.siting_state import SitingState
from geo.i18n import N_, _, number
from geo.siting.question import GOALS
from geo.siting.wanted import CIRCLES, FEN, GOAL_LABELS, MOST_NUMBER, MOST_SECONDS, USUAL_SECONDS

MOST_TO_CHOOSE = 400
BY_NUMBER, BY_BUDGET = "number", "budget"
SIZE_LABELS = {BY_NUMBER: N_("Number of new stations"), BY_BUDGET: N_("Budget")}
EDITED = "siting_terms"


def chosen_state(names: Mapping[int, str]) -> SitingState:
    """Return what is chosen: by the controls, at first by the address."""
    told = SitingState.from_address(st.query_params.to_dict())
    kept = st.session_state
    known = told.community_id if told.community_id in names else None
    community = kept.setdefault("siting_community", known)
    return replace(told, community_id=community, circle=kept.setdefault("siting_circle", told.circle))


def show_controls(state: SitingState, names: Mapping[int, str], sites: Sequence[CandidateRow]) -> None:
    """Show what can be asked for; what is chosen stays in the session until the question is handed in."""
    where, goal, circle = st.columns([3, 4, 3], vertical_alignment="bottom")
    offered = list(names) if len(names) <= MOST_TO_CHOOSE else [state.community_id] if state.community_id else []
    where.selectbox(
        _("Community"), [None, *offered], key="siting_community", placeholder=_("The whole city"),
        format_func=lambda key: names[key] if key else _("The whole city"),
    )  # fmt: skip
    chosen = goal.selectbox(_("Goal"), GOALS, 1, key="siting_goal", format_func=lambda code: _(GOAL_LABELS[code]))
    circle.selectbox(
        _("Walking limit"), CIRCLES, key="siting_circle",
        format_func=lambda minutes: _("within {count} minutes", count=number(minutes)),
    )  # fmt: skip
    if chosen != "set-cover":
        _size()
    with st.expander(_("Candidate sites ({count})", count=number(len(sites)))):
        _terms(state, sites)
    with st.expander(_("More choices")):
        st.number_input(_("Search for at most (seconds)"), 1, MOST_SECONDS, USUAL_SECONDS, key="siting_seconds")
        st.toggle(_("Also work out how much each further station brings"), key="siting_curve")


def _size() -> None:
    how, much = st.columns([4, 6], vertical_alignment="bottom")
    by = how.segmented_control(
        _("Limited by"), list(SIZE_LABELS), key="siting_by", default=BY_NUMBER,
        format_func=lambda code: _(SIZE_LABELS[code]),
    )  # fmt: skip
    if by == BY_BUDGET:
        much.number_input(_("Budget (yuan)"), 1, 10**10, 300_000, 10_000, key="siting_budget")
    else:
        much.number_input(_("New stations, at most"), 1, MOST_NUMBER, 3, key="siting_number")


def _terms(state: SitingState, sites: Sequence[CandidateRow]) -> None:
    if not sites:
        st.info(_("No candidate site is drawn here yet. Draw them on the neighbourhood map, or import a list."),
                icon=":material/add_location_alt:")  # fmt: skip
        return
    st.caption(_("Pin a site that must be used, leave one out, or correct a cost for this question (yuan)."))
    st.data_editor(
        {
            _("Site"): [row.name for row in sites],
            _("Compound"): [row.compound or "" for row in sites],
            _("Owner"): [row.owner or "" for row in sites],
            "cost": [None if row.cost_fen is None else row.cost_fen / FEN for row in sites],
            "pin": [False for _row in sites],
            "ban": [False for _row in sites],
        },
        key=f"{EDITED}_{state.community_id}", hide_index=True, height=260,
        disabled=[_("Site"), _("Compound"), _("Owner")],
        column_config={
            "cost": st.column_config.NumberColumn(_("Cost (yuan)"), min_value=0, format="%d"),
            "pin": st.column_config.CheckboxColumn(_("Pin")),
            "ban": st.column_config.CheckboxColumn(_("Leave out")),
        },
    )  # fmt: skip


def question(state: SitingState, sites: Sequence[CandidateRow]) -> dict[str, Any]:
    """Return what is asked for as the job takes it."""
    kept = st.session_state
    changed: dict[Any, dict[str, Any]] = kept.get(f"{EDITED}_{state.community_id}", {}).get("edited_rows", {})
    terms = {sites[int(at)].id: values for at, values in changed.items() if int(at) < len(sites)}
    goal, by = kept.get("siting_goal", "cover"), kept.get("siting_by")
    budget = goal != "set-cover" and by == BY_BUDGET
    return {
        "goal": goal,
        "community_id": state.community_id,
        "number": kept.get("siting_number", 3) if goal != "set-cover" and not budget else None,
        "budget_yuan": kept.get("siting_budget") if budget else None,
        "circle": state.circle,
        "seconds": kept.get("siting_seconds", USUAL_SECONDS),
        "curve": bool(kept.get("siting_curve")),
        "pinned": [site for site, values in terms.items() if values.get("pin")],
        "banned": [site for site, values in terms.items() if values.get("ban")],
        "cost_fen": {
            str(site): round(values["cost"] * FEN) for site, values in terms.items() if values.get("cost") is not None
        },
    }


def title_of(state: SitingState, names: Mapping[int, str]) -> str:
    """Return the usual name of a study: the goal and the area."""
    area = names.get(state.community_id or 0) or _("The whole city")
    goal = _(GOAL_LABELS[st.session_state.get("siting_goal", "cover")])
    return f"{area} · {goal}"
