"""What each further station brings: households within the limit by number of stations, with the gap of each point."""

from typing import Any

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import _, number
from geo.siting.wanted import FEN


def show_curve(found: KeptSiting) -> None:
    """Show the curve as a picture and a table; nothing when it was not asked for."""
    points: list[dict[str, Any]] = found.figures.get("curve", [])
    if not points:
        return
    st.subheader(_("What each further station brings"), anchor=False)
    before = found.figures["before"]["within"]
    more = [one["within"] - (points[at - 1]["within"] if at else before) for at, one in enumerate(points)]
    stations, within = _("New stations"), _("Households within the limit")
    left, right = st.columns([3, 2])
    left.line_chart(
        {stations: [0, *(one["number"] for one in points)], within: [before, *(one["within"] for one in points)]},
        x=stations, y=within, height=300,
    )  # fmt: skip
    right.dataframe(
        {
            stations: [one["number"] for one in points],
            _("The last one brings"): more,
            within: [one["within"] for one in points],
            _("Gap"): ["–" if one["gap"] is None else f"{100 * one['gap']:.2f} %" for one in points],
            _("Yuan for each household newly within"): [_each(one, before) for one in points],
        },
        hide_index=True, height=300,
    )  # fmt: skip
    st.caption(
        _("Each point is a plan of its own for most households within the limit, with the gap that is proven for it. "
          "Costs nobody knows are left out of the yuan for each household.")
    )  # fmt: skip


def _each(point: dict[str, Any], before: int) -> str:
    gained = point["within"] - before
    if not gained:
        return "–"
    each = number(point["cost_fen"] / FEN / gained)
    return _("at least {amount}", amount=each) if point.get("cost_unknown") else each
