"""The filters of volunteers: part of a name, place, team, skill, free hours, status, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import FOUND, Team, VolunteerChoice
from geo.people.volunteer_rules import SKILL_LABELS, STATUS_LABELS
from pages.parts.volunteer_figures import FOUND_LABELS
from pages.parts.volunteer_state import ALL, FREE_HOURS, VolunteerState
from pages.parts.volunteer_words import hours_words

STATE = st.session_state
CHOICES = ("community", "team", "skill", "status", "free", "found")


def chosen_state() -> VolunteerState:
    """Return what is chosen: by the controls once they are there, by the address before."""
    told = VolunteerState.from_address(st.query_params.to_dict())
    kept = told.choice
    first = (kept.community_id, kept.team_id, kept.skill, kept.status or ALL, kept.free_hours, kept.found)
    values = [STATE.setdefault(f"volunteer_{name}", value) for name, value in zip(CHOICES, first, strict=True)]
    community, team, skill, status, free, found = values
    name = STATE.setdefault("volunteer_name", "").strip() or None
    choice = VolunteerChoice(
        community_id=community, team_id=team, skill=skill, status=None if status == ALL else status, free_hours=free,
        name=name, found=found,
    )  # fmt: skip
    return replace(told, choice=choice)


def within_sight(
    state: VolunteerState, communities: Mapping[int, str], teams: Sequence[Team]
) -> VolunteerState:  # fmt: skip
    """Return the choices without places and teams the visitor does not see; the only community where there is one."""
    only = next(iter(communities)) if len(communities) == 1 else None
    community = state.choice.community_id if state.choice.community_id in communities else only
    known = {team.id for team in teams if community is None or team.community_id == community}
    team_id = state.choice.team_id if state.choice.team_id in known else None
    STATE["volunteer_community"], STATE["volunteer_team"] = community, team_id
    return replace(state, choice=replace(state.choice, community_id=community, team_id=team_id))


def show_controls(state: VolunteerState, communities: Mapping[int, str], teams: Sequence[Team]) -> None:
    """Show the filters in one row."""
    name, where, team, skill, free, found = st.columns([3, 3, 3, 2, 2, 3], vertical_alignment="bottom")
    name.text_input(
        _("Name of the person"), key="volunteer_name", placeholder=_("A part of it, or pinyin"), max_chars=80,
        icon=":material/search:", autocomplete="off",
    )  # fmt: skip
    offered = list(communities) if len(communities) == 1 else [None, *communities]
    where.selectbox(
        _("Community"), offered, key="volunteer_community", placeholder=_("All communities"),
        format_func=lambda key: plain(communities[key]) if key else _("All communities"),
    )  # fmt: skip
    here = state.choice.community_id
    known = {one.id: one.name for one in teams if here is None or one.community_id == here}
    team.selectbox(
        _("Team"), [None, *known], key="volunteer_team", placeholder=_("Any team"),
        format_func=lambda key: plain(known[key]) if key else _("Any team"),
    )  # fmt: skip
    skill.selectbox(
        _("Skill"), [None, *SKILL_LABELS], key="volunteer_skill", placeholder=_("Any skill"),
        format_func=lambda code: _(SKILL_LABELS[code]) if code else _("Any skill"),
    )  # fmt: skip
    free.selectbox(
        _("Free a week"), [None, *FREE_HOURS], key="volunteer_free", placeholder=_("Any"),
        format_func=lambda hours: _("from {hours}", hours=hours_words(hours)) if hours else _("Any"),
    )  # fmt: skip
    with found.popover(_more_label(state), icon=":material/filter_alt:", width="stretch"):
        st.radio(
            _("Status"), [*STATUS_LABELS, ALL], key="volunteer_status", horizontal=True,
            format_func=lambda code: _("all") if code == ALL else _(STATUS_LABELS[code]),
        )  # fmt: skip
        st.radio(
            _("Only those"), [None, *FOUND], key="volunteer_found",
            format_func=lambda code: _(FOUND_LABELS[code]) if code else _("all of them"),
        )  # fmt: skip


def _more_label(state: VolunteerState) -> str:
    status = _(STATUS_LABELS[state.choice.status]) if state.choice.status else _("all")
    return f"{status} · {_(FOUND_LABELS[state.choice.found])}" if state.choice.found else status
