"""Figures and filters of care needs: how many, where, for what; and the way to one by its number."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.need_figures import CompoundWithNeeds, NeedFigures
from geo.people.need_reads import NeedChoice, need_by_number
from geo.people.needs import STATUS_LABELS, TASK_LABELS
from geo.store.clock import today
from pages.parts.need_state import ALL, NeedState, open_need_card
from pages.parts.session import looking


def show_figures(figures: NeedFigures) -> None:
    """Show how many needs are open, and for what."""
    counted = _("of {count} recorded, on {day}", count=number(figures.records), day=day(today()))
    columns = st.columns(1 + len(TASK_LABELS))
    columns[0].metric(_("Open needs"), number(figures.by_status["open"]))
    columns[0].caption(counted)
    if figures.open_without_person:
        columns[0].caption(_("{count} of the open ones without a person", count=number(figures.open_without_person)))
    for column, (task, label) in zip(columns[1:], TASK_LABELS.items(), strict=True):
        column.metric(_("Open: {task}", task=_(label)), number(figures.open_by_task[task]))


def chosen_state() -> NeedState:
    """Return what is chosen: by the controls once they are there, by the address before."""
    told = NeedState.from_address(st.query_params.to_dict())
    community = st.session_state.setdefault("need_community", told.choice.community_id)
    compound = st.session_state.setdefault("need_compound", told.choice.compound_id)
    status = st.session_state.setdefault("need_status", told.choice.status or ALL)
    task = st.session_state.setdefault("need_task", told.choice.task)
    return replace(told, choice=NeedChoice(community, compound, None if status == ALL else status, task))


def within_sight(state: NeedState, known: Sequence[CompoundWithNeeds]) -> NeedState:
    """Return the choices without places where the visitor sees no need; where there is one community only, that one."""
    communities = {row.community_id for row in known}
    only = next(iter(communities)) if len(communities) == 1 else None
    community = state.choice.community_id if state.choice.community_id in communities else only
    compounds = {row.compound_id for row in known if row.community_id == community}
    compound = state.choice.compound_id if community and state.choice.compound_id in compounds else None
    st.session_state["need_community"], st.session_state["need_compound"] = community, compound
    return replace(state, choice=replace(state.choice, community_id=community, compound_id=compound))


def show_controls(state: NeedState, known: Sequence[CompoundWithNeeds]) -> None:
    """Show the filters in one row, and the way to a need by its number."""
    find, where, compound, status, task = st.columns([3, 3, 3, 2, 2], vertical_alignment="bottom")
    with find:
        _find()
    communities = {row.community_id: row.community for row in known}
    offered = list(communities) if len(communities) == 1 else [None, *communities]
    where.selectbox(
        _("Community"), offered, key="need_community", placeholder=_("All communities"),
        format_func=lambda key: communities[key] if key else _("All communities"),
    )  # fmt: skip
    here = state.choice.community_id
    inside = {row.compound_id: row.compound or _("Not assigned yet") for row in known if row.community_id == here}
    compound.selectbox(
        _("Compound"), [None, *inside], key="need_compound", placeholder=_("All compounds"), disabled=not inside,
        format_func=lambda key: inside[key] if key else _("All compounds"),
    )  # fmt: skip
    status.selectbox(
        _("Status"), [*STATUS_LABELS, ALL], key="need_status",
        format_func=lambda code: _("all") if code == ALL else _(STATUS_LABELS[code]),
    )  # fmt: skip
    task.selectbox(
        _("Help needed"), [None, *TASK_LABELS], key="need_task", placeholder=_("Any help"),
        format_func=lambda code: _(TASK_LABELS[code]) if code else _("Any help"),
    )  # fmt: skip


def _find() -> None:
    written = st.text_input(
        _("Number of a need"), key="need_find", placeholder=_("Such as K7P3QX"), icon=":material/search:",
        on_change=_found, max_chars=20,
    )  # fmt: skip
    if written.strip():
        st.caption(_("You see no need with the number {number}.", number=plain(written)))


def _found() -> None:
    with looking() as connection:
        found = need_by_number(connection, st.session_state["need_find"])
    if found:
        st.session_state["need_find"] = ""
        open_need_card(found.number)
