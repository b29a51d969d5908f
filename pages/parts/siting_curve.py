"""What each further station brings: households within the limit by number of stations, with the gap of each point."""

from typing import Any

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import N_, _, listed, number
from geo.maps.safe_text import plain
from geo.siting.wanted import FEN

ORDINALS = (
    N_("first"), N_("second"), N_("third"), N_("fourth"), N_("fifth"), N_("sixth"), N_("seventh"), N_("eighth"),
    N_("ninth"), N_("tenth"),
)  # fmt: skip
MOST_ROWS = 8


def show_curve(found: KeptSiting) -> None:
    """Show the curve as a picture and a table; nothing when it was not asked for."""
    points: list[dict[str, Any]] = found.figures.get("curve", [])
    if not points:
        return
    st.subheader(_("What each further station brings"), anchor=False)
    before = found.figures["before"]["within"]
    more = [one["within"] - (points[at - 1]["within"] if at else before) for at, one in enumerate(points)]
    left, right = st.columns(2)
    with left:
        _draw([(0, before), *((one["number"], one["within"]) for one in points)])
    right.dataframe(
        {
            _("Stations"): [one["number"] for one in points],
            _("The last one brings"): more,
            _("Within the limit"): [one["within"] for one in points],
            _("How good"): [_proof(one["gap"]) for one in points],
            _("Yuan each"): [_each(one, before) for one in points],
        },
        hide_index=True, height="content" if len(points) < MOST_ROWS else 300,
    )  # fmt: skip
    st.markdown(plain(_in_words(more)))
    st.caption(
        _("Each point is a plan of its own for most households within the limit, with the gap that is proven for it. "
          "Costs nobody knows are left out of the yuan for each household newly within the limit.")
    )  # fmt: skip


def _proof(gap: float | None) -> str:
    if gap is None:
        return _("not known")
    percent = f"{100 * gap:.2f}"
    return _("within {percent} % of the best", percent=percent) if gap else _("proven best")


def _draw(points: list[tuple[int, int]]) -> None:
    stations, within = _("New stations"), _("Households within the limit")
    st.vega_lite_chart(
        {
            "data": {"values": [{"x": number_of, "y": households} for number_of, households in points]},
            "mark": {"type": "line", "point": True, "tooltip": True},
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "title": stations, "axis": {"tickMinStep": 1}},
                "y": {"field": "y", "type": "quantitative", "title": within, "scale": {"zero": False}},
            },
            "height": 270,
        },
        width="stretch",
    )


def _in_words(more: list[int]) -> str:
    """Say what each station brings; of many the first three, the two between which it falls most, and the last."""
    fall = max(range(1, len(more)), key=lambda at: more[at - 1] - more[at], default=0)
    told = sorted({*range(min(3, len(more))), max(fall - 1, 0), fall, len(more) - 1})
    first = _("the {which} station brings {count} households", which=_which(told[0]), count=number(more[told[0]]))
    others = (_("the {which} {count}", which=_which(at), count=number(more[at])) for at in told[1:])
    said = listed([first, *others])
    return said[:1].upper() + said[1:]


def _which(at: int) -> str:
    return _(ORDINALS[at]) if at < len(ORDINALS) else _("one of number {number}", number=at + 1)


def _each(point: dict[str, Any], before: int) -> str:
    gained = point["within"] - before
    if not gained:
        return "–"
    if point.get("cost_unknown") and not point["cost_fen"]:
        return _("unknown")
    each = number(point["cost_fen"] / FEN / gained)
    return _("at least {amount}", amount=each) if point.get("cost_unknown") else each
