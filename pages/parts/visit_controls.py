"""Figures and filters of visits: how many are due, overdue, never made, how many met somebody; where, by whom."""

from collections.abc import Sequence

import streamlit as st

from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.need_figures import CompoundWithNeeds
from geo.people.visit_reads import RATE_DAYS, VisitFigures
from geo.people.visit_rules import STATE_LABELS, week_end
from geo.store.clock import today
from pages.parts.figures import percent
from pages.parts.visit_state import VisitState


def show_visit_figures(figures: VisitFigures) -> None:
    """Show the five figures of the page."""
    of_needs = _("of {count} open needs, on {day}", count=number(figures.needs), day=day(today()))
    in_time = figures.by_state["kept"] + figures.by_state["due"]
    shown = (
        (_("Due this week"), number(figures.by_state["due"]), _("until {day}", day=day(week_end(today())))),
        (_("Overdue"), number(figures.by_state["overdue"]), of_needs),
        (_("Never visited"), number(figures.by_state["never"]), of_needs),
        (_("In time"), percent(in_time, figures.needs), _("{count} needs", count=number(in_time))),
        (
            _("Somebody met"),
            percent(figures.by_result["met"], figures.visits),
            _("of {count} visits in {days} days", count=number(figures.visits), days=RATE_DAYS),
        ),
    )
    for column, (label, value, note) in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(label, value)
        column.caption(note)


def show_visit_controls(state: VisitState, known: Sequence[CompoundWithNeeds], names: Sequence[str]) -> None:
    """Show the filters in one row."""
    where, compound, who, which = st.columns(4, vertical_alignment="bottom")
    communities = {row.community_id: row.community for row in known}
    offered = list(communities) if len(communities) == 1 else [None, *communities]
    where.selectbox(
        _("Community"), offered, key="visit_community", placeholder=_("All communities"),
        format_func=lambda key: communities[key] if key else _("All communities"),
    )  # fmt: skip
    here = state.choice.community_id
    inside = {row.compound_id: row.compound or _("Not assigned yet") for row in known if row.community_id == here}
    compound.selectbox(
        _("Compound"), [None, *inside], key="visit_compound", placeholder=_("All compounds"), disabled=not inside,
        format_func=lambda key: inside[key] if key else _("All compounds"),
    )  # fmt: skip
    who.selectbox(
        _("Who came last"), [None, *names], key="visit_visitor", placeholder=_("Anybody"),
        format_func=lambda name: plain(name) if name else _("Anybody"),
    )  # fmt: skip
    which.selectbox(
        _("How it stands"), [None, *STATE_LABELS], key="visit_state", placeholder=_("All"),
        format_func=lambda code: _(STATE_LABELS[code]) if code else _("All"),
    )  # fmt: skip
