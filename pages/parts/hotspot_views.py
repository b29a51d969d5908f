"""The four views of the hotspots page: each gives the cells of its map, its panel, its table and its figures."""

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from geo.briefing.hotspot_cells import (
    growth_cells,
    growth_rows,
    silence_cells,
    silent_rows,
    spot_cells,
    spot_rows,
)
from geo.briefing.hotspot_clusters import cluster_cells, kept_searches, opened_search
from geo.briefing.hotspot_findings import categories, growth, spots, unheard
from geo.briefing.hotspot_state import HotspotState
from geo.briefing.overview import Stand
from geo.errors import NotFound
from geo.hotspots.tallies import Tallied
from geo.i18n import _, number
from geo.maps.cells import Cells
from geo.maps.hotspot_legend import GROWTH_STYLES, WHERE_STYLES
from geo.maps.safe_text import plain
from pages.parts import hotspot_below, hotspot_panel

Choose = Callable[[int | None], None]
Figure = tuple[str, str]


def _nothing() -> None:
    """Show nothing."""


@dataclass(frozen=True)
class View:
    """What a view shows: cells of the map, figures, and functions that fill panel and table.

    exact: numbers are told as they are; size: why hexagons are as wide as they are; left_out: requests by reason.
    """

    cells: Cells | None
    figures: tuple[Figure, ...]
    panel: Callable[[Choose], None]
    table: Callable[[], None] = field(default=_nothing)
    exact: bool = True
    size: str = ""
    left_out: dict[str, int] = field(default_factory=dict)


def view_of(stand: Stand, state: HotspotState) -> View:
    """Return the view that is chosen; raises BadInput where there is nothing to compare."""
    makers = {"where": _where, "real": _real, "growing": _growing, "silence": _silence}
    return makers[state.view](stand, state)


def _counted(places: Tallied, words: str) -> Figure:
    return (_("Requests counted"), words or number(len(places.row)))


def _where(stand: Stand, state: HotspotState) -> View:
    found = spots(stand, state.asked)
    rows = spot_rows(stand, found)
    words = {style.code: _(style.label) for style in WHERE_STYLES}
    hot = sum(row.code >= 2 for row in rows)
    return View(
        spot_cells(stand, state.asked, found),
        (
            _counted(found.places, ""),
            (_("Places compared"), number(int(found.found.judged.sum()))),
            (_("More than chance (95 %)"), number(hot)),
            (_("Left out"), number(sum(found.places.left_out.values()))),
        ),
        lambda choose: hotspot_panel.show_rows(rows, state.cell, choose, words),
        lambda: hotspot_below.show_spots(rows, words),
        found.shown.exact,
        found.places.size.words() if found.places.size else "",
        found.places.left_out,
    )


def _growing(stand: Stand, state: HotspotState) -> View:
    found = growth(stand, state.asked)
    rows = growth_rows(stand, found)
    words = {style.code: _(style.label) for style in GROWTH_STYLES}
    return View(
        growth_cells(stand, state.asked, found),
        (
            _counted(found.places, ""),
            (_("Whole months"), number(len(found.months))),
            (_("New or growing"), number(sum(row.code in {1, 2} for row in rows))),
            (_("Hot all the time"), number(sum(row.code == 3 for row in rows))),
        ),
        lambda choose: hotspot_panel.show_rows(rows, state.cell, choose, words),
        lambda: hotspot_below.show_spots(rows, words),
        found.shown.exact,
        found.places.size.words() if found.places.size else "",
        found.places.left_out,
    )


def _real(stand: Stand, state: HotspotState) -> View:
    study_id = state.study_id or next((view.id for view in kept_searches(stand)), None)
    if study_id is None:
        return View(None, (), _no_search)
    try:
        found = opened_search(stand, study_id)
    except NotFound as error:
        message = plain(error.text())
        return View(None, (), lambda _choose: st.warning(message, icon=":material/search_off:"))
    category = categories(stand).get(found.asked.category_id or 0)
    sure = sum(one.code < 3 for one in found.clusters)
    return View(
        cluster_cells(found, category),
        (
            (_("Requests counted"), number(found.view.figures["requests"])),
            (_("Clusters found"), number(len(found.clusters))),
            (_("Hardly chance (p up to 0.05)"), number(sure)),
            (_("Weeks looked at"), number(found.view.figures["weeks"])),
        ),
        lambda choose: hotspot_panel.show_clusters(stand, found, state.cell, choose, category),
        lambda: hotspot_below.show_clusters(found),
        left_out=found.view.figures["left_out"],
    )


def _no_search(_choose: Choose) -> None:
    st.info(
        _("No search for clusters is kept yet. Choose category and period, then press “Look for clusters”."),
        icon=":material/radar:",
    )


def _silence(stand: Stand, state: HotspotState) -> View:
    found = unheard(stand, state.asked)
    rows = silent_rows(stand, found)
    known = int(found.found.known.sum())
    return View(
        silence_cells(stand, found),
        (
            (_("Buildings judged"), number(known)),
            (_("Unheard buildings"), number(int(found.found.unheard.sum()))),
            (_("Households there"), number(float(found.households[found.found.unheard].sum()))),
            (_("Households unknown"), number(len(found.building) - known)),
        ),
        lambda choose: hotspot_panel.show_silent(rows, state.cell, choose),
        lambda: hotspot_below.show_unheard(rows),
    )
