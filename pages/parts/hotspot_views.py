"""The four views of the hotspots page: each gives the cells of its map, its panel, its table and its figures."""

import streamlit as st

from geo.briefing.hotspot_cells import (
    growth_cells,
    growth_rows,
    month_cells,
    row_of,
    silence_cells,
    silent_rows,
    spot_cells,
    spot_rows,
)
from geo.briefing.hotspot_findings import Growth, bounds_told, growth, spots, unheard
from geo.briefing.hotspot_state import HotspotState
from geo.briefing.overview import Stand
from geo.hotspots.tallies import Tallied
from geo.i18n import _, number
from geo.maps.hotspot_legend import GROWTH_STYLES, WHERE_STYLES
from pages.parts import hotspot_below, hotspot_panel
from pages.parts.hotspot_real import clusters_view
from pages.parts.hotspot_silent import show_silent
from pages.parts.hotspot_view import Figure, View


def view_of(stand: Stand, state: HotspotState) -> View:
    """Return the view that is chosen; raises BadInput where there is nothing to compare."""
    makers = {"where": _where, "real": clusters_view, "growing": _growing, "silence": _silence}
    return makers[state.view](stand, state)


def _counted(places: Tallied, *, exact: bool) -> Figure:
    return (_("Requests counted"), _told(len(places.row), exact=exact))


def _told(count: int, *, exact: bool) -> str:
    return number(count) if exact or not count else bounds_told(count)


def _where(stand: Stand, state: HotspotState) -> View:
    found = spots(stand, state.asked)
    rows = spot_rows(stand, found)
    words = {style.code: _(style.label) for style in WHERE_STYLES}
    hot = sum(row.code >= 2 for row in rows)
    drawn = spot_cells(stand, state.asked, found)
    return View(
        drawn,
        (
            _counted(found.places, exact=found.shown.exact),
            (_("Places compared"), number(int(found.found.judged.sum()))),
            (_("More than chance (95 %)"), number(hot)),
            (_("Left out"), _told(sum(found.places.left_out.values()), exact=found.shown.exact)),
        ),
        lambda choose: hotspot_panel.show_rows(rows, row_of(stand, found, state.cell), choose, words),
        lambda: hotspot_below.show_spots(rows, words, drawn),
        found.shown.exact,
        found.places.size.words() if found.places.size else "",
        found.places.left_out,
    )


def _growing(stand: Stand, state: HotspotState) -> View:
    found = growth(stand, state.asked)
    rows = growth_rows(stand, found)
    words = {style.code: _(style.label) for style in GROWTH_STYLES}
    month = _month(found)
    drawn = growth_cells(stand, state.asked, found)
    return View(
        drawn if month is None else month_cells(stand, state.asked, found, month),
        (
            _counted(found.places, exact=found.shown.exact),
            (_("Whole months"), number(len(found.months))),
            (_("New or growing"), number(sum(row.code in {1, 2} for row in rows))),
            (_("Hot all the time"), number(sum(row.code == 3 for row in rows))),
        ),
        lambda choose: hotspot_panel.show_rows(rows, row_of(stand, found, state.cell), choose, words),
        lambda: hotspot_below.show_spots(rows, words, drawn),
        found.shown.exact,
        found.places.size.words() if found.places.size else "",
        found.places.left_out,
    )


def _month(found: Growth) -> int | None:
    """Show the slider of months; None: the pattern over all of them."""
    names = [_("All months"), *(f"{first.year}-{first.month:02d}" for first in found.months)]
    chosen = st.select_slider(_("Month"), names, names[0], key="hot_month")
    return names.index(chosen) - 1 if chosen in names[1:] else None


def _silence(stand: Stand, state: HotspotState) -> View:
    found = unheard(stand, state.asked)
    rows = silent_rows(stand, found)
    known = int(found.found.known.sum())
    return View(
        silence_cells(stand, found),
        (
            (_("Buildings judged"), number(known)),
            (_("Unheard buildings"), number(int(found.quiet.sum()))),
            (_("Households there"), number(float(found.households[found.quiet].sum()))),
            (_("Households unknown"), number(len(found.building) - known)),
        ),
        lambda choose: show_silent(rows, state.cell, choose),
        lambda: hotspot_below.show_unheard(rows),
        found.exact,
    )
