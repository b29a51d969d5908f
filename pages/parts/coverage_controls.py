"""The row of choices above the coverage map; what is chosen lives in the address."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from geo.briefing.coverage_paint import LAST_YEAR
from geo.briefing.coverage_state import VIEW_LABELS, VIEWS, CoverageState
from geo.coverage.reach_study import CIRCLES
from geo.i18n import _, number
from geo.maps.legend import coverage_theme
from geo.people.tables import SKILLS
from geo.people.volunteer_rules import SKILL_LABELS
from geo.store.clock import today
from pages.parts.session import may

MOST_TO_CHOOSE = 400


def sees_teams() -> bool:
    """Tell whether who looks sees volunteers, by name or as numbers."""
    return may("see_volunteers") or may("run_studies")


def open_views() -> list[str]:
    """Return the views that are open to the roles of who looks."""
    closed = set()
    if not may("see_needs"):
        closed.add("visits")
    if not sees_teams():
        closed.add("skill")
    if not may("see_holders"):
        closed.add("away")
    return [view for view in VIEWS if view not in closed]


def chosen_state(names: Mapping[int, str]) -> CoverageState:
    """Return what is chosen: by the controls, at first by the address."""
    told = CoverageState.from_address(st.query_params.to_dict())
    kept = st.session_state
    known = told.community_id if told.community_id in names else None
    view = kept.setdefault("coverage_view", told.view if told.view in open_views() else "duty") or "duty"
    statuses = kept.setdefault(f"coverage_status_{view}", list(told.statuses or ()))
    return replace(
        told,
        view=view,
        community_id=kept.setdefault("coverage_community", known),
        circle=kept.setdefault("coverage_circle", told.circle),
        old=kept.setdefault("coverage_old", told.old),
        wishes=kept.setdefault("coverage_wishes", told.wishes) if view == "duty" else (),
        skill=kept.setdefault("coverage_skill", told.skill),
        ahead=kept.setdefault("coverage_ahead", told.ahead),
        each=kept.setdefault("coverage_each", told.each),
        statuses=tuple(sorted(statuses)) or None,
    )


def show_controls(state: CoverageState, names: Mapping[int, str]) -> None:
    """Show the views, the community, what this view asks for, and the classes shown."""
    views = open_views()
    st.segmented_control(
        _("View"), views, key="coverage_view", format_func=lambda code: _(VIEW_LABELS[code]),
        label_visibility="collapsed",
    )  # fmt: skip
    where, own, status = st.columns([3, 4, 4], vertical_alignment="bottom")
    offered = list(names) if len(names) <= MOST_TO_CHOOSE else [state.community_id] if state.community_id else []
    where.selectbox(
        _("Community"), [None, *offered], key="coverage_community", placeholder=_("All communities"),
        format_func=lambda key: names[key] if key else _("All communities"),
    )  # fmt: skip
    with own:
        _own_choices(state)
    styles = coverage_theme(state.on_map.topic, sees_teams=sees_teams()).building
    labels = {style.code: style.label for style in styles}
    status.multiselect(
        _("Status"), list(labels), key=f"coverage_status_{state.view}", placeholder=_("All"),
        format_func=lambda code: _(labels[code]),
    )  # fmt: skip


def _own_choices(state: CoverageState) -> None:
    if state.view == "station":
        circle, old = st.columns(2, vertical_alignment="bottom")
        circle.selectbox(
            _("Counted as covered"), CIRCLES, key="coverage_circle",
            format_func=lambda minutes: _("within {count} minutes", count=number(minutes)),
        )  # fmt: skip
        old.toggle(_("Limits for people over 70"), key="coverage_old")
    elif state.view == "skill":
        st.selectbox(
            _("Skill"), [None, *SKILLS], key="coverage_skill", placeholder=_("Any skill"),
            format_func=lambda code: _(SKILL_LABELS[code]) if code else _("Any skill"),
        )  # fmt: skip
    elif state.view == "years":
        st.select_slider(
            _("The map shows the year"), range(LAST_YEAR + 1), key="coverage_ahead",
            format_func=lambda ahead: str(today().year + ahead),
        )  # fmt: skip
