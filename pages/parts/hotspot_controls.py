"""What is asked of hotspots: view, category, period, area; rare choices below."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.briefing.hotspot_state import VIEWS, HotspotState
from geo.hotspots.asked import LEASTS, PERIODS, PLACES, WIDTHS_M, Asked
from geo.i18n import _, number

STATE = st.session_state


def chosen_state(communities: Mapping[int, str], categories: Mapping[int, str]) -> HotspotState:
    """Return what is chosen: by the controls, at first by the address."""
    told = HotspotState.from_address(st.query_params.to_dict())
    asked = told.asked
    chosen = {
        "category_id": _kept("hot_category", asked.category_id if asked.category_id in categories else None),
        "days": _kept("hot_days", asked.days),
        "places": _kept("hot_places", asked.places),
        "width_m": _kept("hot_width", asked.width_m),
        "least": _kept("hot_least", asked.least),
        "incidents": _kept("hot_incidents", asked.incidents),
        "community_id": _kept("hot_community", asked.community_id if asked.community_id in communities else None),
    }
    view = _kept("hot_view", told.view) or told.view
    return replace(told, view=view, asked=Asked(**chosen))


def _kept(name: str, usual: Any) -> Any:
    if name not in STATE:
        STATE[name] = usual
    return STATE[name]


def show_controls(communities: Mapping[int, str], categories: Mapping[int, str]) -> None:
    """Show the choices; whatever is changed reruns the page's part."""
    st.segmented_control(
        _("View"), list(VIEWS), key="hot_view", format_func=lambda code: _(VIEWS[code]), label_visibility="collapsed",
        on_change=_forget_cell,
    )  # fmt: skip
    what, when, where = st.columns([4, 3, 4], vertical_alignment="bottom")
    what.selectbox(
        _("Category"), [None, *categories], key="hot_category", on_change=_forget_cell,
        placeholder=_("All categories"),
        format_func=lambda key: categories[key] if key else _("All categories"),
    )  # fmt: skip
    when.selectbox(
        _("Period"), list(PERIODS), key="hot_days", on_change=_forget_cell,
        format_func=lambda days: _(PERIODS[days]),
    )  # fmt: skip
    where.selectbox(
        _("Community"), [None, *communities], key="hot_community", on_change=_forget_cell,
        placeholder=_("All I may look at"),
        format_func=lambda key: communities[key] if key else _("All I may look at"),
    )  # fmt: skip
    with st.expander(_("More choices")):
        _more()


def _more() -> None:
    places, width, least, incidents = st.columns([3, 3, 3, 3], vertical_alignment="bottom")
    places.selectbox(
        _("Places"), list(PLACES), key="hot_places", format_func=lambda code: _(PLACES[code]), on_change=_forget_cell
    )
    width.selectbox(
        _("Width of hexagons"), WIDTHS_M, key="hot_width", on_change=_forget_cell,
        disabled=STATE.get("hot_places") != "hexagons",
        format_func=lambda metres: _("{metres} m", metres=number(metres)) if metres else _("as the data say"),
    )  # fmt: skip
    least.selectbox(
        _("Colour from"), LEASTS, key="hot_least", on_change=_forget_cell,
        format_func=lambda count: _("{count} requests", count=number(count)),
    )  # fmt: skip
    incidents.toggle(_("Incidents too"), key="hot_incidents", on_change=_forget_cell)


def _forget_cell() -> None:
    st.query_params.pop("cell", None)
