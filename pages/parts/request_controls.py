"""Figures and filters of requests: how many are open, mine, overdue, waiting on others; where, what, when."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.i18n import _, day, number
from geo.requests.board import VIEW_LABELS, BoardCounts
from geo.requests.request_reads import CategoryView
from geo.requests.rules import STATUS_LABELS
from geo.store.clock import today
from pages.parts.request_state import PERIODS


def show_request_figures(counts: BoardCounts) -> None:
    """Show the five figures of the board."""
    of_open = _("of {count} open requests", count=number(counts.open))
    shown = (
        (_("Open requests"), counts.open, _("on {day}", day=day(today()))),
        (_("Overdue"), counts.overdue, of_open),
        (_("Mine"), counts.mine, of_open),
        (_("Waiting on others"), counts.others, of_open),
        (_("Nobody sees to it"), counts.nobodys, of_open),
    )
    for column, (label, value, note) in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(label, number(value))
        column.caption(note)


def show_request_controls(communities: Mapping[int, str], categories: Sequence[CategoryView]) -> None:
    """Show the views and the filters in one row."""
    st.segmented_control(
        _("Which requests"), list(VIEW_LABELS), key="request_view", label_visibility="collapsed",
        format_func=lambda view: _(VIEW_LABELS[view]),
    )  # fmt: skip
    where, what, how, when = st.columns(4, vertical_alignment="bottom")
    offered = list(communities) if len(communities) == 1 else [None, *communities]
    where.selectbox(
        _("Community"), offered, key="request_community", placeholder=_("All communities"),
        format_func=lambda key: communities[key] if key else _("All communities"),
    )  # fmt: skip
    names = {one.code: one.label for one in categories}
    what.selectbox(
        _("Category"), [None, *names], key="request_category", placeholder=_("All"),
        format_func=lambda code: names[code] if code else _("All"),
    )  # fmt: skip
    how.selectbox(
        _("How it stands"), [None, *STATUS_LABELS], key="request_status", placeholder=_("All"),
        format_func=lambda code: _(STATUS_LABELS[code]) if code else _("All"),
    )  # fmt: skip
    when.selectbox(_("Received within"), list(PERIODS), key="request_period",
                   format_func=lambda period: _(PERIODS[period]))  # fmt: skip
